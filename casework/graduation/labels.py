"""Words for nominations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import LazyString, gettext, lazy_gettext

from casework.core import clock
from casework.core.errors import Message
from casework.core.tables.labels import filled
from casework.graduation.reading.faults import OutcomeFault, OutcomeProblem
from casework.graduation.states import (
    ConsentGiven,
    EvidenceKind,
    NominationStatus,
    Step,
)
from casework.ledger.labels import KINDS
from casework.ledger.rules import ExitKind
from casework.web.locale import moment, time_zone

STATUSES = {
    NominationStatus.DRAFT: lazy_gettext("Draft"),
    NominationStatus.SUBMITTED: lazy_gettext("Waiting for the supervisor"),
    NominationStatus.RETURNED: lazy_gettext("Returned"),
    NominationStatus.APPROVED: lazy_gettext("Approved"),
    NominationStatus.REJECTED: lazy_gettext("Rejected"),
    NominationStatus.WITHDRAWN: lazy_gettext("Withdrawn"),
    NominationStatus.FORWARDED: lazy_gettext("Forwarded to the ministry"),
    NominationStatus.ESTABLISHED: lazy_gettext("Established by the ministry"),
    NominationStatus.REFUSED: lazy_gettext("Refused by the ministry"),
    NominationStatus.REVERSED: lazy_gettext("Reversed"),
}

STEPS = {
    Step.SUBMIT: lazy_gettext("Send nomination"),
    Step.APPROVE: lazy_gettext("Approve nomination"),
    Step.RETURN: lazy_gettext("Return to be completed"),
    Step.REJECT: lazy_gettext("Reject nomination"),
    Step.WITHDRAW: lazy_gettext("Withdraw nomination"),
    Step.FORWARD: lazy_gettext("Forward to the ministry"),
    Step.ESTABLISH: lazy_gettext("Established by the ministry"),
    Step.REFUSE: lazy_gettext("Refused by the ministry"),
    Step.REVERSE: lazy_gettext("Reverse the graduation"),
}

EVIDENCE_KINDS = {
    EvidenceKind.SIGNED_STATEMENT: lazy_gettext("Signed statement"),
    EvidenceKind.SIGNING_PHOTO: lazy_gettext("Photo of the signing"),
    EvidenceKind.HOUSE_OR_BUSINESS_PHOTO: lazy_gettext("Photo of the house or business"),
}


def of_file(kind: EvidenceKind, why: Message) -> LazyString:
    """What is wrong with which file, where several are spoken of."""
    return lazy_gettext("%(kind)s: %(why)s", kind=EVIDENCE_KINDS[kind], why=why)


CONSENT_GIVEN = {
    ConsentGiven.SIGNATURE: lazy_gettext("Signed"),
    ConsentGiven.THUMBPRINT: lazy_gettext("Thumbprint"),
}

#: What each kind of exit means, for whoever chooses one; by value, since these are not its words.
EXIT_MEANINGS: Mapping[str, LazyString] = {
    ExitKind.NATURAL.value: lazy_gettext(
        "No member makes the family eligible any more. Comes from the ministry's data."
    ),
    ExitKind.TENURE.value: lazy_gettext(
        "More than five years on the programme. Comes from the ministry's data."
    ),
    ExitKind.EMPOWERMENT.value: lazy_gettext(
        "With capital or training, and without a nomination. A nominated family counts as"
        " independent graduation; record the help as support received."
    ),
    ExitKind.FORCED.value: lazy_gettext(
        "Commitments not kept after warnings, or the village's letter. Needs a letter."
    ),
    ExitKind.DIED.value: lazy_gettext("Nobody is left to stand for the family."),
    ExitKind.MOVED_AWAY.value: lazy_gettext(
        "Abroad, or nobody knows where. To another regency or city a family moves by that"
        " regency's roster."
    ),
    ExitKind.DUPLICATE.value: lazy_gettext("The same family stands on the roster a second time."),
    ExitKind.INELIGIBLE.value: lazy_gettext(
        "Civil service, army, police or state company; NIK that does not match; aid declined."
    ),
}

#: Of a row in a file of outcomes.
OUTCOME_FAULTS = {
    OutcomeFault.MISSING: lazy_gettext("not filled in."),
    OutcomeFault.TOO_LONG: lazy_gettext("longer than %(limit)s characters."),
    OutcomeFault.NOT_A_NUMBER: lazy_gettext("should be 16 digits."),
    OutcomeFault.CUT: lazy_gettext(
        "Excel has shortened this number, its digits are lost. Type all 16 again, as text."
    ),
    OutcomeFault.NOT_AN_OUTCOME: lazy_gettext("should be “ditetapkan” or “ditolak”."),
    OutcomeFault.NOT_A_STAGE: lazy_gettext("not a payment stage. Write it like 2027-1."),
    OutcomeFault.STAGE_IS_A_DATE: lazy_gettext(
        "Excel has made a date of the stage. Make the column text and write it like 2027-1."
    ),
    OutcomeFault.IMPOSSIBLE_STAGE: lazy_gettext("must be between %(first)s and %(last)s."),
    OutcomeFault.NOBODY: lazy_gettext("the row names no family."),
    OutcomeFault.UNKNOWN: lazy_gettext("no family here is known by this number."),
    OutcomeFault.ELSEWHERE: lazy_gettext(
        "this NIK belongs to a family in another regency or city."
    ),
    OutcomeFault.NOT_IN_BATCH: lazy_gettext("this family is not in batch %(batch)s."),
    OutcomeFault.TWO_FAMILIES: lazy_gettext("the numbers of this row belong to two families."),
    OutcomeFault.TWICE: lazy_gettext("is the same family as in row %(rows)s."),
    OutcomeFault.ANSWERED: lazy_gettext("%(by)s has recorded another outcome of %(name)s."),
    OutcomeFault.WITHDRAWN: lazy_gettext("%(name)s has withdrawn."),
    OutcomeFault.LEFT: lazy_gettext("%(name)s has left PKH otherwise."),
    OutcomeFault.OWN: lazy_gettext(
        "you recorded part of the nomination of %(name)s yourself. Take the row out; another"
        " administrator has to record it."
    ),
}


def outcome_problem(problem: OutcomeProblem) -> LazyString:
    """Why this row cannot be taken."""
    return LazyString(filled, OUTCOME_FAULTS[problem.code], problem.params)


def outcome_words(status: NominationStatus, stage: str | None, refusal: str | None) -> str:
    """Where a nomination stands with the ministry, in one line."""
    if status is NominationStatus.ESTABLISHED and stage:
        return gettext("Established from stage %(stage)s", stage=stage)
    if status is NominationStatus.REFUSED and refusal:
        return gettext("Refused by the ministry: %(reason)s", reason=refusal)
    return str(STATUSES[status])


def decides_from(until: datetime, first: datetime) -> LazyString:
    """Why somebody who was a facilitator does not decide yet."""
    return LazyString(_decides_from, until, first)


def _decides_from(until: datetime, first: datetime) -> str:
    return gettext(
        "You were a facilitator until %(until)s. You decide on nominations from %(first)s.",
        until=moment(until),
        first=moment(first),
    )


def done_already(name: str, at: datetime, status: NominationStatus) -> LazyString:
    """As `decided_already`, of what is no decision of a supervisor."""
    return LazyString(_done_already, name, at, STATUSES[status])


def left_already(name: str, at: datetime, kind: ExitKind) -> LazyString:
    """Who recorded first that the family has left, when, and how."""
    return LazyString(_done_already, name, at, KINDS[kind])


def taken_back_already(name: str, at: datetime) -> LazyString:
    """Who was faster to take an exit back."""
    return LazyString(_done_already, name, at, lazy_gettext("taken back"))


def _done_already(name: str, at: datetime, done: LazyString) -> str:
    zone = ZoneInfo(time_zone())
    local, now = at.astimezone(zone), clock.now().astimezone(zone)
    when = f"{local:%H.%M}" if local.date() == now.date() else moment(at)
    return gettext(
        "Already recorded by %(name)s, %(when)s: %(status)s.",
        name=name,
        when=when,
        status=done,
    )


def decided_already(name: str, at: datetime, status: NominationStatus) -> LazyString:
    """Who was first, when, and what came of it, for whoever came second."""
    return LazyString(_decided_already, name, at, status)


def _decided_already(name: str, at: datetime, status: NominationStatus) -> str:
    zone = ZoneInfo(time_zone())
    local, now = at.astimezone(zone), clock.now().astimezone(zone)
    if local.date() == now.date():
        return gettext(
            "Already decided by %(name)s at %(time)s: %(status)s.",
            name=name,
            time=f"{local:%H.%M}",
            status=STATUSES[status],
        )
    return gettext(
        "Already decided by %(name)s on %(moment)s: %(status)s.",
        name=name,
        moment=moment(at),
        status=STATUSES[status],
    )
