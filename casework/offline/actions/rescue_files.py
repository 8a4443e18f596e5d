"""A file of commands from a phone that cannot send them: read, kept for its owner, sent by her
(docs/decisions/0018).

Whoever has a keyboard can write such a file. So nothing in it counts before its owner, signed in,
has looked at it and sends it herself, wherever it came from.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext
from sqlalchemy import func, select, update

from casework.access.actor import SYSTEM_ID, Actor
from casework.accounts.queries import locks
from casework.audit.actions import record as record_audit
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid
from casework.core.upsert import insert_into
from casework.core.waiting_files import FILE_NAME_LENGTH
from casework.offline.models import RescueFile
from casework.offline.queries.receipts import receipts
from casework.offline.queries.rescue_files import WAITING
from casework.offline.rules import (
    MOST_COMMANDS,
    MOST_FILE_BYTES,
    MOST_IN_A_FILE,
    MOST_SENT,
    MOST_WAITING,
    Command,
    NotACommand,
    Unreadable,
    read_sending,
)


@dataclass(frozen=True, slots=True)
class Rescued:
    """What is in a file."""

    text: str
    sha256: bytes
    all: Sequence[Command | NotACommand]

    def of(self, owner: uuid.UUID) -> list[Command]:
        return [each for each in self.commands if each.owner == owner]

    @property
    def commands(self) -> list[Command]:
        return [each for each in self.all if isinstance(each, Command)]

    @property
    def unreadable(self) -> int:
        return len(self.all) - len(self.commands)


def read(data: bytes) -> Rescued:
    """By what is in it: names and types that a browser sends are no evidence.

    Raises: Invalid at `file`.
    """
    if not data.strip():
        raise Invalid.field("file", lazy_gettext("This file is empty."))
    if len(data) > MOST_FILE_BYTES:
        raise Invalid.field(
            "file",
            lazy_gettext(
                "This file is too large. A rescue file has at most %(limit)s MB.",
                limit=MOST_FILE_BYTES // 2**20,
            ),
        )
    try:
        text = data.decode("utf-8-sig")
        found = read_sending(text, MOST_IN_A_FILE)
    except (UnicodeDecodeError, Unreadable):
        raise Invalid.field(
            "file",
            lazy_gettext(
                "This is no rescue file, or only a part of one. On the phone it is saved under"
                " Outbox as kiriman-pkh.json."
            ),
        ) from None
    return Rescued(text, hashlib.sha256(data).digest(), found)


def keep(actor: Actor, whose: Actor, rescued: Rescued, file_name: str) -> uuid.UUID:
    """Let it wait for the person `whose` work is in it; brought again, it is the same one.

    Raises: Invalid at `file` where nothing in it is hers, or as many wait as may.
    """
    hers = rescued.of(whose.user_id)
    if not hers:
        raise Invalid.field("file", nothing_of_hers(rescued))
    WAITING.empty_old()
    # Brought twice, by whomever, it is one and waits once.
    file_id = uuid.uuid5(whose.user_id, rescued.sha256.hex())
    if actor.user_id != SYSTEM_ID:  # The operator may help whose files are stuck.
        _make_room(whose, file_id)
    values = {
        "content_sealed": WAITING.seal(file_id, rescued.text.encode()),
        "commands": len(hers),
        "file_name": file_name[:FILE_NAME_LENGTH],
        "brought_by": actor.user_id,
        "brought_by_name": actor.name,
        "brought_at": clock.now(),
    }
    db.session.execute(
        insert_into(RescueFile)
        .values(id=file_id, owner_id=whose.user_id, sha256=rescued.sha256, **values)
        .on_conflict_do_update(index_elements=[RescueFile.id], set_=values)
    )
    record_audit(
        actor,
        Tag.OUTBOX_FILE_TAKEN,
        subject_type="rescue_file",
        subject_id=file_id,
        area_id=whose.area_id,
        sha256=rescued.sha256.hex(),
        commands=len(hers),
        owner=str(whose.user_id),
    )
    return file_id


def _make_room(whose: Actor, file_id: uuid.UUID) -> None:
    """Raises: Invalid at `file` where as many wait as may. Of what was sent only the last stay
    readable: each command has its receipt."""
    # Or two at once could pass over the most there may be.
    locks.hold(whose.user_id)
    kept = (RescueFile.owner_id == whose.user_id, RescueFile.content_sealed.is_not(None))
    others = select(func.count()).where(*kept, RescueFile.sent_at.is_(None))
    if (db.session.scalar(others.where(RescueFile.id != file_id)) or 0) >= MOST_WAITING:
        raise Invalid.field(
            "file",
            lazy_gettext(
                "%(most)s of your files wait already. Send one of them first.", most=MOST_WAITING
            ),
        )
    last_sent = (
        select(RescueFile.id)
        .where(*kept, RescueFile.sent_at.is_not(None))
        .order_by(RescueFile.sent_at.desc(), RescueFile.id)
        .limit(MOST_SENT)
    )
    db.session.execute(
        update(RescueFile)
        .where(*kept, RescueFile.sent_at.is_not(None), RescueFile.id.not_in(last_sent))
        .values(content_sealed=None)
        .execution_options(synchronize_session=False)
    )


def nothing_of_hers(rescued: Rescued) -> LazyString:
    """Why there is nothing for her to send."""
    if not rescued.commands:
        return lazy_gettext("Nothing in this file can be read. Update the app, then tell us.")
    return lazy_gettext(
        "This file is from the phone of somebody else. Only she can send it, when she is signed in."
    )


def next_to_send(actor: Actor, rescued: Rescued) -> list[Command]:
    """Of the own, those without an answer: as many as one request carries out."""
    own = rescued.of(actor.user_id)
    known = receipts(actor, [each.id for each in own])
    once = {each.id: each for each in own if each.id not in known}
    return sorted(once.values(), key=lambda each: (str(each.device), each.seq))[:MOST_COMMANDS]


def note_sending(
    actor: Actor, file_id: uuid.UUID, sha256: bytes, brought_by: str, commands: Sequence[Command]
) -> None:
    """Before they are carried out: the trail of each then says that it came from a file."""
    record_audit(
        actor,
        Tag.OUTBOX_FILE_SENT,
        subject_type="rescue_file",
        subject_id=file_id,
        area_id=actor.area_id,
        sha256=sha256.hex(),
        commands=[str(each.id) for each in commands],
        brought_by=brought_by,
    )


def note_sent(actor: Actor, file_id: uuid.UUID) -> None:
    """All of hers have their answers."""
    db.session.execute(
        update(RescueFile)
        .where(RescueFile.id == file_id, RescueFile.owner_id == actor.user_id)
        .values(sent_at=clock.now())
    )
