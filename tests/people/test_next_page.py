"""Signing in leads on to where the person was going."""


def test_sign_in_page_keeps_where_she_was_going(client):
    asked = client.get("/my/events")
    page = client.get(asked.location).get_data(as_text=True)

    assert asked.location == "/sign-in?next=%2Fmy%2Fevents"
    assert 'name="next" type="hidden" value="/my/events"' in page
