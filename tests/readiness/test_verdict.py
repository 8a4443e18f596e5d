from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.economics.rules import (
    BorrowsFrom,
    EnterpriseFacts,
    EnterpriseKind,
    LessonAttended,
    Licence,
    ObservationFacts,
)
from casework.readiness.instruments import current
from casework.readiness.rules import (
    Answer,
    AttendanceYear,
    Components,
    HouseholdFacts,
    Status,
    Verdict,
    assess,
    judge,
    outcomes,
)
from tests.readiness.families import QUESTIONS, TODAY, assessed

INSTRUMENT = current()
MET, NOT_MET, UNKNOWN = Status.MET, Status.NOT_MET, Status.UNKNOWN
RANK = list(Verdict)


def test_a_family_that_meets_everything_is_ready() -> None:
    result = assessed()
    assert (result.verdict, result.score, result.missing) == (Verdict.READY, 100, ())


def test_of_a_family_nobody_has_looked_at_too_little_is_known() -> None:
    result = assess(INSTRUMENT, HouseholdFacts(AttendanceYear(0, 0)), {}, TODAY)
    assert (result.verdict, result.score) == (Verdict.TOO_LITTLE_KNOWN, 0)


@pytest.mark.parametrize(
    ("not_met", "unknown", "score", "verdict"),
    [
        ([], [], 100, Verdict.READY),
        # From 75 points on, with every gate met.
        (["attendance", "economics_understood", "ladder", "income_wage"], [], 75, Verdict.READY),
        (
            ["attendance", "economics_understood", "ladder", "income_wage", "licence"],
            [],
            72,
            Verdict.NEARLY_READY,
        ),
        # One gate open, known or unknown.
        (["mental_readiness"], [], 95, Verdict.NEARLY_READY),
        ([], ["mental_readiness"], 95, Verdict.NEARLY_READY),
        # Two gates may be open, three may not.
        (["mental_readiness", "commitments"], [], 90, Verdict.NEARLY_READY),
        (["mental_readiness", "commitments", "asset"], [], 83, Verdict.NOT_YET),
        # From 60 points on.
        (["income", "livelihood", "attendance"], [], 60, Verdict.NEARLY_READY),
        (["income", "livelihood", "attendance", "licence"], [], 57, Verdict.NOT_YET),
        # More than 40 points unknown.
        ([], ["income", "livelihood", "savings"], 60, Verdict.NOT_YET),
        ([], ["income", "livelihood", "savings", "licence"], 57, Verdict.TOO_LITTLE_KNOWN),
    ],
)
def test_the_verdict_follows_gates_score_and_what_is_unknown(
    not_met: list[str], unknown: list[str], score: int, verdict: Verdict
) -> None:
    states = dict.fromkeys(not_met, NOT_MET) | dict.fromkeys(unknown, UNKNOWN)
    statuses = [states.get(each.id, MET) for each in INSTRUMENT.indicators]
    assert judge(INSTRUMENT, statuses) == (score, verdict)


some_statuses = st.lists(
    st.sampled_from(Status),
    min_size=len(INSTRUMENT.indicators),
    max_size=len(INSTRUMENT.indicators),
)
one_of_them = st.integers(0, len(INSTRUMENT.indicators) - 1)


@given(some_statuses, one_of_them)
def test_meeting_one_more_indicator_never_lowers_anything(
    statuses: list[Status], index: int
) -> None:
    score, verdict = judge(INSTRUMENT, statuses)
    more = [*statuses[:index], MET, *statuses[index + 1 :]]
    better, higher = judge(INSTRUMENT, more)
    assert better == score + (INSTRUMENT.indicators[index].weight if statuses[index] != MET else 0)
    assert RANK.index(higher) >= RANK.index(verdict)


@given(some_statuses, one_of_them)
def test_not_knowing_never_raises_the_verdict(statuses: list[Status], index: int) -> None:
    score, verdict = judge(INSTRUMENT, statuses)
    less = [*statuses[:index], UNKNOWN, *statuses[index + 1 :]]
    lower, lower_verdict = judge(INSTRUMENT, less)
    assert lower <= score
    assert RANK.index(lower_verdict) <= RANK.index(verdict)


