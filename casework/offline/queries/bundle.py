"""What a phone takes along: the facilitator's groups and families, and no more of them than
the work without signal needs."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, or_, select, true

from casework.access.actor import Actor
from casework.core.db import db
from casework.core.ids import meeting_id, short_id
from casework.curriculum.rules import catalogue, from_mask, next_lesson
from casework.households import scope
from casework.households.rules import IN_PROGRAMME, HouseholdStatus
from casework.meetings.models import Attendance, Meeting
from casework.meetings.queries.epochs import epoch_id
from casework.meetings.rules import MeetingStatus, last_month
from casework.readiness.models import Readiness
from casework.readiness.queries.questions import questions

#: Of the shape below; a phone with another one fetches the app anew.
SHAPE = 1

Bundle = dict[str, Any]
_Row = Row[*tuple[Any, ...]]


def bundle(actor: Actor, today: date, locale: str) -> Bundle:
    """The caseload in four statements, however large. It holds names and opaque ids, and never
    a personal number, an address, or anything of money or health.

    Keys: shape, epoch (of the server, "" before its first), owner, name, lessons, questions,
    groups (each with `latest`, its latest meeting of this month or the last that was not called
    off, and `past`, the days of those two months), families (id in 22 letters, name, place of the
    group in `groups`, rungs, verdict, meetings missed running, mark in `latest` as [presence,
    understanding], whether its economy and readiness are still recorded).
    """
    groups, epoch = _groups_and_epoch(actor)
    places = {group.id: place for place, group in enumerate(groups)}
    meetings = _meetings(actor, places)
    since = last_month(today)
    latest = {
        group_id: stands[0]
        for group_id, found in meetings.items()
        if (stands := _standing(found)) and since <= stands[0].held_on <= today
    }
    marks = _marks(actor, {meeting_id(each, row.held_on): each for each, row in latest.items()})
    return {
        "shape": SHAPE,
        "epoch": epoch,
        "owner": str(actor.user_id),
        "name": actor.name,
        "lessons": [[each.running_no, each.name(locale)] for each in catalogue().lessons],
        "questions": questions(locale),
        "groups": [
            _group(group, meetings.get(group.id, ()), latest.get(group.id), since)
            for group in groups
        ],
        "families": [
            [
                short_id(family.id),
                family.caretaker_name,
                places[family.group_id],
                family.ladder or 0,
                family.verdict and family.verdict.value,
                family.missed_running or 0,
                marks.get((family.group_id, family.id)),
                family.status is HouseholdStatus.ACTIVE,
            ]
            for family in _families(actor, today)
        ],
    }


def _groups_and_epoch(actor: Actor) -> tuple[Sequence[_Row], str]:
    """Together, so that who has no group is told of the epoch too."""
    group = scope.groups(actor)
    one = select(epoch_id().label("epoch")).subquery()
    rows = db.session.execute(
        select(group.c.id, group.c.name, group.c.meeting_place, one.c.epoch).outerjoin_from(
            one, group, true()
        )
    ).all()
    groups = [row for row in rows if row.id]
    epoch = rows[0].epoch
    return (
        sorted(groups, key=lambda row: (row.name.casefold(), row.id)),
        str(epoch) if epoch else "",
    )


def _families(actor: Actor, today: date) -> Sequence[_Row]:
    """Those that a register of today expects, also a graduated one until its stage begins."""
    seen = scope.households(actor)
    rows = db.session.execute(
        select(
            seen.c.id,
            seen.c.caretaker_name,
            seen.c.group_id,
            seen.c.status,
            Readiness.ladder,
            Readiness.verdict,
            Readiness.missed_running,
        )
        .outerjoin(
            Readiness,
            and_(Readiness.area_id == seen.c.area_id, Readiness.household_id == seen.c.id),
        )
        .where(
            seen.c.area_id == actor.area_id,
            or_(seen.c.status.in_(IN_PROGRAMME), seen.c.leaves_on > today),
        )
    ).all()
    return sorted(rows, key=lambda row: (row.caretaker_name.casefold(), row.id))


def _meetings(actor: Actor, group_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[_Row]]:
    """By group, the latest first: all of them, for which lesson comes next depends on all."""
    rows = db.session.execute(
        select(
            Meeting.group_id,
            Meeting.held_on,
            Meeting.starts_at,
            Meeting.ends_at,
            Meeting.place,
            Meeting.lesson_mask,
            Meeting.adaptive_topic,
            Meeting.status,
            Meeting.version,
        )
        .where(Meeting.area_id == actor.area_id, Meeting.group_id.in_(list(group_ids)))
        .order_by(Meeting.held_on.desc())
    )
    found: dict[uuid.UUID, list[_Row]] = defaultdict(list)
    for row in rows:
        found[row.group_id].append(row)
    return found


def _standing(meetings: Iterable[_Row]) -> list[_Row]:
    """Without what was called off."""
    return [each for each in meetings if each.status is not MeetingStatus.CALLED_OFF]


def _marks(
    actor: Actor, meetings: Mapping[uuid.UUID, uuid.UUID]
) -> dict[tuple[uuid.UUID, uuid.UUID], list[str | None]]:
    """Presence and understanding by group and family, of these meetings of groups; `not_marked`
    where devices differ. A family that has moved may have a mark in two of them."""
    rows = db.session.execute(
        select(
            Attendance.meeting_id,
            Attendance.household_id,
            Attendance.presence,
            Attendance.understanding,
        ).where(Attendance.area_id == actor.area_id, Attendance.meeting_id.in_(list(meetings)))
    )
    return {
        (meetings[row.meeting_id], row.household_id): [
            row.presence.value,
            row.understanding and row.understanding.value,
        ]
        for row in rows
    }


def _group(group: _Row, meetings: Sequence[_Row], latest: _Row | None, since: date) -> Bundle:
    stands = _standing(meetings)
    usual = next((each for each in stands if each.starts_at), None)
    upcoming = next_lesson(
        each.lesson_mask for each in meetings if each.status is MeetingStatus.SENT
    )
    return {
        "id": str(group.id),
        "name": group.name,
        "place": group.meeting_place or (stands[0].place if stands else ""),
        "starts_at": _clock(usual and usual.starts_at),
        "ends_at": _clock(usual and usual.ends_at),
        "lesson": upcoming and upcoming.running_no,
        "past": [
            [each.held_on.isoformat(), each.status.value, each.version]
            for each in meetings
            if each.held_on >= since
        ],
        "latest": latest and _meeting(latest),
    }


def _meeting(row: _Row) -> Bundle:
    return {
        "held_on": row.held_on.isoformat(),
        "status": row.status.value,
        "version": row.version,
        "lessons": [each.running_no for each in from_mask(row.lesson_mask)],
        "topic": row.adaptive_topic,
        "starts_at": _clock(row.starts_at),
        "ends_at": _clock(row.ends_at),
        "place": row.place,
    }


def _clock(value: Any) -> str | None:
    return value.strftime("%H:%M") if value else None
