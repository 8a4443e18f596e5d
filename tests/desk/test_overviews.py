"""What supervisors and administrators see first."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.access.roles import Role
from casework.core import clock
from casework.core.ids import meeting_id, new_id
from casework.core.transaction import transaction
from casework.desk.queries.administrator_home import administrator_home
from casework.desk.queries.supervisor_home import supervisor_home
from casework.graduation.models import Nomination
from casework.graduation.states import NominationStatus
from casework.households.models import Group, Household, Membership
from casework.ledger.rules import ExitKind
from casework.meetings.models import Meeting
from casework.meetings.rules import MeetingStatus
from casework.readiness.models import Readiness
from casework.readiness.rules import Verdict
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.households import HouseholdFactory, group_with
from tests.factories.places import BITUNG, PAUDEAN
from tests.fixtures.statements import Statements

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def hold(group: Group, on: date, status: MeetingStatus = MeetingStatus.SENT) -> Meeting:
    return Meeting(
        area_id=group.area_id,
        id=meeting_id(group.id, on),
        group_id=group.id,
        held_on=on,
        status=status,
        present=0,
        total=0,
        recorded_by=new_id(),
        recorded_at=NOW,
    )


def nomination(household: Household, waiting_days: int, status: NominationStatus) -> Nomination:
    since = NOW - timedelta(days=waiting_days)
    return Nomination(
        area_id=household.area_id,
        id=new_id(),
        household_id=household.id,
        kind=ExitKind.INDEPENDENT,
        status=status,
        nominated_by=new_id(),
        nominated_by_name="Sarah",
        nominated_at=since,
        first_submitted_at=since,
        updated_at=since,
    )


def ready(household: Household) -> Readiness:
    return Readiness(
        area_id=household.area_id,
        household_id=household.id,
        verdict=Verdict.READY,
        score=90,
        ladder=4,
        held=12,
        attended=12,
        missed_running=0,
        as_of=date(2026, 11, 24),
        rule_version="test",
        computed_at=NOW,
    )


@pytest.fixture
def households(db_session: Session) -> list[Household]:
    """Three households of Sarah's group Melati, which met this month; her other group did not,
    and one group has a draft only. Another regency has a busy queue of its own."""
    with transaction() as session:
        sarah = UserFactory(name="Sarah")
        melati = group_with(sarah, name="Melati")
        group_with(sarah, name="Mawar")
        budi = UserFactory(name="Budi")
        anggrek = group_with(budi, name="Anggrek")
        group_with(None, households=0, name="Kosong")
        session.add_all(
            [
                hold(melati, date(2026, 11, 3)),
                hold(melati, date(2026, 11, 17)),
                hold(anggrek, date(2026, 11, 5), MeetingStatus.DRAFT),
                hold(anggrek, date(2026, 10, 5)),
            ]
        )
        elsewhere = HouseholdFactory(village=PAUDEAN)
        session.add(nomination(elsewhere, 40, NominationStatus.SUBMITTED))
        found = (
            session.query(Household)
            .join(Membership, Membership.household_id == Household.id)
            .where(Membership.group_id == melati.id)
            .all()
        )
        session.add_all(map(ready, found))
    return found


def test_a_supervisor_sees_who_has_not_met_first(households: list[Household]) -> None:
    with transaction():
        supervisor = actor_for(UserFactory(supervisor=True))
    with clock.at(NOW):
        home = supervisor_home(supervisor)
    rows = [(row.name, row.groups, row.met, row.drafts, row.ready) for row in home.facilitators]
    assert set(rows) == {("Sarah", 2, 1, 0, 3), ("Budi", 1, 0, 1, 0), ("", 1, 0, 0, 0)}
    # A draft is not a meeting, and more than none.
    assert [row.missing for row in home.facilitators[:2]] == [1, 1]
    assert (home.facilitators[2].name, home.facilitators[2].missing) == ("Budi", 0)
    assert (home.groups, home.met, home.missing) == (4, 1, 2)


def test_every_figure_of_a_facilitator_leads_to_the_rows_it_counts(
    households: list[Household], client: FlaskClient
) -> None:
    with transaction() as session:
        rina = UserFactory(supervisor=True)
        session.add(nomination(households[0], 1, NominationStatus.APPROVED))
    with clock.at(NOW):
        actor = sign_in(client, rina)
        home = supervisor_home(actor)
        page = client.get("/").text
        for row in home.facilitators:
            whose = row.facilitator_id or "none"
            for address, figure in {
                f"/groups/?facilitator={whose}": row.groups,
                f"/groups/?facilitator={whose}&state=met": row.met,
                f"/groups/?facilitator={whose}&state=not_yet": row.missing,
                f"/groups/?facilitator={whose}&state=draft": row.drafts,
                f"/households/ready?facilitator={whose}": row.ready,
            }.items():
                led = f'href="{address.replace("&", "&amp;")}"' in page
                assert led == (figure > 0), address
                assert rows_of(client, address) == figure, address
        assert 'href="/groups/?state=not_yet"' in page
        assert rows_of(client, "/groups/?state=not_yet") == home.missing
        assert 'href="/nominations/?status=approved"' in page


def test_meetings_marked_differently_lead_to_a_list_of_that_length(
    households: list[Household], client: FlaskClient, statements: Statements
) -> None:
    with transaction() as session:
        rina = UserFactory(supervisor=True)
        region = UserFactory(supervisor=True, region=BITUNG)
        groups = [group_with(None, 0, name=f"Berbeda {number}") for number in range(3)]
        groups[2].closed_on = date(2026, 11, 23)
        for group, days in zip(groups, (1, 7, 40), strict=True):
            meeting = hold(group, date(2026, 10, 6))
            meeting.differing, meeting.differs_since = 1, NOW - timedelta(days=days)
            session.add(meeting)
    with clock.at(NOW):
        home = supervisor_home(sign_in(client, rina))
        assert (home.unsettled.meetings, home.unsettled.overdue) == (3, 2)
        assert home.unsettled.oldest_since == NOW - timedelta(days=40)
        statements.reset()
        page = client.get("/").text
        # Who is signed in, the queue, the groups, the target, and this.
        assert statements.count <= 6, "\n".join(statements.sent)
        assert "2 lebih dari 7 hari: Anda boleh memutuskan" in page
        assert 'href="/meetings/differing"' in page
        assert rows_of(client, "/meetings/differing") == 3
        sign_in(client, region)
        assert 'href="/meetings/differing"' not in client.get("/").text
        assert rows_of(client, "/meetings/differing") == 0


def rows_of(client: FlaskClient, address: str) -> int:
    """How many rows a list shows, without what stands before it."""
    return client.get(address).text.count('class="row-title"')


def test_the_ready_are_listed_by_name_page_by_page(
    db_session: Session, client: FlaskClient, statements: Statements
) -> None:
    with transaction() as session:
        made = HouseholdFactory.create_batch(60, caretaker_name="Sama Nama")
        session.add_all(map(ready, made))
        group_with(None, households=3)
        stranger = HouseholdFactory(village=PAUDEAN)
        session.add(ready(stranger))
        rina = UserFactory(supervisor=True)
    sign_in(client, rina)
    statements.reset()
    first = client.get("/households/ready").text
    assert statements.count <= 4
    (address,) = re.findall(r'href="([^"]*)" rel="next"', first)
    assert first.count('class="row-title"') == 50
    assert rows_of(client, address.replace("&amp;", "&")) == 10
    assert rows_of(client, "/households/ready?facilitator=none") == 0


def test_a_facilitator_finds_only_her_own_among_the_ready(
    households: list[Household], client: FlaskClient
) -> None:
    with transaction():
        stranger = UserFactory()
    sign_in(client, stranger)
    page = client.get("/households/ready?facilitator=none").text
    assert "Tidak ada keluarga siap yang belum diusulkan." in page


def test_what_waits_too_long_leads_to_its_list(
    households: list[Household], client: FlaskClient
) -> None:
    with transaction() as session:
        rina = UserFactory(supervisor=True)
        session.add(nomination(households[0], 30, NominationStatus.SUBMITTED))
        session.add(nomination(households[1], 2, NominationStatus.SUBMITTED))
    with clock.at(NOW):
        sign_in(client, rina)
        (address,) = re.findall(r'href="(/nominations/\?overdue=1)"', client.get("/").text)
        assert rows_of(client, address) == 1


@pytest.mark.parametrize(
    ("waiting_days", "overdue"), [([1], 0), ([14], 0), ([15], 1), ([3, 20, 30], 2)]
)
def test_the_queue_counts_the_own_region_and_what_waits_too_long(
    households: list[Household], waiting_days: list[int], overdue: int
) -> None:
    with transaction() as session:
        supervisor = actor_for(UserFactory(supervisor=True))
        for household, days in zip(households, waiting_days, strict=False):
            session.add(nomination(household, days, NominationStatus.SUBMITTED))
    with clock.at(NOW):
        queue = supervisor_home(supervisor).queue
    assert (queue.waiting, queue.overdue) == (len(waiting_days), overdue)
    assert queue.oldest_since == NOW - timedelta(days=max(waiting_days))


def test_a_nominated_family_is_no_longer_ready_and_not_nominated(
    households: list[Household],
) -> None:
    with transaction() as session:
        supervisor = actor_for(UserFactory(supervisor=True))
        session.add(nomination(households[0], 1, NominationStatus.DRAFT))
        session.add(nomination(households[1], 1, NominationStatus.REJECTED))
    with clock.at(NOW):
        home = supervisor_home(supervisor)
    assert {row.name: row.ready for row in home.facilitators}["Sarah"] == 2


def test_an_administrator_sees_what_lacks_in_the_own_regency(
    households: list[Household],
) -> None:
    with transaction():
        HouseholdFactory.create_batch(2)
        UserFactory(role=Role.FACILITATOR, region=BITUNG)
        administrator = actor_for(UserFactory(administrator=True, with_password=True))
    home = administrator_home(administrator)
    # Three households in each of three groups, and the two without one.
    assert (home.households, home.without_group) == (11, 2)
    assert home.groups_without_facilitator == 1
    assert home.last_stage == "2026-1"
    # Sarah, Budi and the administrator; the facilitator of Bitung is somebody else's.
    assert (home.people, home.not_activated) == (3, 2)


def test_a_national_administrator_is_not_made_to_wait_for_a_count_of_everybody(
    households: list[Household],
) -> None:
    with transaction():
        nation = UserFactory(role=Role.ADMINISTRATOR, region_code=None)
        actor = actor_for(nation)
    home = administrator_home(actor)
    assert home.households is None
    assert home.people == 4 - 1


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ({"supervisor": True}, "Ringkasan"),
        ({"administrator": True}, "Administrasi"),
        ({"viewer": True}, "Angka dan daftar"),
    ],
)
def test_each_role_has_its_own_first_page(
    households: list[Household], client: FlaskClient, who: dict[str, bool], says: str
) -> None:
    with transaction():
        person = UserFactory(**who)
    sign_in(client, person)
    page = client.get("/")
    assert page.status_code == 200
    assert says in page.text
    for address in re.findall(r'href="(/[^"#]*)"', page.text):
        assert client.get(address.replace("&amp;", "&")).status_code < 400, address
