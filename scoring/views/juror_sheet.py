"""The score sheet beside the application: saved stroke by stroke, signed, or given up for a conflict of interest."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, jsonify, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from app.access.door import AbsentError, can, decide, fetch
from app.access.routes import requires
from app.core import storage
from app.core.limits import account_key, limiter
from app.core.refusals import Refusal, RefusedError
from app.core.texts import clean_text
from app.jinja import clock_time, sentence, tr, tr_plain
from app.kept import named, names_of
from app.request import actor, arrived_at, done, page, records_looks
from scoring.forms import RecuseForm
from scoring.labels import points_text
from scoring.models import Criterion, Review
from scoring.policy import Permission
from scoring.queries import blind, jury, sheet
from scoring.rules import COMMENT
from scoring.services import assigning, sheets
from scoring.services.sheets import Outcome, Saved, Stroke, new_change_id

blueprint = Blueprint("scoring_juror_sheet", __name__, url_prefix="/jury/reviews")
# Far more strokes than a person makes, also on a sheet that is signed.
STROKES_A_MINUTE = 240
limiter.limit(f"{STROKES_A_MINUTE}/minute", key_func=account_key, methods=["POST"])(blueprint)
LARGEST_VERSION = 1_000_000


@blueprint.get("/<public_id>")
@requires(Permission.REVIEW_READ)
def review(public_id: str) -> Response:
    """Application and sheet side by side."""
    return _review(fetch(Review, public_id, may=Permission.REVIEW_READ))


def _review(
    found: Review,
    *,
    status: int = 200,
    refusals: tuple[Refusal, ...] = (),
    typed: dict[str, Stroke] | None = None,
    conflicts: dict[str, Saved] | None = None,
) -> Response:
    this = sheet.sheet_of(found)
    decision = decide(actor(), Permission.REVIEW_WRITE, found)
    return page(
        "scoring/juror/review.html",
        status=status,
        sheet=this,
        rows=_rows(this, typed or {}),
        application=blind.blind_application(this.application_id),
        presenter="" if this.stage.is_blind else blind.presenter(this.application_id),
        place=sheet.place_in_queue(this, actor()),
        is_read_only=not decision.is_allowed,
        reasons=[sentence(one) for one in decision.reasons],
        may_recuse=can(Permission.REVIEW_RECUSE, found),
        refusals=refusals,
        errors={one.field: sentence(one) for one in refusals if one.field},
        typed=typed or {},
        conflicts=conflicts or {},
        points_text=points_text,
    )


def _rows(this: sheet.Sheet, typed: Mapping[str, Stroke]) -> list[dict[str, Any]]:
    """The criteria as the page's component takes them; what was typed and refused stays."""
    return [_row(this, one, typed) for one in this.criteria]


def _row(this: sheet.Sheet, criterion: Criterion, typed: Mapping[str, Stroke]) -> dict[str, Any]:
    key, comment = criterion.key, COMMENT + criterion.key
    points, words = (typed[name].value if name in typed else this.value(name) for name in (key, comment))
    return {
        "criterion": {"code": key, "label": tr(criterion.name), "weight": criterion.weight},
        "name": key,
        "points": int(points) if points.isdecimal() else None,
        "highest": criterion.high,
        "anchors": [(_span(one), tr(one["text"])) for one in criterion.anchors],
        "comment_name": comment,
        "comment": words,
        "version": this.versions.get(key, 0),
        "comment_version": this.versions.get(comment, 0),
        "low_mark": criterion.comment_at_most,
        "high_mark": criterion.comment_at_least,
    }


def _span(anchor: Mapping[str, Any]) -> str:
    return str(anchor["from"]) if anchor["from"] == anchor["to"] else f"{anchor['from']}–{anchor['to']}"


@blueprint.post("/<public_id>/scores")
@requires(Permission.REVIEW_SAVE)
def save_score(public_id: str) -> BaseResponse:
    """One stroke by JavaScript: kept and acknowledged, kept as late, or answered with what stands in the other tab."""
    found = fetch(Review, public_id, may=Permission.REVIEW_SAVE)
    typed = request.form
    stroke = _stroke(typed.get("field", ""), typed.get("value", ""), typed.get("base_version"), typed.get("change_id"))
    decision = decide(actor(), Permission.REVIEW_WRITE, found)
    try:
        if not decision.is_allowed:
            kept = sheets.keep_late_field(found, stroke, at=arrived_at())
            return jsonify(version=kept.version, is_late=True, message=_kept_late(decision.reasons))
        saved = sheets.save_field(found, stroke, by=actor(), at=arrived_at())
    except RefusedError as refused:
        return _json(422, message=" ".join(map(sentence, refused.refusals)))
    if saved.outcome is Outcome.CONFLICT:
        said = _("This field was changed in another window.")
        return _json(409, server_version=saved.version, server_value=saved.value, message=said)
    total = points_text(sheet.sheet_of(found).total)
    return jsonify(version=saved.version, saved_at=clock_time(arrived_at()), total=total)


