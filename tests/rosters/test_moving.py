"""A family is taken in once in the whole country: it moves, or a person has to look."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.audit.queries.trail import Filters, entries
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.transaction import transaction
from casework.graduation import actions as graduation
from casework.households import scope
from casework.households.actions.assignments import assign
from casework.households.actions.groups import change_group, make_group
from casework.households.actions.memberships import put_household
from casework.households.models import Group, Household, Membership, RegisteredNik
from casework.households.rules import HouseholdStatus, has_moved
from casework.rosters.actions import importing
from casework.rosters.actions.importing import RowsRefused
from casework.rosters.labels import problem_words
from casework.rosters.reading.errors import CellProblem
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.places import BITUNG, MANADO, MOLAS, area_of
from tests.factories.rosters import as_csv, nik, no_kk
from tests.fixtures.statements import Statements
from tests.rosters.files import (
    FIRST,
    IN_BITUNG,
    SECOND,
    THIRD,
    clear_numbers,
    families,
    family,
    households,
    registry_differences,
    take_in,
    trail,
)

pytestmark = pytest.mark.usefixtures("villages")
S = HouseholdStatus


def in_bitung(number: int, **changes: object) -> dict[str, object]:
    return family(number, **changes) | IN_BITUNG


@pytest.fixture
def administrator(villages: None) -> Actor:
    """Of Kota Bitung."""
    with transaction():
        return actor_for(UserFactory(administrator=True, region=BITUNG))


def row_of(area: str) -> Household:
    (row,) = [each for each in households() if each.area_id == area_of(area)]
    return row


def refusal(*rows: dict[str, object], stage: str, actor: Actor | None = None) -> RowsRefused:
    with pytest.raises(RowsRefused) as refused:
        take_in(*rows, stage=stage, actor=actor)
    return refused.value


def in_a_group(household: Household, days_ago: int = 40) -> tuple[Actor, Group]:
    """Led by that family."""
    with transaction():
        facilitator = actor_for(UserFactory())
        administrator = actor_for(UserFactory(administrator=True))
        on = clock.today(facilitator.time_zone) - timedelta(days=days_ago)
        group_id = make_group(administrator, MOLAS, "Melati", "")
        assign(administrator, group_id, facilitator.user_id, on)
        put_household(administrator, household.id, group_id, on)
        change_group(
            administrator, group_id, name="Melati", meeting_place="", leader_id=household.id
        )
    return facilitator, db.session.get_one(Group, (household.area_id, group_id))


@pytest.mark.parametrize(
    ("status", "last_stage", "engaged", "moved"),
    [
        (S.ACTIVE, FIRST, False, True),
        (S.EXITED, FIRST, False, True),
        (S.ACTIVE, SECOND, False, False),
        (S.ACTIVE, THIRD, False, False),
        (S.ACTIVE, FIRST, True, False),
        (S.APPROVED, FIRST, False, False),
        (S.GRADUATED, FIRST, False, False),
        (S.MOVED, FIRST, False, False),
    ],
)
def test_only_a_later_roster_says_that_a_family_has_moved(
    status: HouseholdStatus, last_stage: str, engaged: bool, moved: bool
) -> None:
    assert has_moved(status, last_stage, SECOND, engaged=engaged) is moved


@pytest.mark.parametrize("stage", [SECOND, FIRST])
def test_a_family_of_another_regency_is_no_second_one(administrator: Actor, stage: str) -> None:
    """Named there by the same stage, or by a later one."""
    take_in(family(1), stage=SECOND)
    refused = refusal(in_bitung(1), in_bitung(2), stage=stage, actor=administrator)
    (problem,) = refused.checked.problems
    assert problem.code is CellProblem.KNOWN_ELSEWHERE
    assert (problem.row, problem.value, dict(problem.params)) == (
        2,
        "",
        {"regency": "Kota Manado"},
    )
    assert str(problem_words(problem).sentence) == (
        "Baris 2, kolom NIK: NIK ini milik keluarga di Kota Manado. Hubungi administrator di sana."
    )
    assert len(households()) == 1


def test_leaving_out_bad_rows_leaves_the_family_where_it_is(administrator: Actor) -> None:
    take_in(family(1))
    done = take_in(in_bitung(1), in_bitung(2), actor=administrator, skip_bad=True)
    assert (done.summary.added, done.summary.bad, done.summary.moved_here) == (1, 1, 0)
    assert [each.status for each in households()] == [S.ACTIVE, S.ACTIVE]
    assert not registry_differences()


def test_a_later_roster_closes_one_row_and_opens_another(administrator: Actor) -> None:
    take_in(family(1), family(2))
    with transaction() as session:
        old = next(each for each in households() if each.caretaker_name.endswith("1"))
        session.get_one(Household, (old.area_id, old.id)).member_since_year = 2019
    old_id = old.id
    done = take_in(in_bitung(1), stage=SECOND, actor=administrator)
    assert (done.summary.added, done.summary.moved_here, done.summary.bad) == (1, 1, 0)
    new = row_of(BITUNG)
    old = db.session.get_one(Household, (area_of(MANADO), old_id))
    assert (old.status, old.last_stage, old.area_id) == (S.MOVED, FIRST, area_of(MANADO))
    assert (new.status, new.first_stage) == (S.ACTIVE, SECOND)
    assert (new.moved_from_area_id, new.moved_from_id) == (area_of(MANADO), old_id)
    assert new.member_since_year == 2019
    assert clear_numbers(new) == clear_numbers(old) == (nik(1), no_kk(1))
    registered = db.session.get_one(RegisteredNik, new.nik_index)
    assert (registered.area_id, registered.household_id) == (new.area_id, new.id)
    assert not registry_differences()


def test_what_hung_on_the_closed_row_ends_with_it(administrator: Actor) -> None:
    take_in(family(1))
    old = row_of(MANADO)
    facilitator, group = in_a_group(old)
    take_in(in_bitung(1), stage=SECOND, actor=administrator)
    db.session.rollback()
    stay = db.session.scalars(select(Membership)).one()
    assert stay.to_on == clock.today("Asia/Makassar")
    assert db.session.get_one(Group, (group.area_id, group.id)).leader_id is None
    seen = scope.households(facilitator)
    assert db.session.execute(select(seen.c.id)).all() == []
    (left,) = [each for each in trail(Tag.MEMBERSHIP_CHANGED) if each.data["to_group"] is None]
    assert left.data["from_group"] == str(group.id)


def test_a_stay_that_began_today_has_not_been(administrator: Actor) -> None:
    take_in(family(1))
    in_a_group(row_of(MANADO), days_ago=0)
    take_in(in_bitung(1), stage=SECOND, actor=administrator)
    db.session.rollback()
    assert db.session.scalars(select(Membership)).all() == []


def test_both_regencies_find_the_move_in_their_trail(administrator: Actor) -> None:
    take_in(family(1))
    take_in(in_bitung(1), stage=SECOND, actor=administrator)
    found = {
        area: entries([area_of(area)], Filters(tag=Tag.HOUSEHOLD_MOVED)).rows
        for area in (MANADO, BITUNG)
    }
    for area, rows in found.items():
        (entry,) = rows
        assert entry.actor_name == administrator.name
        assert entry.subject_id == str(row_of(area).id)
        assert entry.data == {
            "from_regency": "Kota Manado",
            "to_regency": "Kota Bitung",
            "stage": SECOND,
        }


def test_a_nomination_under_way_keeps_the_family(administrator: Actor) -> None:
    """And the words are the same: that it is nominated is nobody's business in Bitung."""
    take_in(family(1))
    old = row_of(MANADO)
    facilitator, _group = in_a_group(old)
    with transaction():
        nomination_id = graduation.draft(facilitator, old.id)
    refused = refusal(in_bitung(1), stage=SECOND, actor=administrator)
    (problem,) = refused.checked.problems
    assert (problem.code, dict(problem.params)) == (
        CellProblem.KNOWN_ELSEWHERE,
        {"regency": "Kota Manado"},
    )
    assert row_of(MANADO).status is S.ACTIVE
    with transaction():
        graduation.withdraw(facilitator, nomination_id, reason="Keluarga pindah.")
    take_in(in_bitung(1), stage=SECOND, actor=administrator)
    assert row_of(MANADO).status is S.MOVED


