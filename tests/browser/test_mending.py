"""What the server refused is said anew: opened, put right, and the old one put away with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.core.ids import meeting_id, short_id
from casework.core.transaction import transaction
from casework.economics.models import Observation
from casework.households.models import Household, Membership
from casework.households.rules import HouseholdStatus
from casework.meetings.actions.calling_off import Saying, call_off
from casework.meetings.actions.record import record_meeting
from casework.meetings.models import Attendance, Meeting, RegisterClaim
from casework.meetings.photo_files import current_store
from casework.meetings.rules import Mark, Presence
from tests.browser.lending import Lent
from tests.browser.observing import economics_of, fill_observation, question, saved
from tests.browser.outbox import Handset, lent_phone, register, stored, today
from tests.browser.pocket import (
    ALL_SENT,
    commands,
    drafted,
    fetched_anew,
    line,
    picture,
    sent,
    store_of,
    taken_along,
    until_true,
    wait_until,
)
from tests.browser.registers import SAVED, check, missed, note_of, save_sheet, sheet_of, write
from tests.browser.test_offline_notes import NOTE
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

ATTENTION = "1 data perlu tindakan."
#: Further back than what the server takes in the tests below.
DAYS_AGO = 5


def day_of_it() -> date:
    return today() - timedelta(days=DAYS_AGO)


@pytest.fixture
def phone(field_lent: Lent, field_app: Flask) -> Iterator[Handset]:
    with lent_phone(field_lent, field_app) as phone:
        yield phone


@pytest.fixture
def page(phone: Handset, melati: Arranged) -> Page:
    page = taken_along(phone, melati)
    page.on("dialog", lambda dialog: dialog.accept())
    return page


@contextmanager
def refusing_old_days(phone: Handset, patch: pytest.MonkeyPatch) -> Iterator[None]:
    with patch.context() as now:
        now.setitem(phone.app.config, "MEETING_BACKDATING_DAYS", 3)
        yield


def said_of(page: Page, group: Arranged, days_ago: int = DAYS_AGO) -> None:
    """One was sick, with a note; the second absent; the rest there, marked at once."""
    page.goto(sheet_of(group))
    page.locator("#held_on").fill((today() - timedelta(days=days_ago)).isoformat())
    page.locator("details.more summary").first.click()
    page.locator("#topic").fill("Kebun sayur bersama")
    page.locator("details.more summary").nth(1).click()
    page.locator("#starts_at").fill("08:15")
    page.locator("#ends_at").fill("")
    page.locator("label[for=m1sick]").click()
    write(page, 1, NOTE)
    page.locator("label[for=m2absent]").click()
    save_sheet(page)


#: As the sheet does it, without its screen.
KEEP = """async ([folder, owner, said]) => {
  const [{ Caseload }, { keep }, { Store }] = await Promise.all(
    ["offline/caseload", "offline/waiting", "outbox/store"]
      .map((name) => import(`${folder}/${name}.js`)));
  const phone = { caseload: new Caseload(), owner, store: new Store() };
  return await keep(phone, { id: crypto.randomUUID(), kind: "attendance", ...said });
}"""


@pytest.fixture
def refused(
    phone: Handset, page: Page, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """A register in the outbox that the server does not take; the page shows the outbox."""
    sick, absent, there = (short_id(each) for each in melati.households)
    said = {
        "about": {"what": "Melati"},
        "plain": register(melati, day_of_it())
        | {
            "marks": {
                sick: ["sick", None, "n", None],
                absent: ["absent", None, "", ""],
                there: ["present", None, "b", ""],
            },
        },
        "secret": {sick: NOTE},
    }
    with refusing_old_days(phone, monkeypatch):
        js = f"{phone.app.static_url_path}/js"
        assert page.evaluate(KEEP, [js, str(melati.actor.user_id), said]) == ""
        expect(line(page)).to_have_text(ATTENTION)
    page.goto("/outbox")
    (item,) = commands(page)
    return item


@pytest.fixture
def refused_sheet(
    phone: Handset, page: Page, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    """The same, filled in on the sheet."""
    phone.context.set_offline(True)
    said_of(page, melati)
    with refusing_old_days(phone, monkeypatch):
        phone.context.set_offline(False)
        expect(line(page)).to_have_text(ATTENTION)
    page.goto("/outbox")
    (item,) = commands(page)
    return item


def mend(page: Page) -> None:
    page.get_by_role("link", name="Perbaiki").click()
    expect(page.locator("h1")).to_have_text("Catat pertemuan")


def put_away(page: Page) -> list[dict[str, Any]]:
    """What was sent or refused, as the phone keeps it."""
    return store_of(page, "pkh-outbox", "sent")


# ---- Registers ----


@pytest.mark.parametrize("is_away", [False, True], ids=["with signal", "without"])
def test_a_refused_register_is_opened_as_it_was_said(
    phone: Handset, page: Page, melati: Arranged, refused_sheet: dict[str, Any], is_away: bool
) -> None:
    expect(page.locator("main")).to_contain_text("Tidak diterima")
    picture(page, "outbox-refused")
    phone.context.set_offline(is_away)
    mend(page)
    alert = page.locator(".notice").first
    expect(alert).to_contain_text("Tanggal tidak boleh lebih dari 3 hari lalu")
    expect(alert).to_contain_text("Ganti tanggalnya, lalu simpan.")
    expect(page.locator("#held_on")).to_have_value(day_of_it().isoformat())
    expect(page.locator("#topic")).to_have_value("Kebun sayur bersama")
    expect(page.locator("#starts_at")).to_have_value("08:15")
    expect(page.locator("#ends_at")).to_have_value("")
    expect(page.locator("#m1sick")).to_be_checked()
    expect(page.locator("#m2absent")).to_be_checked()
    expect(page.locator("#m3present")).to_be_checked()
    expect(page.locator("input[name=lesson]:checked")).to_have_count(1)
    expect(page.locator("input[name=bulk]")).to_have_value("3")
    # What was sealed cannot be opened again, and that is said where it is empty.
    expect(note_of(page, 1)).to_have_value("")
    expect(missed(page, 1)).to_be_visible()
    # Nothing stands on the server that would stay.
    expect(page.get_by_text("catatan sebelumnya tetap ada")).to_be_hidden()
    picture(page, f"mend-sheet{'-away' if is_away else ''}")
    page.locator("label[for=m2excused]").click()
    check(page)
    expect(page.locator("main")).to_contain_text(
        f"1 catatan belum ditulis lagi: {melati.names[0]}."
    )
    picture(page, "check-unwritten")
    page.get_by_role("button", name="Ubah").click()
    write(page, 1, NOTE)
    expect(missed(page, 1)).to_be_hidden()
    check(page)
    expect(page.get_by_text("belum ditulis lagi")).to_be_hidden()
    page.get_by_role("button", name="Simpan di HP").click()
    expect(page.locator("h1")).to_have_text(SAVED)
    (old,) = [each for each in put_away(page) if each["id"] == refused_sheet["id"]]
    assert old["text"] == refused_sheet["text"]
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)
    marks = marks_of(phone, melati, day_of_it())
    assert [presence for presence, _note, _how in marks] == ["sick", "excused", "present"]
    assert [note for _presence, note, _how in marks] == [NOTE, "", ""]
    assert [how for _presence, _note, how in marks] == ["single", "single", "bulk"]
    page.goto("/outbox")
    (new,) = [each for each in put_away(page) if each["id"] != refused_sheet["id"]]
    closed = page.locator(".put-closed > li")
    expect(closed).to_contain_text("Tidak diterima")
    expect(closed).to_contain_text(f"Diganti oleh nomor {new['receipt']}")
    expect(page.locator("ul.put-sent > li")).to_have_count(1)
    expect(page.locator("ul.put-sent")).not_to_contain_text("Tidak diterima")
    expect(page.get_by_role("link", name="Perbaiki")).to_have_count(0)
    picture(page, "outbox-mended")


def marks_of(
    phone: Handset, group: Arranged, held_on: date | None = None
) -> list[tuple[str, str, str]]:
    from casework.core.db import db

    with phone.app.app_context():
        rows = db.session.scalars(
            db.select(Attendance).filter_by(meeting_id=meeting_id(group.group_id, held_on))
        )
        found = {
            row.household_id: (row.presence.value, row.note, row.marked_how.value) for row in rows
        }
    return [found[each] for each in group.households]


def test_a_wrong_day_is_put_right(
    phone: Handset,
    page: Page,
    melati: Arranged,
    refused: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with refusing_old_days(phone, monkeypatch):
        page.reload()  # the page of the server knows how far back one may go
        mend(page)
        page.get_by_role("button", name="Periksa").last.click()
        expect(page.locator("form").get_by_role("alert")).to_contain_text("Beri tahu supervisor")
        page.locator("#held_on").fill(today().isoformat())
        page.locator("#held_on").blur()
        write(page, 1, NOTE)
        save_sheet(page)
        expect(line(page)).to_have_text(ALL_SENT)
    assert [mark[0] for mark in marks_of(phone, melati, today())] == ["sick", "absent", "present"]


def test_what_is_put_right_is_kept_tap_by_tap(
    phone: Handset, page: Page, melati: Arranged, refused: dict[str, Any]
) -> None:
    mend(page)
    page.locator("label[for=m3excused]").click()
    drafted(page, "m3excused")
    page.reload()
    expect(page.locator("#m3excused")).to_be_checked()
    expect(missed(page, 1)).to_be_visible()
    # And it is not the draft of the group's next meeting.
    phone.context.set_offline(True)
    page.goto(sheet_of(melati))
    expect(page.locator("#held_on")).to_have_value(today().isoformat())
    expect(page.locator(".mark input:checked")).to_have_count(0)


def test_a_refused_correction_is_said_of_what_stands_now(
    phone: Handset, page: Page, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone.context.set_offline(True)
    said_of(page, melati)
    sent(phone, page)
    wait_until(page, "caseload", f'"latest":{{"held_on":"{day_of_it().isoformat()}"')
    phone.context.set_offline(True)
    page.goto(sheet_of(melati))
    page.locator("#held_on").fill(day_of_it().isoformat())
    page.locator("#held_on").blur()
    expect(page.locator("h1")).to_have_text("Perbaiki absensi")
    page.locator("label[for=m2sick]").click()
    save_sheet(page)
    with refusing_old_days(phone, monkeypatch):
        phone.context.set_offline(False)
        expect(line(page)).to_have_text(ATTENTION)
    # The page that said "it will be sent by itself" knows better now.
    expect(page.locator("h1")).to_have_text("Perlu tindakan")
    expect(page.locator("main")).to_contain_text("Tidak diterima server. Lihat Kiriman.")
    expect(page.locator("main")).not_to_contain_text("Akan dikirim")
    page.goto("/outbox")
    page.get_by_role("link", name="Perbaiki").click()
    expect(page.locator("h1")).to_have_text("Perbaiki absensi")
    expect(page.locator("#m1sick")).to_be_checked()
    expect(page.locator("#m2sick")).to_be_checked()
    expect(page.locator("#starts_at")).to_have_value("08:15")
    save_sheet(page)
    expect(line(page)).to_have_text(ALL_SENT)
    marks = marks_of(phone, melati, day_of_it())
    # The note that stands on the server is not on the phone, and stays.
    assert [mark[:2] for mark in marks] == [("sick", NOTE), ("sick", ""), ("present", "")]
    (meeting,) = stored(phone.app, Meeting, [str(meeting_id(melati.group_id, day_of_it()))])
    assert (meeting["version"], meeting["differing"]) == (2, 0)


def test_a_family_that_has_left_is_named_as_such(
    phone: Handset, page: Page, melati: Arranged, refused: dict[str, Any]
) -> None:
    with phone.app.app_context(), transaction() as session:
        gone = session.query(Membership).filter_by(household_id=melati.households[1]).one()
        gone.to_on = day_of_it() - timedelta(days=1)
    fetched_anew(page)
    mend(page)
    expect(page.locator(".mark")).to_have_count(2)
    expect(page.get_by_text("Keluarga yang sudah keluar dari kelompok ini")).to_be_visible()
    expect(page.locator("#m1sick")).to_be_checked()
    expect(page.locator("#m2present")).to_be_checked()
    picture(page, "mend-left")
    write(page, 1, NOTE)
    save_sheet(page)
    expect(line(page)).to_have_text(ALL_SENT)
    (new,) = [each for each in put_away(page) if each["id"] != refused["id"]]
    (claim,) = stored(phone.app, RegisterClaim, [new["id"]])
    stayed = [str(melati.households[at]) for at in (0, 2)]
    assert sorted(claim["marks"]) == sorted(stayed)


def test_a_group_that_is_in_other_hands_is_said_so(
    phone: Handset, page: Page, melati: Arranged, cempaka: Arranged
) -> None:
    page.evaluate(
        """async ([folder, owner, body]) => {
          const { Store } = await import(`${folder}/store.js`);
          await new Store().add({ owner, kind: "attendance", body });
        }""",
        [
            f"{phone.app.static_url_path}/js/outbox",
            str(melati.actor.user_id),
            register(cempaka, today()),
        ],
    )
    expect(line(page)).to_have_text(ATTENTION)
    page.goto("/outbox")
    page.get_by_role("link", name="Perbaiki").click()
    expect(page.locator("h1")).to_have_text("Data ini tidak bisa diperbaiki di HP ini")
    expect(page.locator("main")).to_contain_text("Beri tahu supervisor")
    expect(page.get_by_text("lalu simpan")).to_be_hidden()
    expect(page.locator("main")).to_contain_text(re.compile(r"Nomor [0-9A-F]{4}-[0-9A-F]{4}"))
    picture(page, "mend-gone")
    page.get_by_role("link", name="Kiriman").first.click()
    page.get_by_role("button", name="Sudah saya lihat").click()
    expect(line(page)).to_have_text(ALL_SENT)


# ---- What cannot be sent and what only waits are two things ----


def test_what_waits_does_not_vanish_behind_what_needs_action(
    phone: Handset, page: Page, melati: Arranged, refused: dict[str, Any]
) -> None:
    with phone.line(lambda route: route.abort()):
        page.goto("/")  # of the server
        page.evaluate(
            """async ([folder, owner, body]) => {
              const { Store } = await import(`${folder}/store.js`);
              await new Store().add({ owner, kind: "attendance", body });
            }""",
            [
                f"{phone.app.static_url_path}/js/outbox",
                str(melati.actor.user_id),
                register(melati, today()),
            ],
        )
        expect(line(page)).to_have_text("1 perlu tindakan · 1 belum terkirim.")
        ask_to_leave(page)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("1 perlu tindakan · 1 belum terkirim.")
        expect(dialog).to_contain_text("tidak bisa dikirim begitu saja")
        expect(dialog.get_by_role("link", name="Kirim dulu")).to_be_visible()
        picture(page, "leaving-both")
        page.keyboard.press("Escape")
        phone.context.set_offline(True)
        page.goto("/outbox")
        expect(line(page)).to_have_text("Tanpa sinyal. 1 perlu tindakan · 1 belum terkirim.")
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ATTENTION)
    page.goto("/")
    ask_to_leave(page)
    expect(dialog).to_contain_text("Masih ada 1 data yang perlu tindakan")
    expect(dialog.get_by_role("link", name="Lihat Kiriman")).to_be_visible()


def ask_to_leave(page: Page) -> None:
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Keluar").click()


# ---- Never lost in between, never doubled ----

#: The transaction has done a part of its work and goes on for ever, until the tab is killed.
HANG = """(at) => {
  const real = IDBObjectStore.prototype[at];
  const name = at === "put" ? "sent" : "commands";
  IDBObjectStore.prototype[at] = function (...given) {
    if (this.name !== name) return real.apply(this, given);
    const again = () => { this.get("nothing").onsuccess = again; };
    again();
    window.isHanging = true;
    return new EventTarget();  // a request that is never answered
  };
}"""


@pytest.mark.parametrize("at", ["put", "delete"])
def test_whoever_is_killed_in_between_has_the_refused_one_and_no_other(
    phone: Handset, page: Page, melati: Arranged, refused: dict[str, Any], at: str
) -> None:
    phone.context.set_offline(True)
    mend(page)
    page.evaluate(HANG, at)
    page.locator("label[for=m2excused]").click()
    page.get_by_role("button", name="Periksa").last.click()
    page.get_by_role("button", name="Simpan di HP").click()
    until_true(page, "window.isHanging")
    page.close()
    again = phone.context.new_page()
    again.on("dialog", lambda dialog: dialog.accept())
    again.goto("/outbox")
    (item,) = commands(again)
    assert item == refused
    assert put_away(again) == []
    # And nothing is in the way of another try.
    mend(again)
    expect(again.locator("#m2excused")).to_be_checked()
    write(again, 1, NOTE)
    save_sheet(again)
    (item,) = commands(again)
    assert item["id"] != refused["id"]
    assert [each["id"] for each in put_away(again)] == [refused["id"]]
    sent(phone, again)
    assert [mark[0] for mark in marks_of(phone, melati, day_of_it())] == [
        "sick",
        "excused",
        "present",
    ]


def test_two_pages_that_put_the_same_right_make_one_of_it(
    phone: Handset, page: Page, melati: Arranged, refused: dict[str, Any]
) -> None:
    phone.context.set_offline(True)
    other = phone.context.new_page()
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto("/outbox")
    for each in (page, other):
        mend(each)
        each.get_by_role("button", name="Periksa").last.click()
    for each in (page, other):
        each.get_by_role("button", name="Simpan di HP").click()
    expect(page.locator("h1")).to_have_text("Tersimpan di HP")
    expect(other.get_by_role("alert")).to_contain_text("sudah diperbaiki sebelumnya")
    assert len(commands(page)) == 1
    # Nor is it opened a second time.
    other.reload()
    expect(other.locator("h1")).to_have_text("Kiriman")


def test_pressed_twice_it_is_one(
    phone: Handset, page: Page, melati: Arranged, refused: dict[str, Any]
) -> None:
    phone.context.set_offline(True)
    mend(page)
    page.get_by_role("button", name="Periksa").last.click()
    page.get_by_role("button", name="Simpan di HP").dblclick()
    expect(page.locator("h1")).to_have_text("Tersimpan di HP")
    assert len(commands(page)) == 1


def test_nobody_puts_right_what_is_anothers(
    phone: Handset, page: Page, melati: Arranged, cempaka: Arranged, refused: dict[str, Any]
) -> None:
    reason = page.evaluate(
        """async ([folder, owner, instead]) => {
          const { Store } = await import(`${folder}/store.js`);
          const said = { owner, kind: "attendance", body: {}, instead };
          return await new Store().add(said).catch(({ reason }) => reason);
        }""",
        [
            f"{phone.app.static_url_path}/js/outbox",
            str(cempaka.actor.user_id),
            refused["id"],
        ],
    )
    assert reason == "gone"
    assert [each["id"] for each in commands(page)] == [refused["id"]]


# ---- What was sealed as a whole ----


def test_a_refused_observation_is_filled_in_again(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    page.goto(economics_of(melati))
    fill_observation(page)
    saved(page)
    (old,) = commands(page)
    set_status(phone, melati, HouseholdStatus.GRADUATED)
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ATTENTION)
    page.goto("/outbox")
    picture(page, "outbox-refused-sealed")
    set_status(phone, melati, HouseholdStatus.ACTIVE)
    fetched_anew(page)
    page.get_by_role("link", name="Isi lagi").click()
    expect(page.locator("h1")).to_have_text("Pengamatan baru")
    expect(page.locator("main")).to_contain_text(melati.names[0])
    expect(page.get_by_text("Isi lagi, lalu simpan.")).to_be_visible()
    expect(page.locator(".notice").first).not_to_contain_text("tanggalnya")
    expect(page.get_by_label("Catatan")).to_have_value("")
    picture(page, "mend-observation")
    question(page, "keeps_budget").get_by_text("Ya", exact=True).click()
    saved(page)
    expect(line(page)).to_have_text(ALL_SENT)
    assert old["id"] in [each["id"] for each in put_away(page)]
    assert stored(phone.app, Observation, [old["id"]]) == []
    (new,) = [each for each in put_away(page) if each["id"] != old["id"]]
    (seen,) = stored(phone.app, Observation, [new["id"]])
    assert (seen["keeps_budget"], seen["household_id"]) == (True, melati.households[0])


def test_a_family_of_which_nothing_more_is_recorded_is_said_so(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    page.goto(economics_of(melati))
    fill_observation(page)
    saved(page)
    set_status(phone, melati, HouseholdStatus.GRADUATED)
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ATTENTION)
    fetched_anew(page)
    page.goto("/outbox")
    page.get_by_role("link", name="Isi lagi").click()
    expect(page.locator("h1")).to_have_text("Data ini tidak bisa diperbaiki di HP ini")


def set_status(phone: Handset, group: Arranged, status: HouseholdStatus) -> None:
    with phone.app.app_context(), transaction() as session:
        session.get(Household, (group.area_id, group.households[0])).status = status


# ---- When the server takes nothing ----


def test_a_server_that_takes_nothing_is_said_so(
    phone: Handset, page: Page, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one of another release may, to which this app is none of its own."""
    from casework.offline.views import sync

    phone.context.set_offline(True)
    page.goto(sheet_of(melati))
    save_sheet(page)
    with monkeypatch.context() as patch:
        patch.setattr(sync, "OUTBOX_HEADER", "X-Outbox-Of-Tomorrow")
        phone.context.set_offline(False)
        expect(line(page)).to_have_text(
            "Server belum menerima 1 data. Data aman di HP ini. Beri tahu administrator."
        )
        page.goto("/outbox")
        expect(line(page)).to_contain_text("Beri tahu admin")
        picture(page, "outbox-refused-by-server")
    assert len(commands(page)) == 1


