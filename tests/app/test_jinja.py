"""What templates say of time."""

import pytest
from flask_babel import force_locale

from app.jinja import zone_name


@pytest.mark.parametrize(
    ("language", "words"), [("kk", "Алматы\u00a0(UTC+5)"), ("ru", "Алматы\u00a0(UTC+5)"), ("en", "Almaty\u00a0(UTC+5)")]
)
def test_zone_is_named_by_its_city_in_the_language_of_the_page(app, language, words):
    with app.test_request_context(headers={"Accept-Language": language}), force_locale(language):
        assert zone_name("Asia/Almaty") == words
