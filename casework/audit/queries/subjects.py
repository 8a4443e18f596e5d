"""Entries by what they are about."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import ColumnElement, String, and_, literal_column

from casework.audit.models import END_LENGTH, SUBJECT_END, AuditEntry


def about(subject_ids: Collection[str]) -> ColumnElement[bool]:
    """The end is what the index knows."""
    ends = {_end(each) for each in subject_ids}
    return and_(_subject_end.in_(ends), AuditEntry.subject_id.in_(subject_ids))


def about_typed(text: str) -> ColumnElement[bool]:
    """A whole id, or the end of one; `text` as `typed_id` gives it."""
    found = _subject_end == _end(text)
    return found if len(text) == END_LENGTH else and_(found, AuditEntry.subject_id == text)


def typed_id(text: str) -> str:
    """Of "…c1ab6aa9", as pages show an id, without the dots; letters as ids are kept."""
    text = text.strip().lstrip("….")
    return text.lower() if _OF_A_UUID.fullmatch(text) else text


def _end(subject_id: str) -> str:
    """As `SUBJECT_END` computes it."""
    return subject_id[-END_LENGTH:].rjust(END_LENGTH, "_")


_OF_A_UUID = re.compile(r"[0-9A-Fa-f-]+")
_subject_end: ColumnElement[str] = literal_column(SUBJECT_END, String)
