"""A person's own slow work: how far it is, and the file it made."""

from flask import Blueprint, Response

from app.access.door import AbsentError
from app.access.routes import signed_in
from app.core import storage
from app.core.jobs import Job, JobState, file_of, job_of
from app.request import actor, page

bp = Blueprint("app_account", __name__, url_prefix="/account/jobs")


@bp.get("/<public_id>")
@signed_in
def job(public_id: str) -> Response:
    """Progress; the page asks again by itself until the work has ended."""
    found = _own(public_id)
    is_over = found.state in {JobState.DONE, JobState.DEAD}
    return page("app/account/job.html", fragment="progress", job=found, is_over=is_over, made=file_of(found))


@bp.get("/<public_id>/file")
@signed_in
def file(public_id: str) -> Response:
    """What the work has made, for the one who asked, within a day."""
    made = file_of(_own(public_id))
    if made is None:
        raise AbsentError
    return storage.send(made.key, name=made.name, media_type=made.media_type)


def _own(public_id: str) -> Job:
    found = job_of(actor().user_id, public_id)
    if found is None:
        raise AbsentError
    return found
