"""Pages of long lists: `paged(select, number=2) -> Page`, always two queries however long the list is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from app.core.db import db

T = TypeVar("T")
PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; pages are counted from 1 and there is always one."""

    items: Sequence[T]
    number: int
    pages: int
    total: int

    @property
    def page(self) -> int:
        """The number, as `components/pagination.html` calls it."""
        return self.number

    @property
    def has_prev(self) -> bool:
        """Whether a page goes before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether a page follows."""
        return self.number < self.pages


def paged(query: Select[T], *, number: int = 1, size: int = PAGE_SIZE, total: int | None = None) -> Page[T]:
    """One page of `query`, which selects one entity in a full order; a number beyond the ends gives the nearest page.

    `total` is how many there are, where that is counted already.
    """
    if total is None:
        total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    rows: Any = db.session.scalars(query.limit(size).offset((number - 1) * size)).unique().all()
    return Page(rows, number, pages, total)


def page_number(value: Any) -> int:
    """The page asked for in an address; whatever is not a number is the first."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004 - a million pages are enough
