"""What every act leaves in the record, held in every test: a verb that writes leaves its entry, or is silent for a reason."""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from app.core.audit import AuditEntry
from app.core.db import Base, db

# The function that records -> the act. Names that begin with _ are parts of verbs.
ACTS = {
    "certificates._number_and_record": "Certificate.issue",
    "certificates._keep": "Certificate.print",
    "certificates.show_name": "Certificate.show_name",
    "certificates.hide_name": "Certificate.hide_name",
    "people.accounts.create_account": "User.create",
    "people.accounts.set_password": "User.set_password",
    "people.accounts._move_address": "User.change_email",
    "people.consents.give_consent": "Consent.give_consent",
    "people.consents.choose_public_name": "Consent.give_consent",
    "people.consents.withdraw_consent": "Consent.withdraw_consent",
    "people.persons.find_or_create_person": "Person.create",
    "people.persons.set_name": "Person.set_name",
    "people.persons.correct_name": "Person.correct_name",
    "people.persons.set_identity": "Person.set_identity",
    "people.persons.merge_persons": "Person.merge",
    "competitions.form.edit_form": "Competition.edit_form",
    "competitions.form.undo_form_edit": "Competition.undo_form_edit",
    "competitions.form.prepare_form": "Competition.prepare_form",
    "competitions.form.publish_form": "Competition.publish_form",
    "competitions.form.discard_form": "Competition.discard_form",
    "competitions.search.save_view": "SavedView.save",
    "competitions.search.forget_view": "SavedView.forget",
    "programmes.enter_organisation": "Organisation.create",
    "programmes.edit_organisation": "Organisation.edit",
    "programmes.found_programme": "Programme.found",
    "programmes.edit_programme": "Programme.edit",
    "programmes.invite": "Programme.invite",
    "programmes.withdraw_invitation": "Programme.withdraw_invitation",
    "programmes.give_role": "Membership.give_role",
    "programmes.end_role": "Membership.end_role",
    "competitions.application.start_application": "Application.start",
    "competitions.answer.copy_answers": "Application.copy",
    "competitions.thread.ask": "Application.ask",
    "competitions.thread.answer": "Application.answer",
    "competitions.thread.settle": "Application.settle",
    "competitions.appeal.appeal": "Application.appeal",
    "competitions.appeal.answer_appeal": "Application.answer_appeal",
    "competitions.application._move_on": "Application.amend",
    "competitions.competition.create_competition": "Competition.create",
    "competitions.competition.edit_texts": "Competition.edit_texts",
    "competitions.competition.edit_dates": "Competition.edit_dates",
    "competitions.competition.edit_settings": "Competition.edit_settings",
    "competitions.competition.compare_languages": "Competition.compare_languages",
    "competitions.competition.edit_section": "Competition.edit_section",
    "competitions.competition.amend_dates": "Competition.amend_dates",
    "competitions.document.attach_document": "Application.attach",
    "competitions.document.remove_document": "Application.detach",
    "seminars.create_event": "Event.create",
    "seminars.edit_event": "Event.edit",
    "seminars.register": "Registration.register",
    "seminars.mark_attendance": "Event.mark_attendance",
    "scoring.assigning.assign": "Round.assign",
    "scoring.assigning.declare_conflicts": "Juror.declare_conflicts",
    "scoring.assigning.lift_conflict": "ConflictOfInterest.lift",
    "scoring.assigning._record": "ConflictOfInterest.declare",
    "scoring.results.freeze_ranking": "RankingSnapshot.freeze",
    "scoring.rounds.make_round": "Round.make",
    "scoring.rounds.move_windows": "Round.move",
    "scoring.rounds.open_next_stage": "Round.open_stage",
    "scoring.seats.offer_seat": "Juror.invite",
    "awards.decide": "Award.propose",
    "awards.enter_results": "Award.enter_result",
    "awards.publish": "Competition.publish_results",
}
# Looking at what is guarded is an act too: these write nothing but the entry.
LOOKS = {
    "certificates.note_download": "Certificate.download",
    "competitions.check.note_export": "Competition.export",
    "people.persons.reveal_contact": "Person.reveal_contact",
    "people.persons.reveal_identity": "Person.reveal_identity",
    "scoring.results.note_export": "Round.export",
    "scoring.sheets.note_download": "Review.download",
}
# Only the first declaration is an act of the juror; each conflict has an entry of its own: either is enough.
EITHER = ("scoring.assigning.declare_conflicts",)
SILENT = {
    "people.accounts.choose_language": "a setting of her own pages, no act on anybody",
    "competitions.answer.save_answer": "a draft; every stroke is kept in answer_changes",
    "competitions.answer.restore_answer": "a draft; every stroke is kept in answer_changes",
    "competitions.search.index_applications": "made out of what was submitted, again at any time; no act on anybody",
    "competitions.upload.begin_upload": "nothing is attached yet: the file that is whole leaves the entry",
    "competitions.upload.take_piece": "nothing is attached yet: the file that is whole leaves the entry",
    "competitions.upload.drop_upload": "its pieces were never part of the application",
    "scoring.sheets.save_field": "a draft; every stroke is kept in score_changes",
    "scoring.sheets.keep_late_field": "it does not count; the stroke is kept in score_changes",
    "scoring.sheets.save_sheet": "a draft; every stroke is kept in score_changes",
}
# Tables of the machinery, which no act of a person is about; links are counted where giving one is the act.
MACHINERY = ("core_", "messages_", "people_attempts", "people_user_sessions")
LINKS = "core_tokens"


