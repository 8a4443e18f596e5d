"""The marks of one family, in the registers of all its groups."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, select

from casework.households.queries.registers import groups_ever
from casework.meetings.models import Attendance, Meeting


def marks_of(
    area_id: int, household_id: uuid.UUID, as_of: date, *columns: Any
) -> Select[*tuple[Any, ...]]:
    """One row a register up to that day, whatever became of it; `columns` of the meeting and of the
    mark. They are found through the groups the household was ever in: attendance has no index of
    its own by household (docs/decisions/0003). The caller has got the household through `scope`.
    """
    return (
        select(*columns)
        .select_from(Meeting)
        .join(
            Attendance,
            and_(Attendance.area_id == Meeting.area_id, Attendance.meeting_id == Meeting.id),
        )
        .where(
            Meeting.area_id == area_id,
            Attendance.area_id == area_id,
            Attendance.household_id == household_id,
            Meeting.group_id.in_(select(groups_ever(area_id, [household_id]).c.group_id)),
            Meeting.held_on <= as_of,
        )
    )
