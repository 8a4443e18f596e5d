"""Where phones send their commands."""

from __future__ import annotations

import zlib
from urllib.parse import urlsplit

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from casework.access.permissions import Permission
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid, Refused
from casework.offline import paces
from casework.offline.queries.receipts import receipts_and_epoch
from casework.offline.rules import (
    MOST_BYTES,
    Command,
    NotACommand,
    Unreadable,
    read_sending,
)
from casework.offline.views import OUTBOX_HEADER, blueprint
from casework.offline.views.taking import answered
from casework.web.guard import require
from casework.web.login import by_itself, current_actor


@blueprint.post("/sync")
@require(Permission.WORK_OFFLINE)
@by_itself
def send() -> ResponseReturnValue:
    """Take the commands of a phone (`rules.read_sending`).

    Answers each with its id and outcome, in the order they were sent. A command that has a
    receipt leaves the phone; `later` and what is not named here is sent again. In another epoch
    than before, the phone sends again what it has sent. 429 where one person sends too much.
    """
    actor = current_actor()
    check_it_is_ours()
    commands = _commands()
    paces.SENDING.spend(actor, paces.A_SENDING + len(commands))
    ids = [each.id for each in commands if isinstance(each, Command)]
    known, epoch = receipts_and_epoch(actor, ids)
    db.session.rollback()
    answers = [answered(actor, each, known) for each in commands]
    return jsonify(server_time=clock.now().isoformat(), epoch=epoch, answers=answers)


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
