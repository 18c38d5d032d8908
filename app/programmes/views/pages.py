"""What the organisers' and the administrator's record of acts share."""

from collections.abc import Mapping
from typing import Any

from flask import Response, request, url_for

from app.core.tables import page_number, paged
from app.programmes import queries
from app.programmes.labels import act_phrase
from app.programmes.models import Programme
from app.request import page


def audit_page(template: str, chains: Mapping[int, Programme | None]) -> Response:
    """The acts in these chains, or in the one asked for by its programme's public id (`installation` for none)."""
    keys = {(programme.public_id if programme else "installation"): chain for chain, programme in chains.items()}
    asked = request.args.get("programme", "")
    chosen = [keys[asked]] if asked in keys else list(chains)
    found = paged(queries.audit_log(chosen), number=page_number(request.args.get("page")))
    names = queries.names_of([entry.user_id for entry in found.items])
    here = str(request.endpoint)
    address = url_for(here, programme=asked) if asked in keys else url_for(here)
    values: dict[str, Any] = {
        "entries": found,
        "names": names,
        "chains": chains,
        "asked": asked if asked in keys else "",
        "address": address,
    }
    values["acts"] = {entry.id: act_phrase(entry.noun, entry.verb) for entry in found.items}
    return page(template, here=here, **values)
