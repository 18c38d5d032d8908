"""What tests are about, made with as few facts as they need: each function gives a stored object."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from app.access.actor import COMMAND, Actor
from app.core import audit
from app.core.columns import Translation
from app.core.db import db
from app.people.models import Person, User
from app.people.states import UserState
from app.programmes.models import Membership, Organisation, Programme
from app.programmes.queries import actor_of
from app.programmes.states import OrganisationKind, Role
from competitions.models import Application, ApplicationVersion, CalendarDate, Competition
from competitions.queries.competition import current_rules
from competitions.queries.form import form_in_force
from competitions.queries.starters import starters
from competitions.rules.version import fingerprint
from competitions.services.competition import Act, announce, approve_rules, create_competition
from competitions.states import ApplicationState, CompetitionState, Milestone
from seminars.models import Event, Session
from seminars.states import EventKind, EventState

ALMATY = ZoneInfo("Asia/Almaty")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
CALLED_AT = datetime(2026, 7, 17, 5, tzinfo=UTC)
CLOSES_AT = datetime(2026, 8, 14, 18, tzinfo=ALMATY)
_numbers = count(1)


def text(words: str = "Мәтін") -> Translation:
    """The same words in three languages, told apart."""
    return Translation({"kk": f"{words} (қаз)", "ru": f"{words} (рус)", "en": f"{words} (eng)"})


def _keep(obj):
    db.session.add(obj)
    db.session.flush()
    return obj


def programme(slug: str | None = None) -> Programme:
    """A programme with an organisation of its own."""
    name = slug or f"programme-{next(_numbers)}"
    organisation = _keep(Organisation(kind=OrganisationKind.ASSOCIATION, name=text("Ұйым"), created_at=LONG_AGO))
    return _keep(Programme(slug=name, name=text(name), organisation_id=organisation.id, created_at=LONG_AGO))


def person(given_name: str = "Арман", **facts) -> Person:
    """A person without an account."""
    facts = {"family_name": f"Сынақов{next(_numbers)}", "given_name": given_name, "created_at": LONG_AGO} | facts
    return _keep(Person(**facts))


def user(email: str | None = None, *, member_of: Programme | None = None, role: Role | None = None, **facts) -> User:
    """An active account, with one role in one programme if told."""
    address = email or f"person{next(_numbers)}@example.com"
    owner = person(email=address)
    account = _keep(
        User(person_id=owner.id, email=address, state=UserState.ACTIVE, created_at=LONG_AGO, verified_at=LONG_AGO, **facts)
    )
    if member_of is not None and role is not None:
        _keep(Membership(programme_id=member_of.id, user_id=account.id, role=role, started_at=LONG_AGO))
    return account


def actor(*, member_of: Programme | None = None, role: Role | None = None) -> Actor:
    """Somebody who acts: signed in, with one role in one programme if told."""
    return actor_of(user(member_of=member_of, role=role))


def competition(owner: Programme | None = None, **facts) -> Competition:
    """An announced competition that closes on 14.08.2026 at 18:00."""
    number = next(_numbers)
    owner = owner or programme()
    facts = {
        "slug": f"competition-{number}", "region": "KZ-33", "state": CompetitionState.ANNOUNCED, "name": text("Байқау"),
        "fund": 4_000_000, "award_cap": 1_000_000, "award_count": 4, "code_prefix": f"T{number}", "created_at": LONG_AGO,
        "announced_at": LONG_AGO,
    } | facts  # fmt: skip
    made = _keep(Competition(programme_id=owner.id, **facts))
    _keep(CalendarDate(competition_id=made.id, milestone=Milestone.OPENS, at=CLOSES_AT - timedelta(days=25)))
    _keep(CalendarDate(competition_id=made.id, milestone=Milestone.CLOSES, at=CLOSES_AT))
    return made


def event(owner: Programme | None = None, *, starts_at: datetime | None = None, **facts) -> Event:
    """An announced seminar of two hours, on 04.09.2026 at 10:00."""
    begins = starts_at or datetime(2026, 9, 4, 10, tzinfo=ALMATY)
    facts = {
        "kind": EventKind.SEMINAR, "state": EventState.ANNOUNCED, "title": text("Семинар"), "place": text("Зал"),
        "capacity": 30, "created_at": LONG_AGO,
    } | facts  # fmt: skip
    session = Session(starts_at=begins, ends_at=begins + timedelta(hours=2))
    return _keep(Event(programme_id=(owner or programme()).id, sessions=[session], **facts))


def called(owner: Programme | None = None, key: str = "start_app") -> Competition:
    """A competition made from a starter, approved and announced: with real rules, form and calendar (closes 14.08.2026)."""
    owner = owner or programme()
    starter = starters()[key]
    made = create_competition(
        owner, starter, name=starter.title(2026), region="KZ-33", opens_on=date(2026, 7, 20), by=COMMAND, at=CALLED_AT
    )
    approve_rules(made, Act("1", date(2026, 7, 17)), by=COMMAND, at=CALLED_AT)
    announce(made, by=COMMAND, at=CALLED_AT)
    return made


def application(of: Competition, number: int, *, applicant: Person | None = None, amount: int = 1_000_000) -> Application:
    """An admitted application with one submitted version."""
    who = applicant or person(email=f"applicant{next(_numbers)}@example.com")
    form = form_in_force(of)
    assert form
    made = _keep(
        Application(
            programme_id=of.programme_id, competition_id=of.id, applicant_id=who.id, code=f"{of.code_prefix}-{number:03d}",
            state=ApplicationState.ADMITTED, language="kk", form_id=form.id, rules_id=current_rules(of).id,
            eligibility={}, created_at=CALLED_AT, edited_at=CALLED_AT, submitted_at=CALLED_AT,
        )
    )  # fmt: skip
    content = {"title": f"Жоба {number}", "amount": amount}
    _keep(
        ApplicationVersion(
            application_id=made.id, number=1, content=content, documents=[], sealed="{}", sha256=fingerprint(content, []),
            submitted_at=CALLED_AT,
        )
    )  # fmt: skip
    return made


def recorded(one, *path, **details) -> None:
    """What the record of acts would hold of an object that was made in a later state: its moves, one state after another."""
    source = one.machine.initial
    for target in (*path, one.state):
        arrow = one.machine.arrow(source, target)
        assert arrow
        audit.record(arrow.verb, one, by=COMMAND, at=CALLED_AT, source=source, target=target, **details)
        source, details = target, {}