def test_the_same_file_twice_changes_nothing(administrator: Actor) -> None:
    take_in(family(1))
    take_in(in_bitung(1), stage=SECOND, actor=administrator)
    before = [(each.id, each.status, each.updated_at) for each in households()]
    again = take_in(in_bitung(1), stage=SECOND, actor=administrator)
    assert (again.summary.unchanged, again.summary.moved_here) == (1, 0)
    assert [(each.id, each.status, each.updated_at) for each in households()] == before
    assert len(trail(Tag.HOUSEHOLD_MOVED)) == 2


def test_the_old_regency_s_roster_of_that_stage_has_to_ask(administrator: Actor) -> None:
    take_in(family(1))
    take_in(in_bitung(1), stage=SECOND, actor=administrator)
    (problem,) = refusal(family(1), stage=SECOND).checked.problems
    assert problem.params == {"regency": "Kota Bitung"}
    outdated = take_in(in_bitung(1), stage=FIRST)
    assert outdated.summary.outdated == 1


def test_a_family_that_comes_back_finds_its_row(administrator: Actor) -> None:
    take_in(family(1))
    old_id = row_of(MANADO).id
    take_in(in_bitung(1), stage=SECOND, actor=administrator)
    away_id = row_of(BITUNG).id
    done = take_in(family(1), stage=THIRD)
    assert (done.summary.added, done.summary.changed, done.summary.moved_here) == (0, 1, 1)
    back = row_of(MANADO)
    assert (back.id, back.status, back.last_stage) == (old_id, S.ACTIVE, THIRD)
    assert (back.moved_from_area_id, back.moved_from_id) == (area_of(BITUNG), away_id)
    assert row_of(BITUNG).status is S.MOVED
    assert not registry_differences()


