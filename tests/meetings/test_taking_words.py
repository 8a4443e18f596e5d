"""What phones say of a meeting, taken by the action: late, twice, out of order, against others."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import timedelta
from itertools import permutations

import pytest
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.audit.models import AuditEntry
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Conflict, Invalid, NotFound
from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.households.models import Assignment, Household, Membership
from casework.households.rules import HouseholdStatus
from casework.meetings.actions import claims
from casework.meetings.actions.claims import Taken, Word, take_word
from casework.meetings.actions.record import ChangedMeanwhile, record_meeting
from casework.meetings.actions.recount import differences
from casework.meetings.models import Attendance, AttendanceChange, Meeting, RegisterClaim
from casework.meetings.queries.register import register
from casework.meetings.rules import Head, Mark, MeetingStatus, Presence, Understanding
from tests.factories.accounts import UserFactory, actor_for
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows

PHONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
HEAD = Head(0b10000, place="Balai desa")
HERE = Mark(Presence.PRESENT)
SICK = Mark(Presence.SICK, Understanding.NOT_ASSESSABLE)
AWAY = Mark(Presence.ABSENT, Understanding.NOT_ASSESSABLE)


def word(
    marks: Mapping[uuid.UUID, Mark],
    *,
    device: uuid.UUID = PHONE,
    seq: int = 1,
    base: int = 0,
    head: Head | None = HEAD,
) -> Word:
    return Word(uuid.uuid4(), device, seq, base, head, marks)


def take(group: Arranged, said: Word, actor: Actor | None = None) -> Taken:
    with transaction():
        return take_word(actor or group.actor, group.group_id, TODAY, said)


def everybody(group: Arranged, mark: Mark = HERE) -> dict[uuid.UUID, Mark]:
    return dict.fromkeys(group.households, mark)


def stands(group: Arranged) -> dict[uuid.UUID, Presence]:
    meeting = meeting_id(group.group_id, TODAY)
    return {mark.household_id: mark.presence for mark in rows(Attendance, meeting_id=meeting)}


def hand_over(group: Arranged, days_ago: int) -> Actor:
    """The group is in somebody else's care since then."""
    since = TODAY - timedelta(days=days_ago)
    with transaction() as session:
        new = UserFactory()
        session.flush()
        open_row = session.query(Assignment).filter_by(group_id=group.group_id, to_on=None).one()
        open_row.to_on = since
        session.flush()
        session.add(
            Assignment(
                area_id=group.area_id,
                group_id=group.group_id,
                from_on=since,
                facilitator_id=new.id,
            )
        )
        return actor_for(new)


def test_a_register_from_a_phone_is_saved_as_one_from_the_page(melati: Arranged) -> None:
    one, *others = melati.households
    taken = take(melati, word({one: SICK, **dict.fromkeys(others, HERE)}))
    (meeting,) = rows(Meeting)
    assert (meeting.present, meeting.total, meeting.differing) == (4, 5, 0)
    assert (meeting.status, meeting.version) == (MeetingStatus.SENT, 1)
    assert (meeting.lesson_mask, meeting.place) == (0b10000, "Balai desa")
    assert stands(melati)[one] is Presence.SICK
    assert (taken.version, taken.totals.total, taken.differing) == (1, 5, [])
    (entry,) = rows(AuditEntry, tag="meeting:receive")
    assert entry.data["present"] == 4
    assert differences(melati.area_id) == []


def test_two_devices_that_agree_make_one_register(melati: Arranged) -> None:
    take(melati, word(everybody(melati)))
    taken = take(melati, word(everybody(melati), device=OTHER))
    assert set(stands(melati).values()) == {Presence.PRESENT}
    assert taken.differing == []
    assert rows(AttendanceChange) == []


def test_where_two_devices_differ_neither_is_taken(melati: Arranged) -> None:
    one, *_others = melati.households
    take(melati, word(everybody(melati)))
    taken = take(melati, word({**everybody(melati), one: AWAY}, device=OTHER))
    assert taken.differing == [one]
    assert stands(melati)[one] is Presence.NOT_MARKED
    (meeting,) = rows(Meeting)
    assert (meeting.present, meeting.total, meeting.differing) == (4, 4, 1)
    assert differences(melati.area_id) == []
    (change,) = rows(AttendanceChange)
    assert (change.household_id, change.after) == (one, {})


