"""What reaches a juror in a blind round, by type and field: none names a person, and a new field stands here or is red.

The types are those that pages really get while the chair, who reaches most of all jurors, follows every link; the words of
letters and the keys of files are held beside them.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from flask import template_rendered
from jinja2 import nodes
from sqlalchemy import inspect

from app.core.db import db, writing
from app.people.models import Person
from competitions.models import Application, ApplicationVersion, Document
from scoring.models import Juror
from scoring.queries import blind
from tests.scoring.crawling import read_all
from tests.scoring.scenario import SCORED_AT, make_jury, sign_in

OURS = ("app.", "competitions.", "scoring.", "seminars.", "awards.", "reports.")
TRANSLATION = "app.core.columns.Translation"
BLIND = {
    "BlindTable": {"columns": f"tuple[{TRANSLATION}, ...]", "rows": "tuple[tuple[str | int, ...], ...]"},
    "BlindAnswer": {
        "label": "Translation", "kind": "QuestionKind",
        "value": f"str | int | bool | datetime.date | {TRANSLATION} | tuple[{TRANSLATION}, ...] | None",
        "table": "scoring.queries.blind.BlindTable | None",
    },
    "BlindLine": {
        "category": "Translation", "item": "str", "unit": "str", "quantity": "str", "price": "int | None",
        "sum": "int | None", "grant": "int | None", "own": "int | None",
    },
    "BlindBudget": {"lines": "tuple[scoring.queries.blind.BlindLine, ...]", "totals": "Totals"},
    "BlindDocument": {"number": "int", "name": "str", "size": "int"},
    "BlindApplication": {
        "code": "str", "language": "str", "title": "str", "district": "str",
        "answers": "tuple[scoring.queries.blind.BlindAnswer, ...]", "budget": "scoring.queries.blind.BlindBudget | None",
        "documents": "tuple[scoring.queries.blind.BlindDocument, ...]",
    },
    "BlindCard": {"application_id": "int", "code": "str", "language": "str", "title": "str", "district": "str"},
    "BlindFile": {"name": "str", "media_type": "str", "storage_key": "str"},
}  # fmt: skip
# Her own seat and sheets, and how far others of the jury are.
WORK = {
    "Progress": {"draft_count": "int", "recused_count": "int", "signed_count": "int", "total_count": "int"},
    "Seat": {"conflict_count": "int", "juror": "Juror", "progress": "Progress"},
    "Place": {
        "count": "int", "next": "scoring.models.Review | None", "number": "int", "seat": "str", "signed_count": "int",
    },
    "Queue": {"items": "tuple[scoring.queries.sheet.QueueItem, ...]", "recused_count": "int", "stage": "Stage"},
    "QueueItem": {"card": "BlindCard", "review": "Review", "total": "fractions.Fraction | None"},
    "Entry": {"comment": "str", "points": "int | None"},
    "DeskRow": {"code": "str", "juror": "Juror", "review": "Review", "stage": "Stage"},
    "Result": {
        "cards": "collections.abc.Mapping[str, scoring.queries.blind.BlindCard]", "hidden_count": "int", "ranking": "Ranking",
        "rules": "RankingRules", "signer_count": "int", "unsigned_count": "int",
    },
    "WithoutWords": {"closed": "tuple[str, ...]", "open": "tuple[str, ...]"},
    "Sheet": {
        "application_id": "int", "best": "Fraction", "code": "str",
        "entries": "collections.abc.Mapping[str, scoring.rules.Entry]", "juror": "Juror",
        "late": "collections.abc.Mapping[str, str]", "review": "Review", "round": "Round", "stage": "Stage",
        "total": "Fraction", "versions": "collections.abc.Mapping[str, int]",
    },
}  # fmt: skip
ROWS = {
    "Assignment", "CalendarDate", "Competition", "ConflictOfInterest", "Criterion", "Juror", "Person", "Programme", "Review",
    "Round", "Score", "Stage",
}  # fmt: skip
# What letters to jurors say, by the names in their templates.
LETTERS = {
    "jury_invite.txt": {
        "recipient.name", "competition", "is_chair", "stages", "stage.name", "stage.opens_at", "stage.closes_at", "load",
        "secret",
    },
    "seat_removed.txt": {"recipient.name", "competition"},
    "sheet_reopened.txt": {"recipient.name", "code", "reason", "review.public_id"},
    "sheets_assigned.txt": {
        "recipient.name", "competition", "count", "stage.opens_at", "stage.closes_at", "seat.public_id",
    },
    "sheets_voided.txt": {"recipient.name", "whose", "code", "reason"},
}  # fmt: skip


def types_of(kind: Any) -> dict[str, str]:
    """The fields of a type and what they hold."""
    return {
        one.name: getattr(one.type, "__name__", "") if isinstance(one.type, type) else str(one.type) for one in fields(kind)
    }


def held(value: Any) -> Iterator[Any]:
    """What can be read from a value without asking the database."""
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, (list, tuple, set, frozenset)):
        yield from value
    elif type(value).__module__.startswith(OURS):
        row = inspect(value, raiseerr=False)
        names = list(row.dict) if hasattr(row, "dict") else [one.name for one in fields(value)] if is_dataclass(value) else []
        yield from (getattr(value, name) for name in names if not name.startswith("_"))


def everything(value: Any) -> list[Any]:
    """All that can be reached from a value, once each."""
    found, waiting = {}, [value]
    while waiting:
        one = waiting.pop()
        if id(one) not in found:
            found[id(one)] = one
            waiting += held(one)
    return list(found.values())


@pytest.fixture
def world(app, at, kept):
    at(SCORED_AT)
    return kept(app, signed_jury)


def signed_jury():
    with writing():
        made = make_jury(jurors=2, applications=2)
        made.ids["review"] = made.review(0, 0).public_id
        made.sign_all()
    return made


@pytest.fixture
def given(app, client, world):
    """Every value of ours that a page got while the chair read all she can reach."""
    with app.app_context(), writing():
        sign_in(client, world.again().users[0])
    kept: list[Any] = []

    def note(_sender, template, context, **_more):
        if str(template.name).startswith("scoring/"):
            own = {name: value for name, value in context.items() if name not in {"current_actor", "current_user"}}
            kept.extend(one for one in everything(own) if type(one).__module__.startswith(OURS))

    with template_rendered.connected_to(note, app):
        pages = read_all(client, "/jury")
    assert f"/jury/{world.ids['seat']}/desk" in pages
    return kept


def test_every_type_made_for_jurors_holds_what_is_allowed():
    made = {name: value for name, value in vars(blind).items() if name.startswith("Blind")}

    assert {name: types_of(kind) for name, kind in made.items()} == BLIND


def test_every_value_on_a_page_of_the_jury_is_of_an_allowed_type(given):
    values = {type(one).__name__: types_of(type(one)) for one in given if type(one).__module__.startswith("scoring.queries")}
    values |= {type(one).__name__: types_of(type(one)) for one in given if type(one).__name__ == "Entry"}

    assert {name: held for name, held in values.items() if held != (BLIND | WORK).get(name)} == {}
    assert {"BlindApplication", "BlindCard", "Sheet", "DeskRow"} <= set(values)


def test_no_row_on_a_page_of_the_jury_leads_to_an_applicant(given, world, app):
    """Applications and their versions are never among what a template can read, and the persons are jurors."""
    rows = [one for one in given if hasattr(one, "__table__")]
    with app.app_context():
        jurors = {(db.session.get_one(Juror, key).person_id,) for key in world.keys["jurors"]}

    assert {type(one).__name__ for one in rows} <= ROWS
    assert not [one for one in rows if isinstance(one, Application | ApplicationVersion | Document)]
    assert {inspect(one).identity for one in rows if isinstance(one, Person)} <= jurors
    assert len(rows) > 20


def said_names(app, name: str) -> set[str]:
    """The names a template asks its letter for, with their attributes."""
    tree = app.jinja_env.parse(app.jinja_env.loader.get_source(app.jinja_env, name)[0])
    calls = {one.node.name for one in tree.find_all(nodes.Call) if isinstance(one.node, nodes.Name)}
    dotted = [one for one in tree.find_all(nodes.Getattr) if isinstance(one.node, nodes.Name)]
    whole = {f"{one.node.name}.{one.attr}" for one in dotted}
    bare = {one.name for one in tree.find_all(nodes.Name) if one.ctx == "load"} - {one.node.name for one in dotted} - calls
    return whole | bare


def test_every_letter_to_a_juror_says_what_is_allowed(app):
    assert {name: said_names(app, f"scoring/email/{name}") for name in LETTERS} == LETTERS


def test_the_sheet_a_juror_downloads_has_no_key_for_a_person(app, client, world):
    with app.app_context(), writing():
        again = world.again()
        sign_in(client, again.users[1])
        review = again.review(1, 0).public_id
    sheet = json.loads(client.get(f"/jury/reviews/{review}/signed.json").data)

    assert set(sheet) == {"application", "juror", "stage", "scores", "feedback"}
    assert {key for one in sheet["scores"].values() for key in one} == {"points", "comment"}
    assert sheet["application"] == world.ids["code0"]
