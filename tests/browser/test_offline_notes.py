"""Notes of a register: sealed when it is saved, and until then in the page and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Dialog, Page, expect

from casework.core.ids import meeting_id
from casework.meetings.models import Attendance
from tests.browser.lending import Lent
from tests.browser.outbox import Handset, lent_phone, today
from tests.browser.pocket import (
    ALL_SENT,
    DUMP,
    NO_ROOM,
    NO_SUBTLE,
    NOTED,
    commands,
    drafted,
    line,
    on_disk,
    phone_on,
    picture,
    sent,
    taken_along,
)
from tests.browser.registers import check, missed, note_of, save_sheet, sheet_of, write
from tests.meetings.conftest import Arranged, arrange

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

#: In nothing else that is on a phone.
NOTE, OTHER = "rawat inap di rumah paman Zakharia", "belum makan sejak Yosafat pergi"


@pytest.fixture
def phone(field_lent: Lent, field_app: Flask) -> Iterator[Handset]:
    with lent_phone(field_lent, field_app) as phone:
        yield phone


@pytest.fixture
def page(phone: Handset, melati: Arranged) -> Page:
    page = taken_along(phone, melati)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def notes(app: Flask, group: Arranged, days_ago: int = 0) -> dict[str, str]:
    """By the name of the family, those that stand on the server."""
    from casework.core.db import db

    with app.app_context():
        held_on = today() - timedelta(days=days_ago)
        rows = db.session.scalars(
            db.select(Attendance).filter_by(meeting_id=meeting_id(group.group_id, held_on))
        )
        names = dict(zip(group.households, group.names, strict=True))
        return {names[row.household_id]: row.note for row in rows if row.note}


def test_a_note_stands_on_the_server_and_a_correction_leaves_it(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    page.goto(sheet_of(melati))
    page.locator("label[for=m1sick]").click()
    page.locator("#m1 .mark-note summary").click()
    expect(page.get_by_text("Catatan dikunci saat disimpan")).to_have_count(1)
    expect(missed(page, 1)).to_be_hidden()
    picture(page, "note-hint")
    write(page, 1, f"  {NOTE} ")
    check(page)
    expect(page.locator("main")).to_contain_text(NOTE)
    picture(page, "note-check")
    page.get_by_role("button", name="Simpan di HP").click()
    expect(page.get_by_text("Catatan sudah dikunci")).to_be_visible()
    picture(page, "note-saved")
    (first,) = commands(page)
    assert json.loads(first["text"])["body"]["sealed"].keys() == {"key", "wrapped", "nonce", "data"}
    # Nothing to seal, nothing sealed; and what was sealed is left as it is.
    page.goto(sheet_of(melati))
    page.locator("label[for=m1excused]").click()
    expect(page.get_by_text("catatan sebelumnya tetap ada")).to_be_visible()
    check(page)
    expect(page.locator("main")).not_to_contain_text("belum ditulis lagi")
    page.get_by_role("button", name="Simpan di HP").click()
    expect(page.locator("h1")).to_have_text("Tersimpan di HP")
    (_first, second) = commands(page)
    assert "sealed" not in json.loads(second["text"])["body"]
    page.goto(sheet_of(melati))
    write(page, 2, OTHER)
    save_sheet(page)
    sent(phone, page)
    assert notes(phone.app, melati) == {melati.names[0]: NOTE, melati.names[1]: OTHER}


def test_nothing_of_a_note_is_ever_on_the_phone(
    chromium: Browser,
    field_app: Flask,
    field_address: str,
    melati: Arranged,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While it is typed, while it waits, when it was refused, put away, and when it was sent."""
    seen: dict[str, tuple[bool, set[str]]] = {}

    def look(when: str, *, is_noted: bool = False) -> None:
        # What stays on the screen is noted by the browser after a while, and stays noted.
        if is_noted:
            page.wait_for_timeout(NOTED)
        dump = page.evaluate(DUMP)
        said = any(word in dump for word in ("Zakharia", "Yosafat"))
        seen[when] = (said, on_disk(tmp_path, "Zakharia", "Yosafat"))

    with phone_on(tmp_path, field_app, field_address, chromium) as phone:
        page = taken_along(phone, melati)
        page.on("dialog", lambda dialog: dialog.accept())
        phone.context.set_offline(True)
        page.goto(sheet_of(melati))
        page.locator("#held_on").fill((today() - timedelta(days=5)).isoformat())
        page.locator("label[for=m1sick]").click()
        write(page, 1, NOTE)
        page.locator("label[for=m2sick]").click()
        look("typed", is_noted=True)
        page.reload()
        expect(page.locator("#m2sick")).to_be_checked()
        look("opened anew")
        write(page, 1, NOTE)
        check(page)
        look("checked")
        page.get_by_role("button", name="Simpan di HP").click()
        look("waiting")
        with monkeypatch.context() as patch:
            patch.setitem(field_app.config, "MEETING_BACKDATING_DAYS", 3)
            phone.context.set_offline(False)
            expect(line(page)).to_have_text("1 data perlu tindakan.")
        look("refused")
        page.goto("/outbox")
        page.get_by_role("link", name="Perbaiki").click()
        expect(missed(page, 1)).to_be_visible()
        write(page, 1, OTHER)
        look("said anew", is_noted=True)
        page.goto("/outbox")
        page.get_by_role("button", name="Sudah saya lihat").click()
        look("put away")
        phone.context.set_offline(True)
        page.goto(sheet_of(melati))
        write(page, 1, NOTE)
        save_sheet(page)
        sent(phone, page)
        look("sent")
        expect(line(page)).to_have_text(ALL_SENT)
        page.goto(sheet_of(melati))  # the server's
        page.locator("#held_on").fill((today() - timedelta(days=1)).isoformat())
        write(page, 2, OTHER)
        look("typed with signal", is_noted=True)
        page.locator("input[name=lesson]").first.check()
        page.get_by_role("button", name="Sisanya hadir").click()
        expect(page.locator("h1")).to_have_text("Periksa sebelum menyimpan")
        look("checked with signal")
        page.get_by_role("button", name="Simpan").last.click()
        expect(page.locator(".flashes")).to_contain_text("tersimpan")
        look("saved with signal")
    seen["closed"] = (False, on_disk(tmp_path, "Zakharia", "Yosafat"))
    assert seen == {when: (False, set()) for when in seen}
    assert notes(field_app, melati) == {melati.names[0]: NOTE}
    assert notes(field_app, melati, days_ago=1) == {melati.names[1]: OTHER}
    # That the eye sees: what may lie on the phone is found by it.
    assert on_disk(tmp_path, melati.names[0])
    assert on_disk(tmp_path, "held_on")