def test_the_page_against_a_phone_that_had_not_seen_it(melati: Arranged) -> None:
    one, *_others = melati.households
    with transaction():
        record_meeting(
            melati.actor, melati.group_id, held_on=TODAY, lessons=(5,), place="Balai desa",
            marks=everybody(melati),
        )  # fmt: skip
    taken = take(melati, word({**everybody(melati), one: AWAY}))
    assert taken.differing == [one]
    assert not taken.is_head_differing
    of_page, of_phone = sorted(rows(RegisterClaim), key=lambda claim: claim.version)
    assert of_page.marks[str(one)]["presence"] == "present"
    assert of_phone.marks[str(one)]["presence"] == "absent"


def test_what_each_person_saved_on_the_page_is_told_as_hers(melati: Arranged) -> None:
    one, two, *others = melati.households
    save = {"held_on": TODAY - timedelta(days=1), "lessons": (5,), "place": "Balai desa"}
    first = {one: HERE, two: HERE, **dict.fromkeys(others, HERE)}
    with transaction():
        record_meeting(melati.actor, melati.group_id, marks=first, **save)
    successor = hand_over(melati, days_ago=0)
    with transaction():
        record_meeting(successor, melati.group_id, marks={one: SICK}, base_version=1, **save)
    with transaction():
        take_word(successor, melati.group_id, save["held_on"], word({two: AWAY}, base=2, head=None))
    by_version = {claim.version: claim for claim in rows(RegisterClaim)}
    assert by_version[1].said_by == melati.actor.user_id
    assert by_version[2].said_by == successor.user_id
    assert by_version[1].said_by_name == melati.actor.name


def test_the_page_settles_what_differs(melati: Arranged) -> None:
    one, *_others = melati.households
    take(melati, word(everybody(melati)))
    take(melati, word({**everybody(melati), one: AWAY}, device=OTHER))
    found = register(melati.actor, melati.group_id, TODAY)
    assert [line.household_id for line in found.lines if line.is_differing] == [one]
    given = {"held_on": TODAY, "lessons": (5,), "place": "Balai desa", "base_version": 2}
    with pytest.raises(Invalid), transaction():
        record_meeting(melati.actor, melati.group_id, marks={}, **given)
    with transaction():
        record_meeting(melati.actor, melati.group_id, marks={one: AWAY}, **given)
    (meeting,) = rows(Meeting)
    assert (meeting.present, meeting.total, meeting.differing) == (4, 5, 0)
    # A third phone that agrees with what was settled changes nothing; one that does not, does.
    assert take(melati, word({one: AWAY}, device=OTHER, seq=2, head=None)).differing == []
    late = word({one: SICK}, device=uuid.UUID(int=3), head=None)
    assert take(melati, late).differing == [one]


def test_a_correction_made_without_signal_replaces_what_it_had_seen(melati: Arranged) -> None:
    one, *_others = melati.households
    sent = take(melati, word(everybody(melati)))
    taken = take(melati, word({one: SICK}, seq=2, base=sent.version, head=None))
    assert taken.differing == []
    assert stands(melati)[one] is Presence.SICK
    (change,) = rows(AttendanceChange)
    assert (change.before["presence"], change.after["presence"]) == ("present", "sick")
    (meeting,) = rows(Meeting)
    assert meeting.lesson_mask == 0b10000


def test_the_order_of_arrival_decides_nothing(db_session: Session) -> None:
    outcomes = set()
    for order in permutations(range(4)):
        group = arrange(name=f"Kelompok {order}", households=3)
        one, two, three = group.households
        said = [
            word({one: HERE, two: HERE, three: HERE}, seq=1),
            word({one: AWAY}, seq=2, head=None),
            word({one: AWAY, two: SICK, three: HERE}, device=OTHER, seq=1),
            word({three: SICK}, device=OTHER, seq=2),
        ]
        for each in order:
            # What says nothing of the meeting itself cannot be its first word; a phone sends
            # such a correction only after the register it corrects was received.
            if not rows(Meeting, group_id=group.group_id) and said[each].head is None:
                with pytest.raises(Invalid):
                    take(group, said[each])
        for each in sorted(order, key=lambda at: (said[at].head is None, order.index(at))):
            take(group, said[each])
        (meeting,) = rows(Meeting, group_id=group.group_id)
        standing = stands(group)
        outcomes.add(
            (
                *(standing[each] for each in group.households),
                meeting.present,
                meeting.total,
                meeting.differing,
                meeting.lesson_mask,
            )
        )
    assert outcomes == {
        (Presence.ABSENT, Presence.NOT_MARKED, Presence.NOT_MARKED, 0, 1, 2, 0b10000)
    }


