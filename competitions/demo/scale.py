"""One more competition of a given size, entered in bulk; what moved is recorded as everywhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.access.actor import COMMAND
from app.core.db import db
from app.core.transitions import move
from app.demo import insert_rows, read
from app.people.models import Person
from competitions.demo.applications import ELIGIBLE, stored_budget
from competitions.demo.calls import DAY, ORGANISER, calendar_of_demo, open_call
from competitions.models import Answer, Application, ApplicationVersion, Competition
from competitions.queries.competition import call_of
from competitions.queries.starters import starters
from competitions.rules.calendar import Calendar
from competitions.rules.version import fingerprint
from competitions.services.search import index_applications
from competitions.states import ApplicationState, Milestone


def scale(count: int, _jurors: int, _reviews: int, seed: int, _addresses: Mapping[str, str]) -> dict[str, str]:
    """One more Start App in jury scoring with `count` admitted applications, entered in bulk; its addresses."""
    slug = f"scale-{count}-{seed}"
    calendar = calendar_of_demo("start_app", (Milestone.SCORING_OPENS, Milestone.SCORING_CLOSES))
    competition = open_call(starters()["start_app"], calendar, slug=slug, year=2026, by=ORGANISER)
    told = read("start_app_applications.json")["applications"]
    _enter_many(competition, [told[(seed + number) % len(told)] for number in range(count)], calendar)
    desk = f"/manage/competitions/{competition.public_id}"
    return {"competition": desk, "public": f"/c/{competition.slug}", "organiser_list": f"{desk}/applications"}


def _enter_many(competition: Competition, told: list[Mapping[str, Any]], calendar: Calendar) -> None:
    """Admitted applications with the project parts of the demo, by one statement a table: as quick for thousands."""
    call, at = call_of(competition), calendar.dates[Milestone.CLOSES] - DAY
    person_ids = insert_rows(
        Person, [{"family_name": "Өлшемов", "given_name": f"№{n}", "created_at": at} for n in range(len(told))]
    )
    shared = {
        "programme_id": competition.programme_id, "competition_id": competition.id,
        "form_id": call.form.id if call.form else None,
        "rules_id": call.rules.id, "eligibility": ELIGIBLE, "created_at": at, "edited_at": at,
    }  # fmt: skip
    rows = [
        shared | {"applicant_id": person_id, "language": facts["language"]}
        for person_id, facts in zip(person_ids, told, strict=True)
    ]
    entered = list(zip(insert_rows(Application, rows), (_project_part(facts) for facts in told), strict=True))
    insert_rows(
        Answer,
        [
            {"application_id": one, "question_key": key, "value": value, "version": 1, "saved_at": at}
            for one, answers in entered
            for key, value in answers.items()
        ],
    )
    insert_rows(
        ApplicationVersion,
        [
            {
                "application_id": one, "number": 1, "content": answers, "sealed": "{}", "documents": [],
                "sha256": fingerprint(answers, []), "submitted_at": at,
            }
            for one, answers in entered
        ],
    )  # fmt: skip
    competition.last_number = len(told)
    _admit(competition, dict(entered), at=at)
    index_applications([one for one, _answers in entered])


def _admit(competition: Competition, entered: Mapping[int, Mapping[str, Any]], *, at: datetime) -> None:
    """Recorded one by one, as what the command did."""
    wanted = select(Application).where(Application.competition_id == competition.id).order_by(Application.id)
    applications = db.session.scalars(wanted.options(joinedload(Application.applicant))).all()
    with db.session.no_autoflush:
        for number, one in enumerate(applications, start=1):
            one.code, one.submitted_at = f"{competition.code_prefix}-{number:03d}", at
            sent: dict[str, Any] = {
                "version": 1,
                "sha256": fingerprint(entered[one.id], []),
                "applicant": one.applicant.public_id,
            }
            move(one, ApplicationState.SUBMITTED, by=COMMAND, at=at, **sent)
            move(one, ApplicationState.ADMITTED, by=COMMAND, at=at)


def _project_part(facts: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in facts["answers"].items() if value not in ("", None)}
    if "budget" in kept:
        kept["budget"] = stored_budget(kept["budget"])
    return kept
