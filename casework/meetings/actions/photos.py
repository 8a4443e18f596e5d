"""Photos of a meeting: added, and taken out again."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

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
from casework.meetings.rules import BACKDATING_DAYS, MOST_PHOTOS, MOST_PHOTOS_EVER


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
    _check(actor, found, held_on, backdating_days)
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
    _check(actor, found, held_on, backdating_days)
    _hold(found.area_id, found.meeting_id)
    digest = bytes.fromhex(file.upload_sha256)
    known = photos_of(found.area_id, found.meeting_id, removed=True)
    for each in known:
        if each.id == photo_id or (each.upload_sha256 == digest and each.removed_at is None):
            return each.id
    _check_room(known)
    photo_id = photo_id or new_id()
    store.put(found.area_id, found.meeting_id, photo_id, file.content)
    db.session.execute(
        insert(MeetingPhoto),
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
    trail = _Trail(found.area_id, found.meeting_id, held_on, photo_id, digest)
    trail.record(actor, Tag.MEETING_PHOTO_ADDED)
    return photo_id


def remove_photo(actor: Actor, meeting_id: uuid.UUID, photo_id: uuid.UUID) -> None:
    """Take a photo out; the row and the sealed file stay, and say that it was there.

    Raises: NotFound, Refused.
    """
    meeting = meetings.find(actor, meeting_id)
    policy.check_can_record(actor, meeting.facilitator_id)
    _hold(meeting.area_id, meeting_id)
    known = photos_of(meeting.area_id, meeting_id, removed=True)
    photo = next((each for each in known if each.id == photo_id), None)
    if photo is None:
        raise NotFound
    if photo.removed_at is not None:
        return
    db.session.execute(
        update(MeetingPhoto)
        .where(
            MeetingPhoto.area_id == meeting.area_id,
            MeetingPhoto.meeting_id == meeting_id,
            MeetingPhoto.id == photo_id,
        )
        .values(removed_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    trail = _Trail(meeting.area_id, meeting_id, meeting.held_on, photo_id, photo.upload_sha256)
    trail.record(actor, Tag.MEETING_PHOTO_REMOVED)


def _check(actor: Actor, found: Photographed, held_on: date, backdating_days: int) -> None:
    policy.check_can_record(actor, actor.user_id)
    # As for what she says of its register: who leads the group now may mend any meeting of it,
    # and whoever led it then has as long as a meeting can still be recorded.
    if not (found.is_there and found.leads_now):
        policy.check_day(held_on, clock.today(actor.time_zone), backdating_days)
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
