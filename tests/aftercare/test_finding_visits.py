"""Where the visits of a graduated family are found while none is due, and why one family's visit
is late and its neighbour's is not."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core import clock
from casework.core.db import db
from tests.aftercare.families import as_graduate, graduate, noon
from tests.factories.accounts import sign_in
from tests.factories.graduation import Cast, another_household, cast
from tests.factories.households import group_with

DAY = date(2026, 5, 4)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast(caretaker_name="Sarah Lasut")


def test_visits_are_found_from_home_while_none_is_due(people: Cast, client: FlaskClient) -> None:
    graduate(people)
    with clock.at(noon(date(2026, 2, 2))):
        sign_in(client, people.facilitator)
        assert '<a href="/follow-ups/">Kunjungan setelah graduasi</a>' in client.get("/").text
        listed = client.get("/follow-ups/")
        assert "Tidak ada kunjungan yang perlu dilakukan." in listed.text
        link = re.search(r'<a href="([^"]+)">Semua keluarga yang sudah graduasi', listed.text)
        assert link is not None
        families = client.get(link[1]).text
        assert f'href="/households/{people.household.id}"' in families


def test_of_twins_each_says_since_when_or_from_when_it_is_late(
    people: Cast, client: FlaskClient
) -> None:
    graduate(people)
    twin = another_household(group_with(people.facilitator, 0), caretaker_name="Sarah Lasut Kedua")
    as_graduate(twin, known=datetime(2026, 4, 20, 3, tzinfo=UTC))
    db.session.commit()
    with clock.at(noon(DAY)):
        sign_in(client, people.facilitator)
        listed = words(client.get("/follow-ups/").text)
        page = words(client.get(f"/households/{twin.id}").text)
    assert "3 bulan · jadwal 1 Apr 2026, terlambat sejak 1 Mei 2026" in listed
    assert "3 bulan · jadwal 1 Apr 2026, terlambat mulai 20 Mei 2026" in listed
    assert "Graduasi sejak 1 Jan 2026. Hasilnya tercatat di sini pada 20 Apr 2026." in page
