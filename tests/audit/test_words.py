"""The trail is read by an auditor, not by a programmer: no value and no key stands there as the
code writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from casework.access.roles import Role
from casework.audit.labels import KEYS, VALUES
from casework.audit.models import AuditEntry
from casework.audit.queries.readable import lines
from casework.audit.tags import DATA_KEYS, Tag
from casework.core.db import db
from casework.core.tables.reading.errors import FileFault
from casework.economics.actions import Seen
from casework.economics.rules import EnterpriseKind, Licence, SalesChannel, SupportKind
from casework.graduation.reading.faults import OutcomeFault
from casework.graduation.states import ConsentGiven, EvidenceKind, NominationStatus, Step, WhyNot
from casework.households.queries.numbers import Number
from casework.households.rules import HouseholdStatus
from casework.ledger.rules import ExitKind
from casework.meetings.rules import MeetingStatus
from casework.readiness.rules import Verdict
from casework.rosters.rules import NumbersShown, TableFormat
from casework.wiring import collect_labels

#: Which members are recorded under which key.
RECORDED: Mapping[str, tuple[type[Enum], ...]] = {
    "channels": (SalesChannel,),
    "format": (TableFormat,),
    "from": (NominationStatus,),
    "given": (ConsentGiven,),
    "kind": (EnterpriseKind, EvidenceKind, ExitKind, SupportKind),
    "licences": (Licence,),
    "numbers": (NumbersShown,),
    "readiness": (Verdict,),
    "role": (Role,),
    "status": (HouseholdStatus, MeetingStatus),
    "to": (NominationStatus,),
    "tried": (Step,),
    "what": (Number,),
    "why": (WhyNot, FileFault),
}

#: What the demonstration does not play, as the actions record it.
NOT_PLAYED: Mapping[Tag, Mapping[str, Any]] = {
    Tag.MEETING_CALLED_OFF: {"held_on": "2026-11-12", "total": 24, "moved_to": "2026-11-05"},
    Tag.MEETING_SETTLED: {
        "held_on": "2026-11-12",
        "marks_changed": 2,
        "head": True,
        "differing": 1,
        "present": 20,
        "total": 24,
        "lessons": [5, 6],
        "lessons_before": [1],
    },
    Tag.BATCH_LISTED: {"batch": "3/2026", "rows": 12, "numbers": "full"},
    Tag.OUTCOMES_APPLIED: {"batch": "3/2026", "rows": 12, "changed": 11, "sha256": "1a2b"},
    Tag.OUTCOMES_TRIED: {
        "batch": "3/2026",
        "why": "rows_refused",
        "problems": {"withdrawn": 1},
        "sha256": "1a2b",
    },
    Tag.OUTCOMES_CHECKED: {
        "batch": "3/2026",
        "rows": 12,
        "bad": 5,
        "problems": {"elsewhere": 1, "not_in_batch": 2, "twice": 2},
        "sha256": "1a2b",
    },
    Tag.ACCOUNT_ACTIVATED: {},
    Tag.ACCOUNT_DOUBLED: {"username": "siti.r"},
    Tag.ACCOUNT_CHANGED: {
        "changes": {
            "name": ["Siti", "Siti R."],
            "job_title": ["", "Pendamping"],
            "employee_number": ["", "1985"],
            "role": ["facilitator", "supervisor"],
            "region_code": ["71.71.01", "71.71"],
        }
    },
    Tag.ACCOUNT_DISABLED: {},
    Tag.ACCOUNT_ENABLED: {},
    Tag.ACCOUNT_LINK_MADE: {},
    Tag.ACCOUNT_PASSWORD_CHANGED: {},
    Tag.MEETING_RECEIVED: {
        "held_on": "2026-11-12",
        "status": "sent",
        "present": 27,
        "total": 29,
        "marks_changed": 29,
        "differing": 1,
        "left_out": ["01a214b0-aae5-7045-a847-775f610add20"],
        "command": "6f0f5a3e-6a53-4b0e-9c56-1d1f0a7a2b11",
        "lessons": [5, 6],
        "lessons_before": None,
    },
    Tag.OUTBOX_FILE_SENT: {
        "sha256": "0f" * 32,
        "commands": ["6f0f5a3e-6a53-4b0e-9c56-1d1f0a7a2b11"],
        "brought_by": "Siti Rahma",
    },
    Tag.OUTBOX_FILE_TAKEN: {
        "sha256": "0f" * 32,
        "commands": 3,
        "owner": "01a214b0-aae5-7045-a847-775f610add20",
    },
    Tag.OUTBOX_TIDIED: {"receipts": 2000, "claims": 0},
    Tag.SERVER_RESTORED: {},
    Tag.TARGET_TAKEN_BACK: {"region": "71.71", "year": 2026, "kind": "independent", "before": 300},
    Tag.MEETING_PHOTO_REMOVED: {"held_on": "2026-11-12", "photo": "1a2b", "sha256": "1a2b"},
    Tag.COUNT_REBUILT: {"areas": 1, "differences": 0},
    Tag.ENTERPRISE_CHANGED: {
        "household": None,
        "changes": {
            "kind": ["food_stall", "online_trade"],
            "name": ["", "Warung Siti"],
            "since_on": ["2024-01-01", "2024-02-01"],
            "ended_on": [None, "2026-11-01"],
            "turnover_per_month": [None, 1_500_000],
            "licences": [[], ["nib", "halal"]],
            "channels": [["home"], ["gofood", "social_media"]],
        },
    },
    Tag.FOLLOW_UP_CORRECTED: {
        "household": None,
        "visited_on": "2026-11-12",
        "months": 3,
        "corrects": "01a214b0-aae5-7045-a847-775f610add20",
    },
    Tag.EXIT_TRIED: {"kind": "died", "stage": "2026-4", "why": "own_exit"},
    Tag.GROUP_CLOSED: {"on": "2026-11-12", "from_facilitator": None},
    Tag.GROUP_REOPENED: {"closed_on": "2026-11-12"},
    Tag.HOUSEHOLD_ENTRY_RECORDED: {"changes": {"member_since_year": [None, 2019]}},
    Tag.HOUSEHOLD_MOVED: {
        "from_regency": "Kota Bitung",
        "to_regency": "Kota Manado",
        "stage": "2026-4",
    },
    Tag.HOUSEHOLD_SOUGHT: {"found": 1},
    Tag.LOGIN_ENDED: {"sessions": 2},
    Tag.LOGIN_FAILED: {"failures": 3},
    Tag.LOGIN_STARTED: {},
    Tag.MEETINGS_RECOUNTED: {"differences": 0},
    Tag.NIK_FOUND_ELSEWHERE: {"stage": "2026-4", "rows": 2, "sha256": "1a2b"},
    Tag.CERTIFICATES_MADE: {"stage": "2026-1 - 2026-4", "households": 12},
    Tag.NIK_REVEALED: {"what": "no_kk"},
    Tag.NOMINATION_TRIED: {
        "household": "0199a0c1-0000-7000-8000-000000000001",
        "tried": "add_evidence",
        "why": "file_used",
    },
    Tag.NUMBERS_REBUILT: {"differences": 0},
    Tag.ECONOMICS_COUNTED: {"households": 600},
    Tag.READINESS_RECOMPUTED: {"households": 600, "changed": 3, "rule_version": "1a2b3c"},
    Tag.ROSTER_EXPORTED: {
        "region": "71.71",
        "format": "xlsx",
        "rows": 138,
        "filters": {
            "status": "exited",
            "stage": "2026-4",
            "readiness": "nearly_ready",
            "group": "Melati",
        },
        "numbers": "full",
        "reason": "diminta dinas",
    },
}

#: Written by people: a user may be called "viewer", a group "draft".
PEOPLES_OWN = {"username", "name", "group", "job_title", "reason"}
#: Names of versions and files, not words: an auditor compares them sign by sign.
SIGN_BY_SIGN = {"sha256", "rule_version", "instrument"}

#: Two words of code tied together.
SNAKE = re.compile(r"[a-z]+_[a-z_]+")


def raw_words() -> set[str]:
    return {
        str(member.value) for enums in RECORDED.values() for enum in enums for member in enum
    } | set(Seen.__slots__)


def unreadable(data: Mapping[str, Any]) -> Iterator[str]:
    """What of these data a person would read as the code writes it."""
    unknown = set(_keys(data)) - set(KEYS)
    yield from (f"key {key}" for key in sorted(unknown))
    judged = {key: value for key, value in data.items() if key not in PEOPLES_OWN | SIGN_BY_SIGN}
    if "changes" in judged:
        changes = judged["changes"].items()
        judged["changes"] = {key: pair for key, pair in changes if key not in PEOPLES_OWN}
    raw = raw_words()
    for line in lines(judged):
        if line.subject_id:
            continue
        for part in re.split(r", | → |: ", line.value):
            if part in raw or SNAKE.search(part) or re.fullmatch(r"\d{4}-\d\d-\d\d", part):
                yield f"{line.label}: {part}"


def _keys(data: Mapping[str, Any]) -> Iterator[str]:
    for key, value in data.items():
        if key != "changes":
            yield key
        # What is counted by its kind has its words among the values.
        if isinstance(value, Mapping) and key not in VALUES:
            yield from _keys(value)


@pytest.mark.xdist_group("demo")
def test_nothing_in_the_trail_of_the_demonstration_reads_like_code(small_demo: Flask) -> None:
    with small_demo.app_context():
        entries = db.session.execute(select(AuditEntry.tag, AuditEntry.data)).all()
        raw = {(tag, each) for tag, data in entries for each in unreadable(data)}
    assert raw == set(), "add the words to casework/audit/labels/"
    assert {Tag(tag) for tag, _data in entries} | set(NOT_PLAYED) == set(Tag), (
        "a tag that the demo does not play needs an example in NOT_PLAYED"
    )


@pytest.mark.parametrize("tag", sorted(NOT_PLAYED))
def test_what_the_demonstration_does_not_play_reads_as_words_too(app: Flask, tag: Tag) -> None:
    data = NOT_PLAYED[tag]
    assert set(data) == DATA_KEYS[tag]
    with app.app_context():
        assert list(unreadable(data)) == [], "add the words to casework/audit/labels/"


@pytest.mark.parametrize("key", sorted(RECORDED))
def test_a_recorded_value_reads_as_its_feature_says_it(app: Flask, key: str) -> None:
    labels = collect_labels()
    with app.app_context():
        for enum in RECORDED[key]:
            for member in enum:
                told = VALUES[key].get(str(member.value))
                assert told is not None, f"add {key}={member.value} to casework/audit/labels/"
                if enum in labels:
                    assert str(told) == str(labels[enum][member]), (key, member)


def test_everything_that_can_be_asked_of_a_family_has_its_words() -> None:
    assert set(VALUES["fields"]) == set(Seen.__slots__) - {"observed_on", "note"}


def test_every_fault_of_a_row_of_outcomes_has_its_words(app: Flask) -> None:
    """Shorter ones than its feature's, which speak of the row's values."""
    words = VALUES["problems"]
    assert set(words) == {each.value for each in OutcomeFault}
    with app.app_context():
        counted = {"problems": dict.fromkeys(words, 1)}
        assert lines(counted)[0].value == ", ".join(f"{told}: 1" for told in words.values())
