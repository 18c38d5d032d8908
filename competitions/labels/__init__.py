"""The words of this package: one mapping an enum."""

from typing import Any

from app.modules import Label
from competitions.labels import competition

LABELS: tuple[dict[Any, Label], ...] = (*competition.LABELS,)
