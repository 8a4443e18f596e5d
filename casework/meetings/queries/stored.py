"""Marks and heads as the history of a register keeps them: JSON, and back."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import time
from typing import Any

from casework.meetings.rules import Claim, Head, Mark, MarkedHow, Presence, Understanding


def as_json(mark: Mark | None) -> dict[str, Any]:
    """Empty for no mark."""
    if mark is None:
        return {}
    return {
        "presence": mark.presence.value,
        "understanding": mark.understanding and mark.understanding.value,
        "note": mark.note,
        "marked_how": mark.marked_how.value,
        "assessed_how": mark.assessed_how and mark.assessed_how.value,
    }


def mark_of(stored: Mapping[str, Any]) -> Mark:
    """Raises: ValueError for no mark."""
    understanding, assessed_how = stored.get("understanding"), stored.get("assessed_how")
    return Mark(
        Presence(stored.get("presence", "")),
        None if understanding is None else Understanding(understanding),
        stored["note"],
        MarkedHow(stored["marked_how"]),
        None if assessed_how is None else MarkedHow(assessed_how),
    )


#: Beside a mark of a claim that leaves the note as it is; claims of before this have none.
_KEEPS_NOTE = "keeps_note"


def claimed_as_json(claim: Claim) -> dict[str, Any]:
    """The marks of a claim, by household."""
    return {
        str(key): as_json(mark) | ({_KEEPS_NOTE: True} if key in claim.keeps_note else {})
        for key, mark in claim.marks.items()
    }


def keeps_note(marks: Mapping[str, Mapping[str, Any]]) -> frozenset[uuid.UUID]:
    """Of the marks of a stored claim, those that say nothing of the note."""
    return frozenset(uuid.UUID(key) for key, mark in marks.items() if mark.get(_KEEPS_NOTE))


def head_as_json(head: Head) -> dict[str, Any]:
    return {
        "lesson_mask": head.lesson_mask,
        "topic": head.topic,
        "starts_at": head.starts_at and head.starts_at.isoformat("minutes"),
        "ends_at": head.ends_at and head.ends_at.isoformat("minutes"),
        "place": head.place,
    }


def head_of(stored: Mapping[str, Any]) -> Head:
    starts_at, ends_at = stored["starts_at"], stored["ends_at"]
    return Head(
        stored["lesson_mask"],
        stored["topic"],
        starts_at and time.fromisoformat(starts_at),
        ends_at and time.fromisoformat(ends_at),
        stored["place"],
    )
