from __future__ import annotations

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core.errors import NotFound
from casework.core.tables.labels import file_fault_words
from casework.core.tables.reading.errors import UnreadableFile
from casework.core.tables.reading.sources import MAX_BYTES
from casework.core.transaction import transaction
from casework.core.typed import writable
from casework.graduation.actions import outcome_files
from casework.graduation.actions.checking_outcomes import check
from casework.graduation.forms import ApplyForm, OutcomeFileForm
from casework.graduation.labels import outcome_problem
from casework.graduation.queries import batches
from casework.graduation.queries.outcome_files import own_file, own_files
from casework.graduation.reading.outcomes import read_outcomes
from casework.graduation.rules import batch_name
from casework.graduation.states import OutcomeFileStatus
from casework.graduation.views import blueprint
from casework.web.flashes import Kind, flash
from casework.web.forms import refusals_on
from casework.web.guard import require
from casework.web.login import current_actor

#: As many problems as a person corrects at a time.
_MOST_PROBLEMS = 100


@blueprint.route("/batches/<uuid:batch_id>/outcomes", methods=["GET", "POST"])
@require(Permission.OUTCOME_RECORD)
def upload_outcomes(batch_id: uuid.UUID) -> ResponseReturnValue:
    """A file of what the ministry answered: it is checked first, nothing changes yet."""
    actor = current_actor()
    batch = batches.batch(actor, batch_id)
    form = OutcomeFileForm()
    if form.validate_on_submit():
        file_id = _check(actor, batch, form)
        if file_id is not None:
            return redirect(
                url_for("graduation.outcome_file", batch_id=batch_id, file_id=file_id), code=303
            )
    return render_template(
        "graduation/outcomes_upload.html",
        form=form,
        batch=batch,
        name=batch_name(batch.number, batch.year),
        recent=own_files(actor, batch_id),
    ), form.status


def _check(actor: Actor, batch: Any, form: OutcomeFileForm) -> uuid.UUID | None:
    """The id under which the file waits; None when it cannot be read, which the form says."""
    file: FileStorage = form.file.data
    data = file.stream.read(MAX_BYTES + 1)
    file_id = None
    try:
        with refusals_on(form):
            checked = check(actor, batch, read_outcomes(data))
            with transaction():
                file_id = outcome_files.keep(
                    actor, batch, checked, data=data, file_name=writable(file.filename or "")
                )
    except UnreadableFile as error:
        with transaction():
            outcome_files.note_unreadable(actor, batch, error, data)
        form.file.errors = [file_fault_words(error)]
    return file_id


@blueprint.route("/batches/<uuid:batch_id>/outcomes/<uuid:file_id>", methods=["GET", "POST"])
@require(Permission.OUTCOME_RECORD)
def outcome_file(batch_id: uuid.UUID, file_id: uuid.UUID) -> ResponseReturnValue:
    """What a file would change, as things stand now, or what it has changed."""
    actor = current_actor()
    batch = batches.batch(actor, batch_id)
    found = own_file(actor, file_id)
    if found.batch_id != batch_id:
        raise NotFound
    form = ApplyForm()
    if form.validate_on_submit():
        _apply(actor, file_id)
        return redirect(request.url, code=303)
    waits = found.status is OutcomeFileStatus.CHECKED and found.has_content
    checked = None
    if waits:
        checked = check(actor, batch, outcome_files.read_file(actor, file_id))
    return render_template(
        "graduation/outcomes_check.html",
        form=form,
        batch=batch,
        name=batch_name(batch.number, batch.year),
        file=found,
        is_applied=found.status is OutcomeFileStatus.APPLIED,
        checked=checked,
        problems=checked.problems[:_MOST_PROBLEMS] if checked else [],
        words=outcome_problem,
    ), form.status


def _apply(actor: Actor, file_id: uuid.UUID) -> None:
    if own_file(actor, file_id).status is OutcomeFileStatus.APPLIED:
        return
    table = outcome_files.read_file(actor, file_id)
    try:
        with transaction():
            changed = outcome_files.apply_file(actor, file_id, table)
    except outcome_files.RowsRefused as refused:
        # Of what was rolled back nothing would be left to see.
        with transaction():
            outcome_files.note_refused_rows(actor, file_id, refused)
        flash(
            Kind.PROBLEM,
            _("Nothing was recorded: a row cannot be taken any more. Look at the check again."),
        )
        return
    if changed is not None:
        flash(
            Kind.DONE,
            ngettext(
                "%(num)d outcome recorded. The facilitators see it now.",
                "%(num)d outcomes recorded. The facilitators see them now.",
                changed,
            ),
        )
