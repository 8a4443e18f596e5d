"""Settling what phones say differently: by whom, when, and what stays of it."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.audit.models import AuditEntry
from casework.core import clock
from casework.core.errors import Invalid, NotFound, Refused
from casework.core.ids import meeting_id
from casework.core.signals import household_facts_changed
from casework.core.transaction import transaction
from casework.meetings.actions.record import ChangedMeanwhile, Recorded, record_meeting
from casework.meetings.actions.recount import differences
from casework.meetings.actions.settling import Chosen, settle
from casework.meetings.actions.words import TakenBefore
from casework.meetings.models import Attendance, AttendanceChange, Meeting, RegisterClaim
from casework.meetings.rules import Head, Mark, MarkedHow, MeetingStatus, Presence, Understanding
from tests.factories.accounts import UserFactory, actor_for
from tests.factories.places import BITUNG, BUNAKEN, TUMINTING
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows
from tests.meetings.test_recording import Heard
from tests.meetings.test_taking_words import (
    AWAY,
    HEAD,
    HERE,
    OTHER,
    PHONE,
    SICK,
    everybody,
    hand_over,
    stands,
    take,
    word,
)
from tests.offline.backups import Backup, put_back
from tests.simultaneous import at_once

THIRD = uuid.UUID(int=3)
ELSEWHERE = Head(0b100000, place="Rumah Ibu Sarah")


@pytest.fixture
def contested(melati: Arranged) -> Arranged:
    """Two phones told of the first two families differently, this noon."""
    one, two, *_others = melati.households
    take(melati, word(everybody(melati)))
    take(melati, word({one: AWAY, two: SICK}, device=OTHER, head=None))
    return melati


def claim_of(group: Arranged, device: uuid.UUID, seq: int = 1) -> uuid.UUID:
    (found,) = rows(
        RegisterClaim,
        meeting_id=meeting_id(group.group_id, TODAY),
        device_id=device,
        seq=seq,
    )
    return found.id


def choose(
    group: Arranged,
    *families: uuid.UUID,
    device: uuid.UUID = OTHER,
    head: uuid.UUID | None = None,
    base: int = 2,
    actor: Actor | None = None,
) -> Recorded:
    chosen = Chosen(dict.fromkeys(families, claim_of(group, device)), head)
    with transaction():
        return settle(
            actor or group.actor,
            group.group_id,
            TODAY,
            chosen,
            base_version=base,
            area_id=group.area_id,
        )


def person(**who: object) -> Actor:
    with transaction():
        return actor_for(UserFactory(**who))


@contextmanager
def days_later(days: float) -> Iterator[datetime]:
    moment = NOON + timedelta(days=days)
    with clock.at(moment):
        yield moment


def test_a_note_of_before_is_kept_by_whoever_is_right(melati: Arranged) -> None:
    """A correction from a phone leaves the note as it is: the phone cannot open it again."""
    one, *_others = melati.households
    ill = replace(HERE, note="Anak sakit, minta bantuan")
    take(melati, word({**everybody(melati), one: ill}))
    take(melati, word({one: AWAY}, device=OTHER, head=None))
    take(melati, replace(word({one: SICK}, seq=2, head=None), keeps_note=[one]))
    choose(melati, one, base=3)
    (mark,) = rows(Attendance, household_id=one)
    assert (mark.presence, mark.note) == (Presence.ABSENT, ill.note)


def test_what_is_chosen_is_settled_and_the_rest_goes_on_differing(contested: Arranged) -> None:
    one, two, *others = contested.households
    answer = choose(contested, one)
    assert stands(contested) == {
        one: Presence.ABSENT,
        two: Presence.NOT_MARKED,
        **dict.fromkeys(others, Presence.PRESENT),
    }
    (meeting,) = rows(Meeting)
    assert (meeting.present, meeting.total, meeting.differing) == (3, 4, 1)
    assert meeting.differs_since == NOON
    assert (meeting.version, answer.version, answer.is_differing) == (3, 3, True)
    assert (meeting.lesson_mask, meeting.place) == (HEAD.lesson_mask, HEAD.place)
    assert differences(contested.area_id) == []
    (line,) = rows(AuditEntry, tag="meeting:settle")
    assert (line.actor_role, line.actor_name) == ("facilitator", contested.actor.name)
    assert line.data == {
        "held_on": "2026-11-12", "marks_changed": 1, "head": False,
        "differing": 1, "present": 3, "total": 4, "lessons": [5], "lessons_before": None,
    }  # fmt: skip

    assert not choose(contested, two, device=PHONE, base=3).is_differing
    (meeting,) = rows(Meeting)
    assert (meeting.present, meeting.total, meeting.differing) == (4, 5, 0)
    assert meeting.differs_since is None
    assert differences(contested.area_id) == []


def test_whoever_settles_leaves_a_claim_that_knew_the_others(contested: Arranged) -> None:
    one, two, *_others = contested.households
    choose(contested, one)
    said = {claim.version: claim for claim in rows(RegisterClaim)}
    assert set(said[3].marks) == {str(one)}
    assert (said[3].base_version, said[3].said_by) == (2, contested.actor.user_id)
    assert said[3].said_by_name == contested.actor.name
    # A word that agrees changes nothing; one that had not seen it, and says otherwise, does.
    assert take(contested, word({one: AWAY}, device=THIRD, head=None)).differing == [two]
    with days_later(1) as later:
        again = take(contested, word({one: SICK}, device=THIRD, seq=2, head=None))
    assert again.differing == sorted([one, two])
    assert differences(contested.area_id) == []
    # The other one has differed for longer.
    assert rows(Meeting)[0].differs_since == NOON
    choose(contested, two, base=5)
    assert rows(Meeting)[0].differs_since == later
    assert differences(contested.area_id) == []


def test_what_was_corrected_on_the_page_before_is_not_lost_by_settling(melati: Arranged) -> None:
    """A page's save has no claim until a phone speaks again; a settled family must not hide it."""
    one, two, *_others = melati.households
    take(melati, word(everybody(melati)))
    with transaction():
        record_meeting(
            melati.actor, melati.group_id, held_on=TODAY, lessons=(6,), place="Balai baru",
            marks={two: SICK}, base_version=1,
        )  # fmt: skip
    assert take(melati, word({one: AWAY}, device=OTHER, head=None)).differing == [one]
    choose(melati, one, base=3)
    taken = take(melati, word({one: AWAY}, device=THIRD, head=None))
    assert taken.differing == []
    (meeting,) = rows(Meeting)
    assert (meeting.lesson_mask, meeting.place) == (0b100000, "Balai baru")
    assert stands(melati)[two] is Presence.SICK


