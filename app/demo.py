"""The demo: what each module contributes, in module order, one transaction a command; never beside real data."""

from collections.abc import Callable, Iterator

import click
from flask import current_app
from sqlalchemy import func, select

from app.core.db import db, writing
from app.modules import Demo
from app.people.models import User

OWNER = "organiser@demo.example"


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
