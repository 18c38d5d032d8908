"""What every template may use: filters for money and time, translated content, labels, permissions, assets."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.dates import get_timezone_location
from babel.numbers import format_decimal
from flask import Flask, current_app, g, has_request_context, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined
from markupsafe import Markup

from app.access.door import can
from app.core import clock
from app.core.columns import LANGUAGES, Translation
from app.core.refusals import Refusal, Tenge
from app.modules import Label
from app.navigation import navigation
from app.panels import panels
from app.request import actor, came_from, language

NBSP = "\u00a0"
MINUTES_AN_HOUR = 60
LANGUAGE_NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


def money(amount: int | None) -> str:
    """`1 000 000 ₸` with no-break spaces; Babel would print KZT for two of our three languages."""
    return "–" if amount is None else f"{number(amount)}{NBSP}₸"


def number(value: float) -> str:
    """A number grouped as the page's language does, with spaces that do not break."""
    return str(format_decimal(value, locale=language() if language() != "kk" else "ru")).replace("\u202f", NBSP)


def zone() -> str:
    """The zone dates are shown in: the programme's if the page has set one, else the installation's."""
    return str(g.get("timezone") or current_app.config["SETTINGS"].timezone)


def _local(value: datetime) -> datetime:
    return value.astimezone(ZoneInfo(zone()))


def short_date(value: date | datetime | None) -> str:
    """30.10.2026, in the page's zone."""
    if value is None:
        return "–"
    day = _local(value).date() if isinstance(value, datetime) else value
    return day.strftime("%d.%m.%Y")


def long_date(value: date | datetime | None, in_language: str | None = None) -> str:
    """As documents write it: «2026 жылғы 30 қазан», «30 октября 2026 г.», «30 October 2026»."""
    if value is None:
        return "–"
    day = _local(value).date() if isinstance(value, datetime) else value
    spoken = in_language or language()
    if spoken == "kk":
        return f"{day.year}{NBSP}жылғы {day.day}{NBSP}{babel_date(day, 'MMMM', locale='kk')}"
    if spoken == "ru":
        return f"{day.day}{NBSP}{babel_date(day, 'd MMMM', locale='ru').split(' ', 1)[1]} {day.year}{NBSP}г."
    return f"{day.day}{NBSP}{babel_date(day, 'MMMM', locale='en')} {day.year}"


def clock_time(value: datetime | None) -> str:
    """18:00; with seconds only where they are not zero."""
    if value is None:
        return "–"
    local = _local(value)
    return local.strftime("%H:%M:%S" if local.second else "%H:%M")


def moment(value: datetime | None) -> str:
    """An instant with its zone: `14.08.2026, 18:00 (UTC+5)`."""
    if value is None:
        return "–"
    return f"{short_date(value)}, {clock_time(value)}{NBSP}({_offset(_local(value))})"


def zone_name(name: str) -> str:
    """A zone by its city and what it is ahead today: `Алматы (UTC+5)`."""
    city = get_timezone_location(name, locale=language(), return_city=True)
    return f"{city}{NBSP}({_offset(clock.now().astimezone(ZoneInfo(name)))})"


def _offset(local: datetime) -> str:
    ahead = local.utcoffset()
    hours, minutes = divmod(int(ahead.total_seconds() // MINUTES_AN_HOUR) if ahead else 0, MINUTES_AN_HOUR)
    return f"UTC{hours:+d}" + (f":{minutes:02d}" if minutes else "")


def due(value: date | datetime) -> str:
    """A date or an instant, whichever it is."""
    return moment(value) if isinstance(value, datetime) else short_date(value)


def tr(text: Mapping[str, str] | str | None) -> Markup | str:
    """Content people wrote, in the page's language; a fallback is marked with its own language for screen readers."""
    if text is None:
        return ""
    if isinstance(text, str):
        return text
    best, spoken = Translation(text).best(language())
    return best if spoken == language() else Markup('<span lang="{}">{}</span>').format(spoken, best)


def tr_plain(text: Mapping[str, str] | None) -> str:
    """As `tr`, without markup: for titles, attributes and letters."""
    return Translation(text or {}).best(language())[0]


def label(value: StrEnum) -> Label:
    """The word and the tone of an enum value."""
    found: Label = current_app.extensions["baiqau"].label(value)
    return found


def label_everywhere(value: StrEnum) -> Translation:
    """The word of an enum value in every language: for documents that are made in all of them."""
    found = Translation()
    for one in LANGUAGES:
        with force_locale(one):
            found[one] = str(label(value).text)
    return found


def sentence(refusal: Refusal) -> str:
    """A refusal as a sentence in the page's language, with its values formatted."""
    text = str(label(refusal.code).text)
    return text % {name: shown(value) for name, value in refusal.params.items()} if refusal.params else text


def shown(value: object) -> str:
    """A value inside a sentence, as the page's language writes it."""
    if isinstance(value, Tenge):
        return money(value.amount)
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, StrEnum):
        return str(label(value).text)
    if isinstance(value, Mapping):
        return tr_plain(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return number(value)
    return str(value)


@lru_cache(maxsize=512)
def _address(name: str, folder: str, _changed: int, _root: str | None) -> str:
    return url_for("static", filename=name, v=hashlib.sha256(Path(folder, name).read_bytes()).hexdigest()[:10])


def asset(name: str) -> str:
    """The address of a static file, with a version that changes with its content, so that it may be cached for ever."""
    folder = current_app.static_folder or ""
    changed = Path(folder, name).stat().st_mtime_ns
    return _address(name, folder, changed, request.script_root if has_request_context() else None)


def csrf_field() -> Markup:
    """The hidden field every form needs."""
    return Markup('<input type="hidden" name="csrf_token" value="{}">').format(generate_csrf())


def language_choices() -> list[dict[str, object]]:
    """The languages of the installation, for the switch."""
    settings = current_app.config["SETTINGS"]
    return [{"code": code, "name": language_name(code), "is_current": code == language()} for code in settings.languages]


def language_name(code: str) -> str:
    """A language in its own words."""
    return LANGUAGE_NAMES.get(code, code)


def theme() -> str:
    """`light`, `dark`, or `system` where the reader has not chosen."""
    chosen = request.cookies.get("theme", "system")
    return chosen if chosen in {"light", "dark"} else "system"


def init_jinja(app: Flask) -> None:
    """Put filters and globals on the template environment; an unknown name is an error, not silence."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.do")
    environment.filters.update(
        money=money,
        number=number,
        date=short_date,
        long_date=long_date,
        time=clock_time,
        datetime=moment,
        zone_name=zone_name,
        due=due,
        sentence=sentence,
    )
    environment.globals.update(
        tr=tr,
        tr_plain=tr_plain,
        can=can,
        label=label,
        asset=asset,
        language_name=language_name,
        csrf_field=csrf_field,
        csrf_token=generate_csrf,
        panels=panels,
        came_from=came_from,
        navigation=navigation,
        endpoints=app.view_functions,
    )
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    """Values of the present page; nothing here may query unless the layout shows it."""
    return {
        "current_actor": actor(),
        "languages": language_choices(),
        "locale": language(),
        "theme": theme(),
        "product_name": _("Baiqau"),
    }
