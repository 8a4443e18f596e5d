"""What was approved goes to the ministry: many nominations under one letter."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _
from sqlalchemy import insert, select

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid, NotFound
from casework.core.own_words import own_words
from casework.graduation import policy
from casework.graduation.actions.steps import Taken, take_many
from casework.graduation.models import BatchEntry, MinistryBatch, Nomination
from casework.graduation.queries.batches import next_number
from casework.graduation.queries.held import nominations_for_change
from casework.graduation.rules import MOST_IN_BATCH, MOST_LETTER, batch_name
from casework.graduation.states import Step
from casework.households import scope as households
from casework.households.actions.once import saved_otherwise
from casework.households.rules import HouseholdStatus
from casework.regions.queries import areas
from casework.regions.queries.places import areas_of


def make_batch(
    actor: Actor,
    area_id: int,
    nomination_ids: Sequence[uuid.UUID],
    *,
    batch_id: uuid.UUID,
    letter_number: str,
    letter_on: date,
) -> uuid.UUID:
    """Forward approved nominations of a regency under one letter, in the order given; all or
    none; one that is given twice goes once.

    `batch_id` is made by whoever shows the form: the same form sent twice makes one batch.
    Raises: NotFound, Refused, Invalid; Conflict, naming the family that is not approved any more;
    SavedOtherwise where the form made a batch before, with another letter or other families.
    """
    policy.check_can_forward(actor)
    if area_id not in areas_of(actor):
        raise NotFound
    # From here on batches of this regency are made one after the other, and numbered so.
    areas.hold([area_id])
    letter = own_words(letter_number)
    wanted = list(dict.fromkeys(nomination_ids))
    if _was_made(actor, area_id, batch_id, (letter, letter_on, set(wanted))):
        return batch_id
    _check(letter, letter_on, wanted, clock.today(actor.time_zone))
    nominations = _chosen(area_id, wanted)
    families = households.households_for_change(
        actor, area_id, [each.household_id for each in nominations.values()]
    )
    number, year = next_number(area_id, letter_on.year), letter_on.year
    name = batch_name(number, year)
    taken = []
    for nomination_id in wanted:
        nomination = nominations[nomination_id]
        family = families[nomination.household_id]
        taken.append(Taken(nomination, family.caretaker_name, told={"batch": name}))
    take_many(actor, Step.FORWARD, taken)
    for each in taken:
        if families[each.nomination.household_id].status is not HouseholdStatus.APPROVED:
            raise Conflict(
                _("%(name)s has left PKH meanwhile and cannot be forwarded.", name=each.name)
            )
    now = clock.now()
    db.session.execute(
        insert(MinistryBatch),
        {
            "area_id": area_id,
            "id": batch_id,
            "year": year,
            "number": number,
            "letter_number": letter,
            "letter_on": letter_on,
            "made_by": actor.user_id,
            "made_by_name": actor.name,
            "made_at": now,
        },
    )
    db.session.execute(
        insert(BatchEntry),
        [
            {
                "area_id": area_id,
                "nomination_id": each.nomination.id,
                "batch_id": batch_id,
                "position": position,
            }
            for position, each in enumerate(taken, start=1)
        ],
    )
    audit.record(
        actor,
        Tag.BATCH_MADE,
        subject_type="batch",
        subject_id=batch_id,
        area_id=area_id,
        batch=name,
        letter=letter,
        letter_on=letter_on.isoformat(),
        households=len(taken),
    )
    return batch_id


def record_list_taken(actor: Actor, batch: MinistryBatch, rows: int) -> None:
    """The list with whole numbers leaves: written down before anybody gets it."""
    policy.check_can_forward(actor)
    audit.record(
        actor,
        Tag.BATCH_LISTED,
        subject_type="batch",
        subject_id=batch.id,
        area_id=batch.area_id,
        batch=batch_name(batch.number, batch.year),
        rows=rows,
        numbers="full",
    )


def _was_made(
    actor: Actor, area_id: int, batch_id: uuid.UUID, said: tuple[str, date, set[uuid.UUID]]
) -> bool:
    """By this very form. Raises: NotFound for that of somebody else; SavedOtherwise."""
    batch = db.session.get(MinistryBatch, (area_id, batch_id), populate_existing=True)
    if batch is None:
        return False
    if batch.made_by != actor.user_id:
        raise NotFound
    entries = select(BatchEntry.nomination_id).where(
        BatchEntry.area_id == area_id, BatchEntry.batch_id == batch_id
    )
    if (batch.letter_number, batch.letter_on, set(db.session.scalars(entries))) != said:
        raise saved_otherwise()
    return True


def _chosen(area_id: int, wanted: Sequence[uuid.UUID]) -> dict[uuid.UUID, Nomination]:
    try:
        return nominations_for_change(area_id, wanted)
    except NotFound as missing:
        raise Invalid.field(
            "nominations",
            _("One of the chosen families has no nomination here. Open the page again."),
        ) from missing


def _check(letter: str, letter_on: date, nomination_ids: Sequence[uuid.UUID], today: date) -> None:
    if not letter:
        raise Invalid.field("letter_number", _("Write the number of the letter."))
    if len(letter) > MOST_LETTER:
        raise Invalid.field(
            "letter_number", _("Use at most %(count)s characters.", count=MOST_LETTER)
        )
    if letter_on > today:
        raise Invalid.field("letter_on", _("The date must not be after today."))
    if letter_on.year < today.year - 1:
        raise Invalid.field("letter_on", _("This date is too long ago. Check the year."))
    if not nomination_ids:
        raise Invalid.field("nominations", _("Choose at least one family."))
    if len(nomination_ids) > MOST_IN_BATCH:
        raise Invalid.field(
            "nominations",
            _("A batch takes at most %(most)s families.", most=MOST_IN_BATCH),
        )
