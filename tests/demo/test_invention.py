"""The invented families, before anything is written: believable, and nobody's."""

from __future__ import annotations

import io
from datetime import date

import pytest
from PIL import Image

from casework.accounts.passwords import check_strength
from casework.demo import calendar, cast, families, pictures
from casework.demo.families import Course
from casework.demo.roster import final_closing
from casework.demo.world import FULL, SMALL, Scale
from casework.regions.official import official_list
from casework.rosters.reading.places import VillageIndex
from casework.rosters.reading.roster import read_roster
from tests.architecture.test_privacy_of_repo import could_be_real

TODAY = date(2026, 11, 24)


def everybody(scale: Scale = FULL) -> list[families.Family]:
    return families.invent(families.groups(scale.sizes), TODAY)


def test_there_are_600_families_in_24_groups_of_three_facilitators() -> None:
    groups = families.groups(FULL.sizes)
    assert (len(groups), sum(group.households for group in groups)) == (24, 600)
    assert {group.facilitator for group in groups} == {0, 1, 2}
    assert len({(group.village, group.name) for group in groups}) == 24


def test_the_same_families_come_every_time() -> None:
    assert everybody() == everybody()


def test_no_number_could_be_anybodys_and_none_comes_twice() -> None:
    found = everybody()
    numbers = [family.nik for family in found] + [family.no_kk for family in found]
    assert not any(could_be_real(number) for number in numbers)
    assert len({family.nik for family in found}) == len({family.no_kk for family in found}) == 600


def test_names_are_told_apart_within_a_village_and_some_are_long() -> None:
    found = everybody()
    assert len({(family.group.village, family.name) for family in found}) == 600
    assert max(len(family.name) for family in found) >= 28


@pytest.mark.parametrize("scale", [FULL, SMALL])
def test_every_group_has_families_of_every_course(scale: Scale) -> None:
    by_group: dict[int, set[Course]] = {}
    for family in everybody(scale):
        by_group.setdefault(family.group.number, set()).add(family.course)
    assert all(courses == set(Course) for courses in by_group.values())


def test_the_roster_of_the_demo_is_read_without_a_complaint() -> None:
    resolver = VillageIndex(official_list().names.items())
    roster = read_roster(final_closing(everybody()), resolver=resolver, today=TODAY)
    assert len(roster.rows) == 600
    assert not roster.problems


@pytest.mark.parametrize("day", [1, 15, 28, 31])
def test_meetings_lie_within_their_month_on_working_days(day: int) -> None:
    for month in calendar.months_until(date(2027, 1, day), 12):
        for group in range(24):
            met = calendar.meeting_day(month, group)
            assert (met.year, met.month) == (month.year, month.month)
            assert met.weekday() < 5


def test_everybody_has_an_own_password_that_the_product_accepts() -> None:
    passwords = {person.username: cast.password("secret", person.username) for person in cast.CAST}
    assert len(set(passwords.values())) == len(cast.CAST)
    for username, password in passwords.items():
        check_strength(password, username=username)
        assert cast.password("another", username) != password


@pytest.mark.parametrize(
    "draw", [pictures.statement, pictures.signing, pictures.house, pictures.meeting]
)
def test_every_picture_is_a_small_photo_of_its_own(draw: object) -> None:
    assert callable(draw)
    one, other = draw(1), draw(2)
    assert one != other
    assert one == draw(1)
    image = Image.open(io.BytesIO(one))
    assert image.format == "JPEG"
    assert not image.getexif()
    assert len(one) < 200_000
