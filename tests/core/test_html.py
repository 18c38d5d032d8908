"""Markdown of organisers as HTML in which nothing can act."""

import re

import pytest

from app.core.html import safe_html

ACTIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "![x](http://example.com/pixel.png)",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{display:none}</style>",
    "<iframe src=//example.com></iframe>",
    "[x](\x01javascript:alert(1))",
    "[x](java\nscript:alert(1))",
    "<svg/onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    '[x](https://e.kz "onmouseover=alert(1)")',
    "```\n<script>x</script>\n```",
]


@pytest.mark.parametrize("text", ACTIVE)
def test_nothing_active_comes_through(text):
    html = str(safe_html(text)).lower()

    for sign in ("<script", "<img", "<style", "<iframe", "<svg", "<details", 'href="javascript', 'href="data', 'href="vb'):
        assert sign not in html
    assert not re.search(r"<[^>]*\son\w+=", html)


def test_structure_stays_and_headings_stand_below_the_page():
    assert str(safe_html("# Ереже\n\n**бір** *екі*\n\n- а\n- б")) == (
        "<h3>Ереже</h3>\n<p><strong>бір</strong> <em>екі</em></p>\n<ul>\n<li>а</li>\n<li>б</li>\n</ul>\n"
    )


def test_links_are_marked_as_not_ours():
    assert (
        str(safe_html("[сайт](https://example.kz)")) == '<p><a href="https://example.kz" rel="nofollow noopener">сайт</a></p>\n'
    )


def test_nothing_is_nothing():
    assert safe_html(None) == ""