def test_a_note_that_was_not_saved_is_missed_aloud(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    page.goto(sheet_of(melati))
    page.locator("label[for=m2sick]").click()
    page.locator("#m2 .mark-note summary").click()
    note_of(page, 2).press_sequentially(NOTE[:9])  # and the app is killed while she types
    drafted(page, "m2sick")
    for _time in range(2):
        page.reload()
        expect(page.locator("#m2sick")).to_be_checked()
        expect(note_of(page, 2)).to_have_value("")
        expect(missed(page, 2)).to_be_visible()
        expect(missed(page, 1)).to_be_hidden()
        page.locator("label[for=m3sick]").click()
        drafted(page, "m3sick")
    picture(page, "note-gone")
    write(page, 2, OTHER)
    save_sheet(page)
    # And then nothing is missed any more.
    page.goto(sheet_of(melati))
    expect(page.locator(".mark-note[open]")).to_have_count(0)
    sent(phone, page)
    assert notes(phone.app, melati) == {melati.names[1]: OTHER}


def test_a_page_of_the_server_misses_a_note_aloud_as_well(page: Page, melati: Arranged) -> None:
    """When she goes back, the browser has kept the marks, and not what it was told not to keep."""
    page.goto(sheet_of(melati))
    page.locator("input[name=lesson]").first.check()
    page.locator("label[for=m1sick]").click()
    write(page, 1, NOTE)
    page.get_by_role("button", name="Sisanya hadir").click()
    expect(page.locator("h1")).to_have_text("Periksa sebelum menyimpan")
    page.go_back()
    expect(page.locator("#m1sick")).to_be_checked()
    expect(note_of(page, 1)).to_have_value("")
    expect(missed(page, 1)).to_be_visible()
    # The way back that the page offers keeps it.
    write(page, 1, NOTE)
    page.get_by_role("button", name="Periksa").last.click()
    page.get_by_role("button", name="Ubah").click()
    expect(note_of(page, 1)).to_have_value(NOTE)
    expect(missed(page, 1)).to_be_hidden()


def test_the_rescue_file_tells_no_note(phone: Handset, page: Page, melati: Arranged) -> None:
    phone.context.set_offline(True)
    page.goto(sheet_of(melati))
    write(page, 1, NOTE)
    save_sheet(page)
    page.goto("/outbox")
    with page.expect_download() as given:
        page.get_by_role("button", name="Simpan berkas penyelamatan").click()
    text = Path(given.value.path()).read_text()
    assert "sealed" in text
    assert "Zakharia" not in text


def test_leaving_with_a_note_that_is_not_saved_asks_first(phone: Handset, melati: Arranged) -> None:
    page = taken_along(phone, melati)
    asked: list[str] = []

    def heard(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", heard)
    phone.context.set_offline(True)
    page.goto(sheet_of(melati))
    page.locator("label[for=m1sick]").click()  # which is kept
    page.get_by_role("link", name="Kembali").click()
    page.goto(sheet_of(melati))
    assert asked == []
    write(page, 1, NOTE)
    page.get_by_role("link", name="Kembali").click()
    expect(page.locator("h1")).to_have_text(str_of_month())
    assert asked == ["beforeunload"]
    page.goto(sheet_of(melati))
    write(page, 1, NOTE)
    save_sheet(page)
    page.get_by_role("link", name="Beranda").last.click()
    assert asked == ["beforeunload"]


def str_of_month():
    import re

    return re.compile(str(today().year))


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (NO_ROOM, "HP penuh"),
        (NO_SUBTLE, "browser ini tidak bisa menyimpan"),
    ],
)
def test_what_cannot_be_kept_stays_on_the_screen_with_its_notes(
    phone: Handset, page: Page, melati: Arranged, broken: str, words: str
) -> None:
    phone.context.set_offline(True)
    page.add_init_script(broken)
    page.goto(sheet_of(melati))
    write(page, 1, NOTE)
    check(page)
    page.get_by_role("button", name="Simpan di HP").click()
    expect(page.get_by_role("alert")).to_contain_text(words)
    assert commands(page) == []
    page.get_by_role("button", name="Ubah").click()
    expect(note_of(page, 1)).to_have_value(NOTE)


