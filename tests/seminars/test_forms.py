"""The form of events takes only links that a browser opens as pages."""

import pytest

from seminars.forms import EventForm


@pytest.mark.parametrize(
    ("link", "is_taken"),
    [
        ("https://meet.example/abc", True),
        ("http://meet.example", True),
        ("", True),
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)//https://meet.example", False),
        ("data:text/html,<script>alert(1)</script>", False),
        (" javascript:alert(1)", False),
        ("//meet.example", False),
        ("ftp://meet.example", False),
    ],
)
def test_link_of_an_event_leads_to_a_page(app, link, is_taken):
    with app.test_request_context("/", method="POST", data={"online_url": link}):
        form = EventForm()
        form.validate()

        assert ("online_url" not in form.errors) is is_taken
