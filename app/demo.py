"""The demo: what each module contributes, in module order, one transaction a command; never beside real data.

The platform's own part comes first: organisations, programmes, and everybody who signs in. Modules find their people by
`person(email)` and `acting(email)`, enter more by `enter`, and move their calendars by `shift`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import click
from flask import current_app
from sqlalchemy import func, insert, select

from app.access.actor import COMMAND, Actor
from app.config import ROOT
from app.core import clock
from app.core.columns import Translation
from app.core.db import db, use_case, writing
from app.modules import Demo
from app.people.models import Person, User
from app.people.queries import user_by_email
from app.people.rules import iin_check_digit
from app.people.services.accounts import create_account, set_password
from app.people.services.passwords import hash_password
from app.people.services.persons import set_identity
from app.programmes.models import Organisation, Programme
from app.programmes.queries import actor_of, programme_by_slug
from app.programmes.services import enter_organisation, found_programme, give_role
from app.programmes.states import OrganisationKind, Role

K = TypeVar("K")
DOMAIN = "@demo.example"
OWNER = f"organiser{DOMAIN}"
PASSWORD = "baiqau-demo-2026"  # noqa: S105 - everybody may know it: the demo is refused in production
DATA = ROOT / "app" / "demo_data"
WEEK = timedelta(weeks=1)


# --- What modules use ---------------------------------------------------------------------------------------------------


def read(name: str) -> Any:
    """The texts of one file of the demo."""
    return json.loads((DATA / name).read_text())


def person(email: str) -> Person:
    """Somebody of the demo by the address she signs in with."""
    return _user(email).person


def acting(email: str) -> Actor:
    """The actor she is when signed in."""
    return actor_of(_user(email))


def programme(slug: str) -> Programme:
    """One of the demo's programmes."""
    found = programme_by_slug(slug)
    if found is None:
        raise LookupError(slug)
    return found


@use_case
def enter(facts: Mapping[str, Any]) -> User:
    """One more account with the demo's password. Of the facts, `email`, `family_name` and `given_name` must be there."""
    at = clock.now()
    user = create_account(
        facts["email"],
        language=facts.get("language", "kk"),
        by=COMMAND,
        at=at,
        is_administrator=facts.get("is_administrator", False),
    )
    for name in ("family_name", "given_name", "patronymic", "region", "district"):
        if facts.get(name):
            setattr(user.person, name, facts[name])
    set_password(user, password_hash=_password_hash(), by=COMMAND, at=at)
    if facts.get("iin"):
        born_on = date.fromisoformat(facts["born_on"]) if facts.get("born_on") else None
        set_identity(user.person, iin=facts["iin"], born_on=born_on, phone=facts.get("phone"), by=COMMAND, at=at)
    for slug, role in facts.get("roles", ()):
        give_role(programme(slug), user, role=Role(role), by=COMMAND, at=at)
    return user


def insert_rows(model: type[Any], rows: list[dict[str, Any]]) -> list[int]:
    """Rows in bulk, as `scale` enters them; their ids in the same order."""
    return list(db.session.scalars(insert(model).returning(model.id, sort_by_parameter_order=True), rows)) if rows else []


@use_case
def born(somebody: Person, on: date) -> None:
    """Give her another birthday and the identity number that goes with it: ages are counted to a calendar that moves."""
    old, day = somebody.iin or "000000300000", on.strftime("%y%m%d")
    serials = (f"{day}{old[6]}{(int(old[7:11]) + step) % 10000:04d}" for step in range(10))
    iin = next(f"{digits}{last}" for digits in serials if (last := iin_check_digit(digits)) is not None)
    set_identity(somebody, iin=iin, born_on=on, by=COMMAND, at=clock.now())


def shift(dates: Mapping[K, datetime], phase: tuple[K, K], *, at: datetime | None = None) -> dict[K, datetime]:
    """The dates moved by whole weeks so that `at` (now) lies between the two named ones, as near to the middle as it can.

    The wall clock stays: what closes on a Friday at 18:00 still does.
    """
    weeks = weeks_to_shift(dates[phase[0]], dates[phase[1]], at=at or clock.now())
    return {name: instant + weeks * WEEK for name, instant in dates.items()}


