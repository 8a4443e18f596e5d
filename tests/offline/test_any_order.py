"""Several phones and the page tell of one meeting, in any order and any number of times, to a
server that is put back to backups, against a small model of the rules that knows nothing of
versions, counters and epochs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session

from casework.core import clock
from casework.core.db import db
from casework.core.ids import meeting_id, short_id
from casework.core.transaction import transaction
from casework.meetings.actions.record import record_meeting
from casework.meetings.actions.recount import differences
from casework.meetings.models import Attendance, Epoch, Meeting, RegisterClaim
from casework.meetings.rules import Mark, Presence, settle
from casework.offline.models import SyncReceipt
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange
from tests.meetings.test_taking_words import hand_over
from tests.offline.backups import Backup, back_up, put_back
from tests.offline.conftest import HEAD, Phone, browser_of, send_again

FAMILIES = 3
#: Of the tellers, who has handed the group over.
FORMER = 2
PRESENCES = ("present", "sick", "absent")
#: A tenth of what pure properties get: 10 runs, 200 with `--hypothesis-profile nightly`.
SHARE = 10
MOST_RESTORES = 3

#: None: left as it is, since it is not on the phone.
NOTES = ("", "demam", "terlambat", None)

_said = st.tuples(st.sampled_from(PRESENCES), st.sampled_from(NOTES))
#: As a page has it, where every note stands.
_shown = st.tuples(st.sampled_from(PRESENCES), st.sampled_from(NOTES[:-1]))
_marks = st.dictionaries(st.integers(0, FAMILIES - 1), _said, min_size=1, max_size=FAMILIES)

#: Presence, and note or None.
Said = tuple[str, str | None]


@dataclass(eq=False)
class Statement:
    """What somebody said, and what she knew of when she said it."""

    marks: dict[int, Said]
    knew: set[Statement]
    command: dict[str, Any] | None = None
    sender: Teller | None = None
    answer: dict[str, Any] | None = None


@dataclass(eq=False)
class Teller:
    phone: Phone
    browser: FlaskClient
    #: Version of the meeting that the phone has, and what it stands for.
    version: int = 0
    seen: set[Statement] = field(default_factory=set)
    said: set[Statement] = field(default_factory=set)


def expected(arrived: list[Statement]) -> dict[int, tuple[str, frozenset[str]]]:
    """By family: what stands, or `not_marked` where those who did not know of each other differ;
    and all the notes of those who said one and whom nobody knew of who said another."""
    found = {}
    for family in range(FAMILIES):
        about = [each for each in arrived if family in each.marks]
        values = {each.marks[family][0] for each in latest(about)}
        notes = {
            each.marks[family][1] or ""
            for each in latest([each for each in about if each.marks[family][1] is not None])
        }
        if len(values) == 1:
            found[family] = (values.pop(), frozenset(notes - {""}))
        elif values:
            found[family] = DIFFERS
    return found


DIFFERS: tuple[str, frozenset[str]] = ("not_marked", frozenset())


def latest(about: list[Statement]) -> list[Statement]:
    return [each for each in about if not any(each in other.knew for other in about)]


class Telling(RuleBasedStateMachine):
    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.group: Arranged = arrange(name=f"Melati {uuid.uuid4()}", households=FAMILIES)
        #: Led the group on that day, and has handed it over since.
        former = self.group.actor
        self.owner = hand_over(self.group, days_ago=0)
        hers, of_former = browser_of(self.app, self.owner), browser_of(self.app, former)
        self.tellers = [
            Teller(Phone(self.owner), hers),
            Teller(Phone(self.owner), hers),
            Teller(Phone(former), of_former),
        ]
        self.waiting: list[Statement] = []
        self.arrived: list[Statement] = []
        with transaction() as session:
            session.execute(db.delete(Epoch))
        self.restores = 0
        #: One after each thing that arrived, and what had arrived by then.
        self.backups: list[tuple[Backup, list[Statement]]] = []
        self._back_up()

    @initialize(marks=_marks)
    def begin(self, marks: dict[int, Said]) -> None:
        self._say(0, marks)

    @rule(who=st.integers(0, 2), words=st.lists(_marks, min_size=1, max_size=3))
    def say(self, who: int, words: list[dict[int, Said]]) -> None:
        """Without signal; it waits on the phone."""
        for marks in words:
            self._say(who, marks)

    def _say(self, who: int, marks: dict[int, Said]) -> None:
        teller = self.tellers[who]
        command = teller.phone.attendance(
            self.group,
            {},
            held_on=DAY.isoformat(),
            base_version=teller.version,
            # As phones do: what they know to stand they do not say again.
            head=None if teller.version else HEAD,
        )
        command["body"]["marks"] = {
            short_id(self.group.households[at]): [presence, None, "", note]
            for at, (presence, note) in marks.items()
        }
        said = Statement(marks, teller.seen | teller.said, command, teller)
        teller.said.add(said)
        self.waiting.append(said)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def arrive(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.waiting) - 1))
        self._deliver(self.waiting.pop(at))

    @precondition(lambda self: len(self.waiting) > 1)
    @rule(data=st.data())
    def arrive_together(self, data: st.DataObject) -> None:
        """What one phone has, in whatever order it is in the sending."""
        teller = self.waiting[0].sender
        hers = [each for each in self.waiting if each.sender is teller]
        self.waiting = [each for each in self.waiting if each.sender is not teller]
        for each in data.draw(st.permutations(hers)):
            self._deliver(each)

    @precondition(lambda self: any(each.command for each in self.arrived))
    @rule(data=st.data())
    def arrive_again(self, data: st.DataObject) -> None:
        """The answer was lost on the way."""
        said = data.draw(st.sampled_from([each for each in self.arrived if each.command]))
        assert said.sender is not None
        (answer,) = send_again(said.sender.browser, said.command, said.answer).json["answers"]
        assert answer == said.answer

    @rule(who=st.integers(0, 2))
    def have_signal(self, who: int) -> None:
        """The phone fetches what stands; but for a group that was handed over it gets nothing."""
        teller = self.tellers[who]
        if teller is self.tellers[FORMER]:
            return
        teller.version = self._version()
        teller.seen = set(self.arrived)

    @rule(marks=st.lists(_shown, min_size=FAMILIES, max_size=FAMILIES))
    def save_on_the_page(self, marks: list[tuple[str, str]]) -> None:
        standing = expected(self.arrived)
        given = dict(enumerate(marks))
        version = self._version()
        with transaction():
            record_meeting(
                self.owner,
                self.group.group_id,
                held_on=DAY,
                lessons=(5,),
                marks={self.group.households[at]: _mark(*each) for at, each in given.items()},
                base_version=version,
            )
        # A mark that stood so already is not said anew.
        said = {
            at: (presence, note)
            for at, (presence, note) in given.items()
            if standing.get(at) != (presence, frozenset(filter(None, [note])))
        }
        self.arrived.append(Statement(said, set(self.arrived)))
        self._back_up()

    @precondition(lambda self: len(self.backups) > 1 and self.restores < MOST_RESTORES)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        """An earlier day: what was saved on the page since then is gone, and the phones offer
        again what they sent."""
        at = data.draw(st.integers(0, len(self.backups) - 1))
        self.backups = self.backups[: at + 1]
        backup, arrived = self.backups[at]
        self.restores += 1
        with clock.at(NOON + timedelta(hours=self.restores)):
            put_back(backup)
        lost = [each for each in self.arrived if each not in arrived]
        self.waiting += [each for each in lost if each.command]
        self.arrived = list(arrived)

    def _deliver(self, said: Statement) -> None:
        assert said.sender is not None
        response = send_again(said.sender.browser, said.command, said.answer)
        (said.answer,) = response.json["answers"]
        self.arrived.append(said)
        differs = DIFFERS in expected(self.arrived).values()
        assert said.answer["outcome"] in (
            {"differs"} if differs else {"applied", "look", "differs"}
        )

        self._back_up()

    def _back_up(self) -> None:
        owners = {teller.phone.owner.user_id for teller in self.tellers}
        self.backups.append((back_up(self._id(), owners), list(self.arrived)))

    def _version(self) -> int:
        return self._meeting().version if self._meeting() else 0

    def _meeting(self) -> Meeting | None:
        db.session.rollback()
        return db.session.get(Meeting, (self.group.area_id, self._id()))

    def _id(self) -> uuid.UUID:
        return meeting_id(self.group.group_id, DAY)

    @invariant()
    def what_stands_is_what_the_rules_say(self) -> None:
        meeting = self._meeting()
        if meeting is None:
            assert not self.arrived
            return
        places = {family: at for at, family in enumerate(self.group.households)}
        stands = {
            places[row.household_id]: (
                row.presence.value,
                frozenset(filter(None, row.note.split(" / "))),
            )
            for row in db.session.scalars(db.select(Attendance).filter_by(meeting_id=self._id()))
        }
        wanted = expected(self.arrived)
        assert stands == wanted
        values = [presence for presence, _notes in wanted.values()]
        assert meeting.differing == values.count("not_marked")
        assert meeting.total == len(values) - meeting.differing
        assert meeting.present == values.count("present")
        assert differences(self.group.area_id) == []

    @invariant()
    def every_word_is_kept_once(self) -> None:
        sent = {uuid.UUID(each.command["id"]) for each in self.arrived if each.command}
        db.session.rollback()
        owners = {teller.phone.owner.user_id for teller in self.tellers}
        receipts = db.session.scalars(
            db.select(SyncReceipt.id).where(SyncReceipt.owner_id.in_(owners))
        ).all()
        claims = db.session.scalars(
            db.select(RegisterClaim.id).where(
                RegisterClaim.meeting_id == self._id(),
                RegisterClaim.device_id != uuid.UUID(int=0),
            )
        ).all()
        assert sorted(receipts) == sorted(claims) == sorted(sent)

    def teardown(self) -> None:
        """In the end everything arrives."""
        while self.waiting:
            self._deliver(self.waiting.pop())
        self.what_stands_is_what_the_rules_say()
        self.every_word_is_kept_once()


DAY = TODAY.replace(day=TODAY.day - 1)


def _mark(presence: str, note: str) -> Mark:
    return Mark(Presence(presence), settle(Presence(presence), None), note)


@pytest.mark.timeout(900)  # where it fails, it looks for the shortest way there
def test_whatever_comes_in_whatever_order(app: Flask, db_session: Session) -> None:
    run_state_machine_as_test(
        type("Told", (Telling,), {"app": app}),
        settings=settings(
            max_examples=settings.default.max_examples // SHARE,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
