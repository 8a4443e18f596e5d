"""Every permission there is, `noun:verb`, sorted."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    AFTERCARE_RECORD = "aftercare:record"
    AUDIT_READ = "audit:read"
    CEREMONY_PREPARE = "ceremony:prepare"
    ECONOMICS_RECORD = "economics:record"
    EVIDENCE_OPEN = "evidence:open"
    EXIT_RECORD = "exit:record"
    EXIT_REVERSE = "exit:reverse"
    GROUP_MANAGE = "group:manage"
    GROUP_READ = "group:read"
    HOUSEHOLD_READ = "household:read"
    HOUSEHOLD_RECORD = "household:record"
    HOUSEHOLD_REVEAL = "household:reveal"
    MEETING_READ = "meeting:read"
    MEETING_RECORD = "meeting:record"
    MEETING_SETTLE = "meeting:settle"
    NOMINATION_DECIDE = "nomination:decide"
    NOMINATION_FORWARD = "nomination:forward"
    NOMINATION_MAKE = "nomination:make"
    NOMINATION_READ = "nomination:read"
    NOMINATION_WITHDRAW = "nomination:withdraw"
    OUTCOME_RECORD = "outcome:record"
    READINESS_ANSWER = "readiness:answer"
    ROSTER_EXPORT = "roster:export"
    ROSTER_IMPORT = "roster:import"
    SELF_MANAGE = "self:manage"
    TARGET_READ = "target:read"
    TARGET_SET = "target:set"
    USER_MANAGE = "user:manage"
    WORK_OFFLINE = "work:offline"