def test_what_failed_too_often_says_what_it_is(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    page.goto(sheet_of(melati))
    save_sheet(page)
    (item,) = commands(page)
    page.evaluate(
        """(item) => new Promise((resolve) => {
          const request = indexedDB.open("pkh-outbox");
          request.onsuccess = () => {
            const tx = request.result.transaction("commands", "readwrite");
            tx.objectStore("commands").put(item);
            tx.oncomplete = () => { request.result.close(); resolve(); };
          };
        })""",
        item | {"outcome": "later", "code": "G-77A1", "later": 10, "isStuck": True},
    )
    page.goto("/outbox")
    expect(page.locator("main")).to_contain_text("Akan dikirim lagi · G-77A1")
    expect(page.get_by_role("link", name="Perbaiki")).to_have_count(0)
    picture(page, "outbox-stuck")
    page.get_by_role("button", name="Kirim lagi").click()
    expect(page.get_by_role("heading", name="Belum terkirim")).to_be_visible()
    expect(page.get_by_role("heading", name="Perlu tindakan")).to_be_hidden()
    sent(phone, page)


def test_what_was_called_off_meanwhile_is_said_of_the_right_day(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    """That day stands on the phone as one that is not hers to write; another one is."""
    wrong, right = today(), day_of_it()
    with phone.app.app_context():
        marks = dict.fromkeys(melati.households, Mark(Presence.PRESENT))
        with transaction():
            saved = record_meeting(
                melati.actor, melati.group_id, held_on=wrong, lessons=(5,), marks=marks
            )
        with transaction():
            saying = Saying("Salah tanggal", None, saved.version)
            call_off(melati.actor, saved.meeting_id, saying, current_store)
    fetched_anew(page)
    said = {"about": {"what": "Melati"}, "plain": register(melati, wrong, "absent")}
    js = f"{phone.app.static_url_path}/js"
    assert page.evaluate(KEEP, [js, str(melati.actor.user_id), said]) == ""
    expect(line(page)).to_have_text(ATTENTION)
    page.goto("/outbox")
    mend(page)
    expect(page.locator(".notice").first).to_contain_text("dibatalkan pada")
    expect(page.locator(".notice").first).to_contain_text("Ganti tanggalnya, lalu simpan.")
    stands = page.locator(".put-other-day")
    expect(stands).to_be_visible()
    picture(page, "mend-called-off")
    page.get_by_role("button", name="Periksa").last.click()
    expect(page.locator("form").get_by_role("alert")).to_be_visible()
    page.locator("#held_on").fill(right.isoformat())
    page.locator("#held_on").blur()
    expect(stands).to_have_count(0)
    save_sheet(page)
    expect(line(page)).to_have_text(ALL_SENT)
    assert [mark[0] for mark in marks_of(phone, melati, right)] == ["absent"] * 3
    assert [mark[0] for mark in marks_of(phone, melati, wrong)] == ["present"] * 3
    # No photo is asked for of the day that was called off.
    fetched_anew(page)
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}")
    expect(page.locator("main input[type=file]").first).to_be_attached()
    days = page.locator("main li", has=page.locator("input[type=file]"))
    expect(days).to_have_count(1)
