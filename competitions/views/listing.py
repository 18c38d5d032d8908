"""What the list of applications takes from its address and gives to its tabs and tables."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.core.sheets import Row
from app.jinja import label
from competitions.models import Competition
from competitions.queries.check import ApplicationRow
from competitions.rules.checking import Order
from competitions.states import ApplicationState

LONGEST_SEARCH = 100
COLUMNS = (
    _l("Code"),
    _l("State"),
    _l("Project"),
    _l("Place"),
    _l("Amount requested,\u00a0₸"),
    _l("Language"),
    _l("Submitted"),
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list of applications is narrowed to."""

    state: ApplicationState | None
    search: str
    order: Order

    def href(self, competition: Competition, state: ApplicationState | None) -> str:
        """The address of the list in another state, with the same words and order."""
        values = {"state": state, "q": self.search or None, "order": self.order}
        known: dict[str, Any] = {name: value for name, value in values.items() if value}
        return url_for("competitions_organiser.applications", public_id=competition.public_id, **known)


def filters(given: Mapping[str, str]) -> Filters:
    """State, words and order out of an address; what is not known is left out."""
    states, orders = {one.value: one for one in ApplicationState}, {one.value: one for one in Order}
    search = given.get("q", "").strip()[:LONGEST_SEARCH]
    return Filters(states.get(given.get("state", "")), search, orders.get(given.get("order", ""), Order.CODE))


def state_tabs(competition: Competition, counts: Mapping[ApplicationState, int], chosen: Filters) -> list[dict[str, Any]]:
    """All, then every state that has any; the chosen one even when it has none."""
    shown = [one for one in ApplicationState if counts.get(one) or one is chosen.state]
    return [
        {
            "label": label(one).text if one is not None else _l("All"),
            "href": chosen.href(competition, one),
            "is_current": one is chosen.state,
            "count": sum(counts.values()) if one is None else counts.get(one, 0),
        }
        for one in (None, *shown)
    ]


def export_rows(rows: Iterable[ApplicationRow]) -> list[Row]:
    """The lines of the table for other programs."""
    return [
        (
            row.application.code,
            str(label(row.application.state).text),
            row.title,
            row.place,
            row.amount,
            row.application.language,
            row.application.submitted_at,
        )
        for row in rows
    ]
