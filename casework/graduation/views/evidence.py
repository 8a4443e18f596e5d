from __future__ import annotations

import uuid
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core.errors import Invalid, NotFound
from casework.core.files import MAX_UPLOAD_BYTES, Purpose, check_and_clean
from casework.core.transaction import transaction
from casework.graduation import actions, policy
from casework.graduation.evidence_files import current_store
from casework.graduation.forms import DecisionForm, EvidenceForm
from casework.graduation.queries.case import load
from casework.graduation.queries.evidence import EvidenceFile
from casework.graduation.rules import CHECKLIST, PAPERS, missing_evidence
from casework.graduation.states import EvidenceKind, NominationStatus
from casework.graduation.views import blueprint
from casework.graduation.views.attempts import (
    ADD_EVIDENCE,
    REMOVE_EVIDENCE,
    attempt,
    refusal_noted,
)
from casework.graduation.views.preparing import next_task
from casework.graduation.views.show import page
from casework.web import uploads
from casework.web.downloads import shown
from casework.web.flashes import Kind, flash
from casework.web.forms import file_refusals_on
from casework.web.guard import require
from casework.web.login import actor_or_none, current_actor

#: One file of each kind in one post, and room for the form around them.
_LARGEST_POST = len(CHECKLIST) * MAX_UPLOAD_BYTES + 64 * 1024

#: Paper must stay readable; a photo may be made smaller.
_PURPOSES = dict.fromkeys(PAPERS, Purpose.DOCUMENT)

_EXTENSIONS = {"image/jpeg": "jpg", "application/pdf": "pdf"}


@blueprint.url_value_preprocessor
def _room_for_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Three photos of a good phone are larger than other posts may be. Here, because the body
    is read when its token is checked, before any view; for people who are signed in only."""
    if endpoint == "graduation.evidence" and request.method == "POST" and actor_or_none():
        request.max_content_length = _LARGEST_POST


@blueprint.route("/<uuid:nomination_id>/evidence", methods=["GET", "POST"])
@require(Permission.NOMINATION_MAKE)
def evidence(nomination_id: uuid.UUID) -> ResponseReturnValue:
    """Task 2: the files of the checklist, and further ones.

    Each file is an act of its own: what is good is kept, what is refused is said at its field,
    so that nobody sends a large photo twice over a weak signal.
    """
    actor = current_actor()
    case = load(actor, nomination_id)
    form = EvidenceForm()
    if form.validate_on_submit():
        with refusal_noted(actor, nomination_id, ADD_EVIDENCE):
            policy.check_can_change_evidence(actor, case)
        sent = {
            kind: file
            for kind in EvidenceKind
            if isinstance(file := form[kind.value].data, FileStorage)
        }
        if not sent:
            form.add_problems(Invalid.field("", _("Choose at least one file.")))
        kept = sum(_keep(actor, nomination_id, form, kind, file) for kind, file in sent.items())
        if kept:
            flash(Kind.DONE, ngettext("%(num)d file saved.", "%(num)d files saved.", kept))
        case = load(actor, nomination_id)
        if not form.has_problems:
            return redirect(next_task(case), code=303)
    return render_template(
        "graduation/evidence.html",
        form=form,
        case=case,
        household=case.household,
        checklist=CHECKLIST,
        missing=missing_evidence([each.kind for each in case.evidence]),
        why_not=policy.reason_not_to_edit(actor, case),
        largest=MAX_UPLOAD_BYTES // (1024 * 1024),
    ), form.status


def _keep(
    actor: Actor,
    nomination_id: uuid.UUID,
    form: EvidenceForm,
    kind: EvidenceKind,
    file: FileStorage,
) -> bool:
    """Check outside the transaction: cleaning a photo takes a second that nobody else waits."""
    evidence_id = None
    with file_refusals_on(form, kind.value):
        uploads.spend(actor, file.stream)
        purpose = _PURPOSES.get(kind, Purpose.PHOTO)
        # A photo inside of a PDF would be compared with no other.
        clean = check_and_clean(
            file.stream,  # type: ignore[arg-type]
            purpose,
            images_only=purpose is Purpose.PHOTO,
            by=actor.user_id,
        )
        with attempt(actor, nomination_id, ADD_EVIDENCE):
            evidence_id = actions.add_evidence(
                actor, nomination_id, kind=kind, file=clean, store=current_store()
            )
    return evidence_id is not None


@blueprint.post("/<uuid:nomination_id>/evidence/<uuid:evidence_id>/remove")
@require(Permission.NOMINATION_MAKE)
def remove_evidence(nomination_id: uuid.UUID, evidence_id: uuid.UUID) -> ResponseReturnValue:
    actor = current_actor()
    with attempt(actor, nomination_id, REMOVE_EVIDENCE):
        actions.remove_evidence(actor, nomination_id, evidence_id)
    flash(Kind.DONE, _("File removed."))
    return redirect(url_for("graduation.evidence", nomination_id=nomination_id), code=303)


@blueprint.post("/<uuid:nomination_id>/evidence/<uuid:evidence_id>/open")
@require(Permission.EVIDENCE_OPEN)
def open_evidence(nomination_id: uuid.UUID, evidence_id: uuid.UUID) -> ResponseReturnValue:
    """Note who looks, then show it: looking leaves a trace, so it is a post."""
    actor, written = current_actor(), DecisionForm()
    try:
        with transaction():
            actions.open_evidence(actor, nomination_id, evidence_id)
    except NotFound:
        if not written.is_begun:
            raise
        # Returned by another and taken out since; what was being written stays.
        return page(actor, load(actor, nomination_id), written, NotFound.status)
    if written.is_begun:
        # It goes along through the page of the file: an address could not carry it.
        return _page_of_file(nomination_id, evidence_id, written)
    return redirect(
        url_for("graduation.evidence_page", nomination_id=nomination_id, evidence_id=evidence_id),
        code=303,
    )


@blueprint.get("/<uuid:nomination_id>/evidence/<uuid:evidence_id>")
@require(Permission.EVIDENCE_OPEN)
def evidence_page(nomination_id: uuid.UUID, evidence_id: uuid.UUID) -> ResponseReturnValue:
    """One file with what is known of it."""
    return _page_of_file(nomination_id, evidence_id, DecisionForm(formdata=None))


def _page_of_file(nomination_id: uuid.UUID, evidence_id: uuid.UUID, written: DecisionForm) -> str:
    actor = current_actor()
    case = load(actor, nomination_id)
    waits = case.nomination.status is NominationStatus.SUBMITTED
    return render_template(
        "graduation/evidence_page.html",
        case=case,
        decides=waits and actor.may(Permission.NOMINATION_DECIDE),
        household=case.household,
        file=_opened(case.evidence_file(evidence_id)),
        left=case.unopened,
        form=written,
    )


@blueprint.get("/<uuid:nomination_id>/evidence/<uuid:evidence_id>/file")
@require(Permission.EVIDENCE_OPEN)
def evidence_file(nomination_id: uuid.UUID, evidence_id: uuid.UUID) -> Response:
    """The bytes, for the page above. No name of a person stands in the file's name."""
    case = load(current_actor(), nomination_id)
    file = _opened(case.evidence_file(evidence_id))
    content = current_store().get(case.nomination.area_id, nomination_id, evidence_id)
    return shown(
        content,
        name=f"{file.kind.value}-{evidence_id.hex[-8:]}.{_EXTENSIONS[file.media_type]}",
        media_type=file.media_type,
    )


def _opened(file: EvidenceFile) -> EvidenceFile:
    """Nobody sees a file without the trace that `open_evidence` leaves."""
    if file.opened_at is None:
        raise NotFound
    return file
