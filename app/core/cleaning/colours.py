"""Profiles of colours: the numbers by which colours are shown; their texts name screens and scanners, and with these people."""

from app.core.cleaning.kinds import UncleanError
from app.core.refusals import UploadRefusal

HEADER, ENTRY = 128, 12
# Kinds of values that are numbers alone (ICC.1:2022, 10); texts, names and whatever else a maker put there are blank after.
NUMBERS = frozenset({b"XYZ ", b"curv", b"para", b"mft1", b"mft2", b"mAB ", b"mBA ", b"sf32", b"chrm", b"meas", b"view"})


def strip_colours(data: bytes) -> bytes:
    """The same profile, as long as before, without anything that is not a number."""
    count = int.from_bytes(data[HEADER : HEADER + 4], "big")
    table = HEADER + 4 + count * ENTRY
    if data[36:40] != b"acsp" or table > len(data):
        raise UncleanError(UploadRefusal.DAMAGED)
    kept = bytearray(len(data))
    kept[:48], kept[64:80] = data[:48], data[64:80]  # without the marks of device, maker and program
    kept[HEADER:table] = data[HEADER:table]
    for at in range(HEADER + 4, table, ENTRY):
        begins, size = (int.from_bytes(data[at + n : at + n + 4], "big") for n in (4, 8))
        if begins < table or begins + size > len(data):
            raise UncleanError(UploadRefusal.DAMAGED)
        # What is blank still says that it is a text, an empty one.
        kept[begins : begins + size] = (
            data[begins : begins + size] if data[begins : begins + 4] in NUMBERS else _blank(data, begins, size)
        )
    return bytes(kept)


def _blank(data: bytes, begins: int, size: int) -> bytes:
    return data[begins : begins + 4].ljust(size, b"\0")[:size]
