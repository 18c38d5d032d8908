"""Two submitted versions of one application to be read side by side, and what was asked for between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core.db import db
from competitions.models import Application, ApplicationVersion, Check
from competitions.queries.application import Contents, contents, reasons_of, versions_of
from competitions.queries.check import as_submitted
from competitions.states import CheckOutcome


@dataclass(frozen=True, slots=True)
class Compared:
    """All versions, the two that are compared, and the reasons of returns between them by question (None: the whole)."""

    versions: Sequence[ApplicationVersion]
    earlier: ApplicationVersion
    later: ApplicationVersion
    before: Contents
    after: Contents
    reasons: Mapping[str | None, tuple[str, ...]]


def compared(application: Application, at: datetime, *, earlier: int | None, later: int | None) -> Compared | None:
    """The versions with these numbers, or the last two; None while nothing was submitted."""
    versions = versions_of(application)
    if not versions:
        return None
    by_number = {one.number: one for one in versions}
    last = by_number.get(later or 0) or versions[-1]
    first = by_number.get(earlier or 0) or versions[max(versions.index(last) - 1, 0)]
    first, last = sorted((first, last), key=lambda one: one.number)
    what = contents(application, at)
    return Compared(
        versions, first, last, as_submitted(what, first), as_submitted(what, last), _reasons(application, first, last)
    )


def _reasons(
    application: Application, earlier: ApplicationVersion, later: ApplicationVersion
) -> Mapping[str | None, tuple[str, ...]]:
    wanted = select(Check).where(
        Check.application_id == application.id,
        Check.outcome == CheckOutcome.RETURNED,
        Check.undone_at.is_(None),
        Check.at >= earlier.submitted_at,
        Check.at <= later.submitted_at,
    )
    found: dict[str | None, tuple[str, ...]] = {}
    for check in db.session.scalars(wanted.order_by(Check.id)):
        for one in reasons_of(check):
            key = one.get("question") or None
            found[key] = (*found.get(key, ()), str(one["text"]))
    return found
