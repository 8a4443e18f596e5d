"""What somebody tried with a nomination and was refused stays in the trail.

Whoever tries to approve their own nomination, a decision twice, or the same photo for two
families is seen by the administrator, also when it did not work.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from casework.access.actor import Actor
from casework.audit import actions as audit
from casework.audit.queries.counting import told_since
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.errors import CaseworkError
from casework.core.transaction import transaction
from casework.graduation.queries.case import load
from casework.graduation.states import WhyNot

#: Beside the steps.
ADD_EVIDENCE = "add_evidence"
REMOVE_EVIDENCE = "remove_evidence"

_NOTED = {each.value for each in WhyNot}


@contextmanager
def attempt(actor: Actor, nomination_id: uuid.UUID, tried: str) -> Iterator[None]:
    """A `transaction()` whose refusal, if it is one of `WhyNot`, leaves a line of its own.

    `tried`: a `Step`, or one of the acts above.
    """
    with refusal_noted(actor, nomination_id, tried), transaction():
        yield


@contextmanager
def refusal_noted(actor: Actor, nomination_id: uuid.UUID, tried: str) -> Iterator[None]:
    """As `attempt`, around what only asks whether it could be done."""
    try:
        yield
    except CaseworkError as refused:
        if refused.code in _NOTED:
            _note(actor, nomination_id, tried, refused.code)
        raise


def _note(actor: Actor, nomination_id: uuid.UUID, tried: str, why: str) -> None:
    """One line a day tells of it; a program that tries for ever must not bury the others. Of two at
    once both may: what is looked at first costs no lock."""
    nomination = load(actor, nomination_id).nomination
    said = {"household": str(nomination.household_id), "tried": str(tried), "why": str(why)}
    subject, today = str(nomination.id), clock.midnight(actor.time_zone)
    if said in told_since(nomination.area_id, actor.user_id, Tag.NOMINATION_TRIED, subject, today):
        return
    with transaction():
        audit.record(
            actor,
            Tag.NOMINATION_TRIED,
            subject_type="nomination",
            subject_id=subject,
            area_id=nomination.area_id,
            **said,
        )
