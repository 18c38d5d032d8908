"""Texts that organisers write with a little structure: Markdown in, safe HTML out."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = frozenset(
    {
        "p",
        "br",
        "strong",
        "em",
        "ul",
        "ol",
        "li",
        "h3",
        "h4",
        "blockquote",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "hr",
    }
)
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})
LONGEST = 100_000
# A page has its own h1 and h2 above any text of people.
LOWER = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4"}

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")


def safe_html(text: str | None) -> Markup:
    """Markdown as HTML without scripts, images, styles and foreign schemes; links are marked as not ours."""
    return Markup(_render((text or "")[:LONGEST]))  # noqa: S704 - cleaned by nh3


@lru_cache(maxsize=256)
def _render(text: str) -> str:
    tokens = _parser.parse(text)
    for token in tokens:
        token.tag = LOWER.get(token.tag, token.tag)
    html = _parser.renderer.render(tokens, _parser.options, {})
    return nh3.clean(html, tags=set(TAGS), attributes=ATTRIBUTES, url_schemes=set(SCHEMES), link_rel="nofollow noopener")
