"""Settling what devices say differently of a meeting (docs/decisions/0016)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.core.errors import Invalid, NotFound
from casework.meetings import policy
from casework.meetings.actions.record import (
    Recorded,
    Saving,
    changed_meanwhile,
    save,
    stands_already,
)
from casework.meetings.queries.claims import Differing, claims_of, differing_of
from casework.meetings.queries.register import Register, Saved, register
from casework.meetings.rules import Head, Mark


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which claim is right, by its id: nothing can be chosen that nobody has said."""

    families: Mapping[uuid.UUID, uuid.UUID]
    #: None: the meeting itself is left as it is.
    head: uuid.UUID | None = None


def settle(
    actor: Actor,
    group_id: uuid.UUID,
    held_on: date,
    chosen: Chosen,
    *,
    base_version: int,
    area_id: int | None = None,
) -> Recorded:
    """Save what was chosen, and leave what else differs as it is. `base_version` is the version
    that the caller's page showed, and with it what was said until then.

    Raises: NotFound; Refused; Invalid with a family's id, "head", or "" where nothing is chosen;
    ChangedMeanwhile when something was said or saved since.
    """
    found = register(actor, group_id, held_on, area_id=area_id)
    saved = found.meeting
    if saved is None:
        raise NotFound
    said = claims_of(found.group.area_id, saved.id)
    # As the page showed it, so that the same choice sent twice is known for the same, also where
    # a backup was put back meanwhile and phones have brought again what they had said.
    told = differing_of(each for each in said if each.claim.was_there(base_version))
    if saved.version == base_version:
        told = told.only(found.differing, head=saved.is_head_differing)
    _check_may_settle(actor, found, told, chosen)
    marks, head = _what_is_right(told, chosen)
    if saved.version != base_version:
        if _is_settled_so(found, saved, marks, head):
            return stands_already(found, saved)
        raise changed_meanwhile()
    saving = Saving(head, marks, saved.status, base_version, is_settling=True)
    return save(actor, found, told, saving)


def _check_may_settle(actor: Actor, found: Register, told: Differing, chosen: Chosen) -> None:
    policy.check_settles(actor, found.group.facilitator_id)
    asked = [told.families[key] for key in chosen.families if key in told.families]
    if chosen.head and told.head:
        asked.append(told.head)
    for difference in asked:
        policy.check_can_settle(actor, found.group.facilitator_id, difference.since)


def _what_is_right(told: Differing, chosen: Chosen) -> tuple[dict[uuid.UUID, Mark], Head | None]:
    wrong: dict[str, list[Any]] = {}
    marks: dict[uuid.UUID, Mark] = {}
    for family, claim in chosen.families.items():
        offered = told.families[family].marks(family) if family in told.families else {}
        if claim in offered:
            marks[family] = offered[claim]
        else:
            wrong[str(family)] = [_not_offered()]
    heads = told.head.heads() if told.head else {}
    if chosen.head and chosen.head not in heads:
        wrong["head"] = [_not_offered()]
    if wrong:
        raise Invalid(wrong)
    if not marks and chosen.head is None:
        raise Invalid.field("", lazy_gettext("Choose for at least one what is right."))
    return marks, heads[chosen.head] if chosen.head else None


def _not_offered() -> Any:
    return lazy_gettext("Choose one of the answers.")


def _is_settled_so(
    found: Register, saved: Saved, marks: Mapping[uuid.UUID, Mark], head: Head | None
) -> bool:
    """The same was sent twice, as where the first answer was lost on the way."""
    is_head = head is None or (saved.head == head and not saved.is_head_differing)
    return is_head and all(found.marks.get(key) == mark for key, mark in marks.items())
