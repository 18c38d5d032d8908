"""The words of the platform's own states and refusals that belong to no package: jobs and uploads."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core.jobs import JobState
from app.core.refusals import UploadRefusal
from app.modules import Label

JOBS = {
    JobState.QUEUED: Label(_l("waiting"), "neutral"),
    JobState.RUNNING: Label(_l("under way"), "info"),
    JobState.DONE: Label(_l("ready"), "success"),
    JobState.FAILED: Label(_l("will be tried again"), "warning"),
    JobState.DEAD: Label(_l("failed"), "danger"),
}
UPLOADS = {
    UploadRefusal.EMPTY: Label(_l("The file is empty. Choose it again.")),
    UploadRefusal.TOO_LARGE: Label(_l("The file is larger than %(limit)s MB. Make it smaller or split it.")),
    UploadRefusal.WRONG_KIND: Label(_l("Files of this kind are not taken. Take one of these: %(kinds)s.")),
    UploadRefusal.NOT_WHAT_IT_SAYS: Label(
        _l("By its name this is a %(kind)s file, but its content is something else. Save it anew.")
    ),
    UploadRefusal.DAMAGED: Label(
        _l("The file is damaged or built in a way we cannot check. Open it, save it anew and try again.")
    ),
    UploadRefusal.TOO_MANY_PIXELS: Label(_l("The picture has more than %(limit)s million pixels. Make it smaller.")),
    UploadRefusal.TOO_COMPLEX: Label(_l("The file is too complex to be checked. Save it as a simpler PDF, or split it.")),
    UploadRefusal.UNKNOWN_PICTURE: Label(
        _l("The file holds a picture of a kind that cannot be checked (%(kind)s). Save the document as PDF and send that.")
    ),
    UploadRefusal.ENCRYPTED: Label(_l("The file is locked with a password. Save it without one.")),
    UploadRefusal.ACTIVE: Label(_l("The file holds macros or other active content. Save it without them, or as PDF.")),
    UploadRefusal.HIDDEN: Label(
        _l("The workbook holds hidden sheets, rows or columns. Show them, or delete those nobody needs, and send it again.")
    ),
    UploadRefusal.NO_SPACE: Label(_l("There is no room for files now. What you typed is kept; try again later.")),
    UploadRefusal.BUSY: Label(
        _l("Many files are being checked now. What you typed is kept; send this file again in a minute.")
    ),
    UploadRefusal.ONE_BY_ONE: Label(
        _l("So many files at once take too long to check. What you typed is kept; send this file alone.")
    ),
    UploadRefusal.SPENT: Label(
        _l("Checking your files has taken very long. What you typed is kept; send this file again in %(minutes)s minutes.")
    ),
    UploadRefusal.NONE_CHOSEN: Label(_l("No file was chosen, so nothing was attached. Choose a file first.")),
    UploadRefusal.NOT_ATTACHED: Label(_l("The file “%(name)s” was not attached. Choose another one, or go on without it.")),
}
LABELS: tuple[Mapping[Any, Label], ...] = (JOBS, UPLOADS)
