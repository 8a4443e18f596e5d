"""Settling what claims differ over: since when, what to choose between, and who may; pure."""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from casework.meetings.rules.claims import THE_PAGE, Claim, Latest, joined_notes, together
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


def differs_since(
    came: Iterable[tuple[Claim, datetime]], family: uuid.UUID | None
) -> datetime | None:
    """When the server took in the claim with which they began to differ over a family (None:
    over the meeting itself); None: they agree.

    A further claim that differs too does not begin the time anew, or a phone that keeps talking
    would keep the supervisor out for ever. Nor does one that agrees for a while: only what was
    settled on the page, or was agreed on for as long as the supervisor waits, is a new difference
    when it differs again.
    """
    last, noted = Latest(), Latest()
    began: datetime | None = None
    agreed_at: datetime | None = None
    for claim, at in sorted(came, key=lambda each: each[0].version):
        if not _speaks(claim, family):
            continue
        last.add(claim)
        if family not in claim.keeps_note:
            noted.add(claim)
        if _differ(last.claims, noted.claims, family):
            if began is None or (agreed_at is not None and at >= supervisor_may_from(agreed_at)):
                began = at
            agreed_at = None
        elif claim.device == THE_PAGE:
            began = agreed_at = None
        elif began is not None and agreed_at is None:
            agreed_at = at
    return began if agreed_at is None else None


def _speaks(claim: Claim, family: uuid.UUID | None) -> bool:
    return claim.head is not None if family is None else family in claim.marks


def _differ(last: Sequence[Claim], noted: Sequence[Claim], family: uuid.UUID | None) -> bool:
    if family is None:
        return len({claim.head for claim in last}) > 1
    marks = [claim.marks[family] for claim in last]
    return together(marks, (claim.marks[family].note for claim in noted)) is None


_Key = TypeVar("_Key", bound=Hashable)


def mark_choices(said: Mapping[_Key, Mark], noted: Iterable[str]) -> dict[_Key, Mark]:
    """The marks that one may choose between where these differ, each under the key of one that
    says so: whoever chooses decides on presence and understanding, and keeps everybody's notes,
    which are `noted`.

    An understanding that nobody has assessed contradicts none, so it is no choice of its own
    beside one that somebody has. Only where the notes are too long together does each mark
    stand for itself; what the others noted stays in what was said.
    """
    notes = joined_notes(noted)
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
