"""Who is behind the figures of a check."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core.errors import NotFound
from casework.core.paging import PAGE_SIZE, Page
from casework.rosters.actions import importing, uploads
from casework.rosters.actions.importing import Check
from casework.rosters.labels import changed_words, stage_words
from casework.rosters.queries.found import families, missing_from, village_names
from casework.rosters.queries.uploads import own_upload
from casework.rosters.rules import ImportStatus
from casework.rosters.views import blueprint
from casework.web.guard import require
from casework.web.login import current_actor


@blueprint.get("/rosters/import/<uuid:upload_id>/missing")
@require(Permission.ROSTER_IMPORT)
def missing(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Families that the file leaves out, as it was when it was checked or applied."""
    actor = current_actor()
    upload = own_upload(actor, upload_id)
    keys = missing_from(upload_id)
    if not keys:
        raise NotFound
    page = families(actor, keys, after=_after(len(keys)))
    return _page("rosters/missing.html", upload, page, of=len(keys))


@blueprint.get("/rosters/import/<uuid:upload_id>/new")
@require(Permission.ROSTER_IMPORT)
def added(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Families that the file would add: nowhere but in it yet."""
    upload, checked = _waiting(current_actor(), upload_id)
    all_of_them = sorted(
        (each for plan in checked.plans for each in plan.inserts),
        key=lambda each: each.enrolment.reference,
    )
    after = _after(len(all_of_them))
    page = Page.of(all_of_them[after : after + PAGE_SIZE + 1])
    names = village_names({each.enrolment.village_code for each in page.rows})
    return _page("rosters/added.html", upload, page, of=len(all_of_them), villages=names)


@blueprint.get("/rosters/import/<uuid:upload_id>/changed")
@require(Permission.ROSTER_IMPORT)
def changed(upload_id: uuid.UUID) -> ResponseReturnValue:
    """Families that the file would change, those first of whom it says more than that this
    stage names them again."""
    actor = current_actor()
    upload, checked = _waiting(actor, upload_id)
    words = {
        (plan.area_id, each.household_id): changed_words(each.values, checked.roster.columns)
        for plan in checked.plans
        for each in plan.updates
    }
    keys = sorted(words, key=lambda key: not words[key])
    page = families(actor, keys, after=_after(len(keys)))
    return _page("rosters/changed.html", upload, page, of=len(keys), words=words)


def _waiting(actor: Actor, upload_id: uuid.UUID) -> tuple[Row[Any], Check]:
    """The file compared anew: seconds for a large one, and nothing of it lies about unsealed.

    Raises: NotFound, too, once it is applied: from then on it would change nothing.
    """
    upload = own_upload(actor, upload_id)
    if upload.status is not ImportStatus.CHECKED:
        raise NotFound
    return upload, importing.check(uploads.read_upload(actor, upload_id), upload.stage)


def _after(of: int) -> int:
    """How many of them were shown already; what no page ever offered is the first page."""
    after = request.args.get("after", 0, type=int)
    return after if 0 <= after < of else 0


def _page(
    template: str, upload: Row[Any], page: Page[Any], *, of: int, **values: Any
) -> ResponseReturnValue:
    after = _after(of)
    endpoint = str(request.endpoint)
    rows: Sequence[Any] = page.rows
    return render_template(
        template,
        upload=upload,
        stage=stage_words(upload.stage),
        rows=rows,
        of=of,
        first=after + 1,
        last=min(after + PAGE_SIZE, of),
        next_url=url_for(endpoint, upload_id=upload.id, after=after + PAGE_SIZE)
        if page.more
        else "",
        first_url=url_for(endpoint, upload_id=upload.id) if after else "",
        **values,
    )
