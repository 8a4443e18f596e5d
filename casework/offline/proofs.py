"""What a phone keeps with the receipt of a register, and brings back should the server have been
put back to a backup that does not have it (docs/decisions/0018).

It says as which version the register was taken and what its author had seen by then. That decides
who knew of whom, so nobody but the server may write it.
"""

from __future__ import annotations

import hmac
from datetime import date

from casework.core.crypto import current_keyring
from casework.meetings.actions.words import TakenBefore
from casework.meetings.rules import MeetingStatus
from casework.offline.rules import Command

_PURPOSE = "register-taken"
_BETWEEN = "~"


def proof_of(command: Command, taken: TakenBefore) -> str:
    said = _BETWEEN.join(
        [
            ".".join(map(str, taken.versions)),
            str(taken.base_version),
            taken.status.value,
            taken.on.isoformat(),
        ]
    )
    return f"{said}{_BETWEEN}{_seal(command, said)}"


def read_proof(command: Command, proof: str) -> TakenBefore | None:
    """None for one that this server has not written for this command, to the letter; then it is
    taken as one that comes for the first time."""
    said, _between, seal = proof.rpartition(_BETWEEN)
    if not said or not hmac.compare_digest(_seal(command, said).encode(), seal.encode()):
        return None
    versions, base_version, status, on = said.split(_BETWEEN)
    return TakenBefore(
        tuple(map(int, versions.split("."))),
        int(base_version),
        MeetingStatus(status),
        date.fromisoformat(on),
    )


def _seal(command: Command, said: str) -> str:
    whose = f"{command.owner}|{command.id}|{command.digest}"
    return current_keyring().fingerprint(_PURPOSE, f"{whose}|{said}")
