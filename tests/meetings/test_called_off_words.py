"""What phones say of a register that was called off since they knew it."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from flask import Flask

from casework.access.actor import command_line
from casework.core import clock
from casework.core.errors import CaseworkError, Conflict, Invalid
from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.meetings.actions.calling_off import Saying, call_off
from casework.meetings.actions.claims import Taken, Word, take_word
from casework.meetings.actions.epochs import begin_epoch
from casework.meetings.actions.recount import differences
from casework.meetings.models import RegisterClaim
from casework.meetings.photo_files import current_store
from casework.meetings.rules import MeetingStatus, Presence
from tests.meetings.conftest import NOON, TODAY, Arranged, rows
from tests.meetings.test_calling_off import YESTERDAY, of, off
from tests.meetings.test_recording import save
from tests.meetings.test_taking_words import (
    AWAY,
    OTHER,
    SICK,
    everybody,
    hand_over,
    stands,
    take,
    word,
)
from tests.simultaneous import at_once


def refused(group: Arranged, said: Word) -> CaseworkError:
    before = of(group).version
    with pytest.raises(CaseworkError) as error:
        take(group, said)
    assert of(group).version == before
    return error.value


@pytest.mark.parametrize("base", [0, 1, 2])
def test_nothing_brings_back_what_is_called_off(melati: Arranged, base: int) -> None:
    """Neither who knew nothing of it, nor who knew that it was called off: nobody knows on a
    phone who is to be marked anew."""
    take(melati, word(everybody(melati)))
    with clock.at(NOON + timedelta(hours=1)):
        off(melati)
    error = refused(melati, word(everybody(melati), device=OTHER, base=base))
    assert isinstance(error, Invalid)
    assert list(error.fields) == ["held_on"]
    assert of(melati).status is MeetingStatus.CALLED_OFF
    assert len(rows(RegisterClaim)) == 1


def test_nor_does_a_correction_of_one_mark(melati: Arranged) -> None:
    one, *_ = melati.households
    take(melati, word(everybody(melati)))
    off(melati)
    refused(melati, word({one: SICK}, seq=2, base=1, head=None))
    assert set(stands(melati).values()) == {Presence.PRESENT}


@pytest.mark.parametrize("base", [0, 1])
def test_recorded_anew_it_is_not_corrected_by_who_knew_the_old_one(
    melati: Arranged, base: int
) -> None:
    one, *_ = melati.households
    take(melati, word(everybody(melati)))
    off(melati)
    save(melati, everybody(melati, AWAY), base_version=2)
    error = refused(melati, word({one: SICK}, seq=2, base=base, head=None))
    # No other day is asked for: this one stands.
    assert type(error) is Conflict
    assert of(melati).status is MeetingStatus.SENT


def test_recorded_anew_it_is_corrected_by_who_has_seen_that(melati: Arranged) -> None:
    one, two, *others = melati.households
    take(melati, word(everybody(melati)))
    off(melati)
    save(melati, everybody(melati, AWAY), base_version=2)
    taken = take(melati, word({one: SICK}, seq=2, base=3, head=None))
    assert (taken.differing, taken.is_head_differing) == ([], False)
    assert stands(melati) == {
        one: Presence.SICK, **dict.fromkeys([two, *others], Presence.ABSENT)
    }  # fmt: skip
    assert of(melati).status is MeetingStatus.SENT
    assert differences(melati.area_id) == []


def test_recorded_anew_with_the_same_marks_phones_go_on_from_there(melati: Arranged) -> None:
    one, *others = melati.households
    take(melati, word(everybody(melati)))
    off(melati)
    save(melati, everybody(melati), base_version=2)
    assert take(melati, word({one: SICK}, seq=2, base=3, head=None)).differing == []
    assert stands(melati) == {one: Presence.SICK, **dict.fromkeys(others, Presence.PRESENT)}


def test_whoever_has_handed_the_group_over_knows_nothing_of_it(melati: Arranged) -> None:
    take(melati, word(everybody(melati)))
    successor = hand_over(melati, days_ago=0)
    off(melati, actor=successor)
    # However much her phone claims to know.
    refused(melati, word(everybody(melati), seq=2, base=9))
    save(melati, everybody(melati, AWAY), base_version=2, actor=successor)
    refused(melati, word(everybody(melati), seq=2, base=9))
    assert set(stands(melati).values()) == {Presence.ABSENT}


def test_what_is_said_of_the_right_day_is_taken(melati: Arranged) -> None:
    take(melati, word(everybody(melati)))
    off(melati, to=YESTERDAY)
    with transaction():
        taken: Taken = take_word(
            melati.actor, melati.group_id, YESTERDAY, word(everybody(melati), seq=2, head=None)
        )
    assert (taken.status, taken.differing) == (MeetingStatus.SENT, [])


def test_versions_of_before_a_restore_are_older_than_what_was_called_off_after_it(
    melati: Arranged,
) -> None:
    take(melati, word(everybody(melati)))
    with transaction():
        begin_epoch(command_line())
    off(melati)
    assert isinstance(refused(melati, word(everybody(melati), seq=2, base=7)), Invalid)
    save(melati, everybody(melati, AWAY), base_version=of(melati).version)
    assert type(refused(melati, word(everybody(melati), seq=2, base=7))) is Conflict


def test_a_page_that_calls_off_and_a_phone_that_corrects_at_once(
    app: Flask, melati: Arranged
) -> None:
    """One of them is first, and the other is told: nothing is called off unseen, nor brought
    back."""
    one, *_ = melati.households
    take(melati, word(everybody(melati)))
    saying = Saying("Salah tanggal", None, 1)
    late = word({one: SICK}, seq=2, base=1, head=None)
    page, phone = at_once(
        app,
        [
            lambda: call_off(melati.actor, of_today(melati), saying, current_store),
            lambda: take_word(melati.actor, melati.group_id, TODAY, late),
        ],
    )
    is_off = of(melati).status is MeetingStatus.CALLED_OFF
    assert isinstance(page, CaseworkError) is not is_off
    assert isinstance(phone, CaseworkError) is is_off
    assert of(melati).version == 2
    assert (stands(melati)[one] is Presence.PRESENT) is is_off


def of_today(group: Arranged) -> uuid.UUID:
    return meeting_id(group.group_id, TODAY)