def test_the_history_keeps_who_had_said_what(contested: Arranged) -> None:
    one, *_others = contested.households
    choose(contested, one)
    (change,) = rows(AttendanceChange, version=3)
    said = [(each["name"], each["presence"]) for each in change.before["said"]]
    assert said == [(contested.actor.name, "present"), (contested.actor.name, "absent")]
    assert change.after["presence"] == "absent"
    assert change.changed_by_name == contested.actor.name


def test_the_whole_sheet_keeps_who_had_said_what_too(contested: Arranged) -> None:
    one, two, *_others = contested.households
    with transaction():
        record_meeting(
            contested.actor, contested.group_id, held_on=TODAY, lessons=(5,), place="Balai desa",
            marks={one: SICK, two: SICK}, base_version=2,
        )  # fmt: skip
    changes = rows(AttendanceChange, version=3)
    assert {change.household_id for change in changes} == {one, two}
    assert all(len(change.before["said"]) == 2 for change in changes)
    assert rows(Meeting)[0].differs_since is None


def test_every_note_is_kept_and_what_was_chosen_was_looked_at(melati: Arranged) -> None:
    one, *_others = melati.households
    bulk = Mark(Presence.PRESENT, note="terlambat", marked_how=MarkedHow.BULK)
    take(melati, word({**everybody(melati), one: bulk}))
    sick = Mark(Presence.SICK, Understanding.NOT_ASSESSABLE, note="demam")
    take(melati, word({one: sick}, device=OTHER, head=None))
    choose(melati, one, device=PHONE)
    (mark,) = rows(Attendance, household_id=one)
    assert mark.presence is Presence.PRESENT
    assert mark.note == "terlambat / demam"
    assert mark.marked_how is MarkedHow.SINGLE


def test_the_meeting_itself_is_settled_alone(melati: Arranged) -> None:
    one, *_others = melati.households
    take(melati, word(everybody(melati)))
    take(melati, word({one: AWAY}, device=OTHER, head=ELSEWHERE))
    answer = choose(melati, head=claim_of(melati, OTHER))
    assert answer.is_differing
    (meeting,) = rows(Meeting)
    assert (meeting.lesson_mask, meeting.place) == (ELSEWHERE.lesson_mask, ELSEWHERE.place)
    assert (meeting.is_head_differing, meeting.differing) == (False, 1)
    # It stays so when a phone agrees.
    take(melati, word({one: AWAY}, device=THIRD, head=ELSEWHERE))
    (meeting,) = rows(Meeting)
    assert (meeting.is_head_differing, meeting.place) == (False, ELSEWHERE.place)


