"""Tables for a terminal: aligned columns of text, numbers to the right and half-up to 0.01."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from scoring.ranking.official import printed

Cell = str | int | float | bool | None


def text_table(headers: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return a table without columns that are empty from top to bottom."""
    kept = [place for place in range(len(headers)) if any(row[place] is not None for row in rows) or not rows]
    lines = [[headers[place] for place in kept], *([_written(row[place]) for place in kept] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(kept))]
    is_number = [all(not isinstance(row[place], str) for row in rows) for place in kept]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, is_number, strict=True)
        ).rstrip()
        for line in lines
    )


def _written(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    # The shortest decimal that means this float, so that 83.125 rounds up as the protocol does.
    return printed(Fraction(repr(cell))) if isinstance(cell, float) else str(cell)
