"""Entries as the page shows them: in words, with names, and leading to what they speak of."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app, url_for
from sqlalchemy import Row

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.audit.queries import readable
from casework.audit.tags import Tag
from casework.core.signals import names_asked

ACCOUNT = "account"

#: The page of what an entry speaks of: endpoint and the name of its id.
PAGES = {
    ACCOUNT: ("accounts.user", "user_id"),
    "group": ("desk.group", "group_id"),
    "household": ("desk.household", "household_id"),
    "meeting": ("meetings.show", "meeting_id"),
    "nomination": ("graduation.show", "nomination_id"),
}


def shown(actor: Actor, rows: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    lines = [readable.lines(row.data) for row in rows]
    spoken_of = [(row.subject_type, row.subject_id) for row in rows]
    spoken_of += [(line.subject_type, line.subject_id) for each in lines for line in each]
    names = _names(actor, (id_ for type_, id_ in spoken_of if type_ == ACCOUNT))
    return [_entry(row, its_lines, names) for row, its_lines in zip(rows, lines, strict=True)]


def _names(actor: Actor, ids: Iterable[str]) -> dict[str, str]:
    """Of the people that entries are about. The trail keeps the name of who acted, as it was
    then; of whom it was done to it keeps the id."""
    wanted = {found for each in ids if (found := _uuid(each))}
    if not wanted:
        return {}
    answers = names_asked.send(actor, user_ids=wanted)
    return {str(id_): name for _receiver, answer in answers for id_, name in answer.items()}


def _entry(row: Row[Any], lines: list[readable.Line], names: dict[str, str]) -> dict[str, Any]:
    return {
        "at": row.at,
        "actor_id": row.actor_id,
        "actor_name": row.actor_name,
        "role": Role(row.actor_role) if row.actor_role in set(Role) else None,
        "tag": Tag(row.tag) if row.tag in set(Tag) else None,
        "raw_tag": row.tag,
        "subject_id": row.subject_id,
        "is_about_self": row.subject_id == str(row.actor_id),
        "subject_short": readable.short(row.subject_id),
        "subject_name": names.get(row.subject_id, "") if row.subject_type == ACCOUNT else "",
        "subject_url": _page(row.subject_type, row.subject_id),
        "lines": [
            {
                "label": line.label,
                "value": names.get(line.subject_id, line.value),
                "url": _page(line.subject_type, line.subject_id),
                "whole": line.whole,
            }
            for line in lines
        ],
    }


def _page(subject_type: str, subject_id: str) -> str:
    """Where the subject can be looked at; empty where it has no page."""
    endpoint, argument = PAGES.get(subject_type, ("", ""))
    found = _uuid(subject_id)
    if found is None or endpoint not in current_app.view_functions:
        return ""
    values: dict[str, Any] = {argument: found}
    return url_for(endpoint, **values)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
