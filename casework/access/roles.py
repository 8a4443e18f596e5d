"""The roles and what each may do; the words people see stand in `accounts.labels`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from casework.access.permissions import Permission as P


class Role(StrEnum):
    FACILITATOR = "facilitator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    VIEWER = "viewer"


@dataclass(frozen=True, slots=True)
class RoleRules:
    """What a role may do, and how long a login lasts unused and at most.

    Source of the times: OWASP ASVS 5.0, 7.3.1 and 7.3.2, as this product sets them
    (docs/decisions/0004): the facilitator works away from signal all day, the
    administrator holds everybody's data.
    """

    permissions: frozenset[P]
    idle: timedelta
    absolute: timedelta


_READ_CASES = {
    P.EVIDENCE_OPEN,
    P.GROUP_READ,
    P.HOUSEHOLD_READ,
    P.MEETING_READ,
    P.NOMINATION_READ,
    P.SELF_MANAGE,
}

ROLES: Mapping[Role, RoleRules] = {
    # Works with the households of the own groups.
    Role.FACILITATOR: RoleRules(
        permissions=frozenset(
            _READ_CASES
            | {
                P.AFTERCARE_RECORD,
                P.ECONOMICS_RECORD,
                P.HOUSEHOLD_RECORD,
                P.HOUSEHOLD_REVEAL,
                P.MEETING_RECORD,
                P.MEETING_SETTLE,
                P.NOMINATION_MAKE,
                P.NOMINATION_WITHDRAW,
                P.READINESS_ANSWER,
                P.WORK_OFFLINE,
            }
        ),
        idle=timedelta(hours=12),
        absolute=timedelta(days=14),
    ),
    # Decides on evidence and sees to it that every group is met.
    Role.SUPERVISOR: RoleRules(
        permissions=frozenset(
            _READ_CASES
            | {
                P.CEREMONY_PREPARE,
                P.EXIT_RECORD,
                P.GROUP_MANAGE,
                P.HOUSEHOLD_REVEAL,
                P.MEETING_SETTLE,
                P.NOMINATION_DECIDE,
                P.NOMINATION_WITHDRAW,
                P.ROSTER_EXPORT,
                P.TARGET_READ,
            }
        ),
        idle=timedelta(minutes=60),
        absolute=timedelta(hours=12),
    ),
    # Loads rosters, manages people and places, answers the auditor; decides no nomination, but
    # sends what was approved to the ministry and records what comes back.
    Role.ADMINISTRATOR: RoleRules(
        permissions=frozenset(
            _READ_CASES
            | {
                P.AUDIT_READ,
                P.CEREMONY_PREPARE,
                P.EXIT_RECORD,
                P.EXIT_REVERSE,
                P.GROUP_MANAGE,
                P.HOUSEHOLD_RECORD,
                P.HOUSEHOLD_REVEAL,
                P.NOMINATION_FORWARD,
                P.OUTCOME_RECORD,
                P.ROSTER_EXPORT,
                P.ROSTER_IMPORT,
                P.TARGET_READ,
                P.TARGET_SET,
                P.USER_MANAGE,
            }
        ),
        idle=timedelta(minutes=15),
        absolute=timedelta(hours=8),
    ),
    # Reads counts and rosters without personal numbers.
    Role.VIEWER: RoleRules(
        permissions=frozenset({P.ROSTER_EXPORT, P.SELF_MANAGE}),
        idle=timedelta(minutes=60),
        absolute=timedelta(hours=12),
    ),
}
