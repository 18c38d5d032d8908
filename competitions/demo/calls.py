"""Start App in jury scoring, JAS QADAM open, last year's Start App published.

All of it is made by the services that people use, at the instants of the calendar; only last year's winners are entered.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.access.actor import COMMAND
from app.core import clock
from app.core.db import db
from app.core.transitions import move
from app.demo import WEEK, acting, born, enter, person, programme, read, shift
from app.people.services.persons import set_identity
from competitions.demo.applications import (
    ELIGIBLE,
    ask_how,
    attach_proofs,
    attach_status,
    enter_applicant,
    save,
    submit,
    write_application,
)
from competitions.models import Application, ApplicationVersion, Competition
from competitions.queries.application import contents, snapshot
from competitions.queries.check import competition_of
from competitions.queries.competition import Call, call_of, public_competition
from competitions.queries.document import Written, call_values
from competitions.queries.starters import Starter, starters
from competitions.rules.calendar import Calendar
from competitions.rules.checking import Reason
from competitions.rules.document import fill
from competitions.rules.settings import Reason as RuleReason
from competitions.rules.withdrawal import WithdrawalReason
from competitions.rules.working_days import end_of_term
from competitions.services.answer import put_answer
from competitions.services.application import withdraw_application
from competitions.services.check import admit, refuse, return_application
from competitions.services.competition import Act, announce, approve_rules, create_competition
from competitions.services.search import index_applications, save_view
from competitions.states import ApplicationState, Milestone

ORGANISER, CHECKER, JAS_ORGANISER = "organiser@demo.example", "checker@demo.example", "organiser.jas@demo.example"
WRITTEN_OPENINGS = {"start_app": date(2026, 7, 20), "jas_qadam": date(2026, 11, 2)}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
# How long ago scoring closed and the pitch was held once the demo has finished them; the last sheets are two hours old.
SINCE_SCORING, SINCE_PITCH = timedelta(minutes=100), timedelta(minutes=80)
A_YEAR = timedelta(weeks=52)
# She turned this old on the closing day, or the day after: the limit of the rules from both sides.
TOO_OLD_BY_A_DAY, JUST_YOUNG_ENOUGH = "SA26-008", "SA26-011"


def load() -> None:
    """Make the three competitions."""
    told = read("start_app_applications.json")
    institutions = {one["key"]: one for one in told["institutions"]}
    calendar = calendar_of_demo("start_app", (Milestone.SCORING_OPENS, Milestone.SCORING_CLOSES))
    _load_start_app(told, calendar, institutions)
    _load_jas_qadam(institutions)
    _load_previous(calendar.moved(-A_YEAR))


def finish_scoring() -> None:
    """Let the scoring of Start App close and its pitch be held just now; what comes after moves up by whole weeks.

    What is past stays where it was: letters left, versions were frozen and sheets signed by it.
    """
    dates = {one.milestone: one for one in _competition("start-app").dates}
    now = clock.now().replace(second=0, microsecond=0)
    weeks = (dates[Milestone.PUBLISHES].at - now) // WEEK
    for milestone in tuple(dates)[tuple(dates).index(Milestone.PUBLISHES) :]:
        dates[milestone].at -= weeks * WEEK
    dates[Milestone.SCORING_CLOSES].at = now - SINCE_SCORING
    dates[Milestone.PITCH].at = now - SINCE_PITCH
    db.session.flush()


# --- Competitions -------------------------------------------------------------------------------------------------------


def calendar_of_demo(key: str, phase: tuple[Milestone, Milestone]) -> Calendar:
    starter = starters()[key]
    owner = programme("start-app" if key == "start_app" else "jas-qadam")
    return Calendar(shift(starter.calendar(WRITTEN_OPENINGS[key], ZoneInfo(owner.timezone)).dates, phase))


def open_call(starter: Starter, calendar: Calendar, *, slug: str, year: int, by: str) -> Competition:
    """A competition that was made, approved and announced when its calendar says so."""
    opens_at = calendar.dates[Milestone.OPENS]
    actor, owner = acting(by), programme("start-app" if starter.key == "start_app" else "jas-qadam")
    made = create_competition(
        owner,
        starter,
        name=starter.title(year),
        region=starter.settings.region,
        opens_on=opens_at.date(),
        slug=slug,
        code_prefix=f"{starter.code}{year % 100}",
        by=actor,
        at=opens_at - 10 * DAY,
    )
    approved_at = opens_at - 3 * DAY
    approve_rules(made, Act("1", approved_at.date()), by=actor, at=approved_at)
    announce(made, by=actor, at=opens_at)
    return made


def _competition(slug: str) -> Competition:
    found = public_competition(slug)
    if found is None:
        raise LookupError(slug)
    return found


# --- Start App: in jury scoring -----------------------------------------------------------------------------------------


def _load_start_app(told: Mapping[str, Any], calendar: Calendar, institutions: Mapping[str, Any]) -> None:
    competition = open_call(starters()["start_app"], calendar, slug="start-app", year=2026, by=ORGANISER)
    closes_at = calendar.dates[Milestone.CLOSES]
    turning = closes_at.date().replace(year=closes_at.year - 35)
    for number, facts in enumerate(told["applications"], start=1):
        at = closes_at - timedelta(hours=60 - 4 * number)
        applicant = person(facts["applicant"]["email"])
        if facts["code"] in {TOO_OLD_BY_A_DAY, JUST_YOUNG_ENOUGH}:
            born(applicant, turning + DAY)
        application = write_application(competition, facts, institutions, at=at)
        attach_proofs(application, facts, at=at, with_status=facts["check"].get("returned") != "graduate_proof")
        submit(application, facts, at=at + HOUR)
        if number == 1:
            ask_how(application, facts, answered_by=acting(CHECKER), at=at + 2 * HOUR)
        if facts["code"] == TOO_OLD_BY_A_DAY:
            born(applicant, turning)  # what she had typed was a day off; the institution's answer brought it to light
        _check(application, facts, at=closes_at)
    for facts in told["drafts"]:
        enter_applicant(facts)
        write_application(competition, facts, institutions, at=closes_at - 2 * DAY)
    name, query = "Үлкен жобалар", "сома:>=900000"
    save_view(competition, name=name, query=query, is_shared=True, by=acting(ORGANISER), at=closes_at)


def _check(application: Application, facts: Mapping[str, Any], *, at: datetime) -> None:
    """What became of it between the deadline and the end of checking, as told."""
    call, checker = call_of(competition_of(application)), acting(CHECKER)
    check, settings = facts["check"], call.settings
    if "withdrawn" in check:
        withdraw_application(
            application, reason=WithdrawalReason.PLANS_CHANGED, by=acting(facts["applicant"]["email"]), at=at + 5 * DAY
        )
        return
    if "returned" in check:
        returned_at = at + 5 * DAY - HOUR
        due_at = end_of_term(returned_at, settings.return_days, call.zone)
        reasons = [_reason(call, application, settings.return_reasons, check["returned"])]
        return_application(application, reasons=reasons, due_at=due_at, by=checker, at=returned_at)
        if check["fixed"]:
            _correct(application, facts, at=returned_at + 2 * DAY)
    if "not_admitted" in check:
        reasons = [_reason(call, application, settings.refusal_reasons, check["not_admitted"])]
        refuse(application, reasons=reasons, by=checker, at=at + 13 * DAY)
    else:
        admit(application, by=checker, at=at + 13 * DAY)


def _reason(call: Call, application: Application, reasons: tuple[RuleReason, ...], key: str) -> Reason:
    values = Written(call_values(call.competition, call.programme, call.settings, call.form), application.language, call.zone)
    text = next(one.text for one in reasons if one.key == key)
    return Reason(None, fill(text[application.language], values))


def _correct(application: Application, facts: Mapping[str, Any], *, at: datetime) -> None:
    """What she mended before the term ended."""
    if facts["check"]["returned"] == "graduate_proof":
        attach_status(application, facts, at=at)
    own = facts["answers"].get("own") or ""
    words = {
        "kk": "Өз үлесім қандай қаражат пен еңбектен тұратынын бюджетте жеке көрсеттім.",
        "ru": "Свой вклад, деньгами и трудом, я показал в бюджете отдельно.",
    }[application.language]
    save(application, "own", f"{own} {words}".strip(), by=acting(facts["applicant"]["email"]), at=at)
    submit(application, facts, at=at + HOUR)


# --- JAS QADAM: open ----------------------------------------------------------------------------------------------------


def _load_jas_qadam(institutions: Mapping[str, Any]) -> None:
    calendar = calendar_of_demo("jas_qadam", (Milestone.OPENS, Milestone.CLOSES))
    competition = open_call(starters()["jas_qadam"], calendar, slug="jas-qadam", year=2026, by=JAS_ORGANISER)
    opens_at = calendar.dates[Milestone.OPENS]
    told = read("jas_qadam_applications.json")["applications"]
    step = (clock.now() - opens_at) / (len(told) + 2)
    for number, facts in enumerate(told, start=1):
        enter_applicant(facts)
        application = write_application(competition, facts, institutions, at=opens_at + number * step)
        if facts["state"] == "submitted":
            attach_status(application, facts, at=opens_at + number * step)
            submit(application, facts, at=opens_at + number * step + step / 2)


# --- Last year's Start App: published -----------------------------------------------------------------------------------


def _load_previous(calendar: Calendar) -> None:
    texts = read("competition_texts.json")["competitions"]["start_app_previous"]
    starter = replace(
        starters()["start_app"],
        tagline=texts["tagline"],
        description=texts["description"],
        questions_and_answers=tuple(texts["faq"]),
    )
    competition = open_call(starter, calendar, slug="start-app-previous", year=2025, by=ORGANISER)
    for facts in read("start_app_previous.json")["projects"]:
        _enter_winner(competition, facts, at=calendar.dates[Milestone.CLOSES] - DAY)


def _enter_winner(competition: Competition, facts: Mapping[str, Any], *, at: datetime) -> None:
    """A winner of last year, who signs in to her diploma. Those not selected were anonymised: their numbers stay unused."""
    call, winner = call_of(competition), facts["winner"]
    someone = enter(
        {
            "email": winner["email"], "family_name": winner["family"], "given_name": winner["given"],
            "language": winner["language"], "region": competition.region, "district": facts["district"],
        }
    ).person  # fmt: skip
    set_identity(someone, iin=None, phone=winner["phone"], by=COMMAND, at=at)
    competition.last_number = int(facts["code"].rpartition("-")[2])
    application = Application(
        programme_id=competition.programme_id, competition_id=competition.id, applicant_id=someone.id,
        language=winner["language"],
        form_id=call.form.id if call.form else None, rules_id=call.rules.id, eligibility=ELIGIBLE,
        created_at=at, edited_at=at,
    )  # fmt: skip
    db.session.add(application)
    db.session.flush()
    answers = {
        "title": facts["title"], "summary": facts["description"][winner["language"]],
        "amount": facts["amount"], "place": facts["district"],
    }  # fmt: skip
    for question in call.form.questions if call.form else ():
        if question.key in answers:
            put_answer(application, question, answers[question.key], by=COMMAND, at=at)
    db.session.flush()
    made = snapshot(contents(application, at))
    db.session.add(
        ApplicationVersion(
            application_id=application.id, number=1, content=made.content, sealed=made.sealed, documents=made.documents,
            sha256=made.sha256, submitted_at=at,
        )
    )  # fmt: skip
    application.code, application.submitted_at = facts["code"], at
    move(application, ApplicationState.SUBMITTED, by=COMMAND, at=at, version=1, sha256=made.sha256, applicant=someone.public_id)
    index_applications([application.id])
    admit(application, by=acting(CHECKER), at=at + 10 * DAY)
