"""The P2K2 curriculum: modules, lessons, and a meeting's lessons as a bit mask; pure.

The catalogue is a data file beside this module, because names, numbering and the office's
report categories change (`data/p2k2.toml`). It is checked as a whole when it is first read.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from casework.core.errors import Invalid

_FILE = Path(__file__).parent / "data" / "p2k2.toml"

#: Masks are stored in a signed 32-bit column.
MAX_RUNNING_NO = 31

#: Code of the module whose lessons the ladder of economics progress climbs.
ECONOMICS_MODULE = "B"


@dataclass(frozen=True, slots=True)
class Lesson:
    """One session of the curriculum (sesi); called lesson because Flask owns "session"."""

    running_no: int
    module_code: str
    #: Number within the module.
    no: int
    name_id: str
    name_en: str
    aliases: tuple[str, ...]

    @property
    def code(self) -> str:
        return f"{self.module_code}{self.no}"

    @property
    def bit(self) -> int:
        return 1 << (self.running_no - 1)

    def name(self, locale: str) -> str:
        return in_language(locale, self.name_id, self.name_en)


@dataclass(frozen=True, slots=True)
class ReportCategory:
    """An option under "Materi" in the ministry's form; printed as the form prints it."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Module:
    code: str
    name_id: str
    name_en: str
    aliases: tuple[str, ...]
    report_category: ReportCategory
    #: A module of free topics in the facilitator's own words, without numbered lessons.
    is_adaptive: bool
    lessons: tuple[Lesson, ...]

    def name(self, locale: str) -> str:
        return in_language(locale, self.name_id, self.name_en)


@dataclass(frozen=True, slots=True)
class Catalogue:
    version: int
    source: str
    report_categories: tuple[ReportCategory, ...]
    modules: tuple[Module, ...]
    #: All numbered lessons, by running number.
    lessons: tuple[Lesson, ...]


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The catalogue in force."""
    return parse(tomllib.loads(_FILE.read_text(encoding="utf-8")))


def parse(data: Mapping[str, Any]) -> Catalogue:
    """A catalogue from the contents of its data file.

    Raises: Invalid, naming each place that is wrong, for whoever edits the file.
    """
    problems: dict[str, list[str]] = {}
    categories = {
        row["number"]: ReportCategory(row["number"], row["name"])
        for row in data.get("report_categories", ())
    }
    modules = tuple(
        _module(row, categories, problems.setdefault(f"modules.{index}", []))
        for index, row in enumerate(data.get("modules", ()))
    )
    lessons = tuple(
        sorted((each for m in modules for each in m.lessons), key=lambda each: each.running_no)
    )
    codes = [module.code for module in modules]
    if len(set(codes)) != len(codes):
        problems["modules"] = ["two modules have the same code"]
    if [each.running_no for each in lessons] != list(range(1, len(lessons) + 1)):
        problems["lessons"] = ["running numbers must go from 1 upward without a gap or a double"]
    elif len(lessons) > MAX_RUNNING_NO:
        problems["lessons"] = [f"a mask holds at most {MAX_RUNNING_NO} lessons"]
    if len(_names(lessons)) != sum(1 + len(each.aliases) for each in lessons):
        problems["names"] = ["two lessons share a name or an alias"]
    if found := {place: words for place, words in problems.items() if words}:
        raise Invalid(found)
    return Catalogue(data["version"], data["source"], tuple(categories.values()), modules, lessons)


def _module(
    row: Mapping[str, Any], categories: Mapping[int, ReportCategory], problems: list[str]
) -> Module:
    lessons = tuple(
        Lesson(
            running_no=each["running_no"],
            module_code=row["code"],
            no=each["no"],
            name_id=each["name_id"],
            name_en=each["name_en"],
            aliases=tuple(each.get("aliases", ())),
        )
        for each in row["lessons"]
    )
    is_adaptive = bool(row.get("adaptive", False))
    if row["report_category"] not in categories:
        problems.append(f"report category {row['report_category']} is not in the file")
    if [each.no for each in lessons] != list(range(1, len(lessons) + 1)):
        problems.append("lessons must be numbered from 1 upward in the module")
    if is_adaptive == bool(lessons):
        problems.append("a module has lessons, or it is adaptive and has none")
    return Module(
        code=row["code"],
        name_id=row["name_id"],
        name_en=row["name_en"],
        aliases=tuple(row.get("aliases", ())),
        report_category=categories.get(row["report_category"], ReportCategory(0, "")),
        is_adaptive=is_adaptive,
        lessons=lessons,
    )


def lesson(running_no: int) -> Lesson | None:
    """The lesson with this number in the straight count of the field ("sesi 5")."""
    lessons = catalogue().lessons
    return lessons[running_no - 1] if 1 <= running_no <= len(lessons) else None


def lesson_by_code(code: str) -> Lesson | None:
    """The lesson with this code of module and number ("B1")."""
    wanted = code.strip().upper()
    return next((each for each in catalogue().lessons if each.code == wanted), None)


def lesson_by_name(name: str) -> Lesson | None:
    """The lesson of this Indonesian name or of one of its other names, however spaced."""
    return _by_name().get(_normal(name))


def module(code: str) -> Module | None:
    return next((each for each in catalogue().modules if each.code == code), None)


def to_mask(running_nos: Iterable[int]) -> int:
    """The lessons of a meeting as one number: bit `running_no - 1` each.

    Raises: ValueError for a number that is no lesson's.
    """
    mask = 0
    for running_no in running_nos:
        found = lesson(running_no)
        if found is None:
            raise ValueError(f"no lesson has the running number {running_no}")
        mask |= found.bit
    return mask


def from_mask(mask: int) -> tuple[Lesson, ...]:
    """The lessons in a mask, by running number.

    Raises: ValueError for a bit that is no lesson's.
    """
    lessons = catalogue().lessons
    if mask < 0 or mask >> len(lessons):
        raise ValueError(f"{mask} is no mask of lessons")
    return tuple(each for each in lessons if mask & each.bit)


@lru_cache(maxsize=1)
def economics_lessons() -> tuple[Lesson, ...]:
    return tuple(each for each in catalogue().lessons if each.module_code == ECONOMICS_MODULE)


def next_lesson(masks: Iterable[int]) -> Lesson | None:
    """The lesson to suggest to a group that has held the lessons of these meetings.

    The first in the order of the catalogue that it has not had; None when it has had all.
    A suggestion: in practice the choice follows the group's needs and the office's word.
    """
    held = 0
    for mask in masks:
        held |= mask
    return next((each for each in catalogue().lessons if not held & each.bit), None)


def report_categories(mask: int) -> tuple[ReportCategory, ...]:
    """Categories of the ministry's form that a meeting's lessons fall under, by number.

    An empty mask is a meeting about a free topic.
    """
    codes = {each.module_code for each in from_mask(mask)}
    found = {
        each.report_category
        for each in catalogue().modules
        if (each.code in codes if mask else each.is_adaptive)
    }
    return tuple(sorted(found, key=lambda category: category.number))


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, Lesson]:
    return _names(catalogue().lessons)


def _names(lessons: Iterable[Lesson]) -> dict[str, Lesson]:
    return {_normal(name): each for each in lessons for name in (each.name_id, *each.aliases)}


def _normal(name: str) -> str:
    return " ".join(name.casefold().split())


def in_language(locale: str, indonesian: str, english: str) -> str:
    """Of the two texts that everything of the programme has: Indonesian to whoever reads no
    English."""
    return english if locale.lower().startswith("en") else indonesian
