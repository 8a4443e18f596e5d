"""Settling what claims differ over: since when, what to choose between, and who may; pure."""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from casework.meetings.rules.claims import Claim, agreed, joined_notes, latest
from casework.meetings.rules.registers import (
    NOTE_LENGTH,
    Head,
    Mark,
    MarkedHow,
    Presence,
    Understanding,
)

#: So long the group's facilitator has to herself to ask around; from then on the supervisor of
#: the region may settle it too.
#: Source: safety paper, conflict rules (a), "the supervisor after 7 days"; none official.
SUPERVISOR_AFTER = timedelta(days=7)


def supervisor_may_from(since: datetime) -> datetime:
    """From which moment on a supervisor may settle what differs since then: the moment at which
    the server took in the claim that made it differ. No phone's clock has a say."""
    return since + SUPERVISOR_AFTER


def supervisor_may(since: datetime, now: datetime) -> bool:
    return now >= supervisor_may_from(since)


def differs_since(claims: Iterable[Claim], family: uuid.UUID | None) -> int:
    """The version with which the claims began to differ over a family (None: over the meeting
    itself) and since which they have differed without a break; 0: they agree.

    Counted in the order in which they came. A further claim that differs too does not begin the
    time anew, or a phone that keeps talking would keep the supervisor out for ever.
    """
    about = sorted((claim for claim in claims if _speaks(claim, family)), key=lambda c: c.version)
    began = 0
    for number, claim in enumerate(about, 1):
        if not _differ(about[:number], family):
            began = 0
        elif not began:
            began = claim.version
    return began


def _speaks(claim: Claim, family: uuid.UUID | None) -> bool:
    return claim.head is not None if family is None else family in claim.marks


def _differ(about: Sequence[Claim], family: uuid.UUID | None) -> bool:
    if family is None:
        return len({claim.head for claim in latest(about)}) > 1
    return agreed(about, family)[0] is None


_Key = TypeVar("_Key", bound=Hashable)


def mark_choices(said: Mapping[_Key, Mark]) -> dict[_Key, Mark]:
    """The marks that one may choose between where these differ, each under the key of one that
    says so: whoever chooses decides on presence and understanding, and keeps everybody's notes.

    An understanding that nobody has assessed contradicts none, so it is no choice of its own
    beside one that somebody has. Only where the notes are too long together does each mark
    stand for itself; what the others noted stays in what was said.
    """
    notes = joined_notes(mark.note for mark in said.values())
    if len(notes) > NOTE_LENGTH:
        chosen = {key: _chosen(mark, mark.note) for key, mark in said.items()}
    else:
        assessed = {mark.presence for mark in said.values() if mark.understanding}
        chosen = {
            key: _chosen(mark, notes)
            for key, mark in said.items()
            if mark.understanding or mark.presence not in assessed
        }
    each_once = {mark: key for key, mark in reversed(chosen.items())}
    return {key: mark for mark, key in sorted(each_once.items(), key=lambda each: _place(each[0]))}


def _chosen(mark: Mark, note: str) -> Mark:
    """Whoever chooses has looked at the one family."""
    is_assessed = mark.presence is Presence.PRESENT and mark.understanding is not None
    return Mark(
        mark.presence,
        mark.understanding,
        note,
        MarkedHow.SINGLE,
        MarkedHow.SINGLE if is_assessed else None,
    )


def _place(mark: Mark) -> tuple[int, int, str]:
    """As everywhere: present first, poor before good; what nobody assessed before both."""
    understandings = [None, *Understanding]
    return _PRESENCES.index(mark.presence), understandings.index(mark.understanding), mark.note


_PRESENCES = list(Presence)


def head_choices(said: Mapping[_Key, Head]) -> dict[_Key, Head]:
    """What one may choose between where these differ over the meeting itself, each once."""
    each_once = {head: key for key, head in list(said.items())[::-1]}
    return {key: head for key, head in said.items() if each_once[head] == key}
