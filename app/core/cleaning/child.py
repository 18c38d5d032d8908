"""The process that cleans one file: standard input to standard output, under limits it sets itself and cannot lift.

Exit 0: the clean file. Exit 3: a refusal as JSON. Anything else: the file broke its reader.
"""

import json
import sys
import warnings

from app.core.cleaning.kinds import IMAGES, MEGABYTE, Kind, UncleanError, kind_of
from app.core.confined import Limits
from app.core.refusals import UploadRefusal

LIMITS = Limits(cpu_seconds=20, memory=1024 * MEGABYTE)
REFUSED = 3


def clean(data: bytes, kind: Kind) -> bytes:
    """The clean file, or `UncleanError`."""
    with warnings.catch_warnings():
        # Of a broken file it matters only whether it can be read.
        warnings.simplefilter("ignore")
        return _clean(data, kind)


def _clean(data: bytes, kind: Kind) -> bytes:
    """Libraries are loaded as the kind needs them."""
    if kind_of(data) is not kind:
        raise UncleanError(UploadRefusal.NOT_WHAT_IT_SAYS, kind=kind.value)
    if kind in IMAGES:
        from app.core.cleaning.pictures import clean_picture  # noqa: PLC0415 - only what the kind needs

        return clean_picture(data, "JPEG" if kind is Kind.JPEG else kind.name)
    if kind is Kind.PDF:
        from app.core.cleaning.pdf import clean_pdf  # noqa: PLC0415 - only what the kind needs

        return clean_pdf(data)
    if kind is Kind.ODT:
        from app.core.cleaning.opendocument import clean_opendocument  # noqa: PLC0415 - only what the kind needs

        return clean_opendocument(data)
    from app.core.cleaning.office import clean_office  # noqa: PLC0415 - only what the kind needs

    return clean_office(data, kind)


def main() -> int:
    """Clean what comes in."""
    LIMITS.confine()
    try:
        sys.stdout.buffer.write(clean(sys.stdin.buffer.read(), Kind(sys.argv[1])))
    except UncleanError as unclean:
        return _refuse(unclean)
    except MemoryError:
        return _refuse(UncleanError(UploadRefusal.TOO_COMPLEX))
    except RecursionError:
        return _refuse(UncleanError(UploadRefusal.DAMAGED))
    return 0


def _refuse(unclean: UncleanError) -> int:
    sys.stdout.write(json.dumps({"code": unclean.code, "params": unclean.params}))
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