def weeks_to_shift(starts: datetime, ends: datetime, *, at: datetime) -> int:
    """By how many weeks a span must move to hold `at`; one shorter than a week may have begun and ended before it."""
    nearest = round((at - (starts + (ends - starts) / 2)) / WEEK)
    fitting = [weeks for weeks in (nearest, nearest - 1, nearest + 1) if starts + weeks * WEEK <= at < ends + weeks * WEEK]
    return fitting[0] if fitting else (at - starts) // WEEK


# --- The platform's own part --------------------------------------------------------------------------------------------


def load_people() -> None:
    """Organisations, programmes, staff, jurors and graduates."""
    told, at = read("people.json"), clock.now()
    organisations: dict[str, Organisation] = {}
    for facts in told["organisations"]:
        organisations[facts["key"]] = enter_organisation(
            kind=OrganisationKind(facts["kind"]),
            name=Translation(facts["name"]),
            bin=facts["bin"],
            address=Translation(facts["address"]),
            phone=facts["phone"],
            email=facts["email"],
            by=COMMAND,
            at=at,
        )
    for facts in told["programmes"]:
        holder = organisations[facts["organisation"]]
        found_programme(slug=facts["slug"], name=Translation(facts["name"]), organisation_id=holder.id, by=COMMAND, at=at)
    for facts in (*told["staff"], *told["graduates"]):
        enter(facts)


def _user(email: str) -> User:
    found = user_by_email(email)
    if found is None:
        raise LookupError(email)
    return found


@cache
def _password_hash() -> str:
    """One hash for all: loading must be quick."""
    return hash_password(PASSWORD)


# --- The commands -------------------------------------------------------------------------------------------------------


def load() -> None:
    """Fill an empty development database."""
    _refuse_in_production()
    if _has_demo():
        message = "The demo is here already."
        raise click.ClickException(message)
    if db.session.scalar(select(func.count(User.id))):
        message = "This database holds real data: the demo goes into an empty one only. Set BAIQAU_DATA to another folder."
        raise click.ClickException(message)
    _run([demo.load for demo in _demos()])


def finish_scoring() -> None:
    """Complete the demo's score sheets and move its calendar past the pitch."""
    _refuse_without_demo()
    _run([demo.finish_scoring for demo in _demos() if demo.finish_scoring is not None])


def scale(*, applications: int, jurors: int, reviews: int, seed: int) -> dict[str, str]:
    """Make one more competition of that size; its addresses by name."""
    _refuse_without_demo()
    if reviews > jurors:
        message = f"{jurors} jurors cannot give {reviews} reviews of one application."
        raise click.BadParameter(message, param_hint="--reviews")
    addresses: dict[str, str] = {}
    with writing():
        for demo in _demos():
            if demo.scale is not None:
                addresses |= demo.scale(applications, jurors, reviews, seed, addresses)
    return addresses


def _demos() -> Iterator[Demo]:
    return (module.demo for module in current_app.extensions["baiqau"].modules if module.demo is not None)


def _run(parts: list[Callable[[], None]]) -> None:
    with writing():
        for part in parts:
            part()


def _has_demo() -> bool:
    return db.session.scalar(select(func.count(User.id)).where(User.email == OWNER)) != 0


def _refuse_in_production() -> None:
    if current_app.config["SETTINGS"].is_production:
        message = "There is no demo in production."
        raise click.ClickException(message)


def _refuse_without_demo() -> None:
    _refuse_in_production()
    if not _has_demo():
        message = "This database does not hold the demo. Run: baiqau demo load"
        raise click.ClickException(message)
    strangers = db.session.scalar(select(func.count(User.id)).where(User.email.not_like(f"%{DOMAIN}"))) or 0
    if strangers:
        message = f"This database holds real data: {strangers} accounts are not of the demo. Nothing was changed. "
        message += "Do this in a demo of its own: set BAIQAU_DATA to a new folder, then baiqau upgrade and baiqau demo load."
        raise click.ClickException(message)