def test_a_family_that_left_the_group_is_named_and_the_others_are_saved(melati: Arranged) -> None:
    gone, *others = melati.households
    with transaction() as session:
        membership = session.query(Membership).filter_by(household_id=gone).one()
        membership.to_on = TODAY - timedelta(days=1)
    taken = take(melati, word(everybody(melati)))
    assert taken.left_out == [gone]
    assert stands(melati) == dict.fromkeys(others, Presence.PRESENT)
    # What was said of it is kept.
    (claim,) = rows(RegisterClaim)
    assert str(gone) in claim.marks


def test_a_graduated_family_is_named(melati: Arranged) -> None:
    graduated, *_others = melati.households
    with transaction() as session:
        session.get(Household, (melati.area_id, graduated)).status = HouseholdStatus.GRADUATED
    assert take(melati, word(everybody(melati))).left_out == [graduated]


def test_a_family_that_joined_meanwhile_leaves_the_register_a_draft(melati: Arranged) -> None:
    new, *others = melati.households
    taken = take(melati, word(dict.fromkeys(others, HERE)))
    assert (taken.status, taken.unmarked) == (MeetingStatus.DRAFT, [new])
    (meeting,) = rows(Meeting)
    assert (meeting.status, meeting.total) == (MeetingStatus.DRAFT, 4)


def test_whoever_led_the_group_that_day_may_still_tell(melati: Arranged) -> None:
    successor = hand_over(melati, days_ago=0)
    tomorrow = TODAY + timedelta(days=1)
    with clock.at(NOON + timedelta(days=1)), pytest.raises(NotFound), transaction():
        take_word(melati.actor, melati.group_id, tomorrow, word(everybody(melati)))
    # They met in the morning, and the office handed the group over in the afternoon.
    assert take(melati, word(everybody(melati))).totals.present == 5
    # What happened before then is hers to tell as well.
    yesterday = TODAY - timedelta(days=1)
    with transaction():
        take_word(melati.actor, melati.group_id, yesterday, word(everybody(melati)))
    # Her successor, who was there too, says otherwise.
    said = word(everybody(melati, AWAY), device=OTHER)
    with transaction():
        taken = take_word(successor, melati.group_id, yesterday, said)
    assert len(taken.differing) == 5
    of_yesterday = rows(RegisterClaim, meeting_id=meeting_id(melati.group_id, yesterday))
    assert {claim.said_by for claim in of_yesterday} == {melati.actor.user_id, successor.user_id}


def yesterday(group: Arranged, said: Word, actor: Actor) -> Taken:
    with transaction():
        return take_word(actor, group.group_id, TODAY - timedelta(days=1), said)


def test_who_has_handed_the_group_over_overrules_nobody(melati: Arranged) -> None:
    """She cannot have seen what her successor saved, whatever her phone says."""
    successor = hand_over(melati, days_ago=0)
    yesterday(melati, word(everybody(melati, AWAY), device=OTHER), successor)
    taken = yesterday(melati, word(everybody(melati), base=2**31 - 1), melati.actor)
    assert len(taken.differing) == 5
    # Nor by having said something in between.
    forged = word(everybody(melati), device=uuid.UUID(int=3), seq=1, base=2**31 - 1)
    assert len(yesterday(melati, forged, melati.actor).differing) == 5
    # What she said herself she may correct.
    for device, seq in ((PHONE, 2), (uuid.UUID(int=3), 2)):
        corrected = word(everybody(melati, AWAY), device=device, seq=seq, head=None)
        taken = yesterday(melati, corrected, melati.actor)
    assert taken.differing == []


