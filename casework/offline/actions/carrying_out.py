"""Carrying out a command, and keeping the answer it got."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from sqlalchemy import Executable

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core import clock
from casework.core.errors import CaseworkError, Invalid, NotFound, Refused
from casework.core.files import CleanFile, FileStore
from casework.core.kept import Kept
from casework.core.upsert import insert_into
from casework.economics.actions import Seen, record_observation
from casework.meetings.actions.claims import take_word
from casework.meetings.actions.photos import add_photo
from casework.meetings.actions.words import Taken, Word
from casework.meetings.rules import BACKDATING_DAYS, Head, Mark, MeetingStatus
from casework.offline.actions.proofs import proof_of, read_proof
from casework.offline.models import MESSAGE_LENGTH, SyncReceipt
from casework.offline.queries.receipts import Receipt
from casework.offline.rules import Command, Kind, Outcome
from casework.readiness.actions import answer as answer_questions


@dataclass(frozen=True, slots=True)
class RegisterSaid:
    """What a phone says of a meeting; `base_version` as in `meetings.actions.claims.Word`."""

    group_id: uuid.UUID
    held_on: date
    base_version: int
    head: Head | None
    marks: Mapping[uuid.UUID, Mark]
    keeps_note: frozenset[uuid.UUID] = frozenset()
    #: How many notes were sealed and do not open.
    closed_notes: int = 0


@dataclass(frozen=True, slots=True)
class Observed:
    household_id: uuid.UUID
    seen: Seen


@dataclass(frozen=True, slots=True)
class Answers:
    """To the questions of the readiness check; those that were not asked are left out."""

    household_id: uuid.UUID
    answered_on: date
    answers: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class Photographed:
    """A photo of a meeting, opened, checked and cleaned."""

    group_id: uuid.UUID
    held_on: date
    file: CleanFile
    store: FileStore


Body = RegisterSaid | Observed | Answers | Photographed


_NEEDED = {
    Kind.ATTENDANCE: Permission.MEETING_RECORD,
    Kind.OBSERVATION: Permission.ECONOMICS_RECORD,
    Kind.READINESS: Permission.READINESS_ANSWER,
    Kind.PHOTO: Permission.MEETING_RECORD,
}


class AnsweredMeanwhile(Exception):
    """The same command was carried out by another sending at the same moment."""


@dataclass(frozen=True, slots=True)
class Answer:
    outcome: Outcome
    message: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def carry_out(
    actor: Actor, command: Command, body: Body, *, backdating_days: int = BACKDATING_DAYS
) -> Receipt:
    """Do what the command says, which is `body`, and keep the answer: both or neither.

    Raises: what the action of its kind raises, to be answered with `refuse` in a transaction of
    its own; `ChangedMeanwhile` and `Busy` leave no answer, and the command may be tried again;
    AnsweredMeanwhile.
    """
    if not actor.may(_NEEDED[command.kind]):
        raise Refused(lazy_gettext("Your role does not record this."))
    return _keep(actor, command, _done(actor, command, body, backdating_days))


def refuse(actor: Actor, command: Command, error: CaseworkError) -> Receipt:
    """Keep the reason why it was not carried out. Raises: AnsweredMeanwhile."""
    message = str(error) or (str(_GONE[command.kind]) if isinstance(error, NotFound) else "")
    # A page that puts it right says what to do about a day only where the day is why.
    details = {"fields": sorted(error.fields)} if isinstance(error, Invalid) else {}
    return _keep(actor, command, Answer(Outcome.REFUSED, message, details))


#: What lies outside of somebody's care answers like what never was, also here.
_GONE = {
    Kind.ATTENDANCE: lazy_gettext("This group is not in your care. Ask your supervisor."),
    Kind.OBSERVATION: lazy_gettext("This family is not in your care. Ask your supervisor."),
    Kind.READINESS: lazy_gettext("This family is not in your care. Ask your supervisor."),
    Kind.PHOTO: lazy_gettext("This group is not in your care. Ask your supervisor."),
}


def _done(actor: Actor, command: Command, body: Body, backdating_days: int) -> Answer:
    match body:
        case RegisterSaid():
            word = Word(
                command.id,
                command.device,
                command.seq,
                body.base_version,
                body.head,
                body.marks,
                body.keeps_note,
                read_proof(command, command.proof),
            )
            taken = take_word(
                actor, body.group_id, body.held_on, word, backdating_days=backdating_days
            )
            return _of_register(taken, body.closed_notes, proof_of(command, taken.to_prove))
        case Observed():
            record_observation(actor, body.household_id, body.seen, observation_id=command.id)
        case Answers():
            answer_questions(
                actor,
                body.household_id,
                answered_on=body.answered_on,
                answers=body.answers,
                check_id=command.id,
            )
        case Photographed():
            add_photo(
                actor,
                body.group_id,
                body.held_on,
                file=body.file,
                store=body.store,
                photo_id=command.id,
                backdating_days=backdating_days,
            )
    return Answer(Outcome.APPLIED)


def _of_register(taken: Taken, closed_notes: int, proof: str) -> Answer:
    details = {
        "meeting": str(taken.meeting_id),
        "version": taken.version,
        "differing": [str(key) for key in taken.differing],
        "left_out": [str(key) for key in taken.left_out],
        "unmarked": [str(key) for key in taken.unmarked],
        "proof": proof,
    }
    words = []
    if taken.differing:
        words.append(
            ngettext(
                "%(num)s family was marked differently by somebody else.",
                "%(num)s families were marked differently by somebody else.",
                len(taken.differing),
            )
        )
    if taken.is_head_differing:
        words.append(_("Somebody else wrote another lesson, time or place."))
    if taken.left_out:
        words.append(
            ngettext(
                "%(num)s family no longer belongs to this group and is not in the register.",
                "%(num)s families no longer belong to this group and are not in the register.",
                len(taken.left_out),
            )
        )
    if taken.status is MeetingStatus.DRAFT:
        words.append(
            ngettext(
                "%(num)s family has joined the group and is not marked yet.",
                "%(num)s families have joined the group and are not marked yet.",
                len(taken.unmarked),
            )
        )
    if closed_notes:
        words.append(
            ngettext(
                "%(num)s note could not be opened on the server. Write it again with signal.",
                "%(num)s notes could not be opened on the server. Write them again with signal.",
                closed_notes,
            )
        )
    if taken.differing or taken.is_head_differing:
        return Answer(Outcome.DIFFERS, " ".join(words), details)
    return Answer(Outcome.LOOK if words else Outcome.APPLIED, " ".join(words), details)


def _keep(actor: Actor, command: Command, answer: Answer) -> Receipt:
    """Last in the transaction: of two sendings at once, the second waits here for the first and
    then has to be undone."""
    if actor.area_id is None:
        raise NotFound
    message = answer.message[:MESSAGE_LENGTH]
    kept = Receipt(command.id, command.digest, answer.outcome, message, answer.details, clock.now())
    written = _receipt.execute(
        {
            "area_id": actor.area_id,
            "owner_id": actor.user_id,
            "id": command.id,
            "kind": command.kind,
            "device_id": command.device,
            "seq": command.seq,
            "digest": command.digest,
            "outcome": kept.outcome,
            "message": kept.message,
            "details": kept.details,
            "made_at": command.made_at,
            "received_at": kept.received_at,
        }
    )
    if written.first() is None:
        raise AnsweredMeanwhile
    return kept


@Kept
def _receipt() -> Executable:
    return insert_into(SyncReceipt).on_conflict_do_nothing().returning(SyncReceipt.id)