def test_a_row_closed_by_a_wrong_number_opens_again_once_that_is_corrected(
    administrator: Actor,
) -> None:
    take_in(family(1))
    old_id = row_of(MANADO).id
    take_in(in_bitung(2) | {"NIK": nik(1)}, stage=SECOND, actor=administrator)
    assert refusal(family(1), stage=SECOND).checked.summary.bad == 1
    take_in(in_bitung(2), stage=SECOND, actor=administrator)
    done = take_in(family(1), stage=SECOND)
    assert (done.summary.changed, done.summary.moved_here) == (1, 0)
    assert (row_of(MANADO).id, row_of(MANADO).status) == (old_id, S.ACTIVE)
    assert not registry_differences()


def test_the_no_kk_that_stayed_behind_is_not_the_moved_family(administrator: Actor) -> None:
    take_in(family(1))
    take_in(in_bitung(1) | {"NO KK": no_kk(51)}, stage=SECOND, actor=administrator)
    done = take_in(family(3) | {"NO KK": no_kk(1)}, stage=SECOND)
    assert (done.summary.added, done.summary.changed) == (1, 0)
    assert not registry_differences()


def test_a_corrected_nik_is_let_go_of_and_may_be_another_s(administrator: Actor) -> None:
    take_in(family(1))
    take_in(family(1) | {"NIK": nik(9)}, stage=SECOND)
    assert not registry_differences()
    (problem,) = refusal(in_bitung(9), stage=SECOND, actor=administrator).checked.problems
    assert problem.code is CellProblem.KNOWN_ELSEWHERE
    done = take_in(in_bitung(1) | {"NO KK": no_kk(51)}, stage=SECOND, actor=administrator)
    assert (done.summary.added, done.summary.moved_here) == (1, 0)
    assert not registry_differences()


