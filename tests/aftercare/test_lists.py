"""Whom to visit and who needs attention: each sees the own, the late ones first, page by page."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.aftercare.actions import Visit, record_visit
from casework.aftercare.queries import alerts as alert_queries
from casework.aftercare.queries import due as due_queries
from casework.aftercare.queries.alerts import alerts
from casework.aftercare.queries.due import Wanted, to_visit
from casework.aftercare.queries.visits import graduated
from casework.aftercare.rules import state_of, window_at
from casework.aftercare.states import TO_VISIT, NextStep, Unable, VisitState
from casework.core import clock
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.households.models import Group, Household
from tests.aftercare.families import (
    SIX,
    THREE,
    as_graduate,
    correct,
    graduate,
    noon,
    poorly,
    reverse,
    rows,
    visit,
    well,
)
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.graduation import Cast, another_household, cast
from tests.factories.households import group_with
from tests.factories.places import (
    BITUNG,
    BUNAKEN,
    DENPASAR,
    MAASING,
    MANADO,
    NORTH_SULAWESI,
    TUMINTING,
)
from tests.fixtures.statements import Statements

EVERYTHING = Wanted()


def due_on(actor: Actor, today: date, wanted: Wanted = EVERYTHING) -> list[tuple[str, bool]]:
    with clock.at(noon(today)):
        return [(row.caretaker_name, row.is_late) for row in to_visit(actor, wanted).rows]


def in_need(actor: Actor, wanted: alert_queries.Wanted | None = None) -> list[str]:
    found = alerts(actor, wanted or alert_queries.Wanted())
    return [row.caretaker_name for row in found.rows]


@pytest.fixture
def people(db_session: Session) -> Cast:
    people = cast(caretaker_name="Aminah")
    graduate(people)
    return people


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 3, 17), []),
        (date(2026, 3, 18), [("Aminah", False)]),
        (date(2026, 4, 30), [("Aminah", False)]),
        (date(2026, 5, 1), [("Aminah", True)]),
        (date(2026, 6, 17), [("Aminah", False)]),  # that of six months by now
        (date(2026, 12, 17), [("Aminah", True)]),
        (date(2026, 12, 18), [("Aminah", False)]),
        (date(2027, 3, 31), [("Aminah", True)]),
        (date(2027, 4, 1), []),
    ],
)
def test_a_family_is_on_the_list_while_a_visit_is_open(
    people: Cast, today: date, expected: list[tuple[str, bool]]
) -> None:
    for actor in (people.hers, people.theirs, people.office):
        assert due_on(actor, today) == expected


def test_a_visit_or_a_try_takes_it_off_until_the_next_one_opens(people: Cast) -> None:
    visit(people.hers, people, well(THREE))
    assert due_on(people.hers, date(2026, 6, 16)) == []
    assert due_on(people.hers, date(2026, 6, 17)) == [("Aminah", False)]
    visit(people.hers, people, Visit(SIX, unable=Unable.NOT_FOUND, note="Rumah kosong."))
    assert due_on(people.hers, date(2026, 12, 17)) == []
    assert due_on(people.hers, date(2026, 12, 18)) == [("Aminah", False)]


def test_a_correction_that_moves_a_visit_to_another_window_opens_the_one_it_left(
    people: Cast,
) -> None:
    first = visit(people.hers, people, well(date(2026, 6, 17)))
    assert due_on(people.hers, date(2026, 6, 20)) == []
    with clock.at(noon(date(2026, 6, 20))):
        correct(people.hers, people, first, well(date(2026, 6, 16)))
    assert due_on(people.hers, date(2026, 6, 20)) == [("Aminah", False)]


def test_a_reversed_graduation_is_on_no_list(people: Cast) -> None:
    visit(people.hers, people, poorly(THREE))
    nomination_id = rows()[0].nomination_id
    assert in_need(people.theirs) == ["Aminah"]
    with clock.at(noon(date(2026, 6, 20))):
        assert due_on(people.hers, date(2026, 6, 20)) == [("Aminah", False)]
        reverse(people, nomination_id)
    assert due_on(people.theirs, date(2026, 6, 20)) == []
    assert in_need(people.theirs) == []


def test_a_family_that_graduates_anew_is_visited_anew(people: Cast) -> None:
    """What was found after the graduation that was taken back does not count for the new one."""
    visit(people.hers, people, poorly(THREE))
    with clock.at(noon(SIX)):
        reverse(people, rows()[0].nomination_id)
    graduate(people, "2026-3", known=noon(date(2026, 7, 20)))
    assert in_need(people.theirs) == []
    assert due_on(people.hers, date(2026, 9, 16)) == []
    assert due_on(people.hers, date(2026, 9, 17)) == [("Aminah", False)]
    visit(people.hers, people, well(date(2026, 10, 1)))
    assert [each.months for each in rows()] == [3, 3]
    assert due_on(people.theirs, date(2026, 10, 1)) == []


def test_the_statement_and_the_rule_say_the_same_on_every_day(people: Cast) -> None:
    """Of families of several stages, known early and late, on two years of days."""
    actor = people.theirs
    known = {
        ("2025-3", datetime(2025, 8, 1, 3, tzinfo=UTC)),
        ("2025-4", datetime(2026, 3, 31, 15, 59, tzinfo=UTC)),  # 31 March in Manado
        ("2025-4", datetime(2026, 3, 31, 16, tzinfo=UTC)),  # 1 April
        ("2026-2", datetime(2026, 1, 31, 3, tzinfo=UTC)),
        ("2026-2", datetime(2026, 9, 1, 3, tzinfo=UTC)),
        ("2026-3", datetime(2026, 11, 29, 3, tzinfo=UTC)),
    }
    with transaction():
        for stage, outcome_at in known:
            household = another_household(group_with(None, 0), caretaker_name=str(outcome_at))
            as_graduate(household, stage, outcome_at)
    day = date(2025, 10, 1)
    while day < date(2027, 12, 1):
        expected, here = {}, set()
        for stage, outcome_at in known:
            graduation = graduated(actor, stage, outcome_at)
            window = window_at(graduation, day)
            if graduation.known_on > day:
                continue  # not recorded yet: no row was there on that day
            here.add(str(outcome_at))
            if window is None:
                continue
            state = state_of(window, graduation.known_on, day, visited=False, tried=False)
            if state in TO_VISIT:
                expected[str(outcome_at)] = state is VisitState.LATE
        found = {name: late for name, late in due_on(actor, day) if name in here}
        assert found == expected, day
        day += timedelta(days=1 if day.day in (1, 2, 27, 28, 29, 30, 31) else 6)


@pytest.mark.parametrize(
    ("stranger", "sees"),
    [
        ({}, False),  # another facilitator of the same district
        ({"supervisor": True, "region": BUNAKEN}, True),
        ({"supervisor": True, "region": TUMINTING}, False),
        ({"supervisor": True, "region": NORTH_SULAWESI}, True),
        ({"administrator": True, "region": MANADO}, True),
        ({"administrator": True, "region": BITUNG}, False),
        ({"administrator": True, "region": DENPASAR}, False),
        ({"administrator": True, "region": None}, True),
    ],
)
def test_each_sees_the_own_region(people: Cast, stranger: dict[str, object], sees: bool) -> None:
    with transaction():
        actor = actor_for(UserFactory(**stranger))
    visit(people.hers, people, poorly(THREE))
    assert due_on(actor, SIX) == ([("Aminah", False)] if sees else [])
    assert in_need(actor) == (["Aminah"] if sees else [])


def test_signs_stand_until_somebody_has_spoken_with_the_family_again(people: Cast) -> None:
    visit(people.hers, people, poorly(THREE))
    assert in_need(people.theirs) == ["Aminah"]
    visit(people.hers, people, Visit(date(2026, 5, 4), unable=Unable.NOT_FOUND, note="Kosong."))
    assert in_need(people.theirs) == ["Aminah"]
    again = visit(people.hers, people, well(date(2026, 5, 20)))
    assert in_need(people.theirs) == []
    with clock.at(noon(date(2026, 5, 21))):
        correct(people.hers, people, again, poorly(date(2026, 5, 20)))
    assert in_need(people.theirs) == ["Aminah"]


def test_of_two_visits_on_one_day_the_one_recorded_last_speaks(people: Cast) -> None:
    visit(people.hers, people, poorly(THREE))
    with clock.at(noon(THREE) + timedelta(hours=2)), transaction():
        record_visit(people.hers, people.household.id, well(THREE), visit_id=new_id())
    assert in_need(people.theirs) == []


@pytest.fixture
def two_districts(people: Cast, db_session: Session) -> dict[str, User | Group | Household]:
    """Beside Aminah: Barkah in another district whom nobody looks after, Cici of a colleague."""
    with transaction():
        colleague = UserFactory(name="Budi")
        barkah = another_household(
            group_with(None, 0, village=MAASING), caretaker_name="Barkah", village=MAASING
        )
        cici = another_household(group_with(colleague, 0), caretaker_name="Cici")
        as_graduate(barkah)
        as_graduate(cici)
    return {"colleague": colleague, "barkah": barkah, "cici": cici}


def test_the_list_is_narrowed_by_facilitator_place_and_lateness(
    people: Cast, two_districts: dict[str, User]
) -> None:
    def names(**wanted: object) -> list[str]:
        found = due_on(people.theirs, THREE, Wanted(**wanted))  # type: ignore[arg-type]
        return [name for name, _late in found]

    assert names() == ["Aminah", "Barkah", "Cici"]
    assert names(facilitator_id=two_districts["colleague"].id) == ["Cici"]
    assert names(nobodys=True) == ["Barkah"]
    assert names(region=TUMINTING) == ["Barkah"]
    assert names(region=BUNAKEN) == ["Aminah", "Cici"]
    assert names(late_only=True) == []
    late = due_on(people.theirs, date(2026, 5, 1), Wanted(late_only=True))
    assert [name for name, _late in late] == ["Aminah", "Barkah", "Cici"]


def test_those_in_need_are_narrowed_by_what_comes_next(people: Cast) -> None:
    visit(people.hers, people, poorly(THREE))
    proposals = alert_queries.Wanted(next_step=NextStep.VILLAGE_PROPOSAL)
    assert in_need(people.theirs, proposals) == ["Aminah"]
    assert in_need(people.theirs, alert_queries.Wanted(next_step=NextStep.VISIT_AGAIN)) == []
    assert in_need(people.theirs, alert_queries.Wanted(nobodys=True)) == []
    assert in_need(people.theirs, alert_queries.Wanted(region=TUMINTING)) == []
    hers = alert_queries.Wanted(facilitator_id=people.facilitator.id)
    assert in_need(people.theirs, hers) == ["Aminah"]


def test_the_late_come_first_and_pages_follow_without_a_gap(
    people: Cast, client: FlaskClient, statements: Statements
) -> None:
    """Sixty of one day and ten who are known of late; the names come twice and more."""
    with transaction():
        group = group_with(None, 0)
        for number in range(60):
            as_graduate(another_household(group, caretaker_name=f"Nama {number % 7}"))
        for number in range(10):
            household = another_household(group, caretaker_name=f"Awal {number % 3}")
            as_graduate(household, known=datetime(2026, 5, 10, 3, tzinfo=UTC))
    sign_in(client, people.supervisor)
    with clock.at(noon(date(2026, 5, 20))):
        statements.reset()
        first = client.get("/follow-ups/").text
        assert statements.count <= 5, "\n".join(statements.sent)
        (address,) = re.findall(r'href="([^"]*)" rel="next"', first)
        second = client.get(address.replace("&amp;", "&")).text
    found = [*_ids(first), *_ids(second)]
    assert (len(_ids(first)), len(_ids(second))) == (50, 21)
    assert len(set(found)) == 71
    late = [*re.findall(r"row-title\">([^<]*)", first), *re.findall(r"row-title\">([^<]*)", second)]
    assert all(not name.startswith("Awal") for name in late[:61])
    assert all(name.startswith("Awal") for name in late[61:])


def test_those_in_need_come_by_pages_the_latest_visit_first(
    people: Cast, client: FlaskClient, db_session: Session
) -> None:
    with transaction():
        group = group_with(db_session.merge(people.facilitator), 0)
        made = [another_household(group, caretaker_name=f"Nama {n}") for n in range(55)]
        for household in made:
            as_graduate(household)
    for number, household in enumerate(made):
        one = Cast(
            people.facilitator, people.supervisor, household, people.administrator, people.colleague
        )
        visit(people.hers, one, poorly(THREE + timedelta(days=number % 20)))
    sign_in(client, people.supervisor)
    first = client.get("/follow-ups/alerts").text
    (address,) = re.findall(r'href="([^"]*)" rel="next"', first)
    second = client.get(address.replace("&amp;", "&")).text
    assert (len(_ids(first)), len(_ids(second))) == (50, 5)
    assert len({*_ids(first), *_ids(second)}) == 55
    days = [
        found
        for page in (first, second)
        for found in re.findall(r'row-end">\s*(\d+) Apr 2026', page)
    ]
    assert [int(day) for day in days] == sorted((int(day) for day in days), reverse=True)


def _ids(page: str) -> list[str]:
    return re.findall(r'class="row" href="/households/([0-9a-f-]{36})#aftercare"', page)


@pytest.mark.parametrize("page", ["/follow-ups/", "/follow-ups/alerts"])
@pytest.mark.parametrize(
    "query",
    ["after=x", "after=1.2026-99-01.x", "region=71.72", "region=zz", "facilitator=budi"],
)
def test_what_no_page_offers_is_not_there(
    people: Cast, client: FlaskClient, page: str, query: str
) -> None:
    sign_in(client, people.supervisor)
    assert client.get(f"{page}?{query}").status_code == 404


def test_a_next_step_that_there_is_not_is_not_there(people: Cast, client: FlaskClient) -> None:
    sign_in(client, people.supervisor)
    assert client.get("/follow-ups/alerts?next_step=pray").status_code == 404


def test_after_is_read_as_it_was_written() -> None:
    due = due_queries.After(True, THREE, new_id())
    assert due_queries.After.asked(str(due)) == due
    in_need = alert_queries.After(THREE, new_id())
    assert alert_queries.After.asked(str(in_need)) == in_need
