"""Commands, each carried out and answered, whoever brought them: a phone, or a file."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from flask import current_app
from sqlalchemy.exc import OperationalError

from casework.access.actor import Actor
from casework.core.crypto import KeyMissing
from casework.core.db import db
from casework.core.errors import Busy, CaseworkError, Invalid
from casework.core.transaction import transaction
from casework.meetings.actions.record import ChangedMeanwhile
from casework.meetings.rules import BACKDATING_DAYS
from casework.offline.actions import AnsweredMeanwhile, carry_out, refuse
from casework.offline.forms import read_body
from casework.offline.queries.receipts import Receipt, receipts
from casework.offline.rules import Command, NotACommand, Outcome
from casework.web.errors import new_code

#: A meeting that several phones tell of at the same moment.
_TRIES = 4

Answer = dict[str, Any]


def answered(
    actor: Actor, command: Command | NotACommand, known: Mapping[uuid.UUID, Receipt]
) -> Answer:
    """Its id, outcome and message, and what else the phone goes on with. `known` are the receipts
    that the caller has looked up."""
    if isinstance(command, NotACommand):
        return _answer(command.id, Outcome.UNREADABLE, command.why)
    if command.owner != actor.user_id:
        return _answer(command.id, Outcome.NOT_YOURS)
    if command.id in known:
        return once_more(command, known[command.id])
    try:
        return _receipt(_carried_out(actor, command))
    except AnsweredMeanwhile:
        return once_more(command, receipts(actor, [command.id])[command.id])
    except Busy:
        return _answer(command.id, Outcome.LATER)
    except OperationalError:
        raise
    except Exception:
        # One that breaks something must not keep the others waiting.
        code = new_code()
        current_app.logger.exception("unexpected error %s in command %s", code, command.id)
        db.session.rollback()
        return _answer(command.id, Outcome.LATER, code)


def once_more(command: Command, kept: Receipt) -> Answer:
    """The answer it got the first time, unless it says something else than it did then."""
    if kept.digest != command.digest:
        return _answer(command.id, Outcome.REUSED)
    return _receipt(kept)


def _carried_out(actor: Actor, command: Command) -> Receipt:
    days = int(current_app.config.get("MEETING_BACKDATING_DAYS", BACKDATING_DAYS))
    try:
        # Not within the transaction: while something sealed is opened, nobody waits for it.
        body = read_body(command)
    except Invalid as error:
        return _refused(actor, command, error)
    for _try in range(_TRIES):
        try:
            with transaction():
                return carry_out(actor, command, body, backdating_days=days)
        except ChangedMeanwhile:
            # Another one of the same meeting was first, so this one is told what stands now.
            continue
        except (Busy, KeyMissing):
            # Nothing is wrong with the command.
            raise
        except CaseworkError as error:
            return _refused(actor, command, error)
    raise Busy(code="meeting")


def _refused(actor: Actor, command: Command, error: CaseworkError) -> Receipt:
    with transaction():
        return refuse(actor, command, error)


def _receipt(kept: Receipt) -> Answer:
    return _answer(
        kept.id,
        kept.outcome,
        kept.message,
        received_at=kept.received_at.isoformat(),
        **kept.details,
    )


def _answer(
    command_id: uuid.UUID | str, outcome: Outcome, message: str = "", **more: Any
) -> Answer:
    return {"id": str(command_id), "outcome": outcome.value, "message": message, **more}