def _json(status: int, **values: object) -> Response:
    response: Response = jsonify(**values)
    response.status_code = status
    return response


def _kept_late(reasons: tuple[Refusal, ...]) -> str:
    why = " ".join(map(sentence, reasons))
    return str(_("%(reason)s What you wrote is kept for you, but it does not count.", reason=why))


def _labels(public_id: str) -> dict[str, str]:
    """What the fields of a sheet are called, for the page that shows them when they could not be saved."""
    criteria = sheet.sheet_of(fetch(Review, public_id, may=Permission.REVIEW_READ)).criteria
    names = {key: tr_plain(one.name) for one in criteria for key in (one.key, COMMENT + one.key)}
    acts = {"act=sign_next": _("Sign and next"), "act=sign": _("Sign"), "act=save": _("Save without signing")}
    return names | acts | {"act": _("What the button does")}


@blueprint.post("/<public_id>")
@named(_labels)
@requires(Permission.REVIEW_SAVE)
def save_sheet(public_id: str) -> BaseResponse:
    """The whole page at once: save, sign, or sign and go on; all of it works without JavaScript."""
    found = fetch(Review, public_id, may=Permission.REVIEW_SAVE)
    strokes = _strokes(found)
    decision = decide(actor(), Permission.REVIEW_WRITE, found)
    if not decision.is_allowed:
        for stroke in strokes.values():
            sheets.keep_late_field(found, stroke, at=arrived_at())
        return done(_kept_late(decision.reasons), _sheet(found), tone="warning")
    try:
        conflicts = sheets.save_sheet(found, strokes, by=actor(), at=arrived_at())
        if conflicts:
            return _review(found, status=409, typed=strokes, conflicts=conflicts)
        return _after_saving(found, request.form.get("act", "save"))
    except RefusedError as refused:
        return _review(found, status=409, refusals=refused.refusals, typed=strokes)


def _after_saving(found: Review, act: str) -> BaseResponse:
    if act not in {"sign", "sign_next"}:
        return done(_("Saved. The sheet is not signed yet."), _sheet(found))
    sheets.sign(found, by=actor(), at=arrived_at())
    place = sheet.place_in_queue(sheet.sheet_of(found), actor())
    following = place.next if act == "sign_next" else None
    if following is not None:
        return done(_("Signed. Here is the next one."), _sheet(following))
    if act == "sign_next":
        return done(_("Signed. That was the last one: thank you."), url_for("scoring_juror.queue", public_id=place.seat))
    return done(_("Signed."), _sheet(found))


@blueprint.route("/<public_id>/recuse", methods=["GET", "POST"])
@named(lambda **_values: names_of(RecuseForm()))
@requires(Permission.REVIEW_RECUSE)
def recuse(public_id: str) -> BaseResponse:
    """Step back from this application: it is closed from then on, and no sheet of mine on it counts."""
    found = fetch(Review, public_id, may=Permission.REVIEW_RECUSE)
    this, form = sheet.sheet_of(found), RecuseForm()
    if form.validate_on_submit():
        assigning.recuse(found, kind=form.kind.data, note=form.note.data or "", by=actor(), at=arrived_at())
        back = url_for("scoring_juror.queue", public_id=this.juror.public_id)
        return done(_("You have recused yourself. The application is closed to you now."), back)
    return page("scoring/juror/recuse.html", status=422 if form.is_submitted() else 200, sheet=this, form=form)


@blueprint.get("/<public_id>/documents/<int:number>")
@records_looks
@requires(Permission.REVIEW_READ)
def document(public_id: str, number: int) -> Response:
    """A file of the application under a name that tells nothing; the download is recorded."""
    found = fetch(Review, public_id, may=Permission.REVIEW_READ)
    file = blind.blind_file(jury.assignment_of(found).application_id, number)
    if file is None:
        raise AbsentError
    sheets.note_download(found, number=number, by=actor(), at=arrived_at())
    return storage.send(file.storage_key, name=file.name, media_type=file.media_type)


@blueprint.get("/<public_id>/signed.json")
@requires(Permission.REVIEW_READ)
def signed_sheet(public_id: str) -> Response:
    """The very bytes whose SHA-256 was signed: proof of what I gave."""
    found = fetch(Review, public_id, may=Permission.REVIEW_READ)
    content = sheet.receipt_of(found)
    if content is None:
        raise AbsentError
    response = Response(content, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="sheet.json"'
    return response


def _strokes(found: Review) -> dict[str, Stroke]:
    names = [name for name in sheet.fields_of(sheet.sheet_of(found).stage) if name in request.form]
    return {name: _stroke(name, request.form[name], request.form.get(f"version-{name}"), None) for name in names}


def _stroke(field: str, value: str, base_version: str | None, change_id: str | None) -> Stroke:
    text = str(base_version or "")
    version = min(int(text), LARGEST_VERSION) if text.isascii() and text.isdigit() else 0
    return Stroke(field[:40], clean_text(value) or "", version, (change_id or new_change_id())[:64])


def _sheet(found: Review) -> str:
    return url_for("scoring_juror_sheet.review", public_id=found.public_id)
