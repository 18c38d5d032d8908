"""The page on which a person watches her slow work."""

import pytest

from app.access.actor import Actor
from app.core import jobs, storage
from app.core.db import writing
from app.core.jobs import File, GiveUpError
from app.people.services.passwords import hash_password
from tests import factories
from tests.client import PASSWORD, enter


@pytest.fixture
def asked(app):
    """The address of a job of hers that makes a file."""
    app.extensions["baiqau"].jobs["test.make"] = lambda job: File(storage.put(b"1;2").key, "Тізім.csv", "text/csv")
    with app.app_context(), writing():
        kept = hash_password(PASSWORD)
        hers = factories.user("hers@example.com", password_hash=kept)
        factories.user("other@example.com", password_hash=kept)
        by = Actor(label="user", user_id=hers.id)
        return f"/account/jobs/{jobs.enqueue('test.make', key='1', payload={}, by=by).public_id}"


def test_page_asks_again_until_the_work_has_ended(app, client, asked):
    browser = enter(app, "hers")
    before = browser.get(asked).text
    with app.app_context():
        jobs.drain()
    after = browser.get(asked).text

    assert "hx-trigger" in before
    assert "hx-trigger" not in after
    assert f"{asked}/file" in after


def test_part_of_the_page_is_enough_for_htmx(app, client, asked):
    part = enter(app, "hers").get(asked, headers={"HX-Request": "true"})

    assert part.status_code == 200
    assert part.text.strip().startswith('<div id="job"')


def test_file_is_for_the_one_who_asked(app, client, asked):
    hers, other = enter(app, "hers"), enter(app, "other")
    early = hers.get(f"{asked}/file")
    with app.app_context():
        jobs.drain()
    taken = hers.get(f"{asked}/file")

    assert early.status_code == 404
    assert (taken.data, taken.mimetype) == (b"1;2", "text/csv")
    assert "%D0%A2%D1%96%D0%B7%D1%96%D0%BC.csv" in taken.headers["Content-Disposition"]
    assert [other.get(asked).status_code, other.get(f"{asked}/file").status_code] == [404, 404]


def test_failed_work_says_so(app, client, asked):
    def fail(_job):
        raise GiveUpError

    app.extensions["baiqau"].jobs["test.make"] = fail
    with app.app_context():
        jobs.drain()

    assert "hx-trigger" not in enter(app, "hers").get(asked).text
