"""A kind of certificate for the tests, and one issued certificate."""

from datetime import date

import pytest
from flask import Flask

TITLE = {"kk": "Диплом", "ru": "Диплом", "en": "Diploma"}
SENTENCE = {
    "kk": "{name} – «{comp}» байқауының жеңімпазы. «{project}» жобасына {amount} ({words}) көлемінде грант берілді.",
    "ru": "{name} – победитель конкурса «{comp}». Проекту «{project}» присуждён грант {amount} ({words}).",
    "en": '{name}, winner of "{comp}". Project "{project}" is awarded a grant of {amount} ({words}).',
}
PURPOSE = {"kk": "«{comp}» байқауының жеңімпазы", "ru": "Победа в конкурсе «{comp}»", "en": "Winner of “{comp}”"}
FACTS = {
    "comp": {"kk": "Start App", "ru": "Start App", "en": "Start App"},
    "project": "Қолөнер шеберханасы: ұлттық ою-өрнек, әңгіме, һәм күй",
    "amount": 1_000_000,
    "organiser": {"kk": "Қауымдастық", "ru": "Ассоциация", "en": "Association"},
    "city": {"kk": "Шымкент қ.", "ru": "г. Шымкент", "en": "Shymkent"},
    "signatory": "Б. Әлімов",
    "signatory_post": {"kk": "Төраға", "ru": "Председатель", "en": "Chair"},
}


@pytest.fixture
def app(app: Flask) -> Flask:
    from app.modules import CertificateKind  # noqa: PLC0415 - pure tests start without the application

    app.extensions["baiqau"].certificate_kinds["test"] = CertificateKind("test", TITLE, SENTENCE, PURPOSE, "Д")
    return app


@pytest.fixture
def issue_one():
    """Issues a certificate of the test kind; call it inside `writing()`."""
    from app.access.actor import SYSTEM  # noqa: PLC0415
    from app.certificates.rules import Holder  # noqa: PLC0415
    from app.certificates.services import issue  # noqa: PLC0415
    from app.core import clock  # noqa: PLC0415

    def make(programme, subject="award-1", *, person_id=None, public_name="Үлгібаева Т.", **more):
        holder = Holder("Үлгібаева Тоғжан", public_name, person_id)
        facts = {"programme": programme, "series": "SA26", "holder": holder, "facts": FACTS, "issued_on": date(2026, 10, 30)}
        return issue("test", subject=subject, by=SYSTEM, at=clock.now(), **(facts | more))

    return make