@given(some_statuses)
def test_nobody_is_ready_past_an_open_gate(statuses: list[Status]) -> None:
    _, verdict = judge(INSTRUMENT, statuses)
    gates = zip(INSTRUMENT.indicators, statuses, strict=True)
    if any(each.is_gate and status is not MET for each, status in gates):
        assert verdict is not Verdict.READY


days = st.dates(date(2025, 1, 1), date(2027, 1, 1))
households = st.builds(
    HouseholdFacts,
    attendance=st.integers(0, 12).flatmap(
        lambda held: st.builds(AttendanceYear, st.just(held), st.integers(0, held))
    ),
    lessons=st.lists(
        st.builds(LessonAttended, st.integers(4, 8), days, st.none() | st.booleans()), max_size=5
    ).map(tuple),
    observations=st.lists(
        st.builds(
            ObservationFacts,
            observed_on=days,
            recorded_at=st.just(datetime(2026, 1, 1, tzinfo=UTC)),
            keeps_budget=st.none() | st.booleans(),
            saves_per_month=st.none() | st.integers(0, 100_000),
            savings_total=st.none() | st.integers(0, 9_000_000),
            uses_bank_account=st.none() | st.booleans(),
            borrows_from=st.none() | st.sampled_from(BorrowsFrom),
            income_per_month=st.none() | st.integers(0, 8_000_000),
        ),
        max_size=4,
    ).map(tuple),
    enterprises=st.lists(
        st.builds(
            EnterpriseFacts,
            st.sampled_from(EnterpriseKind),
            days,
            st.none() | days,
            st.frozensets(st.sampled_from(Licence)),
        ),
        max_size=3,
    ).map(tuple),
    member_since_year=st.none() | st.integers(2010, 2026),
    components=st.none() | st.builds(Components, *[st.integers(0, 2)] * 4),
)
some_answers = st.dictionaries(st.sampled_from(QUESTIONS), st.builds(Answer, st.booleans(), days))


@given(households, some_answers, st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(
    facts: HouseholdFacts, answers: dict[str, Answer], random: Any
) -> None:
    def shuffled(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(rows, len(rows)))

    other = HouseholdFacts(
        facts.attendance,
        shuffled(facts.lessons),
        shuffled(facts.observations),
        shuffled(facts.enterprises),
        facts.member_since_year,
        facts.components,
    )
    assert assess(INSTRUMENT, other, answers, TODAY) == assess(INSTRUMENT, facts, answers, TODAY)


@given(households, some_answers)
def test_what_comes_later_does_not_change_a_past_day(
    facts: HouseholdFacts, answers: dict[str, Answer]
) -> None:
    day = TODAY - timedelta(days=200)
    until_then = HouseholdFacts(
        facts.attendance,
        tuple(each for each in facts.lessons if each.on <= day),
        tuple(each for each in facts.observations if each.observed_on <= day),
        tuple(each for each in facts.enterprises if each.since_on <= day),
        facts.member_since_year,
        facts.components,
    )
    known = {question: answer for question, answer in answers.items() if answer.on <= day}
    assert assess(INSTRUMENT, facts, answers, day) == assess(INSTRUMENT, until_then, known, day)


@given(households, some_answers, st.sampled_from(QUESTIONS))
def test_taking_an_answer_away_never_raises_the_verdict(
    facts: HouseholdFacts, answers: dict[str, Answer], question: str
) -> None:
    fewer = {key: answer for key, answer in answers.items() if key != question}
    before = assess(INSTRUMENT, facts, answers, TODAY)
    after = assess(INSTRUMENT, facts, fewer, TODAY)
    assert after.score <= before.score
    assert RANK.index(after.verdict) <= RANK.index(before.verdict)


@given(households, some_answers)
def test_the_stored_verdict_is_that_of_the_page_with_its_reasons(
    facts: HouseholdFacts, answers: dict[str, Answer]
) -> None:
    explained = assess(INSTRUMENT, facts, answers, TODAY)
    assert outcomes(INSTRUMENT, TODAY)(facts, answers) == (
        explained.verdict,
        explained.score,
        explained.ladder.reached,
    )
