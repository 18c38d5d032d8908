"""How the demo's applicants write: every answer by the services of the form, with files that look like files."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from app.access.actor import Actor
from app.config import ROOT
from app.core.cleaning.kinds import Kind
from app.core.uploads import CleanFile, keep
from app.demo import acting, enter, person
from app.people.states import ConsentKind, PublicName
from competitions.models import Application, Competition, Question
from competitions.queries.check import competition_of
from competitions.queries.competition import call_of
from competitions.queries.declarations import consent_texts
from competitions.rules.answers import PARTS
from competitions.rules.change import Change
from competitions.services.answer import save_answer
from competitions.services.application import Agreed, Declarations, start_application, submit_application
from competitions.services.document import attach_document
from competitions.services.thread import answer, ask
from competitions.states import QuestionKind

PUBLIC_NAMES = {"full": PublicName.FULL, "initial": PublicName.INITIAL, "project": PublicName.PROJECT_ONLY}
ASKED = {
    "kk": (
        "Сәлеметсіз бе! Өз еңбегімді бюджетте қалай көрсетемін?",
        "Сәлеметсіз бе! Еңбегіңіздің құнын өз қаражатыңызға қосыңыз, қалай есептегеніңізді өз үлесіңіз туралы жауапта жазыңыз.",
    ),
    "ru": (
        "Здравствуйте! Как показать в бюджете свой труд?",
        "Здравствуйте! Впишите стоимость своего труда в собственные средства, а её расчёт дайте в ответе о вкладе.",
    ),
}
ELIGIBLE = {"graduate": True, "age": True, "region": True}


def enter_applicant(facts: Mapping[str, Any]) -> None:
    applicant = facts["applicant"]
    enter(
        {
            "email": applicant["email"], "family_name": applicant["family"], "given_name": applicant["given"],
            "patronymic": applicant["patronymic"], "language": facts["language"], "iin": applicant["iin"],
            "born_on": applicant["dob"], "phone": applicant["phone"], "region": applicant.get("region", "KZ-33"),
            "district": applicant["district"],
        }
    )  # fmt: skip


def write_application(
    competition: Competition, facts: Mapping[str, Any], institutions: Mapping[str, Any], *, at: datetime
) -> Application:
    """A draft with all her answers, typed one by one."""
    actor, language = acting(facts["applicant"]["email"]), facts["language"]
    application = start_application(competition, by=actor, eligibility=ELIGIBLE, language=language, at=at)
    answers = {**facts["answers"], **_private_answers(facts, institutions)}
    asked = call_of(competition).form
    for question in asked.questions if asked else ():
        if question.key in answers and answers[question.key] != "":
            _type(application, question, answers[question.key], by=actor, at=at)
    return application


def _private_answers(facts: Mapping[str, Any], institutions: Mapping[str, Any]) -> dict[str, Any]:
    applicant, someone = facts["applicant"], person(facts["applicant"]["email"])
    status = facts["status"]
    return {
        "name": {part: applicant[part] for part in ("family", "given", "patronymic")},
        "iin": someone.iin,
        "dob": someone.born_on.isoformat() if someone.born_on else applicant["dob"],
        "contact": {"phone": applicant["phone"], "email": applicant["email"], "language": facts["language"]},
        "region": {"region": applicant.get("region", "KZ-33"), "district": applicant["district"]},
        "status": {"institution": institutions[status["institution"]][facts["language"]], "year": status["year"]},
    }


def _type(application: Application, question: Question, value: Any, *, by: Actor, at: datetime) -> None:
    if question.kind in PARTS:
        for part, one in value.items():
            save(application, f"{question.key}-{part}", str(one), by=by, at=at)
    elif question.kind is QuestionKind.BUDGET:
        save(application, question.key, stored_budget(value), by=by, at=at)
    elif question.kind is QuestionKind.YES_NO:
        save(application, question.key, "yes" if value else "no", by=by, at=at)
    else:
        save(application, question.key, value if isinstance(value, list) else str(value), by=by, at=at)


def save(application: Application, field: str, typed: Any, *, by: Actor, at: datetime) -> None:
    save_answer(application, Change(field, typed, f"{field}:{at.isoformat()}"), by=by, at=at)


def submit(application: Application, facts: Mapping[str, Any], *, at: datetime) -> None:
    call, applicant = call_of(competition_of(application)), person(facts["applicant"]["email"])
    publish = facts["applicant"].get("publish", "none")
    texts = {one.kind: one.text for one in consent_texts(call, name=applicant.full_name, language=facts["language"])}
    agreed = [Agreed(ConsentKind.PROCESSING, texts[ConsentKind.PROCESSING])]
    if publish in PUBLIC_NAMES:
        agreed += [Agreed(ConsentKind.NAME, texts[ConsentKind.NAME], PUBLIC_NAMES[publish])]
        agreed += [Agreed(kind, texts[kind]) for kind in (ConsentKind.PHOTO, ConsentKind.GRADUATE)]
    declared = Declarations(tuple(agreed), language=facts["language"])
    submit_application(application, by=acting(facts["applicant"]["email"]), at=at, declarations=declared)


def stored_budget(budget: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{("quantity" if name == "qty" else name): one for name, one in row.items()} for row in budget]


# --- Files --------------------------------------------------------------------------------------------------------------


def attach_proofs(application: Application, facts: Mapping[str, Any], *, at: datetime, with_status: bool) -> None:
    """A shop's offer for what is dear, and the certificate of the institution."""
    dearest = sorted(facts["answers"]["budget"], key=lambda row: -row["price"])[:4]
    heading = {"kk": "Баға ұсынысы", "ru": "Коммерческое предложение"}[facts["language"]]
    lines = [f"{row['item']} – {row['price']:,} ₸".replace(",", " ") for row in dearest]
    _attach(application, "quotes", heading, lines, facts, at=at)
    if with_status:
        attach_status(application, facts, at=at)


