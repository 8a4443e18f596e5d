"""What an address asks for: kind, state, year and region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flask import url_for

from casework.core import clock
from casework.core.errors import NotFound
from casework.counts.queries.figures import TARGET_KINDS, What
from casework.counts.rules import NATION, YEARS_AHEAD, last_closed_day
from casework.households.rules import PROGRAMME_BEGAN
from casework.ledger.rules import CountedState, ExitKind, states_of
from casework.regions.rules import WIB

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    what: What
    year: int
    #: None is the nation.
    region: str | None
    #: The last day that public figures count.
    cut_off: date


def cut_off() -> date:
    """By the last of Indonesia's zones in which a month ends."""
    return last_closed_day(clock.today(WIB))


def asked(given: Mapping[str, str]) -> Asked:
    """Raises: NotFound for what is no kind, state or year, and for a state in which that kind is
    never counted; the region is not looked at yet."""
    until = cut_off()
    kind = _one_of(ExitKind, given.get("kind"), ExitKind.INDEPENDENT)
    state = _one_of(CountedState, given.get("state"), states_of(kind)[0])
    if state not in states_of(kind):
        raise NotFound
    what = What(kind, state)
    region = given.get("region") or NATION
    return Asked(
        what, year_of(given.get("year"), until), None if region == NATION else region, until
    )


def targeted(given: Mapping[str, str]) -> What:
    """Of a page of targets: graduasi mandiri unless another kind is named. Raises: NotFound for
    what no target is set for."""
    kind = _one_of(ExitKind, given.get("kind"), ExitKind.INDEPENDENT)
    if kind not in TARGET_KINDS:
        raise NotFound
    return What.of_target(kind)


def chosen(given: Mapping[str, str]) -> Asked:
    """As `asked`, of a form in which kind and state stand beside each other: a state that the
    chosen kind does not know gives way. Raises: NotFound."""
    kind = _one_of(ExitKind, given.get("kind"), ExitKind.INDEPENDENT)
    state = _one_of(CountedState, given.get("state"), states_of(kind)[0])
    if state in states_of(kind):
        return asked(given)
    return asked({name: text for name, text in given.items() if name != "state"})


def year_of(text: str | None, until: date) -> int:
    """The year of the cut-off without one; a year of the programme. Raises: NotFound."""
    if not text:
        return until.year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise NotFound
    year = int(text)
    if not PROGRAMME_BEGAN.year <= year <= until.year + YEARS_AHEAD:
        raise NotFound
    return year


def years_offered(today: date) -> range:
    """Those that the pages of targets lead to: the last one, and those that are being planned.
    Four links fit beside each other on a phone."""
    return range(today.year - 1, today.year + 3)


def open_ended(endpoint: str, last: str, **given: Any) -> str:
    """The beginning of addresses that differ in their last parameter alone; its value, which must
    need no quoting, is put behind. Building each by itself takes longer than the rest of a long
    page."""
    start = url_for(endpoint, **given)
    return f"{start}{'&' if '?' in start else '?'}{last}="


def _one_of(words: type[Word], text: str | None, default: Word) -> Word:
    if not text:
        return default
    try:
        return words(text)
    except ValueError:
        raise NotFound from None
