from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.curriculum import rules

running_numbers = st.sets(st.integers(1, 29))


@given(running_numbers)
def test_a_mask_gives_back_the_lessons_it_was_made_of(numbers: set[int]) -> None:
    mask = rules.to_mask(numbers)
    assert {each.running_no for each in rules.from_mask(mask)} == numbers
    assert 0 <= mask < 2**31


@pytest.mark.parametrize(("numbers", "mask"), [([], 0), ([1], 1), ([29], 1 << 28), ([5, 7, 5], 80)])
def test_a_lesson_is_the_bit_below_its_number(numbers: list[int], mask: int) -> None:
    assert rules.to_mask(numbers) == mask


@pytest.mark.parametrize("number", [0, 30])
def test_a_number_that_is_no_lesson_makes_no_mask(number: int) -> None:
    with pytest.raises(ValueError, match="running number"):
        rules.to_mask([number])


@pytest.mark.parametrize("mask", [-1, 1 << 29])
def test_a_bit_that_is_no_lesson_is_refused(mask: int) -> None:
    with pytest.raises(ValueError, match="no mask"):
        rules.from_mask(mask)


def test_the_economics_lessons_are_5_6_and_7() -> None:
    assert [each.running_no for each in rules.economics_lessons()] == [5, 6, 7]
    assert [each.code for each in rules.economics_lessons()] == ["B1", "B2", "B3"]


@pytest.mark.parametrize(
    ("held", "suggested"),
    [
        ([], 1),
        ([[1], [2]], 3),
        ([[2], [1], [4]], 3),
        ([[1, 2, 3, 4]], 5),
        ([list(range(1, 29))], 29),
        ([list(range(1, 30))], None),
    ],
)
def test_the_first_lesson_not_held_is_suggested(
    held: list[list[int]], suggested: int | None
) -> None:
    found = rules.next_lesson(rules.to_mask(numbers) for numbers in held)
    assert (found.running_no if found else None) == suggested


@pytest.mark.parametrize(
    ("numbers", "categories"), [([], [6]), ([5], [2]), ([8, 15], [3]), ([5, 1, 8], [2, 3, 5])]
)
def test_a_meetings_lessons_fall_under_the_offices_categories(
    numbers: list[int], categories: list[int]
) -> None:
    found = rules.report_categories(rules.to_mask(numbers))
    assert [each.number for each in found] == categories
