"""Whoever tries to give a person a second account is seen by those who look after the first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from casework.access.actor import Actor
from casework.accounts.actions.people import SecondAccount
from casework.audit import actions as audit
from casework.audit.queries.counting import is_told_today
from casework.audit.tags import Tag
from casework.core.transaction import transaction


@contextmanager
def attempt(actor: Actor) -> Iterator[None]:
    """A `transaction()` whose refusal of a second account leaves a line of its own, one a day for
    each account that was tried."""
    try:
        with transaction():
            yield
    except SecondAccount as refused:
        _note(actor, refused)
        raise


def _note(actor: Actor, refused: SecondAccount) -> None:
    said, subject = {"username": refused.username}, str(refused.first)
    if is_told_today(actor, Tag.ACCOUNT_DOUBLED, refused.area_id, subject, said):
        return
    with transaction():
        audit.record(
            actor,
            Tag.ACCOUNT_DOUBLED,
            subject_type="account",
            subject_id=subject,
            area_id=refused.area_id,
            **said,
        )
