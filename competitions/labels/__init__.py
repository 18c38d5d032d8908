"""The words of this package: one mapping an enum."""

from enum import StrEnum
from typing import Any

from flask_babel import LazyString

from app.modules import Label
from competitions.labels import appeal, application, check, competition, form

LABELS: tuple[dict[Any, Label], ...] = (*competition.LABELS, *check.LABELS, *appeal.LABELS, *application.LABELS, *form.LABELS)


def word(value: StrEnum) -> LazyString | str:
    """The word of one of this package's values, where no application stands behind: in forms."""
    return next(words[value].text for words in LABELS if any(type(one) is type(value) for one in words))
