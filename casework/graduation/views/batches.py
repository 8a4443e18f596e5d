from __future__ import annotations

import io
import uuid
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import NotFound
from casework.core.tables.xlsx_out import MEDIA_TYPE, write_xlsx
from casework.core.transaction import transaction
from casework.graduation import actions, policy
from casework.graduation.actions.forwarding import record_list_taken
from casework.graduation.forms import BatchForm
from casework.graduation.labels import outcome_words
from casework.graduation.queries import batches
from casework.graduation.queries.ministry_list import (
    HEADER,
    WIDTHS,
    listed_families,
    workbook_rows,
)
from casework.graduation.rules import MOST_IN_BATCH, batch_name
from casework.graduation.states import NominationStatus
from casework.graduation.views import blueprint
from casework.regions.queries import areas
from casework.regions.queries.places import areas_of
from casework.web.downloads import attachment
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.locale import day
from casework.web.login import current_actor


@blueprint.get("/batches")
@require(Permission.NOMINATION_FORWARD)
def batch_list() -> ResponseReturnValue:
    """What waits for a batch, and the batches there are."""
    actor = current_actor()
    waiting = batches.waiting_by_area(actor)
    found = batches.batches(actor)
    regencies = areas.by_number({*waiting, *(row.MinistryBatch.area_id for row in found)})
    return render_template(
        "graduation/batches.html",
        why_not=policy.reason_not_to_forward(actor),
        waiting=[
            {"name": regencies[area].name, "number": number, "area": area}
            for area, number in sorted(waiting.items(), key=lambda pair: regencies[pair[0]].name)
        ],
        batches=[
            {
                "name": batch_name(row.MinistryBatch.number, row.MinistryBatch.year),
                "row": row,
                "batch": row.MinistryBatch,
                "regency": regencies[row.MinistryBatch.area_id].name,
            }
            for row in found
        ],
        is_wide=actor.area_id is None,
    )


@blueprint.route("/batches/new/<int:area_id>", methods=["GET", "POST"])
@require(Permission.NOMINATION_FORWARD)
def new_batch(area_id: int) -> ResponseReturnValue:
    """Pick the waiting ones; all are picked already."""
    actor = current_actor()
    regency = areas.by_number([area_id]).get(area_id)
    if regency is None or area_id not in areas_of(actor):
        raise NotFound
    waiting = batches.waiting(actor, area_id)
    form = BatchForm(
        data={
            "letter_on": clock.today(actor.time_zone),
            "nominations": [str(row.id) for row in waiting],
        }
    )
    form.nominations.choices = [SelectChoice(str(row.id), row.caretaker_name) for row in waiting]
    if form.validate_on_submit() and form.letter_on.data:
        chosen = _ids(form.nominations.data or [])
        with refusals_on(form), transaction():
            batch_id = actions.make_batch(
                actor,
                area_id,
                chosen,
                batch_id=form.batch_id.id_of_record,
                letter_number=form.letter_number.data or "",
                letter_on=form.letter_on.data,
            )
        if not form.has_problems:
            number = len(set(chosen))
            flash(
                Kind.DONE,
                ngettext(
                    "Batch made: %(num)d family is forwarded to the ministry.",
                    "Batch made: %(num)d families are forwarded to the ministry.",
                    number,
                ),
            )
            return redirect(url_for("graduation.batch", batch_id=batch_id), code=303)
    return render_template(
        "graduation/batch_new.html",
        form=form,
        area_id=area_id,
        regency=regency.name,
        notes={str(row.id): _note(row, actor.time_zone) for row in waiting},
        waiting=waiting,
        most=MOST_IN_BATCH,
        today=clock.today(actor.time_zone),
        why_not=policy.reason_not_to_forward(actor),
    ), form.status


def _note(row: Any, time_zone: str) -> str:
    place = f"{row.group_name}, {row.village_name}" if row.group_name else row.village_name
    approved_on = day(row.decided_at.astimezone(ZoneInfo(time_zone)).date())
    return f"{place} · {row.facilitator_name or '–'} · {approved_on}"


def _ids(texts: list[str]) -> list[uuid.UUID]:
    """Raises: NotFound, as for whatever is not there."""
    try:
        return [uuid.UUID(text) for text in texts]
    except ValueError:
        raise NotFound from None


@blueprint.get("/batches/<uuid:batch_id>")
@require(Permission.NOMINATION_FORWARD)
def batch(batch_id: uuid.UUID) -> ResponseReturnValue:
    """A batch with what came back of it."""
    actor = current_actor()
    found = batches.batch(actor, batch_id)
    after = request.args.get("after", "")
    start = int(after) if after.isascii() and after.isdigit() and len(after) < 6 else 0
    page = batches.page_of_entries(actor, found, start)
    counts = batches.counts(found)
    last = page.rows[-1].BatchEntry.position if page.rows else 0
    return render_template(
        "graduation/batch.html",
        batch=found,
        name=batch_name(found.number, found.year),
        regency=areas.regency(found.area_id).name,
        page=page,
        counts={status.value: counts.get(status, 0) for status in NominationStatus},
        families=sum(counts.values()),
        outcome_words=outcome_words,
        next_url=url_for("graduation.batch", batch_id=batch_id, after=last) if page.more else "",
        first_url=url_for("graduation.batch", batch_id=batch_id) if start else "",
    )


@blueprint.post("/batches/<uuid:batch_id>/list")
@require(Permission.NOMINATION_FORWARD)
def batch_workbook(batch_id: uuid.UUID) -> ResponseReturnValue:
    """The list with whole numbers. Taking it leaves a trace, so it is a post."""
    actor = current_actor()
    found = batches.batch(actor, batch_id)
    families = listed_families(actor, found)
    with transaction():
        record_list_taken(actor, found, len(families))
    name = f"paket-{found.number}-{found.year}"
    rows = workbook_rows(families, ZoneInfo(areas.regency(found.area_id).time_zone))
    content = b"".join(write_xlsx(rows, HEADER, name, widths=WIDTHS))
    return attachment(io.BytesIO(content), name=f"{name}.xlsx", media_type=MEDIA_TYPE)


@blueprint.get("/batches/<uuid:batch_id>/letter")
@require(Permission.NOMINATION_FORWARD)
def batch_letter(batch_id: uuid.UUID) -> ResponseReturnValue:
    """The letter with its list, for paper; Indonesian whoever prints it."""
    actor: Actor = current_actor()
    found = batches.batch(actor, batch_id)
    regency = areas.regency(found.area_id)
    with force_locale("id"):
        return render_template(
            "graduation/batch_letter.html",
            batch=found,
            name=batch_name(found.number, found.year),
            regency=regency.name,
            families=listed_families(actor, found),
            zone=ZoneInfo(regency.time_zone),
        )
