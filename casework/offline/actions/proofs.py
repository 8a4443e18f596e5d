"""What a phone keeps with the receipt of a register, and brings back should the server have been
put back to a backup that does not have it (docs/decisions/0018).

It says as which version the register was taken, what its author had seen by then, and the notes
that stayed as they were. That decides who knew of whom, and notes lie on no phone in clear: so
the server seals it, and nobody else can read or write it.
"""

from __future__ import annotations

import base64
import json
from datetime import date

from casework.core.crypto import KeyMissing, Tampered, current_keyring
from casework.core.ids import from_short_id, short_id
from casework.meetings.actions.words import TakenBefore
from casework.meetings.rules import MeetingStatus
from casework.offline.rules import Command

#: Where it belongs to: brought with another command, or another text of it, it does not open.
_TABLE, _FIELD = "sync_receipt", "proof"


def proof_of(command: Command, taken: TakenBefore) -> str:
    said = [
        taken.versions,
        taken.base_version,
        taken.status.value,
        taken.on.isoformat(),
        {short_id(key): note for key, note in taken.notes.items()},
    ]
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False)
    sealed = current_keyring().seal_text(text, table=_TABLE, row=_row(command), field=_FIELD)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_proof(command: Command, proof: str) -> TakenBefore | None:
    """None for one that this server has not written for this command, to the letter; then it is
    taken as one that comes for the first time."""
    if not proof:
        return None
    try:
        sealed = base64.urlsafe_b64decode(proof + "=" * (-len(proof) % 4))
        text = current_keyring().open_text(sealed, table=_TABLE, row=_row(command), field=_FIELD)
    except (ValueError, Tampered, KeyMissing):
        return None
    versions, base_version, status, on, notes = json.loads(text)
    return TakenBefore(
        tuple(versions),
        base_version,
        MeetingStatus(status),
        date.fromisoformat(on),
        {from_short_id(key): note for key, note in notes.items()},
    )


def _row(command: Command) -> str:
    return f"{command.owner}|{command.id}|{command.digest}"
