from __future__ import annotations

import uuid
from io import BytesIO
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import NotFound
from casework.core.tables.labels import file_fault_words
from casework.core.tables.reading.errors import FileFault, UnreadableFile
from casework.core.tables.reading.sources import MAX_BYTES
from casework.core.transaction import transaction
from casework.core.typed import writable
from casework.households.rules import stage_of, stages_around
from casework.rosters.actions import importing, uploads
from casework.rosters.actions.importing import RowsRefused
from casework.rosters.bad_rows import bad_rows_csv, bad_rows_name
from casework.rosters.forms import ApplyForm, UploadForm
from casework.rosters.labels import problem_words, stage_words
from casework.rosters.policy import why_not_import
from casework.rosters.queries.uploads import own_upload, problems, recent_uploads
from casework.rosters.reading.columns import ALIASES, HEADER_WITHIN, need
from casework.rosters.reading.example import EXAMPLE
from casework.rosters.rules import ImportStatus
from casework.rosters.views import blueprint
from casework.web.downloads import attachment
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import actor_or_none, current_actor

#: What the form around the file may take.
_FORM_BYTES = 64 * 1024
#: A body that is refused is still read up to this size, for the person to get the answer:
#: a browser that is cut off while it sends shows an error of its own.
_MOST_TO_SWALLOW = 5 * MAX_BYTES


class FileTooLarge(UnreadableFile):
    status = 413

    def __init__(self) -> None:
        super().__init__(FileFault.TOO_LARGE, limit=MAX_BYTES // 10**6)
        self.message = file_fault_words(self)

    def __str__(self) -> str:
        return str(self.message)


@blueprint.url_value_preprocessor
def _let_rosters_in(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Other pages take smaller files. Before anything, the form token too, reads the body."""
    if endpoint != "rosters.import_page" or request.method != "POST":
        return
    # Whoever may not import has no use for the room, and is answered by the guard.
    actor = actor_or_none()
    if actor is None or not actor.may(Permission.ROSTER_IMPORT):
        return
    most = MAX_BYTES + _FORM_BYTES
    request.max_content_length = most
    if (request.content_length or 0) > most:
        left = min(request.content_length or 0, _MOST_TO_SWALLOW)
        while left > 0 and (piece := request.environ["wsgi.input"].read(min(left, 1 << 20))):
            left -= len(piece)
        raise FileTooLarge


@blueprint.route("/rosters/import", methods=["GET", "POST"])
@require(Permission.ROSTER_IMPORT)
def import_page() -> ResponseReturnValue:
    """Upload a roster to have it checked; nothing changes yet."""
    actor = current_actor()
    today = clock.today(actor.time_zone)
    form = UploadForm(data={"stage": stage_of(today)})
    form.stage.choices = [(stage, stage_words(stage)) for stage in stages_around(today)]
    if form.validate_on_submit():
        upload_id = _check(actor, form)
        if upload_id is not None:
            return redirect(url_for("rosters.upload", upload_id=upload_id), 303)
    return render_template(
        "rosters/import.html",
        form=form,
        why_not=why_not_import(actor),
        recent=recent_uploads(actor),
        most_megabytes=MAX_BYTES // 10**6,
        header_within=HEADER_WITHIN,
        columns=[
            {"names": names, "need": need(column), "example": EXAMPLE[column]}
            for column, names in ALIASES.items()
        ],
    ), form.status


def _check(actor: Actor, form: UploadForm) -> uuid.UUID | None:
    """The id under which the file waits; None when it cannot be read, which the form says."""
    file: FileStorage = form.file.data
    data = file.stream.read(MAX_BYTES + 1)
    upload_id = None
    try:
        with refusals_on(form):
            checked = importing.check(importing.read(actor, data), form.stage.data)
            with transaction():
                upload_id = uploads.keep(
                    actor, checked, data=data, file_name=writable(file.filename or "")
                )
    except UnreadableFile as error:
        form.file.errors = [file_fault_words(error)]
    return upload_id


@blueprint.route("/rosters/import/<uuid:upload_id>", methods=["GET", "POST"])
@require(Permission.ROSTER_IMPORT)
def upload(upload_id: uuid.UUID) -> ResponseReturnValue:
    """What a file would change, or has changed."""
    actor = current_actor()
    found = own_upload(actor, upload_id)
    form = ApplyForm()
    if request.method == "POST":
        if form.validate() and found.status is ImportStatus.CHECKED:
            _apply(actor, upload_id, found.stage, skip_bad=form.skip_bad.data)
        return redirect(url_for("rosters.upload", upload_id=upload_id), 303)
    return render_template(
        "rosters/upload.html",
        form=form,
        upload=found,
        stage=stage_words(found.stage),
        is_applied=found.status is ImportStatus.APPLIED,
        problems=[problem_words(each) for each in problems(found)],
    )


def _apply(actor: Actor, upload_id: uuid.UUID, stage: str, *, skip_bad: bool) -> None:
    roster = uploads.read_upload(actor, upload_id)
    try:
        with transaction():
            uploads.apply_upload(actor, upload_id, roster, skip_bad=skip_bad)
    except RowsRefused as refusal:
        with transaction():
            uploads.check_again(actor, upload_id, refusal.checked)
        flash(
            Kind.PROBLEM,
            _("Households have changed since the check. Nothing was applied; look again."),
        )


@blueprint.get("/rosters/import/<uuid:upload_id>/bad-rows.csv")
@require(Permission.ROSTER_IMPORT)
def bad_rows(upload_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    found = own_upload(actor, upload_id)
    checked = importing.check(uploads.read_upload(actor, upload_id), found.stage)
    if not checked.bad_rows:
        raise NotFound
    return attachment(
        BytesIO(b"".join(bad_rows_csv(checked))),
        name=bad_rows_name(found.file_name),
        media_type="text/csv; charset=utf-8",
    )
