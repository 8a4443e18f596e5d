"""What is sealed the moment it is saved: recorded without signal in a real browser, opened by the
real server, and nowhere on the phone's disk."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Dialog, Page, expect

from casework.economics.models import Observation
from casework.economics.rules import BorrowsFrom
from casework.readiness.models import ReadinessCheck
from tests.browser.lending import Lent
from tests.browser.observing import (
    INCOME,
    NOTE,
    SAVINGS,
    economics_of,
    fill_observation,
    save,
    saved,
)
from tests.browser.outbox import Handset, lent_phone, stored, today
from tests.browser.pocket import (
    DUMP,
    NO_ROOM,
    NO_SUBTLE,
    NOTED,
    commands,
    each_on_disk,
    fetched_anew,
    line,
    on_disk,
    phone_on,
    picture,
    sent,
    taken_along,
    wait_until,
)
from tests.meetings.conftest import Arranged
from tests.sealing import phone_keys

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]


@pytest.fixture
def phone(field_lent: Lent, field_app: Flask) -> Iterator[Handset]:
    with lent_phone(field_lent, field_app) as phone:
        yield phone


@pytest.fixture
def page(phone: Handset, melati: Arranged) -> Page:
    return taken_along(phone, melati)


def readiness_of(group: Arranged, family: int = 0) -> str:
    return f"/households/{group.households[family]}/readiness"


def answer_questions(page: Page) -> list[str]:
    """Yes, no, and the rest not asked. Gives the ids of those two questions."""
    asked = page.locator("fieldset[id^=question-]")
    asked.nth(0).get_by_text("Ya", exact=True).click()
    asked.nth(1).get_by_text("Tidak", exact=True).click()
    ids = [asked.nth(at).get_attribute("id") or "" for at in (0, 1)]
    return [each.removeprefix("question-") for each in ids]


def test_what_was_recorded_without_signal_stands_on_the_server(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    page.goto(f"/households/{melati.households[0]}")
    expect(page.locator("h1")).to_have_text(melati.names[0])
    picture(page, "family-acts")
    page.get_by_role("link", name="Catat pengamatan").click()
    expect(page.locator("h1")).to_have_text("Pengamatan baru")
    expect(page.locator("main")).to_contain_text(melati.names[0])
    picture(page, "observation")
    fill_observation(page)
    picture(page, "observation-filled")
    saved(page)
    expect(page.locator("main")).to_contain_text(f"Kemajuan ekonomi: {melati.names[0]}, ")
    picture(page, "observation-saved")
    page.get_by_role("link", name=f"Kembali ke keluarga {melati.names[0]}").click()
    expect(page.locator("main")).to_contain_text("1 catatan belum terkirim")
    picture(page, "family-waiting")
    page.get_by_role("link", name="Cek kesiapan").click()
    expect(page.locator("h1")).to_have_text("Pertanyaan untuk keluarga")
    for each in page.locator("fieldset[id^=question-]").all():
        expect(each.get_by_label("Tidak ditanyakan")).to_be_checked()
    yes, no = answer_questions(page)
    picture(page, "readiness")
    saved(page)
    expect(line(page)).to_have_text("Tanpa sinyal. 2 data belum terkirim.")
    waiting = commands(page)
    assert [each["kind"] for each in waiting] == ["observation", "readiness"]
    page.goto("/outbox")
    expect(page.locator("body")).to_contain_text(melati.names[0])
    picture(page, "outbox-sealed")

    sent(phone, page)
    (seen,) = stored(phone.app, Observation, [waiting[0]["id"]])
    assert (seen["household_id"], seen["observed_on"]) == (melati.households[0], today())
    assert (seen["income_per_month"], seen["savings_total"]) == (INCOME, SAVINGS)
    assert (seen["saves_per_month"], seen["uses_bank_account"]) == (None, None)
    assert (seen["keeps_budget"], seen["borrows_from"]) == (False, BorrowsFrom.MONEYLENDER)
    assert (seen["note"], seen["recorded_by"]) == (NOTE, melati.actor.user_id)
    (check,) = checks(phone.app, melati)
    assert (check["answered_on"], check["answers"]) == (today(), {yes: True, no: False})
    assert check["answered_by"] == melati.actor.user_id


def checks(app: Flask, group: Arranged) -> list[dict[str, Any]]:
    from sqlalchemy import select

    from casework.core.db import db

    with app.app_context():
        wanted = ReadinessCheck.household_id == group.households[0]
        ids = db.session.scalars(select(ReadinessCheck.id).where(wanted)).all()
        return stored(app, ReadinessCheck, [str(each) for each in ids])


# ---- What is on the phone ----


def test_nothing_of_it_is_ever_on_the_phone(
    chromium: Browser, field_app: Flask, field_address: str, melati: Arranged, tmp_path: Path
) -> None:
    with phone_on(tmp_path, field_app, field_address, chromium) as phone:
        page = taken_along(phone, melati)
        phone.context.set_offline(True)
        page.goto(economics_of(melati))
        fill_observation(page)
        page.wait_for_timeout(NOTED)
        before = page.evaluate(DUMP)
        saved(page)
        page.goto(readiness_of(melati))
        yes, no = answer_questions(page)
        saved(page)
        # Also what she filled in and never saved.
        page.goto(economics_of(melati, 1))
        page.get_by_label("Catatan").fill("Rahasia Zakharia")
        page.wait_for_timeout(NOTED)
        after = page.evaluate(DUMP)
    answer = re.compile(rf"{re.escape(yes)}\W+true|{re.escape(no)}\W+false")
    words = ["7654321", "7.654.321", str(SAVINGS), NOTE, "paman Yosafat", "moneylender", "Zakharia"]
    for dump in (before, after):
        # The shell, which is the same for everybody, has the names of all lenders.
        own = re.sub(r'<option value="moneylender">', "", dump)
        assert [word for word in words if word in own] == []
        assert not answer.search(own)
    # That the eye sees: what may lie on the phone is found by it.
    assert melati.names[0] in after
    assert on_disk(tmp_path, f"{melati.names[0]}, {today().day} ")
    assert on_disk(tmp_path, "keeps_budget")
    lying = each_on_disk(tmp_path, *(word for word in words if word != "moneylender"))
    assert lying == {word: set() for word in lying}
    raw = b"\n".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert not answer.search(raw.decode("latin-1"))


# ---- The key ----


def test_what_was_sealed_to_an_older_key_is_still_opened(
    phone: Handset, page: Page, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from casework.core.crypto import current_keyring

    phone.context.set_offline(True)
    page.goto(economics_of(melati))
    fill_observation(page)
    saved(page)
    (first,) = commands(page)
    rotated = phone_keys().rotated()
    with phone.app.app_context():
        keyring = replace(current_keyring(), phone_keys=rotated)
    monkeypatch.setitem(phone.app.extensions, "casework_keyring", keyring)

    sent(phone, page)
    (seen,) = stored(phone.app, Observation, [first["id"]])
    assert seen["income_per_month"] == INCOME
    # And now the phone seals to the new one.
    wait_until(page, "meta", rotated.active)
    phone.context.set_offline(True)
    page.goto(economics_of(melati))
    fill_observation(page)
    saved(page)
    (second,) = commands(page)
    keys = [json.loads(each["text"])["body"]["sealed"]["key"] for each in (first, second)]
    assert keys == [phone_keys().active, rotated.active]
    sent(phone, page)
    assert len(stored(phone.app, Observation, [second["id"]])) == 1


def test_without_a_key_the_pages_offer_nothing(phone: Handset, melati: Arranged) -> None:
    phone.context.route("**/sync/key", lambda route: route.abort())
    page = taken_along(phone, melati, with_key=False)
    phone.context.set_offline(True)
    for path in (economics_of(melati), readiness_of(melati)):
        page.goto(path)
        expect(page.locator("h1")).to_have_text("Halaman ini harus dibuka sekali saat ada sinyal")
        assert page.locator("main form").count() == 0
    picture(page, "no-key")


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 503, "json": {"id": "0a1b2c3d", "spki": "MIIB"}},
        {"status": 200, "body": "<h1>Wi-Fi</h1>", "content_type": "text/html"},
        {"status": 200, "json": {"error": "no"}},
    ],
    ids=["away", "portal", "other"],
)
def test_whatever_comes_in_place_of_a_key_leaves_the_one_that_is_there(
    phone: Handset, page: Page, melati: Arranged, answer: dict[str, Any]
) -> None:
    phone.context.route("**/sync/key", lambda route: route.fulfill(**answer))
    page.goto("/outbox")
    with page.expect_response("**/sync/key"):
        fetched_anew(page)  # which waits for both
    wait_until(page, "meta", phone_keys().active)


# ---- When it is not saved ----


def test_what_is_to_be_put_right_is_said_and_nothing_is_lost(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    page.goto(economics_of(melati))
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Isi paling sedikit satu jawaban.")
    picture(page, "observation-nothing")
    page.get_by_label("Penghasilan keluarga").fill("1.5")
    page.get_by_label("Jumlah tabungan").fill("9.000.000.000")
    page.get_by_label("Dilihat pada").fill((today() + timedelta(days=1)).isoformat())
    save(page)
    income = page.locator("#income_per_month")
    expect(income).to_have_accessible_description(re.compile(r"misalnya 1\.500\.000\."))
    expect(page.get_by_role("alert")).to_contain_text("Tanggal tidak boleh setelah hari ini.")
    expect(income).to_have_value("1.5")
    picture(page, "observation-wrong")
    page.get_by_role("link", name="Tulis jumlahnya lengkap").click()
    expect(income).to_be_focused()
    income.fill("1,5 juta")
    page.get_by_label("Jumlah tabungan").fill("")
    page.get_by_label("Dilihat pada").fill(today().isoformat())
    saved(page)
    page.goto(readiness_of(melati))
    save(page)
    expect(page.get_by_role("alert")).to_contain_text("Jawab paling sedikit satu pertanyaan.")


@pytest.mark.parametrize(
    ("broken", "words"), [(NO_ROOM, "HP penuh"), (NO_SUBTLE, "browser ini tidak bisa menyimpan")]
)
def test_what_cannot_be_kept_stays_on_the_screen(
    phone: Handset, page: Page, melati: Arranged, broken: str, words: str
) -> None:
    phone.context.set_offline(True)
    page.add_init_script(broken)
    page.goto(economics_of(melati))
    fill_observation(page)
    save(page)
    expect(page.get_by_role("alert")).to_contain_text(words)
    expect(page.get_by_label("Catatan")).to_have_value(f" {NOTE}\n")
    assert commands(page) == []
    picture(page, "observation-not-saved")


def test_leaving_with_something_filled_in_asks_first(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    asked: list[str] = []

    def heard(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", heard)
    phone.context.set_offline(True)
    page.goto(economics_of(melati))
    page.get_by_role("link", name="Kembali").click()
    page.get_by_role("link", name="Catat pengamatan").click()
    assert asked == []
    page.get_by_label("Catatan").fill("x")
    page.get_by_role("link", name="Kembali").click()
    expect(page.locator("h1")).to_have_text(melati.names[0])
    assert asked == ["beforeunload"]
    # Once it is saved there is nothing to lose; and nobody finds it in the page again.
    page.get_by_role("link", name="Catat pengamatan").click()
    expect(page.get_by_label("Catatan")).to_have_value("")
    fill_observation(page)
    saved(page)
    page.get_by_role("link", name="Beranda").last.click()
    page.go_back()
    page.go_back()
    assert asked == ["beforeunload"]


def test_a_family_that_is_not_hers_is_not_asked(
    phone: Handset, page: Page, cempaka: Arranged
) -> None:
    phone.context.set_offline(True)
    for path in (economics_of(cempaka), readiness_of(cempaka)):
        page.goto(path)
        expect(page.locator("h1")).to_have_text("Halaman ini perlu sinyal")


def test_a_wrong_clock_is_told(phone: Handset, page: Page, melati: Arranged) -> None:
    phone.context.set_offline(True)
    page.add_init_script("Date.now = () => new Date().getTime() - 2 * 24 * 60 * 60 * 1000")
    page.goto(readiness_of(melati))
    expect(page.locator("main")).to_contain_text("Jam HP ini salah. Periksa tanggalnya.")