def test_the_meeting_itself_goes_on_differing_where_families_are_settled(melati: Arranged) -> None:
    one, *_others = melati.households
    take(melati, word(everybody(melati)))
    take(melati, word({one: AWAY}, device=OTHER, head=ELSEWHERE))
    choose(melati, one)
    (meeting,) = rows(Meeting)
    assert (meeting.is_head_differing, meeting.differing) == (True, 0)
    assert (meeting.differs_since, differences(melati.area_id)) == (NOON, [])
    # Nor does a phone that speaks again settle it.
    take(melati, word({one: AWAY}, device=THIRD, head=None))
    assert rows(Meeting)[0].is_head_differing


def test_what_all_say_can_be_chosen_where_one_says_more(melati: Arranged) -> None:
    """What both say stands meanwhile; chosen, it is no longer in question."""
    take(melati, word(everybody(melati), head=Head(0b110000)))
    take(melati, word({}, device=OTHER, head=Head(0b010000)))
    assert rows(Meeting)[0].lesson_mask == 0b010000
    choose(melati, head=claim_of(melati, OTHER))
    (meeting,) = rows(Meeting)
    assert (meeting.is_head_differing, meeting.lesson_mask) == (False, 0b010000)
    assert meeting.differs_since is None


def test_what_arrived_meanwhile_has_to_be_seen_first(contested: Arranged) -> None:
    one, *_others = contested.households
    take(contested, word({one: SICK}, device=THIRD, head=None))
    with pytest.raises(ChangedMeanwhile):
        choose(contested, one)
    assert stands(contested)[one] is Presence.NOT_MARKED


def test_the_same_choice_sent_twice_is_one(contested: Arranged) -> None:
    one, two, *_others = contested.households
    first = choose(contested, one)
    again = choose(contested, one)
    assert (again.version, again.marks_written) == (first.version, 0)
    assert len(rows(RegisterClaim)) == 3
    with pytest.raises(ChangedMeanwhile):
        choose(contested, one, device=PHONE)
    with pytest.raises(ChangedMeanwhile):
        choose(contested, one, two)


def test_nothing_is_settled_that_nobody_has_said(contested: Arranged) -> None:
    one, _two, three, *_others = contested.households
    with pytest.raises(Invalid) as refused:
        choose(contested, three)
    assert set(refused.value.fields) == {str(three)}
    with pytest.raises(Invalid) as refused, transaction():
        settle(
            contested.actor, contested.group_id, TODAY, Chosen({one: uuid.uuid4()}),
            base_version=2,
        )  # fmt: skip
    assert set(refused.value.fields) == {str(one)}
    with pytest.raises(Invalid) as refused:
        choose(contested)
    assert set(refused.value.fields) == {""}
    with pytest.raises(Invalid) as refused:
        choose(contested, head=claim_of(contested, PHONE))
    assert set(refused.value.fields) == {"head"}
    assert len(rows(RegisterClaim)) == 2


def test_readiness_is_told_of_who_was_settled_and_nobody_else(
    contested: Arranged, heard: Heard
) -> None:
    one, *_others = contested.households
    choose(contested, one)
    assert heard.households == {one}


@pytest.fixture
def heard() -> Heard:
    heard = Heard()
    household_facts_changed.connect(heard.hear)
    return heard


def test_a_draft_stays_one_and_keeps_its_history(melati: Arranged) -> None:
    one, *others = melati.households
    take(melati, word({one: HERE}))
    take(melati, word({one: AWAY}, device=OTHER, head=None))
    choose(melati, one)
    (meeting,) = rows(Meeting)
    assert (meeting.status, meeting.total) == (MeetingStatus.DRAFT, 1)
    (change,) = rows(AttendanceChange)
    assert len(change.before["said"]) == 2
    with transaction():
        record_meeting(
            melati.actor, melati.group_id, held_on=TODAY, lessons=(5,),
            marks=dict.fromkeys(others, HERE), base_version=3,
        )  # fmt: skip
    assert rows(Meeting)[0].status is MeetingStatus.SENT


