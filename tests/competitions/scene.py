"""What tests of applications are about: an open call of Start App, and an applicant who has written everything."""

from datetime import UTC, date, datetime
from typing import Any

from app.access.actor import COMMAND, Actor
from app.core.columns import Translation, new_public_id
from app.core.db import db
from app.people.models import User
from app.people.services.sessions import open_session
from app.people.states import ConsentKind
from app.programmes.models import Organisation, Programme
from app.programmes.queries import actor_of
from app.programmes.states import OrganisationKind
from competitions.models import Application, Competition
from competitions.queries.starters import starters
from competitions.rules.change import Change, Saved
from competitions.services.answer import save_answer
from competitions.services.application import Agreed, Declarations, start_application
from competitions.services.competition import Act, announce, approve_rules, create_competition
from tests import factories

MADE_AT = datetime(2026, 7, 10, 5, 0, tzinfo=UTC)
OPEN_AT = datetime(2026, 8, 1, 5, 0, tzinfo=UTC)
CLOSES_AT = datetime(2026, 8, 14, 13, 0, tzinfo=UTC)
YES = {"graduate": True, "age": True, "region": True}
CONSENT = Declarations((Agreed(ConsentKind.PROCESSING, "Мен келісемін."),), "kk")
PROJECT: dict[str, Any] = {
    "title": "«Киіз әлемі»",
    "summary": "Киізден кәдесый жасаймын.",
    "problem": "Ауданда кәдесый жоқ.",
    "product": "Киіз кәдесый.",
    "clients": "Туристер.",
    "plan": [{"step": "Жүн сатып алу", "weeks": "2"}],
    "cashflow": [{"item": "Сату", "income": "100000", "expense": "0"}],
    "amount": "90 000",
    "budget": [
        {"category": "equip", "item": "Тарақ", "unit": "дана", "quantity": "1", "price": "90000", "grant": "90000", "own": "0"}
    ],
    "results": "Бір жұмыс орны.",
    "social": "Ауылға пайда.",
    "place": "Талдықорған қ.",
    "name-family": "Сынақбай",
    "name-given": "Арлан",
    "iin": "000418599113",
    "dob": "18.04.2000",
    "contact-phone": "8 700 000 00 03",
    "contact-language": "kk",
    "region-region": "KZ-33",
    "region-district": "Талдықорған қ.",
    "status-institution": "«Үлгі шаңырақ» балалар үйі",
    "status-year": "2018",
}


def open_call(key: str = "start_app") -> Competition:
    """A call that opened on 20.07.2026 at 09:00 and closes on 14.08.2026 at 18:00 in Almaty."""
    organisation = Organisation(
        kind=OrganisationKind.ASSOCIATION, name=Translation(kk="Ұйым", ru="Организация", en="Body"), created_at=MADE_AT
    )
    db.session.add(organisation)
    db.session.flush()
    programme = Programme(
        slug=f"{key}-{new_public_id()}", name=Translation(kk="Бағдарлама"), organisation_id=organisation.id, created_at=MADE_AT
    )
    db.session.add(programme)
    db.session.flush()
    starter = starters()[key]
    return create_competition(
        programme, starter, name=starter.title(2026), region="KZ-33", opens_on=date(2026, 7, 20), by=COMMAND, at=MADE_AT
    )


def announced_call(key: str = "start_app") -> Competition:
    """The call, with its rules approved, before the world."""
    made = open_call(key)
    announce_call(made)
    return made


def announce_call(made: Competition) -> None:
    """Approve the rules and let the call out."""
    approve_rules(made, Act("1", date(2026, 7, 10)), by=COMMAND, at=MADE_AT)
    announce(made, by=COMMAND, at=MADE_AT)


def applicant(email: str | None = None) -> tuple[User, Actor]:
    """Somebody with an account and no role."""
    account = factories.user(email)
    return account, actor_of(account)


def draft(competition: Competition, by: Actor, **eligibility: bool) -> Application:
    """An application of `by`, begun while the call is open."""
    return start_application(competition, by=by, eligibility=YES | eligibility, language="kk", at=OPEN_AT)


def write(application: Application, by: Actor, *, at: datetime = OPEN_AT, **changed: Any) -> list[Saved]:
    """Answer every question; `changed` names inputs with `__` for the dash."""
    texts = PROJECT | {name.replace("__", "-"): value for name, value in changed.items()}
    return [
        save_answer(application, Change(name, typed, f"{name}-{number}-{at}"), by=by, at=at)
        for number, (name, typed) in enumerate(texts.items())
    ]


def sign_in(client: Any, account: User, at: datetime = OPEN_AT) -> None:
    """Open a session of the account for this client, as signing in does."""
    secret = open_session(account, device="test", is_remembered=False, at=at)
    db.session.commit()
    client.hold_session(secret)
