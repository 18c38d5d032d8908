"""Pages of lists cost two queries, however long the list."""

import pytest
from sqlalchemy import event, select

from app.core import clock
from app.core.db import db, writing
from app.core.limits import Window
from app.core.tables import page_number, paged


def fill(count):
    with writing():
        db.session.add_all(Window(key=f"{number:03d}", count=number, ends_at=clock.now()) for number in range(count))


def query():
    return select(Window).order_by(Window.key)


def test_page_knows_its_place(database):
    fill(65)
    page = paged(query(), number=3)

    assert [row.count for row in page.items] == [60, 61, 62, 63, 64]
    assert (page.page, page.pages, page.total, page.has_prev, page.has_next) == (3, 3, 65, True, False)


@pytest.mark.parametrize(("asked", "given"), [(-1, 1), (0, 1), (2, 2), (99, 2)])
def test_page_beyond_the_ends_is_the_nearest(database, asked, given):
    fill(31)

    assert paged(query(), number=asked).number == given


def test_empty_list_has_one_empty_page(database):
    page = paged(query())

    assert (list(page.items), page.pages, page.total, page.has_next) == ([], 1, 0, False)


@pytest.mark.parametrize("count", [1, 30, 100])
def test_page_costs_two_queries(database, count):
    fill(count)
    statements = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    paged(query())

    assert len([one for one in statements if one.startswith("SELECT")]) == 2


@pytest.mark.parametrize(("asked", "number"), [("2", 2), ("", 1), (None, 1), ("-1", 1), ("x", 1), ("२", 1), ("9" * 99, 1)])
def test_page_number_reads_anything(asked, number):
    assert page_number(asked) == number
