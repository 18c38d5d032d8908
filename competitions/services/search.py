"""Keeping what applications are found by: written in the transaction that changes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert

from app.access.actor import Actor
from app.core import audit, jobs
from app.core.db import db, use_case
from app.core.refusals import Refusal, RefusedError
from competitions.models import Competition, SavedView, SearchEntry, SearchWord
from competitions.queries.search import all_submitted, asked_query, index_of, own_views, rows_asked
from competitions.rules.query import Asked
from competitions.rules.query_text import MOST_VIEWS, QueryRefusal

INDEX = "competitions.index"
AT_ONCE = 200


@use_case
def index_applications(application_ids: Sequence[int]) -> None:
    """Make anew what these applications are found by; the same again changes nothing."""
    db.session.flush()
    for start in range(0, len(application_ids), AT_ONCE):
        ids = application_ids[start : start + AT_ONCE]
        for model in (SearchEntry, SearchWord):
            db.session.execute(delete(model).where(model.application_id.in_(ids)))
        index_rows(rows_asked(ids))


def index_rows(asked: Mapping[int, Asked]) -> None:
    """Write what applications are found by, of which nothing is written yet."""
    entries, words = [], []
    for application_id, one in asked.items():
        entries.append(_entry(application_id, one))
        for is_name, stems in ((False, one.project), (True, one.name)):
            words += [{"application_id": application_id, "stem": stem, "is_name": is_name} for stem in sorted(stems)]
    if entries:
        db.session.execute(insert(SearchEntry), entries)
    if words:
        db.session.execute(insert(SearchWord), words)


def _entry(application_id: int, one: Asked) -> dict[str, Any]:
    return {
        "application_id": application_id,
        "amount": one.sum,
        "region": one.region,
        "age_index": index_of(one),
    }


def index_all(job: jobs.Running) -> None:
    """Make anew what all applications are found by, some at a time; the same again changes nothing."""
    ids = all_submitted()
    for start in range(0, len(ids), AT_ONCE):
        index_applications(ids[start : start + AT_ONCE])
        jobs.progress(job, start, len(ids))


@use_case
def save_view(competition: Competition, *, name: str, query: str, is_shared: bool, by: Actor, at: datetime) -> SavedView:
    """Keep a query that can be read under a name; the same name again holds the new one."""
    if not asked_query(query).pieces:
        raise RefusedError(Refusal(QueryRefusal.EMPTY, field="query"))
    known = own_views(by, competition.programme_id)
    view = known.get(name)
    if view is None and len(known) >= MOST_VIEWS:
        raise RefusedError(Refusal(QueryRefusal.TOO_MANY_VIEWS, {"limit": MOST_VIEWS}, field="name"))
    if view is None:
        view = SavedView(programme_id=competition.programme_id, user_id=by.user_id, name=name, created_at=at)
        db.session.add(view)
    view.query, view.is_shared = query, is_shared
    db.session.flush()
    audit.record("save", view, by=by, at=at, is_shared=is_shared)
    return view


@use_case
def forget_view(view: SavedView, *, by: Actor, at: datetime) -> None:
    """Keep a query no longer."""
    audit.record("forget", view, by=by, at=at)
    db.session.delete(view)
    db.session.flush()