def test_who_has_handed_the_group_over_sends_no_draft_of_another(melati: Arranged) -> None:
    one, *_others = melati.households
    successor = hand_over(melati, days_ago=0)
    with transaction():
        record_meeting(
            successor, melati.group_id, held_on=TODAY - timedelta(days=1), lessons=(5,),
            marks={one: AWAY}, status=MeetingStatus.DRAFT, place="Balai desa",
        )  # fmt: skip
    assert yesterday(melati, word(everybody(melati)), melati.actor).status is MeetingStatus.DRAFT


def test_a_register_of_long_ago_is_not_changed_from_a_phone(melati: Arranged) -> None:
    take(melati, word(everybody(melati)))
    with clock.at(NOON + timedelta(days=60)), pytest.raises(Invalid) as refused:
        take(melati, word(everybody(melati, AWAY), seq=2))
    assert set(refused.value.fields) == {"held_on"}


def test_the_same_device_in_other_hands_is_another_source(melati: Arranged) -> None:
    successor = hand_over(melati, days_ago=0)
    yesterday(melati, word(everybody(melati, AWAY), device=PHONE), successor)
    taken = yesterday(melati, word(everybody(melati), device=PHONE, seq=900), melati.actor)
    assert len(taken.differing) == 5


def test_families_that_were_never_in_the_group_are_refused(melati: Arranged) -> None:
    with pytest.raises(Invalid):
        take(melati, word({**everybody(melati), uuid.uuid4(): HERE}))
    assert rows(Meeting) == []


def test_a_meeting_is_not_changed_without_end(
    melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "MOST_WORDS", 3)
    for seq in range(1, 4):
        take(melati, word(everybody(melati), seq=seq))
    with pytest.raises(Conflict):
        take(melati, word(everybody(melati), seq=4))


def test_a_group_of_others_does_not_exist(melati: Arranged) -> None:
    stranger = arrange(name="Cempaka")
    with pytest.raises(NotFound):
        take(melati, word(everybody(melati)), actor=stranger.actor)


@pytest.mark.parametrize(
    ("head", "fields"),
    [
        (None, {"lessons"}),
        (Head(0), {"lessons"}),
        (Head(1, place="x" * 121), {"place"}),
    ],
)
def test_a_word_that_cannot_be_taken(melati: Arranged, head: Head | None, fields: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        take(melati, word(everybody(melati), head=head))
    assert set(refused.value.fields) == fields
    assert rows(Meeting) == []


def test_a_day_that_no_meeting_can_be_recorded_for(melati: Arranged) -> None:
    """A phone whose clock runs ahead, or one that lay in a drawer."""
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=60)):
        with pytest.raises(Invalid) as refused, transaction():
            take_word(melati.actor, melati.group_id, day, word(everybody(melati)))
        assert set(refused.value.fields) == {"held_on"}


def test_the_same_message_is_not_taken_twice(melati: Arranged) -> None:
    said = word(everybody(melati))
    take(melati, said)
    with pytest.raises(Conflict):
        take(melati, said)
    assert len(rows(RegisterClaim)) == 1


def test_a_version_that_never_was_is_no_knowledge(melati: Arranged) -> None:
    """A phone that has seen more than the server remembers, after a copy was restored."""
    one, *_others = melati.households
    take(melati, word(everybody(melati)))
    take(melati, word({one: SICK}, device=OTHER, base=900, head=None))
    claims = sorted(rows(RegisterClaim), key=lambda claim: claim.version)
    assert [claim.base_version for claim in claims] == [0, 1]


def test_another_save_in_between_is_noticed(
    melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when two phones reach two servers at once; the caller takes the word once more."""
    take(melati, word(everybody(melati)))
    stale = register(melati.actor, melati.group_id, TODAY)
    db.session.rollback()
    take(melati, word({melati.households[0]: SICK}, device=OTHER))
    monkeypatch.setattr(claims, "register_led", lambda *_args: stale)
    with pytest.raises(ChangedMeanwhile):
        take(melati, word({melati.households[1]: SICK}, device=uuid.UUID(int=3)))
    assert len(rows(RegisterClaim)) == 2
