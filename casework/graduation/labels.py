"""Words for nominations."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import LazyString, gettext, lazy_gettext

from casework.core import clock
from casework.graduation.states import (
    ConsentGiven,
    EvidenceKind,
    NominationStatus,
    Step,
)
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

CONSENT_GIVEN = {
    ConsentGiven.SIGNATURE: lazy_gettext("Signed"),
    ConsentGiven.THUMBPRINT: lazy_gettext("Thumbprint"),
}


def done_already(name: str, at: datetime, status: NominationStatus) -> LazyString:
    """As `decided_already`, of what is no decision of a supervisor."""
    return LazyString(_done_already, name, at, status)


def _done_already(name: str, at: datetime, status: NominationStatus) -> str:
    zone = ZoneInfo(time_zone())
    local, now = at.astimezone(zone), clock.now().astimezone(zone)
    when = f"{local:%H.%M}" if local.date() == now.date() else moment(at)
    return gettext(
        "Already recorded by %(name)s, %(when)s: %(status)s.",
        name=name,
        when=when,
        status=STATUSES[status],
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