# ---- Who, and when ----

FACILITATOR, STRANGER = "the group's facilitator", "another facilitator"
HERS, BELOW, ELSEWHERE_ROLE = "a supervisor of the city", "of the district", "of another regency"
OTHER_DISTRICT, NATION = "of another district", "of the nation"
ADMINISTRATOR, VIEWER = "an administrator", "a viewer"

YES, TOO_EARLY, NEVER, UNKNOWN = None, Refused, Refused, NotFound


def who(name: str, group: Arranged) -> Actor:
    match name:
        case "the group's facilitator":
            return group.actor
        case "another facilitator":
            return person()
        case "a supervisor of the city":
            return person(supervisor=True)
        case "of the district":
            return person(supervisor=True, region=BUNAKEN)
        case "of another district":
            return person(supervisor=True, region=TUMINTING)
        case "of another regency":
            return person(supervisor=True, region=BITUNG)
        case "of the nation":
            return person(supervisor=True, region_code=None)
        case "an administrator":
            return person(administrator=True)
    return person(viewer=True)


@pytest.mark.parametrize(
    ("name", "on_day_6", "on_day_7", "on_day_8"),
    [
        (FACILITATOR, YES, YES, YES),
        (STRANGER, UNKNOWN, UNKNOWN, UNKNOWN),
        (HERS, TOO_EARLY, YES, YES),
        (BELOW, TOO_EARLY, YES, YES),
        (NATION, TOO_EARLY, YES, YES),
        (OTHER_DISTRICT, UNKNOWN, UNKNOWN, UNKNOWN),
        (ELSEWHERE_ROLE, UNKNOWN, UNKNOWN, UNKNOWN),
        (ADMINISTRATOR, NEVER, NEVER, NEVER),
        (VIEWER, NEVER, NEVER, NEVER),
    ],
)
def test_who_settles_and_from_when_on(
    contested: Arranged,
    name: str,
    on_day_6: type[Exception] | None,
    on_day_7: type[Exception] | None,
    on_day_8: type[Exception] | None,
) -> None:
    one, *_others = contested.households
    actor = who(name, contested)
    for day, refusal in ((6, on_day_6), (7, on_day_7), (8, on_day_8)):
        with days_later(day):
            if refusal is None:
                # From the first day on that it can be, again and again.
                choose(contested, one, actor=actor)
                break
            with pytest.raises(refusal):
                choose(contested, one, actor=actor)
    is_settled = None in (on_day_6, on_day_7, on_day_8)
    assert (stands(contested)[one] is Presence.ABSENT) == is_settled


def test_the_trail_says_who_settled_as_what(contested: Arranged) -> None:
    one, *_others = contested.households
    rina = person(supervisor=True, name="Rina Manoppo")
    with days_later(7):
        choose(contested, one, actor=rina)
    (line,) = rows(AuditEntry, tag="meeting:settle")
    assert (line.actor_name, line.actor_role) == ("Rina Manoppo", "supervisor")
    (change,) = rows(AttendanceChange, version=3)
    assert change.changed_by_name == "Rina Manoppo"


def test_each_difference_has_its_own_seven_days(contested: Arranged) -> None:
    one, two, three, *_others = contested.households
    rina = person(supervisor=True)
    with days_later(5):
        take(contested, word({three: SICK}, device=OTHER, seq=2, head=None))
    with days_later(8):
        with pytest.raises(Refused):
            choose(contested, one, three, base=3, actor=rina)
        later = Chosen({three: claim_of(contested, OTHER, seq=2)})
        with pytest.raises(Refused), transaction():
            settle(rina, contested.group_id, TODAY, later, base_version=3)
        choose(contested, one, two, base=3, actor=rina)
    assert rows(Meeting)[0].differing == 1


def test_the_facilitator_may_settle_after_that_too_and_correct_what_was_settled(
    contested: Arranged,
) -> None:
    one, two, *_others = contested.households
    rina = person(supervisor=True)
    with days_later(9):
        choose(contested, one, actor=rina)
        choose(contested, two, base=3)
    with days_later(10), transaction():
        record_meeting(
            contested.actor, contested.group_id, held_on=TODAY, lessons=(5,), place="Balai desa",
            marks={one: HERE}, base_version=4,
        )  # fmt: skip
    assert stands(contested)[one] is Presence.PRESENT


