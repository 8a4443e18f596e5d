"""The vocabulary of the trail: `noun:verb`, each with the exact keys of its data.

A tag names what happened in the programme's words. Data never holds a NIK, a No KK, an
address or a secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Tag(StrEnum):
    ACCOUNT_ACTIVATED = "account:activate"
    ACCOUNT_ADDED = "account:add"
    ACCOUNT_CHANGED = "account:change"
    ACCOUNT_DISABLED = "account:disable"
    ACCOUNT_DOUBLED = "account:try-second"
    ACCOUNT_ENABLED = "account:enable"
    ACCOUNT_LINK_MADE = "account:make-link"
    ACCOUNT_PASSWORD_CHANGED = "account:change-password"  # noqa: S105 - a tag, no password
    ASSIGNMENT_CHANGED = "assignment:change"
    BATCH_LISTED = "batch:list"
    BATCH_MADE = "batch:make"
    CERTIFICATES_MADE = "certificate:make"
    COUNT_REBUILT = "count:rebuild"
    ECONOMICS_COUNTED = "economics:count"
    ENTERPRISE_CHANGED = "enterprise:change"
    ENTERPRISE_RECORDED = "enterprise:record"
    EVIDENCE_ADDED = "evidence:add"
    EVIDENCE_OPENED = "evidence:open"
    EVIDENCE_REMOVED = "evidence:remove"
    FOLLOW_UP_CORRECTED = "follow-up:correct"
    FOLLOW_UP_RECORDED = "follow-up:record"
    EXIT_RECORDED = "exit:record"
    EXIT_REVERSED = "exit:reverse"
    EXIT_TRIED = "exit:try-reverse"
    FACILITATOR_TARGET_SET = "facilitator-target:set"
    FACILITATOR_TARGET_TAKEN_BACK = "facilitator-target:take-back"
    GROUP_CHANGED = "group:change"
    GROUP_CLOSED = "group:close"
    GROUP_MADE = "group:make"
    GROUP_REOPENED = "group:reopen"
    HOUSEHOLD_ENTRY_RECORDED = "household:record-entry"
    HOUSEHOLD_MOVED = "household:move"
    HOUSEHOLD_SOUGHT = "household:search-number"
    LOGIN_ENDED = "login:end"
    LOGIN_FAILED = "login:fail"
    LOGIN_STARTED = "login:start"
    MEETINGS_RECOUNTED = "meeting:recount"
    MEETING_CALLED_OFF = "meeting:call-off"
    MEETING_CORRECTED = "meeting:correct"
    MEETING_PHOTO_ADDED = "meeting:add-photo"
    MEETING_PHOTO_REMOVED = "meeting:remove-photo"
    MEETING_RECEIVED = "meeting:receive"
    MEETING_RECORDED = "meeting:record"
    MEETING_SETTLED = "meeting:settle"
    MEMBERSHIP_CHANGED = "membership:change"
    NIK_FOUND_ELSEWHERE = "roster:find-elsewhere"
    NIK_REVEALED = "household:reveal-nik"
    NOMINATION_APPROVED = "nomination:approve"
    NOMINATION_CONSENT_RECORDED = "nomination:record-consent"
    NOMINATION_DRAFTED = "nomination:draft"
    NOMINATION_ESTABLISHED = "nomination:establish"
    NOMINATION_FORWARDED = "nomination:forward"
    NOMINATION_NOTED = "nomination:note"
    NOMINATION_REFUSED = "nomination:refuse"
    NOMINATION_REJECTED = "nomination:reject"
    NOMINATION_RETURNED = "nomination:return"
    NOMINATION_REVERSED = "nomination:reverse"
    NOMINATION_SUBMITTED = "nomination:submit"
    NOMINATION_TRIED = "nomination:try"
    NOMINATION_WITHDRAWN = "nomination:withdraw"
    NUMBERS_REBUILT = "registry:rebuild"
    OBSERVATION_RECORDED = "observation:record"
    OUTBOX_FILE_SENT = "outbox:send-file"
    OUTBOX_FILE_TAKEN = "outbox:take-file"
    OUTBOX_TIDIED = "outbox:tidy"
    OUTCOMES_APPLIED = "outcome:apply-file"
    OUTCOMES_CHECKED = "outcome:check-file"
    OUTCOMES_TRIED = "outcome:try-file"
    READINESS_ANSWERED = "readiness:answer"
    READINESS_RECOMPUTED = "readiness:recompute"
    REGIONS_LOADED = "regions:load"
    ROSTER_APPLIED = "roster:apply"
    ROSTER_EXPORTED = "roster:export"
    SERVER_RESTORED = "server:restore"
    SUPPORT_RECORDED = "support:record"
    TARGET_SET = "target:set"
    TARGET_TAKEN_BACK = "target:take-back"


#: Exactly these keys, no more and no fewer; a wrong key fails where it is written.
DATA_KEYS: Mapping[Tag, frozenset[str]] = {
    Tag.ACCOUNT_ACTIVATED: frozenset(),
    Tag.ACCOUNT_ADDED: frozenset({"username", "role", "region"}),
    Tag.ACCOUNT_CHANGED: frozenset({"changes"}),
    Tag.ACCOUNT_DISABLED: frozenset(),
    Tag.ACCOUNT_DOUBLED: frozenset({"username"}),
    Tag.ACCOUNT_ENABLED: frozenset(),
    Tag.ACCOUNT_LINK_MADE: frozenset(),
    Tag.ACCOUNT_PASSWORD_CHANGED: frozenset(),
    Tag.ASSIGNMENT_CHANGED: frozenset({"from_facilitator", "to_facilitator", "on"}),
    Tag.BATCH_LISTED: frozenset({"batch", "rows", "numbers"}),
    Tag.BATCH_MADE: frozenset({"batch", "letter", "letter_on", "households"}),
    Tag.CERTIFICATES_MADE: frozenset({"stage", "households"}),
    Tag.COUNT_REBUILT: frozenset({"areas", "differences"}),
    Tag.ECONOMICS_COUNTED: frozenset({"households"}),
    Tag.ENTERPRISE_CHANGED: frozenset({"household", "changes"}),
    Tag.ENTERPRISE_RECORDED: frozenset({"household", "kind"}),
    Tag.EVIDENCE_ADDED: frozenset({"nomination", "kind", "sha256"}),
    Tag.EVIDENCE_OPENED: frozenset({"nomination", "kind"}),
    Tag.EVIDENCE_REMOVED: frozenset({"nomination", "kind", "sha256"}),
    # Not what was found: it tells of illness and death.
    Tag.FOLLOW_UP_CORRECTED: frozenset({"household", "visited_on", "months", "corrects"}),
    Tag.FOLLOW_UP_RECORDED: frozenset({"household", "visited_on", "months"}),
    Tag.EXIT_RECORDED: frozenset({"kind", "stage", "happened_on", "letter"}),
    Tag.EXIT_REVERSED: frozenset({"kind", "stage"}),
    Tag.EXIT_TRIED: frozenset({"kind", "stage", "why"}),
    Tag.FACILITATOR_TARGET_SET: frozenset({"year", "before", "after"}),
    Tag.FACILITATOR_TARGET_TAKEN_BACK: frozenset({"year", "before", "after"}),
    Tag.GROUP_CHANGED: frozenset({"changes"}),
    Tag.GROUP_CLOSED: frozenset({"on", "from_facilitator"}),
    Tag.GROUP_MADE: frozenset({"name", "village"}),
    Tag.GROUP_REOPENED: frozenset({"closed_on"}),
    Tag.HOUSEHOLD_ENTRY_RECORDED: frozenset({"changes"}),
    Tag.HOUSEHOLD_MOVED: frozenset({"from_regency", "to_regency", "stage"}),
    Tag.HOUSEHOLD_SOUGHT: frozenset({"found"}),
    Tag.LOGIN_ENDED: frozenset({"sessions"}),
    Tag.LOGIN_FAILED: frozenset({"failures"}),
    Tag.LOGIN_STARTED: frozenset(),
    Tag.MEETINGS_RECOUNTED: frozenset({"differences"}),
    # Not the reason: it may name families. It stands with the meeting.
    Tag.MEETING_CALLED_OFF: frozenset({"held_on", "total", "moved_to"}),
    Tag.MEETING_CORRECTED: frozenset(
        {"held_on", "marks_changed", "present", "total", "lessons", "lessons_before"}
    ),
    Tag.MEETING_PHOTO_ADDED: frozenset({"held_on", "photo", "sha256"}),
    Tag.MEETING_PHOTO_REMOVED: frozenset({"held_on", "photo", "sha256"}),
    Tag.MEETING_RECEIVED: frozenset(
        {
            "held_on",
            "status",
            "present",
            "total",
            "marks_changed",
            "differing",
            "left_out",
            "command",
            "lessons",
            "lessons_before",
        }
    ),
    Tag.MEETING_RECORDED: frozenset({"held_on", "status", "present", "total", "bulk", "lessons"}),
    Tag.MEETING_SETTLED: frozenset(
        {
            "held_on",
            "marks_changed",
            "head",
            "differing",
            "present",
            "total",
            "lessons",
            "lessons_before",
        }
    ),
    Tag.MEMBERSHIP_CHANGED: frozenset({"from_group", "to_group", "on"}),
    Tag.NIK_FOUND_ELSEWHERE: frozenset({"stage", "rows", "sha256"}),
    Tag.NIK_REVEALED: frozenset({"what"}),
    Tag.NOMINATION_APPROVED: frozenset({"from", "to", "household"}),
    Tag.NOMINATION_CONSENT_RECORDED: frozenset({"household", "given", "on"}),
    Tag.NOMINATION_DRAFTED: frozenset({"from", "to", "household"}),
    Tag.NOMINATION_ESTABLISHED: frozenset({"from", "to", "household", "batch", "stage"}),
    Tag.NOMINATION_FORWARDED: frozenset({"from", "to", "household", "batch"}),
    Tag.NOMINATION_NOTED: frozenset({"household"}),
    Tag.NOMINATION_REFUSED: frozenset({"from", "to", "household", "batch"}),
    Tag.NOMINATION_REJECTED: frozenset({"from", "to", "household"}),
    Tag.NOMINATION_RETURNED: frozenset({"from", "to", "household"}),
    Tag.NOMINATION_REVERSED: frozenset({"from", "to", "household", "batch"}),
    Tag.NOMINATION_SUBMITTED: frozenset({"from", "to", "household"}),
    Tag.NOMINATION_TRIED: frozenset({"household", "tried", "why"}),
    Tag.NOMINATION_WITHDRAWN: frozenset({"from", "to", "household"}),
    Tag.NUMBERS_REBUILT: frozenset({"differences"}),
    Tag.OBSERVATION_RECORDED: frozenset({"household", "observed_on", "fields"}),
    Tag.OUTBOX_FILE_SENT: frozenset({"sha256", "commands", "brought_by"}),
    Tag.OUTBOX_FILE_TAKEN: frozenset({"sha256", "commands", "owner"}),
    Tag.OUTBOX_TIDIED: frozenset({"receipts", "claims"}),
    Tag.OUTCOMES_APPLIED: frozenset({"batch", "rows", "changed", "sha256"}),
    Tag.OUTCOMES_CHECKED: frozenset({"batch", "rows", "bad", "problems", "sha256"}),
    Tag.OUTCOMES_TRIED: frozenset({"batch", "why", "problems", "sha256"}),
    Tag.READINESS_ANSWERED: frozenset({"household", "instrument", "answered_on"}),
    Tag.READINESS_RECOMPUTED: frozenset({"households", "changed", "rule_version"}),
    Tag.REGIONS_LOADED: frozenset({"added", "changed", "retired", "reopened"}),
    Tag.ROSTER_APPLIED: frozenset({"stage", "rows", "added", "changed", "unchanged", "sha256"}),
    Tag.ROSTER_EXPORTED: frozenset({"region", "format", "rows", "filters", "numbers", "reason"}),
    Tag.SERVER_RESTORED: frozenset(),
    Tag.SUPPORT_RECORDED: frozenset({"household", "kind"}),
    Tag.TARGET_SET: frozenset({"region", "year", "kind", "before", "after"}),
    Tag.TARGET_TAKEN_BACK: frozenset({"region", "year", "kind", "before"}),
}

_without_keys = set(Tag) - set(DATA_KEYS)
if _without_keys:
    raise RuntimeError(f"tags without declared data keys: {sorted(_without_keys)}")
