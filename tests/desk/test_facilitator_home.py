"""The first page of a facilitator: whom to meet, whom to visit, whom to put forward."""

from __future__ import annotations

import gzip
import re
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from casework.accounts.models import User
from casework.core import clock
from casework.core.db import db
from casework.core.ids import meeting_id, new_id
from casework.core.transaction import transaction
from casework.graduation.models import Nomination
from casework.graduation.states import NominationStatus
from casework.households.models import Group, Household, Membership
from casework.ledger.rules import ExitKind
from casework.meetings.rules import MeetingStatus, Presence
from casework.readiness.models import Readiness
from casework.readiness.rules import Verdict
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.households import group_with
from tests.factories.meetings import meeting_with
from tests.fixtures.statements import Statements

NOON = datetime(2026, 11, 12, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.fixture
def sarah(db_session: object) -> User:
    with transaction():
        return UserFactory(username="sarah", name="Sarah Lumentut")


def page_of(client: FlaskClient, user: User) -> str:
    sign_in(client, user)
    response = client.get("/")
    assert response.status_code == 200
    return response.get_data(as_text=True)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def section(page: str, title: str) -> str:
    """What stands under one heading."""
    return words(page.split(f"{title}</h2>", 1)[1].split("<h2>", 1)[0])


def households_of(group: Group) -> list[uuid.UUID]:
    return list(
        db.session.scalars(
            select(Membership.household_id)
            .where(Membership.group_id == group.id)
            .order_by(Membership.household_id)
        )
    )


def rename(household_id: uuid.UUID, name: str) -> None:
    db.session.scalars(select(Household).filter_by(id=household_id)).one().caretaker_name = name


def readiness(group: Group, household_id: uuid.UUID, **values: object) -> None:
    given = {"verdict": Verdict.NOT_YET, "missed_running": 0, **values}
    db.session.add(
        Readiness(
            area_id=group.area_id,
            household_id=household_id,
            score=50,
            ladder=1,
            held=6,
            attended=4,
            as_of=date(2026, 11, 12),
            rule_version="a test",
            computed_at=NOON,
            **given,
        )
    )


def nomination(group: Group, household_id: uuid.UUID, status: NominationStatus) -> None:
    returned = status is NominationStatus.RETURNED
    db.session.add(
        Nomination(
            area_id=group.area_id,
            id=new_id(),
            household_id=household_id,
            kind=ExitKind.INDEPENDENT,
            status=status,
            nominated_by=new_id(),
            nominated_by_name="Sarah",
            nominated_at=NOON,
            updated_at=NOON,
            decided_by=new_id() if returned else None,
            decided_by_name="Rina" if returned else None,
            decided_at=NOON if returned else None,
            decision_reason="Foto usaha kurang jelas." if returned else None,
        )
    )


def test_without_a_group_the_page_says_whom_to_ask(client: FlaskClient, sarah: User) -> None:
    page = words(page_of(client, sarah))
    assert "Anda belum punya kelompok." in page
    assert "Minta Supervisor menetapkan kelompok dampingan Anda." in page


def test_groups_are_met_begun_or_still_to_meet(client: FlaskClient, sarah: User) -> None:
    with transaction():
        groups = {name: group_with(sarah, 1, name=name) for name in ("Melati", "Mawar", "Dahlia")}
        (one,) = households_of(groups["Melati"])
        meeting_with(groups["Melati"], date(2026, 10, 12), {one: Presence.PRESENT})
        (two,) = households_of(groups["Mawar"])
        meeting_with(groups["Mawar"], date(2026, 11, 1), {two: Presence.PRESENT})
        meeting_with(
            groups["Dahlia"], date(2026, 11, 10), {}, status=MeetingStatus.DRAFT, lessons=()
        )
        ids = {name: group.id for name, group in groups.items()}
    page = page_of(client, sarah)
    assert "November 2026" in words(page)
    assert "1 dari 3" in words(page)
    to_meet = section(page, "Belum bertemu")
    assert "Melati 1 keluarga terakhir 12 Okt Catat pertemuan" in to_meet
    assert "Dahlia draf 10 Nov Lanjutkan" in to_meet
    assert "Mawar" not in to_meet
    assert "Mawar 1 Nov 2026" in section(page, "Sudah bertemu")
    assert f'href="/groups/{ids["Melati"]}/meetings/new"' in page


def test_groups_without_a_register_of_last_month_are_named_while_it_can_be_recorded(
    client: FlaskClient, sarah: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction():
        names = ("Melati", "Mawar", "Dahlia", "Anggrek")
        groups = {name: group_with(sarah, 1, name=name) for name in names}
        days = {"Melati": date(2026, 9, 12), "Mawar": date(2026, 10, 31)}
        for name, day in days.items():
            (one,) = households_of(groups[name])
            meeting_with(groups[name], day, {one: Presence.PRESENT})
        # And again this month: that October is missing stays true.
        (one,) = households_of(groups["Melati"])
        meeting_with(groups["Melati"], date(2026, 11, 2), {one: Presence.PRESENT})
        meeting_with(
            groups["Dahlia"], date(2026, 10, 30), {}, status=MeetingStatus.DRAFT, lessons=()
        )
        melati, dahlia = groups["Melati"].id, groups["Dahlia"].id
    said = "Oktober 2026: 2 kelompok belum tercatat"
    page = page_of(client, sarah)
    assert said in words(page)
    missed = page[page.index("2 kelompok belum tercatat") : page.index("Belum bertemu</h2>")]
    assert "Melati terakhir 12 Sep Catat pertemuan" in words(missed)
    assert "Dahlia draf 30 Okt Lanjutkan" in words(missed)
    assert "Mawar" not in missed  # it has met
    assert "Anggrek" not in missed  # it may be new
    assert f'href="/groups/{melati}/meetings/new?day=other"' in missed
    assert f'href="/meetings/{meeting_id(dahlia, date(2026, 10, 30))}/correct"' in missed
    monkeypatch.setitem(client.application.config, "MEETING_BACKDATING_DAYS", 5)
    assert said not in words(page_of(client, sarah))


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        # 31 October 23.30 and 1 November 00.30 in Manado (WITA, eight hours ahead of UTC).
        (datetime(2026, 10, 31, 15, 30, tzinfo=UTC), "0 dari 1"),
        (datetime(2026, 10, 31, 16, 30, tzinfo=UTC), "1 dari 1"),
    ],
)
def test_the_month_begins_where_the_facilitator_stands(
    client: FlaskClient, sarah: User, moment: datetime, counts: str
) -> None:
    with transaction():
        group = group_with(sarah, 1)
        meeting_with(group, date(2026, 11, 1), {households_of(group)[0]: Presence.PRESENT})
    with clock.at(moment):
        assert counts in words(page_of(client, sarah))