def test_without_a_key_a_register_is_saved_without_its_notes(
    phone: Handset, melati: Arranged
) -> None:
    phone.context.route("**/sync/key", lambda route: route.abort())
    page = taken_along(phone, melati, with_key=False)
    phone.context.set_offline(True)
    page.goto(sheet_of(melati))
    write(page, 1, NOTE)
    check(page)
    page.get_by_role("button", name="Simpan di HP").click()
    expect(page.get_by_role("alert")).to_contain_text("Tanpa catatan, absensi bisa disimpan")
    picture(page, "note-no-key")
    assert commands(page) == []
    page.get_by_role("button", name="Ubah").click()
    write(page, 1, "")
    save_sheet(page)
    assert len(commands(page)) == 1


@pytest.mark.parametrize("written", [{}, {1: NOTE, 2: OTHER}], ids=["marks", "and two notes"])
def test_a_register_of_thirty_is_small_on_the_line(
    phone: Handset, field_app: Flask, budget: Callable[..., None], written: dict[int, str]
) -> None:
    """field-ux 7.2: 30 marks at most 2 KB up; here each with an understanding as well."""
    with field_app.app_context():
        large = arrange(households=30)
    page = taken_along(phone, large)
    phone.context.set_offline(True)
    page.goto(sheet_of(large))
    for row in (4, 5, 6):
        page.locator(f"label[for=m{row}sick]").click()
    page.get_by_role("button", name="Sisanya hadir").click()
    for grasp in page.locator(".mark-grasp select:visible").all():
        grasp.select_option("very_good")
    for row, note in written.items():
        write(page, row, note)
    save_sheet(page)
    with page.expect_request("**/sync") as sending:
        sent(phone, page)
    size = len(sending.value.post_data_buffer or b"")
    budget(f"30 marks and {len(written)} notes, sent", size / 1024, 2, "KB")
    assert len(notes(field_app, large)) == len(written)
