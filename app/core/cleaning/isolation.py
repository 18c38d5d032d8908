"""Cleaning in a process apart: whatever a file does to its reader, this process goes on."""

import json
import logging

from app.core.cleaning.child import LIMITS, REFUSED
from app.core.cleaning.kinds import Kind, UncleanError
from app.core.confined import BusyError, Confined
from app.core.refusals import UploadRefusal

_cleaner = Confined("app.core.cleaning.child", LIMITS, places=2)
_log = logging.getLogger(__name__)


def clean(data: bytes, kind: Kind) -> bytes:
    """The clean file, or `UncleanError`; also when there is no place soon."""
    try:
        ended = _cleaner.run(data, kind.value)
    except BusyError as busy:
        raise UncleanError(UploadRefusal.BUSY) from busy
    if ended.code == 0:
        return ended.output
    if ended.code == REFUSED:
        said = json.loads(ended.output)
        raise UncleanError(UploadRefusal(said["code"]), **said["params"])
    # The last line of a traceback may hold words of the file: only its kind is kept.
    reason = ended.complaint.decode(errors="replace").rstrip().rpartition("\n")[2].partition(":")[0]
    _log.warning("A file of kind %s broke its reader: exit %d, %s", kind, ended.code, reason)
    raise UncleanError(UploadRefusal.TOO_COMPLEX if ended.is_out_of_time else UploadRefusal.DAMAGED)
