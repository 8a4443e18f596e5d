"""Families that leave otherwise than by a nomination, one of them by mistake."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from casework.access.actor import Actor
from casework.demo.cast import ADMINISTRATOR, SECOND_ADMINISTRATOR, SUPERVISOR, Person
from casework.demo.families import Course, Family
from casework.demo.scenes import economics, standing_in
from casework.demo.world import Scene, World
from casework.graduation import actions
from casework.graduation.policy import Leaving
from casework.households.rules import months_of, stage_of
from casework.ledger.rules import ExitKind


@dataclass(frozen=True, slots=True)
class _Said:
    kind: ExitKind
    #: Days ago on which it was recorded.
    recorded: int
    by: Person
    reason: str = ""
    letter: str = ""


#: Recorded together, when a roster had come in without them: one of so many families.
_NATURAL = _Said(ExitKind.NATURAL, 70, ADMINISTRATOR)
_ONE_OF = 50

#: Told to be dead, and seen alive by a neighbour.
_WRONG = _Said(ExitKind.DIED, 30, SUPERVISOR, "Kata tetangga, pengurusnya meninggal bulan lalu.")
_TAKEN_BACK, _WHY = 21, "Yang meninggal tetangga bernama sama, keluarga ini masih ada."

_OTHERS = (
    _Said(ExitKind.TENURE, 70, ADMINISTRATOR, letter="9/3/HK.01/01/2025"),
    _Said(ExitKind.EMPOWERMENT, 62, SUPERVISOR, "Menerima modal PENA untuk kios sembako."),
    _Said(
        ExitKind.FORCED,
        54,
        SUPERVISOR,
        "Anak tidak bersekolah lagi, sudah tiga kali diperingatkan.",
        "460/SP3/12",
    ),
    _Said(ExitKind.DIED, 47, SUPERVISOR, "Tinggal sendiri, meninggal di rumah sakit."),
    _Said(
        ExitKind.MOVED_AWAY,
        39,
        SUPERVISOR,
        "Ikut anak bekerja ke luar negeri, rumah sudah dijual.",
    ),
    _Said(
        ExitKind.DUPLICATE,
        24,
        ADMINISTRATOR,
        "Keluarga yang sama tercatat juga atas nama ibunya di No KK lama.",
    ),
    _Said(
        ExitKind.INELIGIBLE,
        12,
        SUPERVISOR,
        "Suami diangkat menjadi ASN PPPK, surat dari kelurahan.",
        "470/88/KEL",
    ),
)

#: From the stage after: what was decided before that stage's payment.
_FROM_NEXT = (ExitKind.NATURAL, ExitKind.TENURE, ExitKind.EMPOWERMENT)


def _plan(world: World) -> list[tuple[Family, _Said]]:
    """The same families each time: steady ones of whom no other scene tells anything."""
    contested = set(standing_in.contested(world))
    steady = [
        each
        for each in world.families
        if each.course is Course.STEADY
        and not economics.is_visited(world, each)
        and world.household_ids[each.number] not in contested
    ]
    said = [_WRONG, *_OTHERS, *[_NATURAL] * (len(world.families) // _ONE_OF)]
    return list(zip(world.chance("exits").sample(steady, len(said)), said, strict=True))


def scenes(world: World) -> Iterator[Scene]:
    for family, said in _plan(world):
        day = _days_ago(world, said.recorded)
        act = partial(_record, world, family, said)
        yield Scene(world.at(day, 14, family.number % 60), said.by.username, act)
        if said is _WRONG:
            back_on = _days_ago(world, _TAKEN_BACK)
            back = partial(_take_back, world, family)
            yield Scene(world.at(back_on, 9, 35), SECOND_ADMINISTRATOR.username, back)


def left(world: World) -> Mapping[int, tuple[date, date | None]]:
    """Families that have left -> from when until when they do not come to meetings."""
    return {
        family.number: (
            max(months_of(_stage(world, said))[0], _days_ago(world, said.recorded - 1)),
            _days_ago(world, _TAKEN_BACK) if said is _WRONG else None,
        )
        for family, said in _plan(world)
    }


def _days_ago(world: World, days: int) -> date:
    return world.today - timedelta(days=days)


def _stage(world: World, said: _Said) -> str:
    stage = stage_of(_days_ago(world, said.recorded))
    if said.kind not in _FROM_NEXT:
        return stage
    return stage_of(months_of(stage)[1] + timedelta(days=31))


def _id_of(family: Family) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"demo exit {family.number}")


def _record(world: World, family: Family, said: _Said, actor: Actor) -> None:
    leaving = Leaving(
        said.kind,
        _stage(world, said),
        _days_ago(world, said.recorded + 4),
        said.reason,
        said.letter,
    )
    household_id = world.household_ids[family.number]
    actions.record_exit(actor, household_id, leaving, exit_id=_id_of(family))


def _take_back(world: World, family: Family, actor: Actor) -> None:
    household_id = world.household_ids[family.number]
    actions.reverse_exit(actor, household_id, _id_of(family), reason=_WHY)
