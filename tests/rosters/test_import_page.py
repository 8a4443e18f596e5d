"""Upload, check, apply: the administrator's page."""

from __future__ import annotations

from io import BytesIO
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from casework.accounts.models import User
from casework.core.db import db
from casework.core.tables.reading.sources import MAX_BYTES
from casework.core.transaction import transaction
from casework.rosters.models import RosterImport
from casework.rosters.rules import ImportStatus
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.places import BUNAKEN
from tests.factories.rosters import as_csv, as_xlsx, nik
from tests.rosters.files import FIRST, IN_BITUNG, families, family, households

pytestmark = pytest.mark.usefixtures("villages")


def person(**traits: Any) -> User:
    with transaction():
        return UserFactory(**traits)


@pytest.fixture
def browser(client: FlaskClient, villages: None) -> FlaskClient:
    """Of the administrator of Kota Manado."""
    sign_in(client, person(administrator=True))
    return client


def send(browser: FlaskClient, data: bytes, name: str = "FC.csv") -> TestResponse:
    answer = browser.post("/rosters/import", data={"stage": FIRST, "file": (BytesIO(data), name)})
    # The test client leaves the file open in which it keeps a large body.
    answer.request.environ["wsgi.input"].close()
    return answer


def upload(browser: FlaskClient, rows: list[dict[str, object]]) -> str:
    """The address of the check."""
    answer = send(browser, as_csv(rows))
    assert answer.status_code == 303, answer.text
    return answer.location


def stored() -> RosterImport:
    db.session.rollback()
    return db.session.scalars(select(RosterImport)).one()


def test_a_file_is_checked_first_and_applied_when_asked(browser: FlaskClient) -> None:
    address = upload(browser, families(3))
    page = browser.get(address).text
    assert "Semua baris benar. Belum ada yang diterapkan." in page
    assert not households()
    answer = browser.post(address)
    assert (answer.status_code, answer.location) == (303, address)
    assert "Daftar sudah diterapkan" in browser.get(address).text
    assert len(households()) == 3
    assert stored().content_sealed is None


def test_a_workbook_is_taken_like_a_csv_file(browser: FlaskClient) -> None:
    answer = send(browser, as_xlsx(families(2)), "FC.xlsx")
    browser.post(answer.location)
    assert len(households()) == 2


def test_bad_rows_are_shown_handed_back_and_left_out(browser: FlaskClient) -> None:
    address = upload(browser, [family(1), family(2, NIK="990100000000001"), family(3)])
    page = browser.get(address).text
    assert "1 baris belum bisa diterima." in page
    assert "15 angka, seharusnya 16." in page
    assert "990100000000001" not in page
    handed_back = browser.get(f"{address}/bad-rows.csv")
    assert handed_back.headers["Content-Disposition"] == "attachment; filename=FC-salah.csv"
    assert handed_back.headers["Cache-Control"] == "no-store"
    assert len(handed_back.text.splitlines()) == 2
    browser.post(address, data={"skip_bad": "1"})
    assert len(households()) == 2
    done = browser.get(address).text
    assert "Tidak diterapkan." in done
    assert browser.get(f"{address}/bad-rows.csv").data == handed_back.data


def test_a_press_that_does_not_say_so_leaves_no_row_out(browser: FlaskClient) -> None:
    """Somebody else's change made a row bad after the page was shown."""
    upload_id = upload(browser, [family(1), family(2) | {"NIK": nik(902)}])
    browser.post(upload(browser, [family(1), family(902, **{"NO KK": "9902000000000902"})]))
    assert len(households()) == 2
    browser.post(upload(browser, [family(2)]))
    browser.post(upload_id)
    page = browser.get(upload_id).text
    assert "Data keluarga berubah sejak berkas diperiksa." in page
    assert "dua keluarga berbeda yang sudah terdata" in page
    assert "Terapkan yang benar" in page or "tidak mengubah apa pun" in page


def test_two_presses_apply_once(browser: FlaskClient, app: Flask) -> None:
    address = upload(browser, families(20))
    ready = Barrier(2)
    answers: list[int] = []
    cookie = browser.get_cookie("casework")
    assert cookie is not None

    def press() -> None:
        other = app.test_client()
        other.set_cookie("casework", cookie.value)
        ready.wait(10)
        answers.append(other.post(address).status_code)

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [303, 303]
    assert len(households()) == 20
    assert stored().summary["added"] == 20
    browser.post(address)
    assert stored().summary["added"] == 20


