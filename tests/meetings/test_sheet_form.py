"""Anything a browser may send becomes marks or errors, never another failure; no database."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from casework.meetings.forms import read, register_field
from casework.meetings.rules import Mark, MarkedHow, MeetingStatus, Presence, Understanding

ONE, TWO, THREE = (uuid.UUID(int=n) for n in (1, 2, 3))
HEAD = {"held_on": "2026-11-12", "lesson": "5", "base_version": "3", "starts_at": "09.00"}


def sheet(**fields: str):
    return read(MultiDict({**HEAD, "register": register_field([ONE, TWO, THREE]), **fields}))


def test_rows_are_read_by_number() -> None:
    found = sheet(p1="present", u1="good", p2="sick", u2="good", n2="  demam \t tinggi ")
    assert not found.errors
    assert found.marks == {
        ONE: Mark(Presence.PRESENT, Understanding.GOOD, assessed_how=MarkedHow.SINGLE),
        TWO: Mark(Presence.SICK, Understanding.NOT_ASSESSABLE, "demam tinggi"),
    }
    assert set(found.rows) == {ONE, TWO, THREE}
    assert (found.base_version, found.lessons, str(found.starts_at)) == (3, [5], "09:00:00")


@pytest.mark.parametrize(
    ("fields", "how"),
    [
        ({"p1": "present", "bulk": "1"}, MarkedHow.BULK),
        ({"p1": "present", "bulk": "2.3"}, MarkedHow.SINGLE),
        ({"p1": "sick", "bulk": "1.2"}, MarkedHow.SINGLE),
        ({"p1": "present", "bulk": "x..1e1.-1"}, MarkedHow.SINGLE),
    ],
)
def test_bulk_is_only_what_the_button_marked_and_nobody_changed(
    fields: dict[str, str], how: MarkedHow
) -> None:
    assert sheet(**fields).marks[ONE].marked_how is how


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"held_on": "kemarin"}, "held_on"),
        ({"held_on": "2026-02-30"}, "held_on"),
        ({"lesson": "99"}, "lessons"),
        ({"lesson": "٥"}, "lessons"),
        ({"starts_at": "25:00"}, "starts_at"),
        ({"ends_at": "pagi"}, "ends_at"),
        ({"p1": "not_marked"}, str(ONE)),
        ({"p1": "hadir"}, str(ONE)),
        ({"u1": "excellent"}, str(ONE)),
        ({"n1": "x" * 201}, str(ONE)),
        ({"register": "not-an-id"}, ""),
        ({"register": "." * 300}, ""),
    ],
)
def test_what_cannot_be_read_is_said_in_its_place(fields: dict[str, str], place: str) -> None:
    assert place in sheet(**fields).errors


def test_a_household_twice_in_the_register_counts_once() -> None:
    found = sheet(register=register_field([ONE, ONE]), p1="present", p2="absent")
    assert found.marks == {ONE: Mark(Presence.PRESENT)}


def test_the_rest_present_leaves_marked_rows_alone() -> None:
    found = sheet(p1="sick")
    found.mark_the_rest_present()
    found.fill_understanding()
    assert found.marks[ONE].presence is Presence.SICK
    for other in (TWO, THREE):
        assert found.marks[other] == Mark(
            Presence.PRESENT, Understanding.GOOD, "", MarkedHow.BULK, MarkedHow.BULK
        )


_NAMES = st.sampled_from(
    ["held_on", "lesson", "topic", "starts_at", "ends_at", "place", "base_version", "register",
     "bulk", "filled", *(f"{kind}{n}" for kind in "pun" for n in (0, 1, 2, 3, 199, 201))]
) | st.text(max_size=5)  # fmt: skip
_VALUES = (
    st.text(max_size=300)
    | st.sampled_from(
        ["present", "sick", "good", "not_assessable", "2026-11-12", "09:00", "5", "-1", "1.2.3",
         register_field([ONE, TWO]), register_field([ONE] * 201)]
    )
    | st.integers().map(str)
    | st.dates().map(str)
    | st.times().map(str)
)  # fmt: skip


@given(st.lists(st.tuples(_NAMES, _VALUES), max_size=30))
def test_any_form_becomes_marks_or_errors(fields: list[tuple[str, str]]) -> None:
    found = read(MultiDict(fields))
    found.mark_the_rest_present()
    found.fill_understanding()
    assert set(found.marks) <= set(found.rows)
    assert found.held_on is not None or "held_on" in found.errors
    arguments = found.as_arguments(MeetingStatus.SENT)
    assert all(isinstance(mark, Mark) for mark in arguments["marks"].values())
    assert "\x00" not in found.topic + found.place
    assert 0 <= found.base_version < 10**9