def attach_status(application: Application, facts: Mapping[str, Any], *, at: datetime) -> None:
    heading = {"kk": "Анықтама (үлгі)", "ru": "Справка (образец)"}[facts["language"]]
    sentence = {"kk": "Осы мекеменің түлегі екені расталады.", "ru": "Подтверждается, что является выпускником."}
    _attach(application, "status_proof", heading, [sentence[facts["language"]], str(facts["status"]["year"])], facts, at=at)


def _attach(
    application: Application, key: str, heading: str, lines: list[str], facts: Mapping[str, Any], *, at: datetime
) -> None:
    clean = CleanFile(_picture(heading, lines), Kind.PNG, f"{heading}.png")
    attach_document(application, key, keep(clean), by=acting(facts["applicant"]["email"]), at=at)


def _picture(heading: str, lines: list[str]) -> bytes:
    """A plain sheet of paper, photographed straight."""
    fonts = ROOT / "app" / "static" / "fonts"
    sheet = Image.new("L", (760, 300 + 44 * len(lines)), 250)
    pen = ImageDraw.Draw(sheet)
    pen.text((48, 48), heading, fill=30, font=ImageFont.truetype(fonts / "GolosText-SemiBold.ttf", 34))
    font = ImageFont.truetype(fonts / "GolosText-Regular.ttf", 24)
    for number, line in enumerate(lines):
        pen.text((48, 130 + 44 * number), line[:52], fill=50, font=font)
    kept = BytesIO()
    sheet.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def ask_how(application: Application, facts: Mapping[str, Any], *, answered_by: Actor, at: datetime) -> None:
    """She asks how to show her own share, and is answered within the hour."""
    question, words = ASKED[application.language]
    ask(application, question, by=acting(facts["applicant"]["email"]), at=at)
    answer(application, words, seen=1, by=answered_by, at=at + timedelta(hours=1))
