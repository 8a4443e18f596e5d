"""What was approved goes to the ministry in three batches: the pioneers' was answered long ago, but
for one family; one is answered, one is not yet. One answer was read wrongly, and a colleague takes
it back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from casework.access.actor import Actor
from casework.core import clock
from casework.demo.cast import ADMINISTRATOR, SECOND_ADMINISTRATOR
from casework.demo.families import Family
from casework.demo.scenes.cases import PIONEERS_FROM, Case, cases
from casework.demo.world import Scene, World
from casework.graduation import actions
from casework.graduation.actions import Answer
from casework.graduation.states import NominationStatus
from casework.households.rules import months_of, stage_of

#: Days ago on which the two batches were sent.
_FIRST, _SECOND = 100, 25
_ANSWERED, _REVERSED = 40, 33

#: Days after the first of the pioneers' month on which their batch was sent and answered; and days
#: ago on which the answer on the last of them came.
_PIONEERS_SENT, _PIONEERS_ANSWERED, _LAST_ANSWERED = 20, 34, 12

#: Place in the first batch of whom the ministry refused, and of whom it never established.
_REFUSED_AT, _REVERSED_AT = 1, 2
_REFUSAL = "Data kependudukan tidak padan. Perbaiki di Dukcapil, lalu usulkan kembali."
_MISREAD = "Baris di surat Kemensos terbaca salah, yang ditetapkan keluarga lain."


@dataclass(frozen=True, slots=True)
class _Batch:
    sent_on: date
    letter: str
    cases: tuple[Case, ...]


def _batches(world: World) -> tuple[_Batch, _Batch]:
    """The longest approved first; what was approved since the second one waits."""
    first_on, second_on = (world.today - timedelta(days=days) for days in (_FIRST, _SECOND))
    approved = sorted(
        (
            each
            for each in cases(world)
            if each.outcome is NominationStatus.APPROVED and not each.is_pioneer
        ),
        key=lambda each: (each.ended_on or world.today, each.family.number),
    )
    ended = [(each, each.ended_on or world.today) for each in approved]
    return (
        _Batch(first_on, "460/412/PKH", tuple(each for each, on in ended if on < first_on)),
        _Batch(
            second_on,
            "460/587/PKH",
            tuple(each for each, on in ended if first_on <= on < second_on),
        ),
    )


def pioneers(world: World) -> tuple[Case, ...]:
    return tuple(each for each in cases(world) if each.is_pioneer)


def stage_of_pioneers(world: World) -> str:
    """The one in which they were approved."""
    return stage_of(world.months[PIONEERS_FROM])


def _of_pioneers(world: World) -> tuple[_Batch, date, date]:
    """Their batch, and when it was answered: for all but the last, and for the last."""
    first = world.months[PIONEERS_FROM]
    batch = _Batch(first + timedelta(days=_PIONEERS_SENT), "460/318/PKH", pioneers(world))
    return batch, first + timedelta(days=_PIONEERS_ANSWERED), _days_ago(world, _LAST_ANSWERED)


def scenes(world: World, nomination_ids: Mapping[int, uuid.UUID]) -> Iterator[Scene]:
    """`nomination_ids`: of each family, known once its nomination has been drafted."""
    early, most_on, last_on = _of_pioneers(world)
    for batch in (early, *_batches(world)):
        yield Scene(
            world.at(batch.sent_on, 10, 5),
            ADMINISTRATOR.username,
            partial(_send, batch, nomination_ids),
        )
    for on, answered in ((most_on, early.cases[:-1]), (last_on, early.cases[-1:])):
        yield Scene(
            world.at(on, 10, 15),
            ADMINISTRATOR.username,
            partial(_establish, world, early, answered, nomination_ids),
        )
    first = _batches(world)[0]
    yield Scene(
        world.at(_days_ago(world, _ANSWERED), 10, 15),
        ADMINISTRATOR.username,
        partial(_answer, world, first, nomination_ids),
    )
    wrong = first.cases[_REVERSED_AT].family.number
    yield Scene(
        world.at(_days_ago(world, _REVERSED), 10, 25),
        SECOND_ADMINISTRATOR.username,
        lambda actor: actions.reverse(actor, nomination_ids[wrong], reason=_MISREAD),
    )


def graduated(world: World) -> Mapping[int, tuple[date, date | None]]:
    """Families that have graduated -> from when until when they do not come to meetings."""
    gone: dict[int, tuple[date, date | None]] = {}
    for place, case in enumerate(_batches(world)[0].cases):
        if place != _REFUSED_AT:
            back_on = _days_ago(world, _REVERSED) if place == _REVERSED_AT else None
            gone[case.family.number] = (months_of(_stage(world))[0], back_on)
    early, most_on, last_on = _of_pioneers(world)
    # Their stage had begun when the answer came: till then they were expected.
    for case in early.cases:
        gone[case.family.number] = (last_on if case is early.cases[-1] else most_on, None)
    return gone


def is_away(gone: Mapping[int, tuple[date, date | None]], family: Family, day: date) -> bool:
    if family.number not in gone:
        return False
    from_on, to_on = gone[family.number]
    return from_on <= day and (to_on is None or day < to_on)


def _days_ago(world: World, days: int) -> date:
    return world.today - timedelta(days=days)


def _stage(world: World) -> str:
    """The one after that in which the answer came."""
    _first, last = months_of(stage_of(_days_ago(world, _ANSWERED)))
    return stage_of(last + timedelta(days=31))


def _send(batch: _Batch, nomination_ids: Mapping[int, uuid.UUID], actor: Actor) -> None:
    if actor.area_id is None:
        raise RuntimeError("the administrator of the demonstration belongs to a city")
    actions.make_batch(
        actor,
        actor.area_id,
        [nomination_ids[each.family.number] for each in batch.cases],
        batch_id=_id_of(batch),
        letter_number=batch.letter,
        letter_on=clock.today(actor.time_zone),
    )


def _id_of(batch: _Batch) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, f"demo {batch.letter}")


def _answer(
    world: World, batch: _Batch, nomination_ids: Mapping[int, uuid.UUID], actor: Actor
) -> None:
    stage = _stage(world)
    answers = []
    for place, case in enumerate(batch.cases):
        nomination_id = nomination_ids[case.family.number]
        if place == _REFUSED_AT:
            answers.append(Answer(nomination_id, refusal=_REFUSAL))
        else:
            answers.append(Answer(nomination_id, stage))
    actions.record_outcomes(actor, _id_of(batch), answers)


def _establish(
    world: World,
    batch: _Batch,
    answered: Sequence[Case],
    nomination_ids: Mapping[int, uuid.UUID],
    actor: Actor,
) -> None:
    stage = stage_of_pioneers(world)
    answers = [Answer(nomination_ids[each.family.number], stage) for each in answered]
    actions.record_outcomes(actor, _id_of(batch), answers)
