"""Who may answer the questions of the instrument, and why not."""

from __future__ import annotations

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core.errors import Message
from casework.economics.policy import why_not_record
from casework.households.rules import HouseholdStatus


def why_not_answer(actor: Actor, status: HouseholdStatus) -> Message | None:
    return why_not_record(actor, status, Permission.READINESS_ANSWER)
