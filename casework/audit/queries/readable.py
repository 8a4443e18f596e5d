"""The data of an entry as lines that a person reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from casework.audit.labels import KEYS, VALUES
from casework.audit.models import END_LENGTH
from casework.web.locale import day, number, rupiah

#: Data keys whose value is the id of something that has a page, and what that something is.
ID_KEYS = {
    "household": "household",
    "nomination": "nomination",
    "from_group": "group",
    "to_group": "group",
    "leader_id": "household",
    "from_facilitator": "account",
    "to_facilitator": "account",
    "owner": "account",
}
#: Days, recorded as 2026-11-12.
DAY_KEYS = frozenset(
    {
        *("answered_on", "closed_on", "ended_on", "happened_on", "held_on", "letter_on"),
        *("moved_to", "observed_on", "on", "since_on", "visited_on"),
    }
)
#: Whole rupiah.
AMOUNT_KEYS = frozenset({"turnover_per_month"})
#: Fingerprints of files, of which nobody reads all 64 signs.
FINGERPRINT_KEYS = frozenset({"sha256"})
#: Signs by which two files of a page are told apart.
_SHOWN = 8
#: Numbers that are names: no sign between their thousands.
YEAR_KEYS = frozenset({"member_since_year", "year"})


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    value: str
    #: What the value is the id of, and that id; both empty for plain values.
    subject_type: str = ""
    subject_id: str = ""
    #: All of a value of which only the beginning is shown.
    whole: str = ""


def lines(data: Mapping[str, Any]) -> list[Line]:
    """`changes` is opened up: one line for each field, before and after."""
    found = []
    for key, value in data.items():
        if key == "changes" and isinstance(value, Mapping):
            found += [_change(field, *pair) for field, pair in value.items()]
        elif key in ID_KEYS and value:
            found.append(Line(_label(key), short(str(value)), ID_KEYS[key], str(value)))
        elif key in FINGERPRINT_KEYS and value and len(str(value)) > _SHOWN:
            found.append(Line(_label(key), f"{str(value)[:_SHOWN]}…", whole=str(value)))
        else:
            found.append(Line(_label(key), _plain(key, value)))
    return found


def short(subject_id: str) -> str:
    """The end of an id: enough to tell two apart, and the beginning is only the time."""
    return subject_id if len(subject_id) <= 2 * END_LENGTH else f"…{subject_id[-END_LENGTH:]}"


def _change(field: str, before: Any = None, after: Any = None) -> Line:
    is_id = field in ID_KEYS
    values = [
        short(_plain(field, value)) if is_id else _plain(field, value) for value in (before, after)
    ]
    return Line(_label(field), " → ".join(values))


def _label(key: str) -> str:
    return str(KEYS.get(key, key))


def _plain(key: str, value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        words = VALUES.get(key, {})
        parts = [
            f"{words.get(name) or _label(name)}: {_plain(name, part)}"
            for name, part in value.items()
        ]
        return ", ".join(parts) or "–"
    if isinstance(value, list):
        return ", ".join(_plain(key, part) for part in value) or "–"
    if isinstance(value, int) and key not in YEAR_KEYS:
        return rupiah(value) if key in AMOUNT_KEYS else number(value)
    if key in DAY_KEYS:
        return _day(str(value))
    return str(VALUES.get(key, {}).get(str(value), value))


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text
