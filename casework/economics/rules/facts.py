"""What was seen of a family's economy, and what of it counts on a given day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from casework.economics.rules.kinds import BorrowsFrom, EnterpriseKind, Licence

#: How long an observation speaks for the family.
#: Source: none official; product default, docs/decisions/0005.
OBSERVATION_VALID_DAYS = 365

#: Observations of one family that one person records in a day: one visit makes one, and a slip is
#: mended by one more.
#: Source: none official; product default, docs/decisions/0025.
MOST_OBSERVATIONS = 20


class LessonAttended(NamedTuple):
    """The family was present when this lesson was taught."""

    running_no: int
    on: date
    #: Good or very good: True; poor: False; not assessed: None.
    understood: bool | None = None


@dataclass(frozen=True, slots=True)
class ObservationFacts:
    """What was seen or told on one day; None means not asked. Money in whole rupiah."""

    observed_on: date
    recorded_at: datetime
    keeps_budget: bool | None = None
    saves_per_month: int | None = None
    savings_total: int | None = None
    uses_bank_account: bool | None = None
    borrows_from: BorrowsFrom | None = None
    income_per_month: int | None = None


@dataclass(frozen=True, slots=True)
class EnterpriseFacts:
    kind: EnterpriseKind
    since_on: date
    #: First day without the business.
    ended_on: date | None = None
    licences: frozenset[Licence] = frozenset()
    #: None where nobody asked.
    recorded_at: datetime | None = None
    #: Last, and whatever of it: also turnover and channels, by which nobody judges. Lateness goes
    #: by this moment, for a day moved or emptied since must not look as old as the record.
    changed_at: datetime | None = None

    def is_running(self, on: date) -> bool:
        return self.since_on <= on and (self.ended_on is None or on < self.ended_on)


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Dated(Generic[T]):
    """A value and the day it was seen."""

    value: T
    on: date

    def is_recent(self, as_of: date) -> bool:
        return self.on >= as_of - timedelta(days=OBSERVATION_VALID_DAYS)


@dataclass(frozen=True, slots=True)
class Economy:
    """The latest known value of each thing observed; None: never asked."""

    keeps_budget: Dated[bool] | None
    saves_per_month: Dated[int] | None
    savings_total: Dated[int] | None
    uses_bank_account: Dated[bool] | None
    borrows_from: Dated[BorrowsFrom] | None
    income_per_month: Dated[int] | None


NOTHING_KNOWN = Economy(None, None, None, None, None, None)


def economy(observations: Iterable[ObservationFacts], as_of: date) -> Economy:
    """What was known of the family's economy on a day, in whatever order it was recorded.

    The latest day asked counts, of one day the latest recorded: a correction is a new
    observation. Of two recorded at the same moment the more cautious one counts.
    """
    observations = tuple(observations)
    if not observations:
        return NOTHING_KNOWN
    newest = sorted(
        (each for each in observations if each.observed_on <= as_of), key=_moment, reverse=True
    )
    return Economy(
        keeps_budget=_latest(newest, "keeps_budget", _less),
        saves_per_month=_latest(newest, "saves_per_month", _less),
        savings_total=_latest(newest, "savings_total", _less),
        uses_bank_account=_latest(newest, "uses_bank_account", _less),
        borrows_from=_latest(newest, "borrows_from", _risk),
        income_per_month=_latest(newest, "income_per_month", _less),
    )


def running_enterprises(
    enterprises: Iterable[EnterpriseFacts], as_of: date
) -> tuple[EnterpriseFacts, ...]:
    """Businesses running on a day, the oldest first."""
    running = [each for each in enterprises if each.is_running(as_of)]
    running.sort(key=lambda e: (e.since_on, e.kind, sorted(e.licences)))
    return tuple(running)


def _moment(observation: ObservationFacts) -> tuple[date, datetime]:
    return observation.observed_on, observation.recorded_at


def _latest(
    newest: Sequence[ObservationFacts], name: str, caution: Callable[[Any], int]
) -> Dated[Any] | None:
    """First known value of observations that are sorted newest first.

    `caution` is the higher, the less a value speaks for the family.
    """
    best: ObservationFacts | None = None
    for each in newest:
        value = getattr(each, name)
        if best is not None and _moment(each) != _moment(best):
            break
        if value is not None and (best is None or caution(value) > caution(getattr(best, name))):
            best = each
    return None if best is None else Dated(getattr(best, name), best.observed_on)


def _less(value: int) -> int:
    """A smaller amount, or no instead of yes."""
    return -int(value)


_SOURCES = tuple(BorrowsFrom)


def _risk(source: BorrowsFrom) -> int:
    return len(_SOURCES) if source is BorrowsFrom.MONEYLENDER else _SOURCES.index(source)