def test_a_correction_to_a_number_of_another_regency_has_to_ask(administrator: Actor) -> None:
    take_in(family(1))
    take_in(in_bitung(2), actor=administrator)
    (problem,) = refusal(in_bitung(2) | {"NIK": nik(1)}, stage=FIRST).checked.problems
    assert problem.params == {"regency": "Kota Manado"}


def test_two_rows_of_one_file_never_name_one_family(villages: None) -> None:
    """Its old regency corrects the number by the No KK, the new one claims it."""
    take_in(family(1))
    checked = take_in(
        family(1) | {"NIK": nik(9)},
        in_bitung(1) | {"NO KK": no_kk(51)},
        stage=SECOND,
        skip_bad=True,
    )
    assert [(each.code, each.params) for each in checked.problems] == [
        (CellProblem.SAME_HOUSEHOLD, {"row": 3}),
        (CellProblem.SAME_HOUSEHOLD, {"row": 2}),
    ]
    assert [each.status for each in households()] == [S.ACTIVE]
    assert not registry_differences()


def test_statements_do_not_grow_with_the_moves(
    administrator: Actor, statements: Statements
) -> None:
    take_in(*families(40))
    counted = []
    for numbers in (range(1, 4), range(10, 40)):
        statements.reset()
        take_in(*map(in_bitung, numbers), stage=SECOND, actor=administrator)
        counted.append(statements.count)
    assert counted[0] == counted[1]


def test_the_page_shows_who_comes_and_who_cannot(administrator: Actor, client: FlaskClient) -> None:
    take_in(family(1), family(2), stage="2025-4")
    take_in(family(2), stage=FIRST)
    sign_in(client, _person(administrator))
    data = as_csv([in_bitung(1), in_bitung(2)])
    answer = client.post(
        "/rosters/import", data={"stage": FIRST, "file": (BytesIO(data), "FC.csv")}
    )
    page = client.get(answer.location).text
    assert "data di sana akan ditutup" in page
    assert "NIK ini milik keluarga di Kota Manado. Hubungi administrator di sana." in page
    assert nik(2) not in page
    handed_back = client.get(f"{answer.location}/bad-rows.csv").text
    assert "NIK: NIK ini milik keluarga di Kota Manado." in handed_back
    client.post(answer.location, data={"skip_bad": "1"})
    assert "data di sana sudah ditutup" in client.get(answer.location).text
    assert {each.status for each in households()} == {S.ACTIVE, S.MOVED}


def test_who_is_told_of_other_regencies_leaves_a_trace(
    administrator: Actor, client: FlaskClient
) -> None:
    take_in(family(1), family(2))
    sign_in(client, _person(administrator))
    data = as_csv([in_bitung(1), in_bitung(2), in_bitung(3)])
    client.post("/rosters/import", data={"stage": FIRST, "file": (BytesIO(data), "FC.csv")})
    (entry,) = trail(Tag.NIK_FOUND_ELSEWHERE)
    assert (entry.area_id, entry.actor_name) == (area_of(BITUNG), administrator.name)
    assert entry.data == {
        "stage": FIRST,
        "rows": 2,
        "sha256": importing.fingerprint(data).hex(),
    }


def test_a_closed_row_says_so_on_the_list(administrator: Actor, client: FlaskClient) -> None:
    take_in(family(1))
    take_in(in_bitung(1), stage=SECOND, actor=administrator)
    with transaction():
        here = UserFactory(administrator=True)
    sign_in(client, here)
    for page in (
        client.get("/households/?status=moved").text,
        client.get(f"/households/{row_of(MANADO).id}").text,
    ):
        assert "Pindah ke kabupaten/kota lain" in page
        assert "IBU CONTOH 1" in page


def _person(actor: Actor) -> User:
    return db.session.get_one(User, actor.user_id)
