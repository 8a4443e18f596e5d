"""`flask regions load` and what can be asked of the table afterwards, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from casework.access.actor import command_line
from casework.audit.models import AuditEntry
from casework.core.db import db
from casework.core.errors import Conflict
from casework.core.transaction import transaction
from casework.regions.actions import Loaded, load_regions
from casework.regions.models import Area, Region
from casework.regions.official import OfficialList
from casework.regions.queries.lookup import (
    children,
    names_within,
    path_names,
    region,
    search,
)
from casework.regions.rules import RegionLevel

NAMES = {
    "51": "Bali",
    "51.71": "Kota Denpasar",
    "51.71.01": "Denpasar Selatan",
    "51.71.01.1001": "Serangan",
    "71": "Sulawesi Utara",
    "71.02": "Kabupaten Minahasa",
    "71.02.01": "Tondano Barat",
    "71.02.01.1001": "Rinegetan",
    "71.71": "Kota Manado",
    "71.71.01": "Bunaken",
    "71.71.01.1001": "Molas",
    "71.71.01.1006": "Tongkaina",
    "71.71.10": "Bunaken Kepulauan",
    "71.71.10.1001": "Bunaken",
    "71.71.10.1002": "Manado Tua 100%",
}
DECIDED_ON, LATER, LATER_STILL = date(2025, 4, 25), date(2027, 5, 1), date(2029, 5, 1)


def loaded(names: dict[str, str], on: date = DECIDED_ON) -> Loaded:
    with transaction():
        return load_regions(command_line(), OfficialList(f"decree of {on}", on, names))


def everything() -> list[tuple[object, ...]]:
    columns = [Region.code, Region.name, Region.area_id, Region.valid_from, Region.valid_to]
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Region.code))]


def areas() -> dict[str, int]:
    return {row.code: row.id for row in db.session.execute(select(Area.code, Area.id))}


def without(*codes: str) -> dict[str, str]:
    return {code: name for code, name in NAMES.items() if code not in codes}


@pytest.fixture
def few(own_app: Flask) -> Iterator[None]:
    """A database of 15 regions, open."""
    with own_app.app_context():
        loaded(NAMES)
        yield


def test_the_command_loads_every_region_and_a_second_run_changes_nothing(own_app: Flask) -> None:
    first = own_app.test_cli_runner().invoke(args=["regions", "load"])
    assert first.exit_code == 0, first.output
    with own_app.app_context():
        query = select(Region.level, func.count()).group_by(Region.level)
        assert dict(map(tuple, db.session.execute(query))) == {
            RegionLevel.PROVINCE: 38,
            RegionLevel.REGENCY: 514,
            RegionLevel.DISTRICT: 7285,
            RegionLevel.VILLAGE: 83762,
        }
        assert sorted(areas().values()) == list(range(1, 515))
        outside = select(func.count()).where(Region.area_id.is_(None))
        assert db.session.scalar(outside.select_from(Region)) == 38
        before = everything()
    second = own_app.test_cli_runner().invoke(args=["regions", "load"])
    assert second.exit_code == 0
    assert "tidak ada yang berubah" in second.output
    with own_app.app_context():
        assert everything() == before
        assert db.session.scalars(select(AuditEntry.data)).all() == [
            {"added": 91599, "changed": 0, "retired": 0, "reopened": 0}
        ]


def test_the_command_shows_an_example(own_app: Flask) -> None:
    shown = own_app.test_cli_runner().invoke(args=["regions", "load", "--help"])
    assert "flask regions load" in shown.output


@pytest.mark.usefixtures("few")
class TestANewList:
    def test_a_code_that_is_gone_is_retired_and_stays(self) -> None:
        result = loaded(without("71.71.01.1006"), LATER)
        assert (result.retired, result.added, result.renamed, result.reopened) == (1, 0, 0, 0)
        gone = region("71.71.01.1006")
        assert gone is not None
        assert gone.valid_to == LATER

    def test_a_retired_code_keeps_the_day_it_went(self) -> None:
        loaded(without("71.71.01.1006"), LATER)
        assert loaded(without("71.71.01.1006"), LATER_STILL).nothing_changed
        gone = region("71.71.01.1006")
        assert gone is not None
        assert gone.valid_to == LATER

    def test_a_code_that_came_back_is_opened_again(self) -> None:
        before = everything()
        loaded(without("71.71.01.1006"), LATER)
        assert loaded(NAMES, LATER_STILL).reopened == 1
        assert everything() == before

    def test_a_new_name_is_taken_over_for_the_regency_too(self) -> None:
        result = loaded({**NAMES, "71.02": "Kabupaten Minahasa Induk"}, LATER)
        assert result.renamed == 1
        renamed = region("71.02")
        assert renamed is not None
        assert renamed.name == "Kabupaten Minahasa Induk"
        assert db.session.scalar(select(Area.name).where(Area.code == "71.02")) == renamed.name

    def test_a_new_code_is_valid_from_the_day_of_its_decree(self) -> None:
        loaded({**NAMES, "71.71.01.1009": "Pandu"}, LATER)
        query = select(Region.valid_from).where(Region.code == "71.71.01.1009")
        assert db.session.scalar(query) == LATER

    def test_a_regency_keeps_its_number_whatever_comes_and_goes(self) -> None:
        before = areas()
        assert before == {"51.71": 1, "71.02": 2, "71.71": 3}
        aceh = {"11": "Aceh", "11.01": "Kabupaten Aceh Selatan"}
        loaded({**without("51.71.01.1001"), **aceh}, LATER)
        assert areas() == {**before, "11.01": 4}
        loaded({**without("51.71.01.1001", "51.71.01", "51.71"), **aceh}, LATER)
        loaded({**NAMES, **aceh, "71.72": "Kota Bitung"}, LATER_STILL)
        assert areas() == {**before, "11.01": 4, "71.72": 5}

    def test_a_list_that_lacks_too_much_is_refused_whole(self) -> None:
        before = everything()
        with pytest.raises(Conflict):
            loaded({"71": "Sulawesi Utara baru"}, LATER)
        assert everything() == before

    def test_a_province_without_a_known_time_is_refused_whole(self) -> None:
        before = everything()
        with pytest.raises(Conflict, match="97"):
            loaded({**NAMES, "97": "Papua Baru", "97.01": "Kabupaten Baru"}, LATER)
        assert everything() == before
        assert "97.01" not in areas()


@pytest.mark.usefixtures("few")
class TestAsking:
    def test_a_region_is_found_by_either_form_of_its_code(self) -> None:
        row = region("7171011001")
        assert row is not None
        assert row == region("71.71.01.1001")
        assert (row.name, row.level, row.parent_code) == ("Molas", RegionLevel.VILLAGE, "71.71.01")
        assert row.area_id == areas()["71.71"]

    @pytest.mark.parametrize("code", ["", "99", "Manado", "71.71.01.9999"])
    def test_no_region_has_another_code(self, code: str) -> None:
        assert region(code) is None

    def test_what_lies_below_comes_by_name(self) -> None:
        assert [row.name for row in children(None)] == ["Bali", "Sulawesi Utara"]
        assert [row.name for row in children("71.71")] == ["Bunaken", "Bunaken Kepulauan"]
        loaded(without("71.71.01.1006"), LATER)
        assert [row.name for row in children("71.71.01")] == ["Molas"]

    def test_a_path_names_a_place_from_near_to_far(self) -> None:
        assert path_names(["71.71.01.1001", "51", "99"]) == {
            "71.71.01.1001": "Molas, Bunaken, Kota Manado, Sulawesi Utara",
            "51": "Bali",
        }
        assert path_names([]) == {}

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("manado", ["71.71", "71.71.10.1002"]),
            ("MANADO", ["71.71", "71.71.10.1002"]),
            (" bunaken ", ["71.71.01", "71.71.10.1001", "71.71.10"]),
            ("7171", ["71.71"]),
            ("100%", ["71.71.10.1002"]),
            ("%", ["71.71.10.1002"]),
            ("_", []),
            ("", []),
            ("tidak ada", []),
        ],
    )
    def test_names_are_searched_whole_ones_first(self, text: str, found: list[str]) -> None:
        assert [row.code for row in search(text)] == found

    def test_a_search_can_be_narrowed(self) -> None:
        villages = search("bunaken", level=RegionLevel.VILLAGE)
        assert [row.code for row in villages] == ["71.71.10.1001"]
        assert search("bunaken", within="51") == []
        assert [row.code for row in search("bunaken", within="71.71.01")] == ["71.71.01"]
        assert len(search("a", limit=2)) == 2

    def test_what_is_retired_is_not_searched(self) -> None:
        loaded(without("71.71.01.1006"), LATER)
        assert search("tongkaina") == []

    def test_names_for_a_roster_hold_the_region_and_what_is_around_it(self) -> None:
        assert [code for code, _name in names_within("71.71.01")] == [
            "71",
            "71.71",
            "71.71.01",
            "71.71.01.1001",
            "71.71.01.1006",
        ]
        assert dict(names_within(None)) == NAMES
        assert [code for code, _name in names_within("51")] == sorted(
            code for code in NAMES if code.startswith("51")
        )