def test_the_same_file_again_has_nothing_to_apply(browser: FlaskClient) -> None:
    browser.post(upload(browser, families(2)))
    page = browser.get(upload(browser, families(2))).text
    assert "Tidak ada yang perlu diterapkan." in page


def test_only_the_uploader_sees_a_file(browser: FlaskClient, app: Flask) -> None:
    address = upload(browser, [family(1, NIK="1")])
    colleague = app.test_client()
    sign_in(colleague, person(administrator=True))
    for answer in (
        colleague.get(address),
        colleague.post(address),
        colleague.get(f"{address}/bad-rows.csv"),
    ):
        assert answer.status_code == 404
    assert "FC.csv" in browser.get("/rosters/import").text
    assert "FC.csv" not in colleague.get("/rosters/import").text


@pytest.mark.parametrize("role", ["supervisor", "viewer", "facilitator"])
def test_only_administrators_import(client: FlaskClient, role: str) -> None:
    sign_in(client, person(**({} if role == "facilitator" else {role: True})))
    assert client.get("/rosters/import").status_code == 404
    assert send(client, as_csv(families(1))).status_code == 404


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Berkas kosong."),
        (b"MZ\x90 a program under another name", "Ini bukan berkas CSV atau XLSX."),
        (b"PK\x03\x04 cut off", "Berkas Excel rusak atau tidak lengkap."),
    ],
)
def test_a_file_that_cannot_be_read_is_told_at_the_field(
    browser: FlaskClient, data: bytes, words: str
) -> None:
    answer = send(browser, data)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="file-error"' in answer.text
    assert f'<option selected value="{FIRST}">' in answer.text


def test_no_file_and_a_stage_that_is_none_are_told_at_the_field(browser: FlaskClient) -> None:
    answer = browser.post("/rosters/import", data={"stage": "2026-9"})
    assert answer.status_code == 422
    assert "Pilih berkas." in answer.text
    assert 'id="stage-error"' in answer.text


def test_a_file_of_20_mb_is_read_and_a_larger_one_refused(browser: FlaskClient) -> None:
    filled = as_csv(families(1))
    largest = filled + b"\r\n" * ((MAX_BYTES - len(filled)) // 2)
    assert send(browser, largest).status_code == 303
    assert send(browser, largest + b"\r\n\r\n").status_code == 422
    answer = send(browser, b"x" * (MAX_BYTES + 200_000))
    assert answer.status_code == 413
    assert "Berkas lebih dari 20 MB. Bagi menjadi beberapa berkas." in answer.text


def test_who_may_not_import_cannot_make_the_server_read_a_large_file(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The form token is looked for in the body, before anybody asks who sends it.
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    large = b"x" * 13 * 1024 * 1024  # more than any other page takes
    assert send(client, large).status_code == 413
    sign_in(client, person())
    assert send(client, large).status_code == 413


def test_a_region_outside_is_as_unknown_as_one_that_never_was(browser: FlaskClient) -> None:
    page = browser.get(upload(browser, [family(1) | IN_BITUNG])).text
    assert "“KOTA BITUNG” tidak dikenal di wilayah ini." in page


def test_who_sees_a_part_of_a_regency_is_told_so(client: FlaskClient) -> None:
    sign_in(client, person(administrator=True, region=BUNAKEN))
    assert "Wilayah Anda lebih kecil." in client.get("/rosters/import").text
    assert send(client, as_csv(families(1))).status_code == 422


def test_a_file_that_nobody_applied_is_given_up(browser: FlaskClient) -> None:
    address = upload(browser, families(1))
    with transaction() as session:
        long_ago = stored().uploaded_at.replace(year=2024)
        session.execute(update(RosterImport).values(uploaded_at=long_ago))
    upload(browser, families(2))
    assert "sudah tidak disimpan" in browser.get(address).text
    assert browser.post(address).status_code == 404
    assert not households()


def test_a_waiting_file_lies_sealed(browser: FlaskClient) -> None:
    upload(browser, families(1))
    waiting = stored()
    assert waiting.status is ImportStatus.CHECKED
    assert nik(1).encode() not in (waiting.content_sealed or b"")