def test_who_has_handed_the_group_over_settles_no_more(contested: Arranged) -> None:
    one, *_others = contested.households
    successor = hand_over(contested, days_ago=0)
    with pytest.raises(NotFound):
        choose(contested, one)
    choose(contested, one, actor=successor)


def test_a_group_that_nobody_looks_after_waits_for_the_supervisor(melati: Arranged) -> None:
    stranded = arrange(name="Anggrek", households=2)
    one, *_others = stranded.households
    take(stranded, word(everybody(stranded)))
    take(stranded, word({one: AWAY}, device=OTHER, head=None))
    with transaction() as session:
        from casework.households.models import Assignment, Group

        session.query(Assignment).filter_by(group_id=stranded.group_id).one().to_on = (
            TODAY + timedelta(days=1)
        )
        session.get(Group, (stranded.area_id, stranded.group_id)).closed_on = TODAY + timedelta(
            days=1
        )
    with days_later(7):
        choose(stranded, one, actor=person(supervisor=True))
    assert rows(Meeting)[0].differing == 0


def test_a_meeting_that_is_not_there_cannot_be_settled(
    melati: Arranged, db_session: Session
) -> None:
    with pytest.raises(NotFound), transaction():
        settle(melati.actor, melati.group_id, TODAY, Chosen({}), base_version=0)


def test_of_two_who_settle_at_once_one_is_told(app: Flask, contested: Arranged) -> None:
    one, *_others = contested.households
    rina = person(supervisor=True)
    here, away = claim_of(contested, PHONE), claim_of(contested, OTHER)

    def choosing(actor: Actor, claim: uuid.UUID) -> Callable[[], Recorded]:
        given = {"base_version": 2, "area_id": contested.area_id}
        return lambda: settle(actor, contested.group_id, TODAY, Chosen({one: claim}), **given)

    with days_later(7):
        answers = at_once(app, [choosing(contested.actor, here), choosing(rina, away)])
    (won,) = [answer for answer in answers if isinstance(answer, Recorded)]
    (lost,) = [answer for answer in answers if not isinstance(answer, Recorded)]
    assert isinstance(lost, ChangedMeanwhile)
    (meeting,) = rows(Meeting)
    assert (meeting.version, meeting.differing) == (won.version, 1) == (3, 1)
    assert len(rows(RegisterClaim)) == 3
    assert differences(contested.area_id) == []


# ---- A server that was put back to a backup ----


def lose(group: Arranged) -> None:
    """The backup is from before the meeting."""
    meeting = meeting_id(group.group_id, TODAY)
    put_back(Backup(meeting, {group.actor.user_id}, defaultdict(list)))


def test_a_page_from_before_a_restore_is_shown_anew_and_not_told_it_chose_wrongly(
    contested: Arranged,
) -> None:
    """Phones have brought again what the page had shown, as other versions."""
    one, *_others = contested.households
    said = {
        each.device_id: (each.id, each.version)
        for each in rows(RegisterClaim, meeting_id=meeting_id(contested.group_id, TODAY))
    }
    with days_later(1):
        lose(contested)
        for device, marks in ((PHONE, everybody(contested)), (OTHER, {one: AWAY})):
            came, version = said[device]
            before = TakenBefore((version,), 0, MeetingStatus.SENT, TODAY, notes={})
            again = replace(word(marks, device=device), id=came, taken_before=before)
            take(contested, again)
        assert stands(contested)[one] is Presence.NOT_MARKED
        with pytest.raises(ChangedMeanwhile):
            choose(contested, one)
        (meeting,) = rows(Meeting, group_id=contested.group_id)
        choose(contested, one, base=meeting.version)
    assert stands(contested)[one] is Presence.ABSENT
    assert differences(contested.area_id) == []


def test_corrections_that_differ_before_what_they_correct_is_here_wait_to_be_settled(
    melati: Arranged,
) -> None:
    """The register that they correct was lost with a backup, and with it the meeting itself."""
    one, *_others = melati.households
    with days_later(1) as moment:
        put_back(
            Backup(meeting_id(melati.group_id, TODAY), {melati.actor.user_id}, defaultdict(list))
        )
        for device, mark in ((PHONE, AWAY), (OTHER, SICK)):
            take(melati, word({one: mark}, device=device, base=1, head=None))
        (meeting,) = rows(Meeting, group_id=melati.group_id)
        assert (meeting.differing, meeting.differs_since) == (1, moment)
        choose(melati, one, base=meeting.version)
    assert stands(melati)[one] is Presence.SICK
    assert differences(melati.area_id) == []
