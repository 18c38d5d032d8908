"""What was announced and published, as a feed: for other sites, for the press, and for readers of feeds."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from feedgenerator import Atom1Feed
from flask import Response
from flask_babel import gettext as _

from app.access.routes import public
from app.jinja import moment, tr_plain
from app.request import language, link_to
from competitions.models import Competition
from competitions.queries.application import calendar_of
from competitions.queries.competition import announced_competitions
from competitions.states import Milestone
from competitions.views.call import invitation
from competitions.views.public import bp

__all__ = ["bp"]  # with all that is bound to it


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened to a competition; `key` is what it is, once for ever."""

    key: str
    title: str
    text: str
    url: str
    at: datetime


@bp.get("/feed.xml")
@public
def feed() -> Response:
    """Calls and results, the latest first. Source: RFC 4287 (Atom)."""
    found = Atom1Feed(
        title=_("Grant competitions"),
        link=link_to("app_public.front"),
        description=_("Calls that were announced, and results that were published."),
        language=language(),
        feed_url=link_to("competitions_public.feed"),
    )
    told = [one for competition in announced_competitions() for one in _news(competition)]
    for one in sorted(told, key=lambda one: one.at, reverse=True):
        found.add_item(one.title, one.url, one.text, pubdate=one.at, updateddate=one.at, unique_id=one.key)
    return Response(found.writeString("utf-8"), mimetype="application/atom+xml")


def _news(one: Competition) -> Iterator[News]:
    name, calendar = tr_plain(one.name), calendar_of(one)
    call = link_to("competitions_public.call", slug=one.slug)
    if one.announced_at is not None:
        closes_at = calendar.at(Milestone.CLOSES)
        until = _("Applications are taken until %(when)s.", when=moment(closes_at)) if closes_at else ""
        text = " ".join(filter(None, (tr_plain(invitation(one, calendar)), until)))
        yield News(f"{call}#announced", name, text, call, one.announced_at)
    if one.published_at is not None:
        results = f"{link_to('app_public.front')}results/{one.slug}"
        yield News(
            f"{call}#published", _("%(name)s: the results", name=name), _("The results are public."), results, one.published_at
        )
