"""Where phones send photos of meetings, one in a request and apart from what is written."""

from __future__ import annotations

import io
from functools import partial

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.crypto import KeyMissing
from casework.core.db import db
from casework.core.errors import Busy, CaseworkError, Invalid
from casework.core.files import Purpose, check_and_clean
from casework.core.transaction import transaction
from casework.meetings.actions.photos import NotThereYet, check_can_add
from casework.meetings.backdating import backdating_days
from casework.meetings.photo_files import current_store
from casework.offline import paces
from casework.offline.actions import Photographed, carry_out
from casework.offline.forms.photos import PhotoHead, opened_photo, photo_head
from casework.offline.queries.receipts import receipts_and_epoch
from casework.offline.rules import (
    MOST_HEAD,
    MOST_PHOTO,
    MOST_PHOTO_MEGAPIXELS,
    Command,
    Outcome,
    Unreadable,
    read_photo,
)
from casework.offline.views import blueprint
from casework.offline.views.sync import check_it_is_ours
from casework.offline.views.taking import (
    Told,
    answer,
    answered,
    receipt_answer,
    refused,
)
from casework.web.guard import require
from casework.web.login import by_itself, current_actor


@blueprint.post("/sync/photo")
@require(Permission.WORK_OFFLINE)
@by_itself
def send_photo() -> ResponseReturnValue:
    """Take one photo: a command in a line of its own, and its sealed bytes behind that line.

    The line alone asks whether the bytes are wanted, for they cost more than a month of marks:
    what is refused, was taken before or has to wait is answered without them. 429 where one person
    sends too much.
    """
    actor = current_actor()
    check_it_is_ours()
    if request.mimetype != "application/octet-stream":
        raise Invalid.field("", _("Only the app itself sends this."))
    # Also where nobody says beforehand how much will come.
    request.max_content_length = MOST_HEAD + MOST_PHOTO
    command, data = read_photo(request.get_data())
    paces.SENDING.spend(actor, paces.A_SENDING + (paces.A_PHOTO if data else 1))
    ids = [command.id] if isinstance(command, Command) else []
    known, epoch = receipts_and_epoch(actor, ids)
    db.session.rollback()
    told = answered(actor, command, known, partial(_carried_out, data=data))
    return jsonify(server_time=clock.now().isoformat(), epoch=epoch, answers=[told])


def _carried_out(actor: Actor, command: Command, *, data: bytes | None) -> Told:
    days = backdating_days()
    try:
        head = photo_head(command)
        check_can_add(actor, head.group_id, head.held_on, backdating_days=days)
        if data is None:
            return answer(command.id, Outcome.WANTED)
        body = _body(actor, command, head, data)
        with transaction():
            kept = carry_out(actor, command, body, backdating_days=days)
    except NotThereYet as error:
        return answer(command.id, Outcome.LATER, str(error))
    except Unreadable as error:
        return answer(command.id, Outcome.UNREADABLE, str(error))
    except (Busy, KeyMissing):
        raise  # no fault of the photo
    except CaseworkError as error:
        return refused(actor, command, error)
    return receipt_answer(kept)


def _body(actor: Actor, command: Command, head: PhotoHead, data: bytes) -> Photographed:
    """Opened and cleaned outside the transaction: nobody waits for that. Nor is the reading
    transaction kept that looked whether it may come."""
    db.session.rollback()
    picture = opened_photo(command, head, data)
    file = check_and_clean(
        io.BytesIO(picture),
        Purpose.PHOTO,
        images_only=True,
        most_megapixels=MOST_PHOTO_MEGAPIXELS,
        by=actor.user_id,
    )
    return Photographed(head.group_id, head.held_on, file, current_store())
