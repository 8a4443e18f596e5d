"""Photos of a meeting: sent with signal, shown, taken out again."""

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
from casework.core.errors import Invalid
from casework.core.files import (
    MAX_UPLOAD_BYTES,
    Purpose,
    check_and_clean,
    thumbnail,
)
from casework.core.transaction import transaction
from casework.meetings import policy
from casework.meetings.actions.photos import add_photo, remove_photo
from casework.meetings.backdating import backdating_days
from casework.meetings.photo_files import current_store
from casework.meetings.queries import meetings
from casework.meetings.queries.photos import photo_of
from casework.meetings.rules import MOST_PHOTOS
from casework.meetings.views import blueprint
from casework.meetings.views.photo_form import PhotosForm
from casework.meetings.views.show import page
from casework.web import uploads
from casework.web.downloads import shown
from casework.web.flashes import Kind, flash
from casework.web.forms import file_refusals_on
from casework.web.guard import require
from casework.web.login import actor_or_none, current_actor

#: As large as phones' cameras make them, where no script makes them smaller first.
_LARGEST_POST = 3 * MAX_UPLOAD_BYTES + 64 * 1024
#: Longest side in pixels of the pictures on the meeting's page.
_SMALL = 320


@blueprint.url_value_preprocessor
def _room_for_photos(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Here, because the body is read when its token is checked, before any view; for people who
    are signed in only."""
    if endpoint == "meetings.add_photos" and request.method == "POST" and actor_or_none():
        request.max_content_length = _LARGEST_POST


@blueprint.post("/meetings/<uuid:meeting_id>/photos")
@require(Permission.MEETING_RECORD)
def add_photos(meeting_id: uuid.UUID) -> ResponseReturnValue:
    """Each photo is an act of its own: what is good is kept, what is refused is said, so that
    nobody sends a large photo twice over a weak signal."""
    actor = current_actor()
    meeting = meetings.find(actor, meeting_id)
    policy.check_can_record(actor, meeting.facilitator_id)
    form = PhotosForm()
    if form.validate_on_submit():
        sent = [each for each in form.photos.data or () if _is_file(each)]
        if not sent:
            form.add_problems(Invalid.field("photos", _("Choose at least one photo.")))
        kept = sum(_keep(actor, meeting, form, each) for each in sent[: MOST_PHOTOS + 1])
        if kept:
            flash(Kind.DONE, ngettext("%(num)d photo saved.", "%(num)d photos saved.", kept))
        if not form.has_problems:
            # At its top, where it says what was done.
            return redirect(url_for("meetings.show", meeting_id=meeting_id), code=303)
    return page(actor, meeting_id, form), form.status


def _is_file(sent: object) -> bool:
    """A field that nothing was chosen in comes as a file without a name."""
    return isinstance(sent, FileStorage) and bool(sent.filename)


def _keep(actor: Actor, meeting: Any, form: PhotosForm, sent: FileStorage) -> bool:
    """Checked outside the transaction: cleaning a photo takes a second that nobody else waits."""
    photo_id = None
    with file_refusals_on(form, "photos"):
        uploads.spend(actor, sent.stream)
        file = check_and_clean(
            sent.stream,  # type: ignore[arg-type]
            Purpose.PHOTO,
            images_only=True,
            by=actor.user_id,
        )
        with transaction():
            photo_id = add_photo(
                actor,
                meeting.group_id,
                meeting.held_on,
                file=file,
                store=current_store(),
                backdating_days=backdating_days(),
            )
    return photo_id is not None


@blueprint.route(
    "/meetings/<uuid:meeting_id>/photos/<uuid:photo_id>/remove", methods=["GET", "POST"]
)
@require(Permission.MEETING_RECORD)
def take_photo_out(meeting_id: uuid.UUID, photo_id: uuid.UUID) -> ResponseReturnValue:
    """Asks first, with the photo: it does not come back."""
    actor = current_actor()
    if request.method == "POST":
        with transaction():
            remove_photo(actor, meeting_id, photo_id)
        flash(Kind.DONE, _("Photo removed."))
        return redirect(url_for("meetings.show", meeting_id=meeting_id), code=303)
    meeting = meetings.find(actor, meeting_id)
    policy.check_can_record(actor, meeting.facilitator_id)
    photo = photo_of(meeting.area_id, meeting_id, photo_id)
    return render_template("meetings/photo_remove.html", meeting=meeting, photo=photo)


@blueprint.get("/meetings/<uuid:meeting_id>/photos/<uuid:photo_id>")
@require(Permission.MEETING_READ)
def photo(meeting_id: uuid.UUID, photo_id: uuid.UUID) -> Response:
    return _sent(_bytes(meeting_id, photo_id), photo_id)


@blueprint.get("/meetings/<uuid:meeting_id>/photos/<uuid:photo_id>/small")
@require(Permission.MEETING_READ)
def small_photo(meeting_id: uuid.UUID, photo_id: uuid.UUID) -> Response:
    """The page is also opened where signal is weak."""
    return _sent(thumbnail(_bytes(meeting_id, photo_id), _SMALL), photo_id)


def _bytes(meeting_id: uuid.UUID, photo_id: uuid.UUID) -> bytes:
    """Raises: NotFound where the meeting does not exist for whoever asks."""
    meeting = meetings.find(current_actor(), meeting_id)
    found = photo_of(meeting.area_id, meeting_id, photo_id)
    return current_store().get(meeting.area_id, meeting_id, found.id)


def _sent(content: bytes, photo_id: uuid.UUID) -> Response:
    return shown(content, name=f"meeting-{photo_id.hex[-8:]}.jpg", media_type="image/jpeg")