@dataclass
class Run:
    """One running verb: the tables it wrote, and the entries it left."""

    verb: str
    tables: set[str] = field(default_factory=set)
    entries: list[AuditEntry] = field(default_factory=list)


# The moves of states since the running test began, as `arrows` names them.
moves: set[str] = set()
gone_through: set[str] = set()
running: ContextVar[Run | None] = ContextVar("running", default=None)


def arrows() -> set[str]:
    """Every arrow of every machine."""
    for models in (*Path("app").glob("*/models*"), *Path().glob("*/models*")):
        import_module(".".join(models.with_suffix("").parts))
    stateful = [one.class_ for one in Base.registry.mappers if hasattr(one.class_, "machine")]
    return {f"{one.__name__}: {arrow.source} > {arrow.target}" for one in stateful for arrow in one.machine.arrows}


def move_of(entry: AuditEntry) -> str:
    return f"{entry.noun}: {entry.details['source']} > {entry.details['target']}"


def name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__.removeprefix('app.').replace('.services', '')}.{function.__name__}"


def use_cases() -> Iterator[Any]:
    """Every verb that is imported."""
    for name in services():
        yield from verbs(name)


def services() -> list[str]:
    """The modules with verbs that are imported."""
    return [name for name in list(sys.modules) if ".services" in name]


def verbs(name: str) -> Iterator[Any]:
    """The verbs of one module."""
    own = [one for one in vars(sys.modules[name]).values() if inspect.isfunction(one) and one.__module__ == name]
    yield from (one for one in own if hasattr(one, "__use_case__"))


def watch() -> None:
    """Watch every verb that is imported, under whatever name others hold it: its body is exchanged, not its name.

    A module is gone through once: whoever makes an application has imported it whole.
    """
    for name in services():
        if name not in gone_through:
            gone_through.add(name)
            for found in verbs(name):
                body = found.__closure__[found.__code__.co_freevars.index("verb")]
                body.cell_contents = watched(body.cell_contents)


def watched(verb: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(verb)
    def run(*args: Any, **kwargs: Any) -> Any:
        outer, own = running.get(), Run(name_of(verb))
        token = running.set(own)
        try:
            result = verb(*args, **kwargs)
            db.session.flush()
        finally:
            running.reset(token)
        check(own, [*args, *kwargs.values(), result], kwargs.get("by"))
        if outer is not None:
            outer.tables |= own.tables
            outer.entries += own.entries
        return result

    run.__watched__ = True  # type: ignore[attr-defined]
    return run


def check(own: Run, known: list[Any], by: Any) -> None:
    """The act of the verb is recorded, on its subject and under its actor."""
    act = None if own.verb in EITHER else ACTS.get(own.verb) or LOOKS.get(own.verb)
    written = own.tables if act else own.tables - {LINKS}
    if own.verb in SILENT or not (written or own.verb in LOOKS):
        return
    assert own.entries, f"{own.verb} wrote {sorted(written)} and left no entry in the record of acts"
    if act is None:
        return
    left = [one for one in own.entries if f"{one.noun}.{one.verb}" == act]
    assert left, f"{own.verb} wrote {sorted(written)} and left no {act}"
    noun = act.split(".", maxsplit=1)[0]
    subjects = {one.public_id for one in known if type(one).__name__ == noun}
    assert not subjects or subjects & {one.subject for one in left}, f"{own.verb} left {act} on another subject"
    assert by is None or {(one.by, one.user_id) for one in left} == {(by.label, by.user_id)}, f"{own.verb}: another acted"


@event.listens_for(Engine, "after_cursor_execute")
def _note_statement(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
    own, words = running.get(), statement.split(maxsplit=3)
    if own is None or words[0] not in {"INSERT", "UPDATE", "DELETE"}:
        return
    table = words[1] if words[0] == "UPDATE" else words[2]
    if (table == LINKS or not table.startswith(MACHINERY)) and (words[0] == "INSERT" or cursor.rowcount):
        own.tables.add(table)


@event.listens_for(Session, "after_flush")
def _note_entries(session: Session, _context: object) -> None:
    moves.update(move_of(one) for one in session.new if isinstance(one, AuditEntry) and "target" in one.details)
    own = running.get()
    if own is not None:
        own.entries += [one for one in session.new if isinstance(one, AuditEntry)]
