from __future__ import annotations

import uuid
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from casework.core.append_only import append_only
from casework.core.db import Base, TableKind, table
from casework.meetings.rules import MarkedHow, MeetingStatus, Presence, Understanding

_UNSETTLED = text("differs_since IS NOT NULL")


class Meeting(Base):
    """One P2K2 meeting of one group on one day.

    The id is derived from group and day (`core.ids.meeting_id`), so that two phones make the
    same one, and that is all that keeps it single: with a second unique index PostgreSQL lets
    one of two first saves at once fail over that index instead of turning it into an update.
    `present`, `total` and `differing` are stored with the marks and recomputable from them, as
    `differs_since` is from the claims.
    """

    __tablename__ = "meeting"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(
            ["area_id", "group_id"], ["group_of_households.area_id", "group_of_households.id"]
        ),
        CheckConstraint("present >= 0 AND present <= total", name="present_within_total"),
        Index("ix_meeting_area_id_group_id_held_on", "area_id", "group_id", "held_on"),
        Index("ix_meeting_area_id_held_on", "area_id", "held_on"),
        # Few of all meetings differ, and everybody's first page asks for them: for a group's, and
        # for a region's, oldest first.
        Index(
            "ix_meeting_area_id_group_id_unsettled",
            "area_id",
            "group_id",
            "held_on",
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
        Index(
            "ix_meeting_area_id_differs_since",
            "area_id",
            "differs_since",
            "id",
            sqlite_where=_UNSETTLED,
            postgresql_where=_UNSETTLED,
        ),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    group_id: Mapped[uuid.UUID]
    held_on: Mapped[date]
    starts_at: Mapped[time | None]
    ends_at: Mapped[time | None]
    place: Mapped[str] = mapped_column(String(120), default="")
    #: Lessons taught, bit `running_no - 1` each (`curriculum.rules`); 0 with an adaptive topic.
    lesson_mask: Mapped[int] = mapped_column(Integer, default=0)
    adaptive_topic: Mapped[str] = mapped_column(String(120), default="")
    #: [{"name": ..., "institution": ...}], at most four.
    speakers: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    summary: Mapped[str] = mapped_column(String(1000), default="")
    status: Mapped[MeetingStatus]
    present: Mapped[int] = mapped_column(SmallInteger)
    total: Mapped[int] = mapped_column(SmallInteger)
    #: Families that devices have marked differently (`rules.claims`); not in `total`.
    differing: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    #: Devices say different things of the meeting itself.
    is_head_differing: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Since when the oldest of these differences stands (`rules.differs_since`); null: none does.
    differs_since: Mapped[datetime | None]
    recorded_by: Mapped[uuid.UUID]
    recorded_at: Mapped[datetime]
    #: Raised by one at every save and every claim: a correction made from an older one is
    #: noticed.
    version: Mapped[int] = mapped_column(Integer, default=1)


class Attendance(Base):
    """One household in the register of one meeting; keyed by both, no id of its own."""

    __tablename__ = "attendance"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "meeting_id"], ["meeting.area_id", "meeting.id"]),
        CheckConstraint(
            "presence = 'present' OR understanding IS NULL OR understanding = 'not_assessable'",
            name="absent_not_assessable",
        ),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    meeting_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    household_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: `NOT_MARKED` where devices say different things: the family stays in the register.
    presence: Mapped[Presence]
    #: Null: present, not yet assessed.
    understanding: Mapped[Understanding | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    marked_how: Mapped[MarkedHow]
    #: Whether the understanding was chosen one by one or filled in for many; null: not chosen.
    assessed_how: Mapped[MarkedHow | None]
    marked_by: Mapped[uuid.UUID]
    marked_at: Mapped[datetime]
    #: Version of the meeting that the mark was made with.
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")


class AttendanceChange(Base):
    """What a mark was before a correction, and what it became; only ever added."""

    __tablename__ = "attendance_change"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "meeting_id"], ["meeting.area_id", "meeting.id"]),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    meeting_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: Version of the meeting that the correction made.
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    household_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: Keys presence, understanding, note, marked_how, assessed_how; `before` is empty for a
    #: household added, `after` for one that differs from then on. `before` of one that differed
    #: has the key said: a list of such marks, each with the key name.
    before: Mapped[dict[str, Any]]
    after: Mapped[dict[str, Any]]
    changed_by: Mapped[uuid.UUID]
    changed_by_name: Mapped[str] = mapped_column(String(120))
    changed_at: Mapped[datetime]


append_only(AttendanceChange)


class CalledOff(Base):
    """That a register was called off; only ever added. Recorded anew it may be called off again."""

    __tablename__ = "meeting_called_off"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "meeting_id"], ["meeting.area_id", "meeting.id"]),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    meeting_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: Version of the meeting that this made; as long as that is its version, it is called off.
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: In the words of whoever did it.
    reason: Mapped[str] = mapped_column(String(500))
    #: The right day, where the register was moved there; null: there was no such meeting, or it
    #: was recorded by itself.
    moved_to: Mapped[date | None]
    called_off_by: Mapped[uuid.UUID]
    called_off_by_name: Mapped[str] = mapped_column(String(120))
    called_off_at: Mapped[datetime]


append_only(CalledOff)


class RegisterClaim(Base):
    """What one save said of a meeting (`rules.claims.Claim`); only ever added.

    Every save that a phone made without signal leaves one. What was saved on the page leaves one
    once a phone has a say in the same meeting.
    """

    __tablename__ = "register_claim"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "meeting_id"], ["meeting.area_id", "meeting.id"]),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    meeting_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: That of the phone's command.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: Zero for the page.
    device_id: Mapped[uuid.UUID]
    seq: Mapped[int] = mapped_column(Integer)
    base_version: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    #: As of `Claim.before`; null: none.
    versions_before: Mapped[list[int] | None]
    #: As of `Claim.was_sent`.
    was_sent: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: As of `Meeting`, keys lesson_mask, topic, starts_at, ends_at, place; null: says nothing.
    head: Mapped[dict[str, Any] | None]
    #: By household; each as in `AttendanceChange`.
    marks: Mapped[dict[str, Any]]
    said_by: Mapped[uuid.UUID]
    said_by_name: Mapped[str] = mapped_column(String(120))
    received_at: Mapped[datetime]


append_only(RegisterClaim)


class Epoch(Base):
    """Begins when the server is put back to a backup (`rules.epochs`). Before the first restore
    there is none."""

    __tablename__ = "epoch"
    __table_args__ = table(TableKind.REFERENCE)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    #: What phones know it by: drawn by chance, for two restores of one backup are two epochs.
    id: Mapped[uuid.UUID]
    began_at: Mapped[datetime]


class MeetingPhoto(Base):
    """A photo of a meeting; the bytes lie sealed in the file store."""

    __tablename__ = "meeting_photo"
    __table_args__ = table(
        TableKind.DISTRIBUTED,
        ForeignKeyConstraint(["area_id", "meeting_id"], ["meeting.area_id", "meeting.id"]),
        Index("ix_meeting_photo_area_id_upload_sha256", "area_id", "upload_sha256"),
    )

    area_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    meeting_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    #: That of the phone's command, where a phone sent it.
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    width: Mapped[int] = mapped_column(SmallInteger)
    height: Mapped[int] = mapped_column(SmallInteger)
    #: Of the cleaned bytes.
    size: Mapped[int] = mapped_column(Integer)
    #: Of the upload as it came: the same photo at another meeting is told apart by it.
    upload_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    added_by: Mapped[uuid.UUID]
    added_by_name: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime]
    #: Taken out again; the row stays.
    removed_at: Mapped[datetime | None]
