"""The invented families: who they are, where they live, and how they get on. Pure, and the
same for the same seed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from random import Random

from casework.demo import names

SEED = 7171


class Course(StrEnum):
    """What the year brings to a family."""

    #: Practises everything the economics module teaches, and says it can stand on its own.
    READY = "ready"
    #: One or two things are still missing.
    NEARLY = "nearly"
    #: Has begun to keep a budget or to save.
    CLIMBING = "climbing"
    #: Comes to the meetings; little is known of its economy.
    STEADY = "steady"
    #: Stayed away from the last meetings.
    SLIPPING = "slipping"


#: Of a hundred families.
_SHARES = {
    Course.READY: 7,
    Course.NEARLY: 10,
    Course.CLIMBING: 25,
    Course.STEADY: 50,
    Course.SLIPPING: 8,
}

#: How likely a family comes to a meeting.
COMES = {
    Course.READY: 0.97,
    Course.NEARLY: 0.93,
    Course.CLIMBING: 0.9,
    Course.STEADY: 0.86,
    Course.SLIPPING: 0.7,
}


@dataclass(frozen=True, slots=True)
class Village:
    code: str
    name: str
    district: str


@dataclass(frozen=True, slots=True)
class GroupPlan:
    number: int
    #: Among the groups of its facilitator.
    position: int
    name: str
    village: Village
    place: str
    #: Index into `cast.FACILITATORS`.
    facilitator: int
    households: int


@dataclass(frozen=True, slots=True)
class Family:
    number: int
    group: GroupPlan
    course: Course
    name: str
    nik: str
    no_kk: str
    born_on: date
    #: Column of the Final Closing -> members.
    components: dict[str, int]
    hamlet: int
    rt: int


#: The villages of each facilitator, in the order of `cast.FACILITATORS`.
_VILLAGES = (
    (
        Village("71.71.01.1001", "MOLAS", "BUNAKEN"),
        Village("71.71.01.1008", "BAILANG", "BUNAKEN"),
        Village("71.71.01.1007", "MERAS", "BUNAKEN"),
    ),
    (
        Village("71.71.02.1003", "TUMUMPA SATU", "TUMINTING"),
        Village("71.71.02.1004", "MAASING", "TUMINTING"),
        Village("71.71.02.1005", "SINDULANG SATU", "TUMINTING"),
    ),
    (
        Village("71.71.09.1002", "BAHU", "MALALAYANG"),
        Village("71.71.09.1001", "MALALAYANG SATU", "MALALAYANG"),
        Village("71.71.09.1004", "BATU KOTA", "MALALAYANG"),
    ),
)
_FLOWERS = ("Melati", "Anggrek", "Kenanga", "Cempaka", "Flamboyan", "Dahlia", "Mawar", "Teratai")
_PLACES = ("Rumah ketua kelompok", "Balai kelurahan", "Posyandu", "Aula gereja", "Balai lingkungan")


def groups(sizes: Sequence[int]) -> list[GroupPlan]:
    """The groups of every facilitator, the first facilitator's first; `sizes` are the
    households of each of one facilitator's."""
    made: list[GroupPlan] = []
    for facilitator, villages in enumerate(_VILLAGES):
        for position, households in enumerate(sizes):
            number = len(made)
            made.append(
                GroupPlan(
                    number=number,
                    position=position,
                    name=_FLOWERS[position % len(_FLOWERS)],
                    village=villages[position % len(villages)],
                    place=_PLACES[number % len(_PLACES)],
                    facilitator=facilitator,
                    households=households,
                )
            )
    return made


def invent(planned: list[GroupPlan], today: date) -> list[Family]:
    """Families for every group; no name comes twice in one village."""
    chance = Random(SEED)
    made: list[Family] = []
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for group in planned:
        for course in _courses(chance, group):
            made.append(_family(chance, len(made), group, course, taken[group.village.code], today))
    return made


def _courses(chance: Random, group: GroupPlan) -> list[Course]:
    """Every group has each kind of family: the smallest demonstration shows everything."""
    courses = [Course.READY, *_SHARES]
    rest = max(group.households - len(courses), 0)
    courses += chance.choices(list(_SHARES), weights=list(_SHARES.values()), k=rest)
    chance.shuffle(courses)
    return courses


def _family(
    chance: Random, number: int, group: GroupPlan, course: Course, taken: set[str], today: date
) -> Family:
    woman = chance.random() < 0.96
    name = names.caretaker(chance, woman=woman)
    while name in taken:
        name = names.caretaker(chance, woman=woman)
    taken.add(name)
    born_on = date(
        today.year - chance.randint(24, 58), chance.randint(1, 12), chance.randint(1, 28)
    )
    district = int(group.village.code[6:8])
    registered = _day(chance, 2012, 2023)
    return Family(
        number=number,
        group=group,
        course=course,
        name=name,
        nik=_number(district, born_on, 40 if woman else 0, number),
        no_kk=_number(district, registered, 0, number),
        born_on=born_on,
        components=_components(chance, course),
        hamlet=chance.randint(1, 6),
        rt=chance.randint(1, 9),
    )


def _day(chance: Random, first_year: int, last_year: int) -> date:
    year = chance.randint(first_year, last_year)
    return date(year, chance.randint(1, 12), chance.randint(1, 28))


def _number(district: int, day: date, added: int, serial: int) -> str:
    """As offices form them, but of province 99, which does not exist."""
    return f"9971{district:02d}{day.day + added:02d}{day:%m%y}{serial + 1:04d}"


def _components(chance: Random, course: Course) -> dict[str, int]:
    """Somebody makes every family eligible; hardly anybody is pregnant among those who leave."""
    found = {
        "HAMIL": int(chance.random() < (0.01 if course is Course.READY else 0.05)),
        "AUD": chance.choice((0, 0, 1, 1, 2)),
        "SD": chance.choice((0, 1, 1, 2)),
        "SMP": chance.choice((0, 0, 1)),
        "SMA": chance.choice((0, 0, 1)),
        "DISABIL": int(chance.random() < 0.04),
        "LANSIA": int(chance.random() < 0.15),
    }
    if not any(found.values()):
        found["SD"] = 1
    return found
