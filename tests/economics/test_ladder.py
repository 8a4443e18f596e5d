"""One row per boundary of each rung."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.curriculum.rules import economics_lessons
from casework.economics.rules import (
    BorrowsFrom,
    EnterpriseFacts,
    EnterpriseKind,
    Ladder,
    LessonAttended,
    Need,
    ObservationFacts,
    Outcome,
    Rung,
    RungStatus,
    climb,
    economy,
    height_of,
    running_enterprises,
)
from casework.economics.rules.ladder import (
    LESSON_MANAGE_MONEY,
    LESSON_SAVE_AND_BORROW,
    LESSON_START_BUSINESS,
)

TODAY = date(2026, 11, 12)
YEAR_AGO = TODAY - timedelta(days=365)
REACHED, NOT_REACHED, NOT_KNOWN = RungStatus.REACHED, RungStatus.NOT_REACHED, RungStatus.NOT_KNOWN


def seen(on: date, *, minute: int = 0, **values: Any) -> ObservationFacts:
    recorded_at = datetime(2026, 11, 12, 8, minute, tzinfo=UTC)
    return ObservationFacts(observed_on=on, recorded_at=recorded_at, **values)


def status(ladder: Ladder, rung: Rung) -> RungStatus:
    return next(each.status for each in ladder.rungs if each.rung is rung)


def test_the_rungs_rest_on_the_lessons_of_the_economics_module() -> None:
    assert [each.running_no for each in economics_lessons()] == [
        LESSON_MANAGE_MONEY,
        LESSON_SAVE_AND_BORROW,
        LESSON_START_BUSINESS,
    ]


OBSERVED_RUNGS = [
    (Rung.MANAGE_MONEY, 5, {"keeps_budget": True}, {"keeps_budget": False}),
    (Rung.SAVE, 6, {"saves_per_month": 1}, {"saves_per_month": 0}),
    (Rung.USE_BANK, 6, {"uses_bank_account": True}, {"uses_bank_account": False}),
]


@pytest.mark.parametrize(("rung", "lesson", "good", "bad"), OBSERVED_RUNGS)
@pytest.mark.parametrize(
    ("lesson_on", "observed_on", "is_good", "expected"),
    [
        (TODAY, TODAY, True, REACHED),
        (date(2020, 1, 1), TODAY, True, REACHED),  # a lesson does not grow old
        (TODAY, YEAR_AGO, True, REACHED),
        (TODAY, YEAR_AGO - timedelta(days=1), True, NOT_KNOWN),
        (TODAY, YEAR_AGO - timedelta(days=1), False, NOT_KNOWN),
        (TODAY, TODAY, False, NOT_REACHED),
        (TODAY, None, True, NOT_KNOWN),
        (TODAY, TODAY + timedelta(days=1), True, NOT_KNOWN),
        (None, TODAY, True, NOT_REACHED),
        (TODAY + timedelta(days=1), TODAY, True, NOT_REACHED),
        (None, None, True, NOT_REACHED),
    ],
)
def test_a_rung_needs_its_lesson_and_a_recent_observation(
    rung: Rung,
    lesson: int,
    good: dict[str, Any],
    bad: dict[str, Any],
    lesson_on: date | None,
    observed_on: date | None,
    is_good: bool,
    expected: RungStatus,
) -> None:
    lessons = [LessonAttended(lesson, lesson_on)] if lesson_on else []
    observations = [seen(observed_on, **(good if is_good else bad))] if observed_on else []
    assert status(climb(lessons, observations, [], TODAY), rung) is expected


@pytest.mark.parametrize(
    ("since_on", "ended_on", "expected"),
    [
        (TODAY, None, REACHED),
        (TODAY + timedelta(days=1), None, NOT_REACHED),
        (date(2024, 1, 1), TODAY + timedelta(days=1), REACHED),
        (date(2024, 1, 1), TODAY, NOT_REACHED),
    ],
)
def test_the_last_rung_needs_a_business_running_on_the_day(
    since_on: date, ended_on: date | None, expected: RungStatus
) -> None:
    business = EnterpriseFacts(EnterpriseKind.FOOD_STALL, since_on, ended_on)
    ladder = climb([LessonAttended(7, TODAY)], [], [business], TODAY)
    assert status(ladder, Rung.START_BUSINESS) is expected


def test_no_business_on_record_is_not_reached_rather_than_unknown() -> None:
    ladder = climb([LessonAttended(7, TODAY)], [], [], TODAY)
    assert status(ladder, Rung.START_BUSINESS) is NOT_REACHED


def test_a_business_without_the_lesson_is_not_enough() -> None:
    business = EnterpriseFacts(EnterpriseKind.CRAFT, date(2020, 1, 1))
    assert status(climb([], [], [business], TODAY), Rung.START_BUSINESS) is NOT_REACHED


def test_a_rung_names_its_evidence_and_what_is_missing() -> None:
    ladder = climb(
        [LessonAttended(5, date(2026, 3, 4)), LessonAttended(5, date(2026, 2, 4))],
        [seen(date(2026, 10, 1), keeps_budget=False)],
        [],
        TODAY,
    )
    rung = ladder.rungs[0]
    assert [(each.need, each.on, each.lesson) for each in rung.evidence] == [
        (Need.LESSON, date(2026, 2, 4), 5)
    ]
    assert [(each.need, each.outcome, each.on) for each in rung.missing] == [
        (Need.BUDGET, Outcome.NOT_SEEN, date(2026, 10, 1))
    ]


def test_each_rung_stands_alone_and_the_lowest_open_one_is_next() -> None:
    business = EnterpriseFacts(EnterpriseKind.FARMING, date(2025, 1, 1))
    lessons = [LessonAttended(number, TODAY) for number in (5, 6, 7)]
    ladder = climb(lessons, [seen(TODAY, keeps_budget=True)], [business], TODAY)
    assert ladder.reached == 2
    assert ladder.possible == 4
    assert ladder.next is not None
    assert ladder.next.rung is Rung.SAVE


def test_nothing_is_next_at_the_top() -> None:
    ladder = climb(
        [LessonAttended(number, TODAY) for number in (5, 6, 7)],
        [seen(TODAY, keeps_budget=True, saves_per_month=30_000, uses_bank_account=True)],
        [EnterpriseFacts(EnterpriseKind.FARMING, TODAY)],
        TODAY,
    )
    assert ladder.next is None


@pytest.mark.parametrize(
    ("observations", "value", "on"),
    [
        ([], None, None),
        ([seen(TODAY)], None, None),
        # The latest day asked counts, whatever was recorded later about an earlier day.
        (
            [
                seen(date(2026, 5, 1), minute=9, keeps_budget=True),
                seen(date(2026, 6, 1), minute=1, keeps_budget=False),
            ],
            False,
            date(2026, 6, 1),
        ),
        # A day on which it was not asked does not wipe out what was known.
        (
            [seen(date(2026, 5, 1), keeps_budget=True), seen(date(2026, 6, 1))],
            True,
            date(2026, 5, 1),
        ),
        # A correction on the same day counts.
        ([seen(TODAY, keeps_budget=False), seen(TODAY, minute=1, keeps_budget=True)], True, TODAY),
        # Of one moment, the more cautious.
        ([seen(TODAY, keeps_budget=True), seen(TODAY, keeps_budget=False)], False, TODAY),
    ],
)
def test_the_latest_known_value_counts(
    observations: list[ObservationFacts], value: bool | None, on: date | None
) -> None:
    known = economy(observations, TODAY).keeps_budget
    assert (known.value if known else None, known.on if known else None) == (value, on)


dates = st.dates(date(2024, 1, 1), date(2027, 1, 1))
lessons_attended = st.builds(LessonAttended, st.integers(1, 29), dates, st.none() | st.booleans())
observation_facts = st.builds(
    ObservationFacts,
    observed_on=dates,
    recorded_at=st.integers(0, 59).map(lambda m: datetime(2026, 1, 1, 8, m, tzinfo=UTC)),
    keeps_budget=st.none() | st.booleans(),
    saves_per_month=st.none() | st.integers(0, 3),
    uses_bank_account=st.none() | st.booleans(),
    borrows_from=st.none() | st.sampled_from(BorrowsFrom),
)
enterprise_facts = st.builds(
    EnterpriseFacts, st.sampled_from(EnterpriseKind), dates, st.none() | dates
)


@given(
    st.lists(lessons_attended, max_size=6),
    st.lists(observation_facts, max_size=6),
    st.lists(enterprise_facts, max_size=3),
    st.randoms(use_true_random=False),
)
def test_the_order_of_facts_does_not_matter(
    lessons: list[LessonAttended],
    observations: list[ObservationFacts],
    enterprises: list[EnterpriseFacts],
    random: Any,
) -> None:
    before = climb(lessons, observations, enterprises, TODAY)
    known = economy(observations, TODAY)
    for facts in (lessons, observations, enterprises):
        random.shuffle(facts)
    assert climb(lessons, observations, enterprises, TODAY) == before
    assert economy(observations, TODAY) == known


@given(
    st.lists(lessons_attended, max_size=6),
    st.lists(observation_facts, max_size=6),
    st.lists(enterprise_facts, max_size=3),
)
def test_what_is_later_than_the_day_does_not_count(
    lessons: list[LessonAttended],
    observations: list[ObservationFacts],
    enterprises: list[EnterpriseFacts],
) -> None:
    day = date(2026, 1, 1)
    assert climb(lessons, observations, enterprises, day) == climb(
        [each for each in lessons if each.on <= day],
        [each for each in observations if each.observed_on <= day],
        [each for each in enterprises if each.since_on <= day],
        day,
    )


@given(
    st.lists(lessons_attended, max_size=6),
    st.lists(observation_facts, max_size=6),
    lessons_attended,
)
def test_one_more_lesson_never_costs_a_rung(
    lessons: list[LessonAttended], observations: list[ObservationFacts], more: LessonAttended
) -> None:
    before = climb(lessons, observations, [], TODAY)
    after = climb([*lessons, more], observations, [], TODAY)
    assert after.reached >= before.reached


@given(
    # Mostly the lessons that rungs rest on: of any lesson, hardly one family would climb.
    st.lists(
        st.builds(LessonAttended, st.integers(4, 8), dates, st.none() | st.booleans()), max_size=6
    ),
    st.lists(observation_facts, max_size=6),
    st.lists(enterprise_facts, max_size=3),
)
def test_the_height_is_that_of_the_ladder_with_its_findings(
    lessons: list[LessonAttended],
    observations: list[ObservationFacts],
    enterprises: list[EnterpriseFacts],
) -> None:
    known, running = economy(observations, TODAY), running_enterprises(enterprises, TODAY)
    ladder = climb(lessons, observations, enterprises, TODAY)
    assert height_of(lessons, known, running, TODAY) == (ladder.reached, ladder.possible)
