"""What a phone says of a meeting, and what was made of it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from casework.meetings.rules import Head, Mark, MeetingStatus, Totals


@dataclass(frozen=True, slots=True)
class TakenBefore:
    """What has to be known of a word to write it once more as it was, should a backup be put
    back that does not have it."""

    #: That the meeting got when it came: one for each epoch it came in.
    versions: tuple[int, ...]
    #: As `Claim.base_version`.
    base_version: int
    status: MeetingStatus
    #: The day on which it came first, where its author is.
    on: date
    #: Those that stayed as they were, not being on the phone; without the empty ones.
    notes: Mapping[uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class Word:
    """What a phone says of a meeting."""

    #: That of the command.
    id: uuid.UUID
    device: uuid.UUID
    #: Counts the commands of this phone.
    seq: int
    #: Version of the meeting on the phone when this was said; 0: it knew of none.
    base_version: int
    #: None: what stands of the meeting itself is left as it is.
    head: Head | None
    #: Families that it says nothing of are left as they are.
    marks: Mapping[uuid.UUID, Mark]
    #: Of these marks, those whose note is not on the phone: it stays as it is.
    keeps_note: Collection[uuid.UUID] = ()
    #: What was made of it before, by this server, before a backup was put back.
    taken_before: TakenBefore | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What stands then."""

    meeting_id: uuid.UUID
    group_name: str
    status: MeetingStatus
    version: int
    totals: Totals
    #: Families whose mark differs, and whether the meeting itself does.
    differing: Collection[uuid.UUID]
    is_head_differing: bool
    #: Families that were given a mark and are not in the register of that day: moved away, or
    #: graduated.
    left_out: Collection[uuid.UUID]
    #: Families in the register that have no mark yet.
    unmarked: Collection[uuid.UUID]
    to_prove: TakenBefore
