"""`/api/v1/counts`: the public figures for programs (data/openapi.json describes it).

What version 1 answers keeps its meaning; columns may be added, never renamed or taken away.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from flask import Response, request
from flask_babel import lazy_gettext as _

from casework.core.errors import CaseworkError, NotFound
from casework.core.tables.csv_out import write_csv
from casework.counts import paces
from casework.counts.queries.rows import Level, Question, Row, level_of_place, rows
from casework.counts.rules import MONTHS, NATION, STEP
from casework.counts.views import blueprint
from casework.counts.views.asked import Asked, asked
from casework.web.guard import public
from casework.web.unsigned import shared

VERSION = "1"
_DESCRIPTION = Path(__file__).parents[1] / "data" / "openapi.json"
_CSV, _JSON = "text/csv", "application/json"
#: Figures change once a month.
_LIFETIME = 3600
_COLUMNS = (
    *("region", "name", "level", "year", "month", "kind", "state", "counted", "shown"),
    *("target", "share", "gap", "counted_to"),
)


class NotAnswered(CaseworkError):
    """No such answer, for a reason that a program's author can read."""

    status = 422


@blueprint.get("/api/v1/counts")
@public
@shared
def api_counts() -> Response:
    """Counts of a year, of one place or of the places in it."""
    paces.ASKING.spend_address()
    kind = _format()
    what = _asked()
    question = _question(what)
    lines = list(_lines(what, question))
    if kind == _CSV:
        table = ([line[name] for name in _COLUMNS] for line in lines)
        body = b"".join(write_csv(table, _COLUMNS, delimiter=",", bom=False))
    else:
        body = json.dumps(_document(what, question, lines), ensure_ascii=False).encode()
    response = _kept(body, kind)
    response.vary.add("Accept")
    if kind == _CSV:
        response.headers["Content-Disposition"] = (
            f'attachment; filename="counts-{what.year}-{question.level}.csv"'
        )
    return response


@blueprint.get("/api/v1/openapi.json")
@public
@shared
def api_description() -> Response:
    """What the API takes and answers, as OpenAPI 3.1."""
    paces.ASKING.spend_address()
    return _kept(_DESCRIPTION.read_bytes(), _JSON)


@blueprint.after_request
def open_to_all(response: Response) -> Response:
    """Pages of any site may read this; there is nothing here that is not for everybody."""
    if request.path.startswith("/api/"):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
            response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _kept(body: bytes, kind: str) -> Response:
    """An answer that anybody on the way may keep for a while, and ask whether it still holds."""
    response = Response(body, content_type=f"{kind}; charset=utf-8" if kind == _CSV else kind)
    response.cache_control.public = True
    response.cache_control.max_age = _LIFETIME
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _format() -> str:
    wanted = request.args.get("format", "")
    if wanted:
        if wanted not in {"json", "csv"}:
            raise NotAnswered(_("The format is json or csv."), code="format")
        return _CSV if wanted == "csv" else _JSON
    return request.accept_mimetypes.best_match([_JSON, _CSV]) or _JSON


def _asked() -> Asked:
    given = {name: value.strip() for name, value in request.args.items()}
    try:
        return asked(given)
    except NotFound:
        raise NotAnswered(
            _("No such kind, state or year. The description is at /api/v1/openapi.json."),
            code="parameter",
        ) from None


def _question(what: Asked) -> Question:
    own = level_of_place(what.region)
    try:
        level = Level(request.args.get("level") or own)
    except ValueError:
        raise NotAnswered(_("The level is nation, province or regency."), code="level") from None
    order = list(Level)
    if order.index(level) < order.index(own):
        raise NotAnswered(_("The level lies above the region."), code="level")
    by_month = _months_wanted() is not None
    if by_month and level is Level.REGENCY:
        raise NotAnswered(
            _("Months are public for the nation and for provinces, not for regencies."),
            code="month",
        )
    if by_month and not what.what.has_public_months:
        raise NotAnswered(
            _("Months are public of what was approved, not of what was established."), code="month"
        )
    return Question(what.what, what.year, what.region, level, by_month)


def _months_wanted() -> range | None:
    """None for the whole year."""
    text = request.args.get("month", "")
    if not text:
        return None
    if text == "all":
        return range(1, MONTHS + 1)
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= MONTHS):
        raise NotAnswered(_("The month is all, or a number from 1 to 12."), code="month")
    return range(int(text), int(text) + 1)


def _lines(what: Asked, question: Question) -> Iterable[dict[str, Any]]:
    wanted = _months_wanted()
    try:
        found = rows(question, what.cut_off)
    except NotFound:
        raise NotFound(_("No province or regency of today has this code."), code="region") from None
    for row in found:
        if wanted is None or row.month in wanted:
            yield _line(what, question, row)


def _line(what: Asked, question: Question, row: Row) -> dict[str, Any]:
    figure = row.figure
    return {
        "region": row.region or NATION,
        "name": row.name,
        "level": question.level.value,
        "year": what.year,
        "month": row.month,
        "kind": what.what.kind.value,
        "state": what.what.state.value,
        "counted": figure.counted.households,
        "shown": figure.counted.shown.value,
        "target": figure.target,
        "share": None if figure.share is None else round(figure.share, 4),
        "gap": figure.gap,
        "counted_to": _counted_to(what, row.month).isoformat(),
    }


def _counted_to(what: Asked, month: int | None) -> date:
    """The last day of the month; without one that of all public figures."""
    if month is None:
        return what.cut_off
    return date(what.year, month, monthrange(what.year, month)[1])


def _document(what: Asked, question: Question, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "version": VERSION,
        "counted_to": what.cut_off.isoformat(),
        "rounded_to": STEP,
        "kind": what.what.kind.value,
        "state": what.what.state.value,
        "year": what.year,
        "region": what.region or NATION,
        "level": question.level.value,
        "counts": lines,
    }
