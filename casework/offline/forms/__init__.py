"""What a command says, sealed or not."""

from __future__ import annotations

from casework.offline.actions import Body
from casework.offline.forms.bodies import answers, observed, read_plain, register_said
from casework.offline.forms.sealed import SEALED, is_sealed, opened, opened_notes
from casework.offline.rules import Command, Kind

__all__ = ["answers", "observed", "read_body", "register_said"]


def read_body(command: Command) -> Body:
    """By the command's kind. Raises: Invalid; KeyMissing where this server has no keys at all,
    which is no fault of the command."""
    if command.kind is Kind.ATTENDANCE:
        plain = {name: value for name, value in command.body.items() if name != SEALED}
        return register_said(plain, opened_notes(command))
    return read_plain(command.kind, opened(command) if is_sealed(command) else command.body)
