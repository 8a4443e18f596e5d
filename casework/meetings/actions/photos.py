"""Photos of a meeting: added, taken out again, and moved with their register."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from flask_babel import lazy_gettext
from sqlalchemy import insert, select, update

from casework.access.actor import Actor
from casework.audit.actions import record as record_audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid, NotFound
from casework.core.files import CleanFile, FileStore
from casework.core.ids import new_id
from casework.meetings import policy
from casework.meetings.models import Meeting, MeetingPhoto
from casework.meetings.queries import meetings
from casework.meetings.queries.photos import Photo, Photographed, photographed, photos_of
from casework.meetings.rules import (
    BACKDATING_DAYS,
    MOST_PHOTOS,
    MOST_PHOTOS_EVER,
    MeetingStatus,
)


class NotThereYet(Conflict):
    """Nothing is recorded of that meeting so far: its photos have to wait."""


def check_can_add(
    actor: Actor,
    group_id: uuid.UUID,
    held_on: date,
    *,
    backdating_days: int = BACKDATING_DAYS,
) -> Photographed:
    """Whether a photo of that meeting can be taken in now, before it is sent.

    Raises: NotFound for whoever neither led the group on that day nor leads it now; Refused;
    Invalid; NotThereYet.
    """
    found = photographed(actor, group_id, held_on)
    _check(actor, found, backdating_days)
    _check_room(photos_of(found.area_id, found.meeting_id, removed=True))
    return found


def add_photo(
    actor: Actor,
    group_id: uuid.UUID,
    held_on: date,
    *,
    file: CleanFile,
    store: FileStore,
    photo_id: uuid.UUID | None = None,
    backdating_days: int = BACKDATING_DAYS,
) -> uuid.UUID:
    """Keep a checked photo; gives its id, the same one when it was sent twice.

    The file is on disk before the row is: if the transaction does not end well, it is an orphan
    that no page reaches. Raises: as `check_can_add`.
    """
    found = photographed(actor, group_id, held_on)
    _check(actor, found, backdating_days)
    _hold(found.area_id, found.meeting_id)
    digest = bytes.fromhex(file.upload_sha256)
    known = photos_of(found.area_id, found.meeting_id, removed=True)
    for each in known:
        if each.id == photo_id or (each.upload_sha256 == digest and each.removed_at is None):
            return each.id
    _check_room(known)
    photo_id = photo_id or new_id()
    store.put(found.area_id, found.meeting_id, photo_id, file.content)
    _write(
        {
            "area_id": found.area_id,
            "meeting_id": found.meeting_id,
            "id": photo_id,
            "width": file.width,
            "height": file.height,
            "size": len(file.content),
            "upload_sha256": digest,
            "added_by": actor.user_id,
            "added_by_name": actor.name,
            "added_at": clock.now(),
        },
    )
    trail = _Trail(found.area_id, found.meeting_id, found.held_on, photo_id, digest)
    trail.record(actor, Tag.MEETING_PHOTO_ADDED)
    return photo_id


def remove_photo(actor: Actor, meeting_id: uuid.UUID, photo_id: uuid.UUID) -> None:
    """Take a photo out; the row and the sealed file stay, and say that it was there.

    Raises: NotFound, Refused.
    """
    meeting = meetings.find(actor, meeting_id)
    policy.check_can_record(actor, meeting.facilitator_id)
    if meeting.status is MeetingStatus.CALLED_OFF:
        raise _called_off()
    _hold(meeting.area_id, meeting_id)
    known = photos_of(meeting.area_id, meeting_id, removed=True)
    photo = next((each for each in known if each.id == photo_id), None)
    if photo is None:
        raise NotFound
    if photo.removed_at is None:
        _take_out(actor, meeting, photo)


def move_photos(
    actor: Actor,
    meeting: Any,
    to_meeting: uuid.UUID,
    to_day: date,
    store: Callable[[], FileStore],
) -> int:
    """Move the photos of a meeting (a row) with its register to another one of its group, as far
    as there is room; gives how many stay. Each is sealed for its meeting, so it is sealed anew;
    who added it and when stays."""
    _hold(meeting.area_id, to_meeting)
    there = photos_of(meeting.area_id, to_meeting, removed=True)
    room = min(
        MOST_PHOTOS - sum(each.removed_at is None for each in there),
        MOST_PHOTOS_EVER - len(there),
    )
    photos = photos_of(meeting.area_id, meeting.id)
    for photo in photos[: max(room, 0)]:
        content = store().get(meeting.area_id, meeting.id, photo.id)
        photo_id = new_id()
        store().put(meeting.area_id, to_meeting, photo_id, content)
        _write(
            {
                "area_id": meeting.area_id,
                "meeting_id": to_meeting,
                "id": photo_id,
                "width": photo.width,
                "height": photo.height,
                "size": len(content),
                "upload_sha256": photo.upload_sha256,
                "added_by": photo.added_by,
                "added_by_name": photo.added_by_name,
                "added_at": photo.added_at,
            }
        )
        _take_out(actor, meeting, photo)
        trail = _Trail(meeting.area_id, to_meeting, to_day, photo_id, photo.upload_sha256)
        trail.record(actor, Tag.MEETING_PHOTO_ADDED)
    return max(len(photos) - max(room, 0), 0)


def _write(row: Mapping[str, Any]) -> None:
    db.session.execute(insert(MeetingPhoto), row)


def _take_out(actor: Actor, meeting: Any, photo: Photo) -> None:
    db.session.execute(
        update(MeetingPhoto)
        .where(
            MeetingPhoto.area_id == meeting.area_id,
            MeetingPhoto.meeting_id == meeting.id,
            MeetingPhoto.id == photo.id,
        )
        .values(removed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    trail = _Trail(meeting.area_id, meeting.id, meeting.held_on, photo.id, photo.upload_sha256)
    trail.record(actor, Tag.MEETING_PHOTO_REMOVED)


def _called_off() -> Conflict:
    return Conflict(
        lazy_gettext("The register of this meeting was called off. Its photos stay as they are.")
    )


def _check(actor: Actor, found: Photographed, backdating_days: int) -> None:
    policy.check_can_record(actor, actor.user_id)
    if found.is_called_off:
        raise _called_off()
    # As for what she says of its register: who leads the group now may mend any meeting of it,
    # and whoever led it then has as long as a meeting can still be recorded.
    if not (found.is_there and found.leads_now):
        policy.check_day(found.held_on, clock.today(actor.time_zone), backdating_days)
    if not found.is_there:
        raise NotThereYet(lazy_gettext("Waits for the attendance of this meeting."))


def _check_room(photos: Sequence[Photo]) -> None:
    """`photos`: those that were removed as well."""
    if len(photos) >= MOST_PHOTOS_EVER:
        raise Invalid.field(
            "photos",
            lazy_gettext(
                "This meeting has been given %(most)s photos, with those that were removed; no"
                " more can be added.",
                most=MOST_PHOTOS_EVER,
            ),
        )
    if sum(each.removed_at is None for each in photos) >= MOST_PHOTOS:
        raise Invalid.field(
            "photos",
            lazy_gettext(
                "This meeting has %(most)s photos already; no more can be kept.", most=MOST_PHOTOS
            ),
        )


def _hold(area_id: int, meeting_id: uuid.UUID) -> None:
    """One photo of a meeting at a time, or two at once could pass over the most there may be."""
    db.session.execute(
        select(Meeting.id)
        .where(Meeting.area_id == area_id, Meeting.id == meeting_id)
        .with_for_update(key_share=True)
    )


class _Trail(NamedTuple):
    area_id: int
    meeting_id: uuid.UUID
    held_on: date
    photo_id: uuid.UUID
    digest: bytes

    def record(self, actor: Actor, tag: Tag) -> None:
        record_audit(
            actor,
            tag,
            subject_type="meeting",
            subject_id=self.meeting_id,
            area_id=self.area_id,
            held_on=self.held_on.isoformat(),
            photo=str(self.photo_id),
            sha256=self.digest.hex(),
        )
