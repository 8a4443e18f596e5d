"""Where phones send their commands."""

from __future__ import annotations

import uuid
import zlib
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import RequestEntityTooLarge

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Busy, CaseworkError, Invalid, Refused
from casework.core.transaction import transaction
from casework.meetings.actions.record import ChangedMeanwhile
from casework.meetings.rules import BACKDATING_DAYS
from casework.offline.actions import AnsweredMeanwhile, carry_out, refuse
from casework.offline.forms import read_body
from casework.offline.queries.receipts import Receipt, receipts
from casework.offline.rules import (
    MOST_BYTES,
    Command,
    NotACommand,
    Outcome,
    Unreadable,
    read_sending,
)
from casework.offline.views import OUTBOX_HEADER, blueprint
from casework.web.errors import new_code
from casework.web.guard import require
from casework.web.login import by_itself, current_actor

#: A meeting that several phones tell of at the same moment.
_TRIES = 4

Answer = dict[str, Any]


@blueprint.post("/sync")
@require(Permission.WORK_OFFLINE)
@by_itself
def send() -> ResponseReturnValue:
    """Take the commands of a phone: `{"commands": [...]}`.

    Answers each with its id and outcome, in the order they were sent. A command that has a
    receipt leaves the phone; `later` and what is not named here is sent again.
    """
    actor = current_actor()
    check_it_is_ours()
    commands = _commands()
    known = receipts(actor, [each.id for each in commands if isinstance(each, Command)])
    db.session.rollback()
    answers = [answered(actor, each, known, _carried_out) for each in commands]
    return jsonify(server_time=clock.now().isoformat(), answers=answers)


def check_it_is_ours() -> None:
    """That a page of this site sent it, in place of a form's token (safety row 3.5.1)."""
    came_from = request.headers.get("Sec-Fetch-Site")
    if came_from is None:  # browsers of before 2023
        origin = urlsplit(request.headers.get("Origin", ""))
        is_ours = (origin.scheme, origin.netloc) == (request.scheme, request.host)
    else:
        is_ours = came_from == "same-origin"
    if not is_ours or OUTBOX_HEADER not in request.headers:
        raise Refused(_("Only the app itself sends this."), code="not_the_app")


def _commands() -> list[Command | NotACommand]:
    if request.mimetype != "application/json":
        raise Invalid.field("", _("Only the app itself sends this."))
    # Also where nobody says beforehand how much will come.
    request.max_content_length = MOST_BYTES
    try:
        return read_sending(_unpacked(request.get_data()).decode())
    except (Unreadable, UnicodeDecodeError) as error:
        raise Invalid({"": [str(error)]}, code="unreadable") from error


def _unpacked(sent: bytes) -> bytes:
    """As long as it may be: a small body can be told to become one that fills the memory.

    Raises: Unreadable.
    """
    if request.headers.get("Content-Encoding", "identity") == "identity":
        return sent
    gzip = zlib.decompressobj(wbits=31)
    try:
        text = gzip.decompress(sent, MOST_BYTES)
    except zlib.error as error:
        raise Unreadable("not compressed by gzip") from error
    if gzip.unconsumed_tail:
        raise RequestEntityTooLarge
    if not gzip.eof:
        raise Unreadable("the compressed text breaks off")
    return text


def answered(
    actor: Actor,
    command: Command | NotACommand,
    known: Mapping[uuid.UUID, Receipt],
    carried_out: Callable[[Actor, Command], Answer],
) -> Answer:
    """`known`: what was answered before."""
    if isinstance(command, NotACommand):
        return answer(command.id, Outcome.UNREADABLE, command.why)
    if command.owner != actor.user_id:
        return answer(command.id, Outcome.NOT_YOURS)
    if command.id in known:
        return _once_more(command, known[command.id])
    try:
        return carried_out(actor, command)
    except AnsweredMeanwhile:
        return _once_more(command, receipts(actor, [command.id])[command.id])
    except Busy:
        return answer(command.id, Outcome.LATER)
    except OperationalError:
        raise
    except Exception:
        # One that breaks something must not keep the others on the phone.
        code = new_code()
        current_app.logger.exception("unexpected error %s in command %s", code, command.id)
        db.session.rollback()
        return answer(command.id, Outcome.LATER, code)


def _carried_out(actor: Actor, command: Command) -> Answer:
    days = int(current_app.config.get("MEETING_BACKDATING_DAYS", BACKDATING_DAYS))
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
        except Busy:
            raise
        except CaseworkError as error:
            return refused(actor, command, error)
        return receipt_answer(kept)
    raise Busy(code="meeting")


def refused(actor: Actor, command: Command, error: CaseworkError) -> Answer:
    with transaction():
        kept = refuse(actor, command, error)
    return receipt_answer(kept)


def _once_more(command: Command, kept: Receipt) -> Answer:
    """The answer it got the first time, unless it says something else than it did then."""
    if kept.digest != command.digest:
        return answer(command.id, Outcome.REUSED)
    return receipt_answer(kept)


def receipt_answer(kept: Receipt) -> Answer:
    return answer(
        kept.id,
        kept.outcome,
        kept.message,
        received_at=kept.received_at.isoformat(),
        **kept.details,
    )


def answer(command_id: uuid.UUID | str, outcome: Outcome, message: str = "", **more: Any) -> Answer:
    said = {"message": message, **more}
    # What is empty is left out: each answer crosses a weak line.
    filled = {name: value for name, value in said.items() if value not in ("", [])}
    return {"id": str(command_id), "outcome": outcome.value, **filled}
