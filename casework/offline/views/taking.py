"""Commands, each carried out and answered, whoever brought them: a phone, or a file."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app
from sqlalchemy.exc import OperationalError

from casework.access.actor import Actor
from casework.core.crypto import KeyMissing
from casework.core.db import db
from casework.core.errors import Busy, CaseworkError, Invalid
from casework.core.transaction import transaction
from casework.meetings.actions.record import ChangedMeanwhile
from casework.meetings.backdating import backdating_days
from casework.offline.actions import AnsweredMeanwhile, carry_out, refuse
from casework.offline.forms import read_body
from casework.offline.queries.receipts import Receipt, receipts
from casework.offline.rules import Command, NotACommand, Outcome
from casework.web.errors import new_code

#: A meeting that several phones tell of at the same moment.
_TRIES = 4

#: As a phone is told it.
Told = dict[str, Any]


#: They stand in no receipt: what a receipt says of another command, or to another person, is not
#: told.
_WITHOUT_RECEIPT = {Outcome.UNREADABLE, Outcome.NOT_YOURS, Outcome.REUSED}


def known_outcome(
    actor: Actor, command: Command | NotACommand, known: Mapping[uuid.UUID, Receipt]
) -> tuple[Outcome, str] | None:
    """The outcome and message of what needs no carrying out any more, or cannot be; None: it is
    new. `known` are the receipts of the actor."""
    if isinstance(command, NotACommand):
        return Outcome.UNREADABLE, command.why
    if command.owner != actor.user_id:
        return Outcome.NOT_YOURS, ""
    kept = known.get(command.id)
    if kept is None:
        return None
    if kept.digest != command.digest:  # it says something else than it did then
        return Outcome.REUSED, ""
    return kept.outcome, kept.message


def answered(
    actor: Actor,
    command: Command | NotACommand,
    known: Mapping[uuid.UUID, Receipt],
    done: Callable[[Actor, Command], Told] | None = None,
) -> Told:
    """Its id, outcome and message, and what else the phone goes on with. `known` are the receipts
    that the caller has looked up; `done` carries out what is more than its text, as photos are."""
    before = _answered_before(actor, command, known)
    if before is not None:
        return before
    assert isinstance(command, Command)  # noqa: S101 - what cannot be read has its outcome
    try:
        return (done or _carried_out)(actor, command)
    except AnsweredMeanwhile:
        meanwhile = _answered_before(actor, command, receipts(actor, [command.id]))
        if meanwhile is None:
            raise
        return meanwhile
    except Busy:
        return answer(command.id, Outcome.LATER)
    except OperationalError:
        raise
    except Exception:
        # One that breaks something must not keep the others waiting.
        code = new_code()
        current_app.logger.exception("unexpected error %s in command %s", code, command.id)
        db.session.rollback()
        return answer(command.id, Outcome.LATER, code)


def _answered_before(
    actor: Actor, command: Command | NotACommand, known: Mapping[uuid.UUID, Receipt]
) -> Told | None:
    found = known_outcome(actor, command, known)
    if found is None:
        return None
    outcome, message = found
    if isinstance(command, NotACommand) or outcome in _WITHOUT_RECEIPT:
        return answer(command.id, outcome, message)
    return receipt_answer(known[command.id])


def _carried_out(actor: Actor, command: Command) -> Told:
    days = backdating_days()
    try:
        # Not within the transaction: while something sealed is opened, nobody waits for it.
        body = read_body(command)
    except Invalid as error:
        return refused(actor, command, error)
    for _try in range(_TRIES):
        try:
            with transaction():
                kept = carry_out(actor, command, body, backdating_days=days)
        except ChangedMeanwhile:
            # Another one of the same meeting was first, so this one is told what stands now.
            continue
        except (Busy, KeyMissing):
            # Nothing is wrong with the command.
            raise
        except CaseworkError as error:
            return refused(actor, command, error)
        return receipt_answer(kept)
    raise Busy(code="meeting")


def refused(actor: Actor, command: Command, error: CaseworkError) -> Told:
    with transaction():
        kept = refuse(actor, command, error)
    return receipt_answer(kept)


def receipt_answer(kept: Receipt) -> Told:
    return answer(
        kept.id,
        kept.outcome,
        kept.message,
        received_at=kept.received_at.isoformat(),
        **kept.details,
    )


def answer(command_id: uuid.UUID | str, outcome: Outcome, message: str = "", **more: Any) -> Told:
    said = {"message": message, **more}
    # What is empty is left out: each answer crosses a weak line.
    filled = {name: value for name, value in said.items() if value not in ("", [])}
    return {"id": str(command_id), "outcome": outcome.value, **filled}
