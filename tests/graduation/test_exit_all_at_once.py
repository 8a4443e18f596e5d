"""Everything that is wrong with the form of an exit is said in one round."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.factories.accounts import sign_in
from tests.factories.graduation import Cast, cast

pytestmark = pytest.mark.usefixtures("morning")

KIND = "Pilih bagaimana keluarga ini keluar."
STAGE = "Pilih mulai tahap mana keluarga ini keluar."
NO_DAY = "Isi tanggal."
AHEAD = "Tanggal tidak boleh setelah hari ini."
LONG_AGO = "Tanggal ini terlalu lama berlalu. Periksa tahunnya."
REASON = "Tulis alasan, paling sedikit 20 huruf."
LETTER = "Tulis nomor surat."


@pytest.fixture
def people(db_session: Session) -> Cast:
    return cast(caretaker_name="Ibu Aminah", last_stage="2026-3")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, {KIND, STAGE, NO_DAY}),
        ({"kind": "forced"}, {STAGE, NO_DAY, REASON, LETTER}),
        ({"on": "2026-11-13"}, {KIND, STAGE, AHEAD}),
        ({"on": "1990-01-01", "stage": "2026-4"}, {KIND, LONG_AGO}),
        ({"kind": "duplicate", "stage": "2026-4"}, {NO_DAY, REASON}),
        ({"kind": "died", "stage": "2026-4"}, {NO_DAY, REASON}),
    ],
)
def test_all_that_is_wrong_is_said_at_once_and_each_thing_once(
    people: Cast, client: FlaskClient, typed: dict[str, str], said: set[str]
) -> None:
    sign_in(client, people.supervisor)
    page = client.post(f"/households/{people.household.id}/exit", data=typed)
    assert page.status_code == 422
    summary = re.search(r'<div[^>]*class="error-summary".*?</div>', page.text, re.DOTALL)
    assert summary is not None
    told = [" ".join(each.split()) for each in re.findall(r"<a [^>]*>([^<]+)</a>", summary[0])]
    assert sorted(told) == sorted(said)
