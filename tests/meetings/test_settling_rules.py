"""Since when claims differ, what one may choose between, and from when on a supervisor may."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.meetings.rules import (
    Claim,
    Head,
    Mark,
    MarkedHow,
    Presence,
    Understanding,
    differs_since,
    head_choices,
    mark_choices,
    page_claim,
    standing,
    supervisor_may,
)
from tests.meetings.test_claims import (
    ANI,
    BUDI,
    GOOD,
    HEAD,
    HERE,
    OTHER,
    PHONE,
    POOR,
    SICK,
    THIRD,
    claim,
)

SINCE = datetime(2026, 11, 12, 4, tzinfo=UTC)
ELSEWHERE = Head(0b1, "", None, None, "Rumah Ibu Sarah")


@pytest.mark.parametrize(
    ("after", "may"),
    [
        (timedelta(days=6), False),
        (timedelta(days=7) - timedelta(seconds=1), False),
        (timedelta(days=7), True),
        (timedelta(days=8), True),
    ],
)
def test_a_supervisor_may_from_the_seventh_day_on(after: timedelta, may: bool) -> None:
    assert supervisor_may(SINCE, SINCE + after) is may


DAY, WEEK = timedelta(days=1), timedelta(days=7)


def since(claims: Sequence[Claim], family: uuid.UUID | None = ANI, apart: timedelta = DAY) -> int:
    """The version of the claim with which they began to differ, one coming so long after the
    other; 0: they agree."""
    at = {each.version: SINCE + each.version * apart for each in claims}
    began = differs_since([(each, at[each.version]) for each in claims], family)
    return next((version for version, moment in at.items() if moment == began), 0)


ONE = claim(PHONE, {ANI: HERE, BUDI: HERE}, version=1)
TWO = claim(OTHER, {ANI: SICK}, version=2)
AGREEING = claim(THIRD, {ANI: SICK}, base=2, version=3)
SETTLED = page_claim(uuid.uuid4(), 3, uuid.uuid4(), None, {ANI: SICK})
AGAIN = claim(PHONE, {ANI: GOOD}, seq=2, version=4)


@pytest.mark.parametrize(
    ("claims", "began"),
    [
        ([ONE], 0),
        ([ONE, claim(OTHER, {ANI: HERE}, version=2)], 0),
        # The later of the two made it differ.
        ([ONE, TWO], 2),
        ([TWO, ONE], 2),
        # A third that differs too does not begin the time anew.
        ([ONE, TWO, claim(THIRD, {ANI: GOOD}, version=3)], 2),
        # Nor does the first phone's later word, which still says otherwise.
        ([ONE, TWO, claim(PHONE, {ANI: GOOD}, seq=2, version=3)], 2),
        # Nor do two that agree for a while.
        ([ONE, TWO, AGREEING, AGAIN], 2),
        ([ONE, TWO, claim(PHONE, {ANI: SICK}, seq=2, version=3), replace(AGAIN, seq=3)], 2),
        # What was settled on the page and differs again, differs since then.
        ([ONE, TWO, SETTLED, AGAIN], 4),
        # Another family is another matter.
        ([ONE, claim(OTHER, {BUDI: SICK}, version=2)], 0),
        ([ONE, claim(OTHER, {BUDI: SICK}, version=2), replace(TWO, version=3, seq=2)], 3),
    ],
)
def test_a_family_differs_since_the_claim_that_made_it_so(
    claims: Sequence[Claim], began: int
) -> None:
    assert since(claims) == began
    assert bool(began) == (ANI in standing(claims).differing)


@pytest.mark.parametrize(
    ("apart", "began"), [(WEEK - timedelta(seconds=1), 2), (WEEK, 4), (WEEK + DAY, 4)]
)
def test_what_was_agreed_on_for_a_week_differs_anew(apart: timedelta, began: int) -> None:
    assert since([ONE, TWO, AGREEING, AGAIN], apart=apart) == began


def test_the_meeting_itself_differs_since_the_claim_that_made_it_so() -> None:
    other = claim(OTHER, {}, version=3, head=ELSEWHERE)
    silent = claim(THIRD, {ANI: SICK}, version=2, head=None)
    assert since([ONE, silent], None) == 0
    assert since([ONE, silent, other], None) == 3


_SAID = st.tuples(
    st.sampled_from([PHONE, OTHER, THIRD]), st.sampled_from([HERE, SICK, GOOD]), st.integers(0, 9),
    st.booleans(),
)  # fmt: skip


@given(st.lists(_SAID, min_size=1, max_size=9))
def test_they_differ_since_some_moment_exactly_where_they_differ(said: list[Any]) -> None:
    claims = [
        replace(
            claim(device, {ANI: replace(mark, note=str(number))}, seq=number, version=number),
            base_version=min(base, number - 1),
            keeps_note=frozenset({ANI} if keeps else ()),
        )
        for number, (device, mark, base, keeps) in enumerate(said, 1)
    ]
    assert bool(since(claims)) == (ANI in standing(claims).differing)


def test_what_the_page_saved_is_one_claim_whenever_it_is_made() -> None:
    meeting, person = uuid.uuid4(), uuid.uuid4()
    made = [page_claim(meeting, 3, person, None, {ANI: HERE}) for _time in range(2)]
    assert made[0] == made[1]
    assert made[0].knew(TWO)


LONG = [replace(HERE, note="a" * 120), replace(HERE, note="b" * 120)]


@pytest.mark.parametrize(
    ("said", "choices"),
    [
        ({"a": HERE, "b": SICK}, {"a": HERE, "b": SICK}),
        # Present first, whoever said it.
        ({"a": SICK, "b": HERE}, {"b": HERE, "a": SICK}),
        # Each once.
        ({"a": SICK, "b": HERE, "c": SICK}, {"b": HERE, "a": SICK}),
        # Nobody contradicts who has assessed it.
        ({"a": HERE, "b": GOOD, "c": SICK}, {"b": GOOD, "c": SICK}),
        ({"a": HERE, "b": GOOD, "c": POOR}, {"c": POOR, "b": GOOD}),
        # Somebody looks at the one family now.
        ({"a": Mark(Presence.PRESENT, marked_how=MarkedHow.BULK), "b": SICK},
         {"a": HERE, "b": SICK}),
        # Every note goes with whatever is chosen.
        (
            {"a": replace(HERE, note="terlambat"), "b": replace(SICK, note="demam"), "c": SICK},
            {
                "a": replace(HERE, note="terlambat / demam"),
                "b": replace(SICK, note="terlambat / demam"),
            },
        ),
        # But where they are too long together.
        ({"a": LONG[0], "b": LONG[1]}, {"a": LONG[0], "b": LONG[1]}),
    ],
)  # fmt: skip
def test_what_one_may_choose_between(said: Mapping[str, Mark], choices: Mapping[str, Mark]) -> None:
    found = mark_choices(said, [mark.note for mark in said.values()])
    assert found == choices
    assert list(found) == list(choices)


def test_a_chosen_understanding_was_chosen_one_by_one() -> None:
    bulk = Mark(Presence.PRESENT, Understanding.GOOD, assessed_how=MarkedHow.BULK)
    assert mark_choices({"a": bulk, "b": SICK}, [])["a"].assessed_how is MarkedHow.SINGLE


def test_each_meeting_as_told_is_offered_once() -> None:
    assert head_choices({"a": HEAD, "b": ELSEWHERE, "c": HEAD}) == {"a": HEAD, "b": ELSEWHERE}