def test_all_met_is_good_news(client: FlaskClient, sarah: User) -> None:
    with transaction():
        group = group_with(sarah, 1)
        meeting_with(group, date(2026, 11, 1), {households_of(group)[0]: Presence.PRESENT})
    page = words(page_of(client, sarah))
    assert "Semua kelompok sudah bertemu bulan ini. Terima kasih." in page
    assert "Tidak ada keluarga yang dua kali berturut-turut tidak hadir." in page
    assert "Belum ada keluarga yang hampir siap." in page


def test_families_that_ask_for_something_are_named_with_their_group(
    client: FlaskClient, sarah: User
) -> None:
    with transaction():
        group = group_with(sarah, 6, name="Melati")
        once, twice, thrice, ready, nearly, returned = households_of(group)
        for household, name in (
            (once, "Aminah"), (twice, "Barkah"), (thrice, "Cici"), (ready, "Dewi"),
            (nearly, "Wilhelmina Petronela Rumokoy-Tumanduk"), (returned, "Fatimah"),
        ):  # fmt: skip
            rename(household, name)
        readiness(group, once, missed_running=1)
        readiness(group, twice, missed_running=2)
        readiness(group, thrice, missed_running=3)
        readiness(group, ready, verdict=Verdict.READY)
        readiness(group, nearly, verdict=Verdict.NEARLY_READY)
        nomination(group, returned, NominationStatus.RETURNED)
    page = page_of(client, sarah)
    absent = section(page, "Tidak hadir dua kali berturut-turut atau lebih")
    assert absent.index("Cici Melati 3 kali") < absent.index("Barkah Melati 2 kali")
    assert "Aminah" not in absent
    promising = section(page, "Siap atau hampir siap graduasi")
    assert promising.index("Dewi") < promising.index("Wilhelmina Petronela Rumokoy-Tumanduk")
    assert "Fatimah Foto usaha kurang jelas." in section(page, "Dikembalikan kepada Anda")


