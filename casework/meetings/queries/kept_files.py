"""The files that meetings keep, for `flask files check`."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Row, Select, and_

from casework.core.errors import Message
from casework.core.kept_files import FilesOfRows
from casework.meetings.models import Meeting, MeetingPhoto
from casework.meetings.photo_files import current_store


def _photo(row: Row[Any]) -> Message:
    return _(
        "photo %(file)s of meeting %(meeting)s on %(day)s",
        file=row.id,
        meeting=row.owner_id,
        day=row.held_on,
    )


def _with_meetings(photos: Select[Any]) -> Select[Any]:
    return photos.join(
        Meeting,
        and_(Meeting.area_id == MeetingPhoto.area_id, Meeting.id == MeetingPhoto.meeting_id),
    )


KEPT = (
    # Of the kept content there is no hash; its size, and that it opens for this row alone.
    FilesOfRows(
        _("Photos of meetings"),
        MeetingPhoto,
        owner=MeetingPhoto.meeting_id,
        store=current_store,
        said=_photo,
        also=(Meeting.held_on,),
        joined=_with_meetings,
    ),
)
