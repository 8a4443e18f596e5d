"""Commands as phones send them, and the answers they get; pure.

A command is frozen when it is made: sent again it is the same to the letter, and something else
said later is another command (docs/decisions/0012).
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

#: In one sending. A phone with more sends again.
MOST_COMMANDS = 50
#: A week's work of the largest caseload is a tenth of this.
MOST_BYTES = 512 * 1024
#: A rescue file holds what never could be sent, perhaps for months.
MOST_IN_A_FILE = 1000
MOST_FILE_BYTES = 2 * 1024 * 1024
#: Rescue files of one person that wait, and of those that were sent so many whose lines can still
#: be looked at. A phone makes one file of all that it has, and breaks once.
#: Source: none official; product default (docs/decisions/0025).
MOST_WAITING = 5
MOST_SENT = 5
#: Of a photo: what stands before its bytes, and the bytes. A phone makes at most 200 KB of it.
MOST_HEAD = 4 * 1024
MOST_PHOTO = 256 * 1024
#: Its longest side there is 1280 pixels.
MOST_PHOTO_MEGAPIXELS = 4
#: The clock of a phone that has lost its time stands at 1970 or later.
EARLIEST_YEAR = 1970
#: Larger than any counter of a phone or of a meeting.
MOST = 2**31 - 1

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Kind(StrEnum):
    ATTENDANCE = "attendance"
    OBSERVATION = "observation"
    READINESS = "readiness"
    #: Goes alone, with its bytes behind it (`read_photo`).
    PHOTO = "photo"


class Outcome(StrEnum):
    """What became of a command."""

    #: Saved as it was said.
    APPLIED = "applied"
    #: Saved, and something in it is to be looked at.
    LOOK = "look"
    #: Kept; somebody else says otherwise, and nothing stands until one of them settles it.
    DIFFERS = "differs"
    #: Not saved, and why.
    REFUSED = "refused"

    # The following leave no receipt: the command stays on the phone.
    #: Made by another person than the one who is signed in.
    NOT_YOURS = "not_yours"
    #: Another command with this id was answered.
    REUSED = "reused"
    #: Not a command that this server can read.
    UNREADABLE = "unreadable"
    #: Nothing was done; to be sent again.
    LATER = "later"
    #: Of a photo: its bytes can come.
    WANTED = "wanted"


@dataclass(frozen=True, slots=True)
class Command:
    id: uuid.UUID
    #: Who made it; nobody else can send it.
    owner: uuid.UUID
    kind: Kind
    device: uuid.UUID
    #: Counts the commands of the device; one that was thrown away leaves a gap.
    seq: int
    #: By the phone's clock, which decides nothing.
    made_at: datetime
    body: Mapping[str, Any]
    #: Of all that was sent.
    digest: str
    #: What the phone kept with an earlier receipt, if it had one (`actions.proofs`).
    proof: str = ""


class Unreadable(ValueError):
    """Not a command, or not a sending of commands; for whoever mends the program."""


@dataclass(frozen=True, slots=True)
class NotACommand:
    """Something in a sending that cannot be read, with its id where it has one."""

    id: str
    why: str


def read_sending(text: str, most: int = MOST_COMMANDS) -> list[Command | NotACommand]:
    """The commands of one sending, in its order: `{"commands": [...], "again": {id: proof}}`, of
    which the latter may be missing. A rescue file is the same.

    One that cannot be read is no reason not to read the others.

    Raises: Unreadable where there are no commands at all, or too many.
    """
    try:
        sent = read_json(text)
    except ValueError as error:
        raise Unreadable(f"not JSON: {error}") from error
    commands = sent.get("commands") if isinstance(sent, dict) else None
    if not isinstance(commands, list) or not 0 < len(commands) <= most:
        raise Unreadable(f"a sending has a list of 1 to {most} commands")
    again = sent.get("again")
    proofs = again if isinstance(again, dict) else {}
    return [_command_or_not(each, proofs) for each in commands]


def read_photo(sent: bytes) -> tuple[Command | NotACommand, bytes | None]:
    """One command of the kind `photo` in a line of its own, and behind that its bytes.

    No bytes: the phone asks first whether they are wanted.
    """
    head, _end, data = sent.partition(b"\n")
    try:
        command = _command_or_not(read_json(head.decode()), {}, {Kind.PHOTO})
    except ValueError as error:
        return NotACommand("", f"not JSON: {error}"), None
    return command, data or None


def read_json(text: str) -> Any:
    """Raises: ValueError, also where a name stands twice."""
    try:
        return json.loads(text, object_pairs_hook=_each_once)
    except RecursionError as error:
        raise ValueError("too many brackets") from error


def _each_once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


#: What comes as JSON and nothing else.
_PLAIN = {Kind.ATTENDANCE, Kind.OBSERVATION, Kind.READINESS}


def _command_or_not(
    sent: object, proofs: Mapping[str, object], kinds: Collection[Kind] = _PLAIN
) -> Command | NotACommand:
    try:
        command = _command(sent)
        if command.kind not in kinds:
            raise Unreadable(f"{command.kind} is not sent here")
        proof = proofs.get(str(command.id))
        return replace(command, proof=proof) if isinstance(proof, str) else command
    except Unreadable as error:
        name = sent.get("id") if isinstance(sent, dict) else None
        return NotACommand(name if isinstance(name, str) else "", str(error))


def _command(sent: object) -> Command:
    if not isinstance(sent, dict) or sent.keys() != _SHAPE.keys():
        raise Unreadable(f"a command has exactly {', '.join(_SHAPE)}")
    for name, of_type in _SHAPE.items():
        # For Python, True is a number.
        if type(sent[name]) is not of_type:
            raise Unreadable(f"{name} is no {of_type.__name__}")
    if not 0 < sent["seq"] <= MOST:
        raise Unreadable("seq counts from 1")
    try:
        return Command(
            id=_drawn(sent["id"]),
            owner=identifier(sent["owner"]),
            kind=Kind(sent["kind"]),
            device=_drawn(sent["device"]),
            seq=sent["seq"],
            made_at=_moment(sent["made_at"]),
            body=sent["body"],
            digest=_digest(sent),
        )
    except (ValueError, OverflowError, RecursionError) as error:
        raise Unreadable(str(error)) from error


_SHAPE: Mapping[str, type] = {
    "id": str,
    "owner": str,
    "kind": str,
    "device": str,
    "seq": int,
    "made_at": str,
    "body": dict,
}


def identifier(text: str) -> uuid.UUID:
    """In one spelling only, so that the same id is the same text. Raises: ValueError."""
    if not _UUID.fullmatch(text):
        raise ValueError("not an id")
    return uuid.UUID(text)


def receipt_number(command_id: str) -> str:
    """What a person reads to us over the phone, as the phone itself makes it: 3F2A-91BC."""
    return f"{command_id[:4]}-{command_id[4:8]}".upper()


def _drawn(text: str) -> uuid.UUID:
    """An id that a phone draws by chance; ids that are made of other things are the server's
    own, and nobody else can take one first. Raises: ValueError."""
    found = identifier(text)
    if found.version != 4:
        raise ValueError("not an id of a phone's making")
    return found


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    moment = moment.astimezone(UTC)
    if moment.year < EARLIEST_YEAR:
        raise ValueError("before there were such phones")
    return moment


def _digest(sent: Mapping[str, Any]) -> str:
    plain = json.dumps(sent, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    # A lone surrogate is a letter to JSON and not to UTF-8.
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()
