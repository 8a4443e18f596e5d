"""A server that was put back to a backup: phones bring again what they have sent, and what stands
in the end is what stood."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from casework.audit.models import AuditEntry
from casework.core import clock
from casework.core.db import db
from casework.core.ids import meeting_id, short_id
from casework.core.transaction import transaction
from casework.meetings.actions.record import record_meeting
from casework.meetings.models import Attendance, Epoch, Meeting, RegisterClaim
from casework.meetings.rules import Mark, MeetingStatus, Presence, settle
from casework.offline.models import SyncReceipt
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows
from tests.meetings.test_taking_words import hand_over
from tests.offline.backups import back_up, put_back
from tests.offline.conftest import HEAD, Phone, browser_of, outcomes, send, send_again

LATER = NOON + timedelta(hours=5)
DAY = TODAY.replace(day=TODAY.day - 1)
#: As many examples as pure properties get, a fifth of them.
SHARE = 5


@dataclass
class Sent:
    command: dict[str, Any]
    browser: FlaskClient
    answer: dict[str, Any]


class Field:
    """Two phones of whoever leads the group, and one of whoever led it that day."""

    def __init__(self, app: Flask) -> None:
        self.group: Arranged = arrange(name=f"Melati {uuid.uuid4()}", households=3)
        former = self.group.actor
        self.owner = hand_over(self.group, days_ago=0)
        hers = browser_of(app, self.owner)
        self.phones = [
            (Phone(self.owner), hers),
            (Phone(self.owner), hers),
            (Phone(former), browser_of(app, former)),
        ]
        #: What each phone knows to stand.
        self.versions = [0, 0, 0]
        self.sent: list[Sent] = []

    @property
    def meeting_id(self) -> uuid.UUID:
        return meeting_id(self.group.group_id, DAY)

    def look(self, who: int) -> None:
        if who < 2:
            (meeting,) = rows(Meeting, id=self.meeting_id) or [None]
            self.versions[who] = meeting.version if meeting else 0

    def made(self, who: int, marks: dict[int, list[str | None]]) -> dict[str, Any]:
        phone, _browser = self.phones[who]
        command = phone.attendance(
            self.group,
            {},
            held_on=DAY.isoformat(),
            base_version=self.versions[who],
            # As phones do: what they know to stand they do not say again.
            head=None if self.versions[who] else HEAD,
        )
        command["body"]["marks"] = {
            short_id(self.group.households[at]): mark for at, mark in marks.items()
        }
        return command

    def say(self, who: int, marks: dict[int, list[str | None]]) -> None:
        _phone, browser = self.phones[who]
        command = self.made(who, marks)
        (answer,) = send(browser, command).json["answers"]
        assert answer["outcome"] in {"applied", "look", "differs"}, answer
        self.sent.append(Sent(command, browser, answer))

    def backup(self) -> Any:
        return back_up(self.meeting_id, {phone.owner.user_id for phone, _browser in self.phones})

    def stands(self) -> Any:
        """What a person may know of the meeting, without who has written it when."""
        (meeting,) = rows(Meeting, id=self.meeting_id) or [None]
        marks = {
            mark.household_id: (
                mark.presence, mark.understanding, mark.note, mark.marked_how, mark.assessed_how
            )
            for mark in rows(Attendance, meeting_id=self.meeting_id)
        }  # fmt: skip
        return meeting and {
            name: getattr(meeting, name)
            for name in (
                "status", "present", "total", "differing", "is_head_differing", "lesson_mask",
                "adaptive_topic", "starts_at", "ends_at", "place",
            )
        } | {"marks": marks}  # fmt: skip


_MARKS = st.dictionaries(
    st.integers(0, 2),
    st.sampled_from(
        [
            ["present", None, "", ""],
            ["present", "good", "f", ""],
            ["present", None, "b", "terlambat"],
            ["sick", None, "", "rawat jalan"],
            ["absent", None, "", None],
        ]
    ),
    min_size=1,
)
_STEPS = st.lists(st.tuples(st.integers(0, 2), st.booleans(), _MARKS), min_size=2, max_size=6)


@pytest.mark.timeout(900)
def test_whatever_backup_is_put_back_the_phones_bring_the_same_meeting(
    app: Flask, db_session: Session
) -> None:
    @settings(
        max_examples=settings.default.max_examples // SHARE,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(steps=_STEPS, data=st.data())
    def check(steps: Sequence[Any], data: st.DataObject) -> None:
        with transaction() as session:
            session.execute(db.delete(Epoch))
        field = Field(app)
        backups = [field.backup()]
        for who, looks, marks in steps:
            if looks:
                field.look(who)
            field.say(who, marks)
            backups.append(field.backup())
        stood = field.stands()
        # Twice: the second time what was lost may have been brought back once before.
        for time in range(data.draw(st.integers(1, 2))):
            cut = data.draw(st.integers(0, len(backups) - 1))
            with clock.at(NOON + timedelta(hours=time)):
                put_back(backups[cut])
            backups = backups[: cut + 1]
            for each in data.draw(st.permutations(field.sent)):
                (answer,) = send_again(each.browser, each.command, each.answer).json["answers"]
                assert answer["outcome"] in {"applied", "look", "differs"}, answer
                each.answer = answer
                backups.append(field.backup())
            stood = as_stood(field.stands(), stood)
        receipts = rows(SyncReceipt)
        ids = sorted(each.command["id"] for each in field.sent)
        assert sorted(str(r.id) for r in receipts if str(r.id) in ids) == ids

    check()


def as_stood(stands: Any, stood: Any) -> Any:
    """It is the same again, but that a draft may be sent by now."""
    is_whole = len(stood["marks"]) == 3
    if stood["status"] is MeetingStatus.DRAFT and is_whole:
        assert stands in (stood, stood | {"status": MeetingStatus.SENT})
    else:
        assert stands == stood
    return stands


@pytest.fixture
def field(app: Flask, db_session: Session) -> Field:
    return Field(app)


HERE, SICK, AWAY = (["present", None, "", ""], ["sick", None, "", ""], ["absent", None, "", ""])


def everybody(mark: list[str | None]) -> dict[int, list[str | None]]:
    return dict.fromkeys(range(3), mark)


def restore(backup: Any) -> None:
    with clock.at(LATER):
        put_back(backup)


def again(each: Sent) -> str:
    (answer,) = send_again(each.browser, each.command, each.answer).json["answers"]
    each.answer = answer
    return answer["outcome"]


def presences(field: Field) -> list[str]:
    marks = {
        mark.household_id: mark.presence.value
        for mark in rows(Attendance, meeting_id=field.meeting_id)
    }
    return [marks.get(each, "none") for each in field.group.households]


def test_a_correction_that_comes_again_before_what_it_corrects_still_corrects_it(
    field: Field,
) -> None:
    empty = field.backup()
    field.say(0, everybody(HERE))
    field.look(1)
    field.say(1, {0: SICK})
    restore(empty)
    first, correction = field.sent
    assert again(correction) == "look"
    # Its lesson is not known yet, and neither are the others.
    (meeting,) = rows(Meeting)
    assert (meeting.status.value, meeting.lesson_mask) == ("draft", 0)
    assert again(first) == "applied"
    (meeting,) = rows(Meeting)
    assert (meeting.status.value, meeting.lesson_mask) == ("sent", 0b10000)
    assert presences(field) == ["sick", "present", "present"]


def test_what_she_sent_is_sent_again_where_another_named_the_lesson(field: Field) -> None:
    """Her word comes again before the one it was added to, of whoever has handed the group over."""
    empty = field.backup()
    field.say(2, {0: HERE})
    field.look(0)
    field.say(0, everybody(HERE))
    stood = field.stands()
    assert stood["status"] is MeetingStatus.SENT
    of_former, hers = field.sent
    for _time in range(2):  # what was not sent for a while was sent all the same
        restore(empty)
        again(hers)
        assert field.stands()["status"] is MeetingStatus.DRAFT
        again(of_former)
        assert field.stands() == stood


def test_a_note_that_was_never_on_the_phone_comes_back_with_the_mark(field: Field) -> None:
    """Only the server knows which note stood when she corrected the mark beside it."""
    empty = field.backup()
    field.say(0, everybody(["sick", None, "", "rawat jalan"]))
    field.look(1)
    field.say(1, {0: ["absent", None, "", None]})
    stood = field.stands()
    assert "rawat" not in field.sent[1].answer["proof"]
    restore(empty)
    for each in reversed(field.sent):
        again(each)
    assert field.stands() == stood
    assert {mark.note for mark in rows(Attendance)} == {"rawat jalan"}


def test_a_draft_that_was_hers_to_send_is_sent_where_her_own_word_comes_last(
    field: Field,
) -> None:
    """As it would have been had it come last the first time. What was sent stays sent."""
    empty = field.backup()
    field.say(0, {0: HERE, 2: HERE})
    field.say(2, {1: HERE})
    (meeting,) = rows(Meeting)
    assert meeting.status is MeetingStatus.DRAFT
    restore(empty)
    hers, of_former = field.sent
    assert again(of_former) == "look"
    assert again(hers) == "applied"
    (meeting,) = rows(Meeting)
    assert meeting.status is MeetingStatus.SENT
    assert presences(field) == ["present"] * 3


def test_what_was_never_sent_before_still_knows_what_was_lost(field: Field) -> None:
    empty = field.backup()
    field.say(0, everybody(HERE))
    field.look(1)
    waiting = field.made(1, {0: SICK})
    restore(empty)
    assert outcomes(send(field.phones[1][1], waiting)) == ["look"]
    assert again(field.sent[0]) == "applied"
    assert presences(field) == ["sick", "present", "present"]


def test_what_is_said_after_the_restore_knows_nothing_of_what_was_lost(field: Field) -> None:
    """Whoever saw the meeting without it has not settled it."""
    empty = field.backup()
    field.say(0, everybody(HERE))
    restore(empty)
    excused = Mark(Presence.EXCUSED, settle(Presence.EXCUSED, None))
    with clock.at(LATER):
        with transaction():
            record_meeting(
                field.owner,
                field.group.group_id,
                held_on=DAY,
                lessons=(5,),
                marks=dict.fromkeys(field.group.households, excused),
            )
        assert again(field.sent[0]) == "differs"
    assert presences(field) == ["not_marked"] * 3


def test_a_version_of_before_is_not_taken_for_one_of_after(field: Field) -> None:
    """Both are the second of their meeting, and who saw the one has not seen the other."""
    empty = field.backup()
    field.say(0, everybody(HERE))
    field.say(0, {0: AWAY})
    field.look(1)
    stale = field.made(1, {0: SICK})
    restore(empty)
    field.versions = [0, 0, 0]
    for marks in (everybody(HERE), {0: AWAY}):
        field.say(2, marks)
    assert outcomes(send(field.phones[1][1], stale)) == ["differs"]
    assert presences(field) == ["not_marked", "present", "present"]


def test_the_day_counts_on_which_it_came_first(field: Field) -> None:
    """Weeks later it could not be recorded any more."""
    empty = field.backup()
    field.say(0, everybody(HERE))
    restore(empty)
    with clock.at(NOON + timedelta(days=50)):
        browser = browser_of(field.phones[0][1].application, field.owner)
        each = field.sent[0]
        each.browser = browser
        without = {"proof": ""}
        (answer,) = send_again(browser, field.made(0, everybody(HERE)), without).json["answers"]
        assert answer["outcome"] == "refused"
        assert again(each) == "applied"


@pytest.mark.parametrize("change", ["letter", "command", "owner"])
def test_nobody_but_the_server_can_say_what_a_register_was_taken_as(
    field: Field, change: str
) -> None:
    empty = field.backup()
    field.say(2, everybody(HERE))
    field.say(0, everybody(SICK))
    restore(empty)
    theirs, hers = field.sent
    again(hers)
    proof, command = theirs.answer["proof"], theirs.command
    if change == "letter":
        proof = proof[:40] + ("A" if proof[40] != "A" else "B") + proof[41:]
    elif change == "command":
        command = command | {"seq": 9}
    else:
        proof = hers.answer["proof"]
    (answer,) = send_again(theirs.browser, command, {"proof": proof}).json["answers"]
    # Taken as if it came for the first time: it does not overrule hers.
    assert answer["outcome"] == "differs"
    claim = next(each for each in rows(RegisterClaim) if str(each.id) == command["id"])
    assert (claim.base_version, claim.versions_before) == (0, None)


@pytest.mark.parametrize("proof", ["", "~", "AQ", "ü" * 50, "x" * 9000, "AQ" * 40, 7, None])
def test_what_is_no_proof_is_none(field: Field, proof: Any) -> None:
    command = field.made(0, everybody(HERE))
    (answer,) = send_again(field.phones[0][1], command, {"proof": proof}).json["answers"]
    assert answer["outcome"] == "applied"


def test_a_server_says_in_which_epoch_it_is(field: Field, run_command: Any) -> None:
    _phone, browser = field.phones[0]

    def told() -> tuple[str, str]:
        answers = send(browser, {"id": "x"}).json
        return answers["epoch"], browser.get("/bundle").json["epoch"]

    assert told() == ("", "")
    done = run_command("outbox", "restored")
    assert done.exit_code == 0, done.output
    (epoch,) = rows(Epoch)
    assert told() == (str(epoch.id), str(epoch.id))
    assert str(epoch.id) in done.output
    (entry,) = rows(AuditEntry, tag="server:restore")
    assert entry.subject_id == str(epoch.id)
    run_command("outbox", "restored")
    assert told()[0] != str(epoch.id)


def test_who_has_no_group_is_told_the_epoch_too(app: Flask, db_session: Session) -> None:
    from tests.factories.accounts import UserFactory, actor_for

    with transaction():
        actor = actor_for(UserFactory())
    with transaction():
        from casework.access.actor import command_line
        from casework.meetings.actions.epochs import begin_epoch

        epoch = begin_epoch(command_line())
    assert browser_of(app, actor).get("/bundle").json["epoch"] == str(epoch)
