from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casework.core.errors import Invalid
from casework.curriculum import rules

FILE = Path(rules.__file__).parent / "data" / "p2k2.toml"


def test_the_catalogue_has_29_lessons_counted_straight_through() -> None:
    assert [each.running_no for each in rules.catalogue().lessons] == list(range(1, 30))


@pytest.mark.parametrize(
    ("code", "lessons", "category"),
    [
        ("A", 4, 5),
        ("B", 3, 2),
        ("C", 3, 3),
        ("D", 2, 5),
        ("E", 2, 4),
        ("F", 15, 3),
        ("G", 0, 6),
    ],
)
def test_each_module_has_its_lessons_and_its_category(
    code: str, lessons: int, category: int
) -> None:
    module = rules.module(code)
    assert module is not None
    assert len(module.lessons) == lessons
    assert module.report_category.number == category


def test_only_the_module_of_free_topics_is_adaptive() -> None:
    assert [each.code for each in rules.catalogue().modules if each.is_adaptive] == ["G"]


@pytest.mark.parametrize(
    ("running_no", "code", "name_id"),
    [
        (1, "A1", "Menjadi Orang Tua yang Lebih Baik"),
        (5, "B1", "Mengelola Keuangan Keluarga"),
        (6, "B2", "Cermat Meminjam dan Menabung"),
        (7, "B3", "Memulai Usaha"),
        (14, "E2", "Pentingnya Kesejahteraan Lanjut Usia"),
        (15, "F1", "Memahami Permasalahan Stunting"),
        (29, "F15", "Komitmen Rencana Tindak Lanjut"),
    ],
)
def test_a_lesson_is_found_by_number_code_and_name(
    running_no: int, code: str, name_id: str
) -> None:
    found = rules.lesson(running_no)
    assert found is not None
    assert (found.code, found.name("id")) == (code, name_id)
    assert rules.lesson_by_code(code.lower()) is found
    assert rules.lesson_by_name(f"  {name_id.upper()} ") is found


@pytest.mark.parametrize("running_no", [-1, 0, 30])
def test_a_number_outside_the_catalogue_is_no_lesson(running_no: int) -> None:
    assert rules.lesson(running_no) is None


@pytest.mark.parametrize("code", ["", "B", "B0", "B4", "H1", "G1"])
def test_an_unknown_code_is_no_lesson(code: str) -> None:
    assert rules.lesson_by_code(code) is None


def test_a_lesson_is_found_by_another_name_in_use() -> None:
    found = rules.lesson_by_name("1000 hari pertama kehidupan")
    assert found is not None
    assert found.code == "C1"
    assert rules.lesson_by_name("Bahaya Judi Online") is None


def test_names_come_in_the_readers_language() -> None:
    lesson, module = rules.lesson(7), rules.module("B")
    assert lesson is not None
    assert module is not None
    assert lesson.name("en") == "Starting a business"
    assert lesson.name("id") == "Memulai Usaha"
    assert module.name("en_GB") == "Money and business planning"
    assert module.name("id") == "Pengelolaan Keuangan dan Perencanaan Usaha"


def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def _unknown_category(data: dict[str, Any]) -> None:
    data["modules"][0]["report_category"] = 7


def _gap(data: dict[str, Any]) -> None:
    data["modules"][0]["lessons"][0]["running_no"] = 40


def _numbering(data: dict[str, Any]) -> None:
    data["modules"][1]["lessons"][0]["no"] = 2


def _no_lessons(data: dict[str, Any]) -> None:
    data["modules"][6]["adaptive"] = False


def _same_code(data: dict[str, Any]) -> None:
    data["modules"][2]["code"] = "B"


def _same_name(data: dict[str, Any]) -> None:
    data["modules"][0]["lessons"][0]["aliases"] = ["Memulai usaha"]


def _too_many(data: dict[str, Any]) -> None:
    data["modules"][5]["lessons"] += [
        {"running_no": 14 + no, "no": no, "name_id": f"Sesi {no}", "name_en": f"Lesson {no}"}
        for no in (16, 17, 18)
    ]


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (_unknown_category, "modules.0"),
        (_gap, "lessons"),
        (_numbering, "modules.1"),
        (_no_lessons, "modules.6"),
        (_same_code, "modules"),
        (_same_name, "names"),
        (_too_many, "lessons"),
    ],
)
def test_a_wrong_data_file_is_refused_with_the_place(
    spoil: Callable[[dict[str, Any]], None], place: str
) -> None:
    data = _data()
    spoil(data)
    with pytest.raises(Invalid) as refused:
        rules.parse(data)
    assert list(refused.value.fields) == [place]