@pytest.mark.parametrize(
    ("status", "is_shown"),
    [
        (NominationStatus.DRAFT, True),
        (NominationStatus.SUBMITTED, False),
        (NominationStatus.APPROVED, False),
        (NominationStatus.RETURNED, False),  # it stands among those sent back
        (NominationStatus.REJECTED, True),
        (NominationStatus.WITHDRAWN, True),
    ],
)
def test_who_is_nominated_already_is_not_put_forward_again(
    client: FlaskClient, sarah: User, status: NominationStatus, is_shown: bool
) -> None:
    with transaction():
        group = group_with(sarah, 1)
        (household,) = households_of(group)
        rename(household, "Aminah")
        readiness(group, household, verdict=Verdict.READY)
        nomination(group, household, status)
    promising = section(page_of(client, sarah), "Siap atau hampir siap graduasi")
    assert ("Aminah" in promising) is is_shown


def test_a_family_that_took_its_nomination_back_says_so_and_stands_last(
    client: FlaskClient, sarah: User
) -> None:
    with transaction():
        group = group_with(sarah, 2)
        for household, name in zip(households_of(group), ("Aminah", "Berta"), strict=True):
            rename(household, name)
            readiness(group, household, verdict=Verdict.READY)
        nomination(group, households_of(group)[0], NominationStatus.WITHDRAWN)
    promising = section(page_of(client, sarah), "Siap atau hampir siap graduasi")
    assert promising.index("Berta") < promising.index("Aminah")
    assert "Dibatalkan keluarga 12 Nov" in promising.partition("Aminah")[2]


def test_this_month_s_meetings_come_before_what_asks_for_nothing(
    client: FlaskClient, sarah: User
) -> None:
    with transaction():
        group = group_with(sarah, 1)
        nomination(group, households_of(group)[0], NominationStatus.FORWARDED)
    page = page_of(client, sarah)
    assert page.index("Belum bertemu</h2>") < page.index("Di Kemensos</h2>")


def test_nobody_else_s_groups_and_families_are_seen(client: FlaskClient, sarah: User) -> None:
    with transaction():
        other = group_with(UserFactory(), 1, name="Anggrek")
        readiness(other, households_of(other)[0], verdict=Verdict.READY, missed_running=4)
        group_with(None, 1, name="Tanpa pendamping")
    page = page_of(client, sarah)
    assert "Anggrek" not in page
    assert "Tanpa pendamping" not in page


def test_home_costs_three_statements_and_fourteen_kilobytes_at_most(
    client: FlaskClient, sarah: User, statements: Statements
) -> None:
    """15 groups, 300 families, a tenth of them in each list; the look-up is one of three."""
    costs = []
    for groups in (1, 14):
        with transaction():
            for _ in range(groups):
                group = group_with(db.session.merge(sarah), 20)
                households = households_of(group)
                meeting_with(group, date(2026, 10, 5), dict.fromkeys(households, Presence.PRESENT))
                for household in households[:2]:
                    readiness(group, household, missed_running=2)
                for household in households[2:4]:
                    readiness(group, household, verdict=Verdict.NEARLY_READY)
        sign_in(client, db.session.merge(sarah))
        statements.reset()
        page = client.get("/")
        costs.append(statements.count)
    assert costs == [3, 3]
    assert len(gzip.compress(page.get_data())) <= 14 * 1024
