"""A facilitator's day without signal, in a real browser with the real worker."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.meetings.actions.record import record_meeting
from casework.meetings.rules import Mark, MeetingStatus, Presence
from tests.browser.album import photograph
from tests.browser.lending import Lent
from tests.browser.outbox import Handset, lent_phone, register, stored, today
from tests.browser.pocket import ALL_SENT, drafted, fetched_anew, line, picture, taken_along
from tests.browser.registers import choose_lesson, save_sheet, write
from tests.factories.accounts import UserFactory
from tests.meetings.conftest import Arranged, arrange

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

STAY = "Tanpa sinyal. Isian di halaman ini belum tersimpan: biarkan halaman ini terbuka."
AWAY = "Tanpa sinyal. Anda tetap bisa bekerja. Data disimpan di HP ini."
GO_HOME = "Tanpa sinyal. Buka Beranda untuk tetap bekerja."

_numbers = count(1)


@pytest.fixture
def name() -> str:
    """Of a group; the server keeps those of earlier tests."""
    return f"Melati Atas {next(_numbers)}"


@pytest.fixture
def melati(field_app: Flask, name: str) -> Arranged:
    with field_app.app_context():
        return arrange(name=name, households=6)


@pytest.fixture
def phone(field_lent: Lent, field_app: Flask) -> Iterator[Handset]:
    with lent_phone(field_lent, field_app) as phone:
        yield phone


@pytest.fixture
def page(phone: Handset, melati: Arranged) -> Page:
    return taken_along(phone, melati)


def mark_all(page: Page) -> None:
    choose_lesson(page)
    page.locator("label[for=m1sick]").click()
    page.get_by_role("button", name="Sisanya hadir").click()
    page.get_by_role("button", name="Periksa").last.click()


def test_a_meeting_is_recorded_without_signal_and_sent_when_there_is_one(
    phone: Handset, page: Page, melati: Arranged, name: str
) -> None:
    phone.context.set_offline(True)
    page.goto("/")
    expect(page.locator("h1")).to_have_text(re.compile("20"))
    expect(line(page)).to_have_text(
        "Tanpa sinyal. Anda tetap bisa bekerja. Data disimpan di HP ini."
    )
    picture(page, "today")
    page.get_by_role("link", name="Catat pertemuan").click()
    expect(page.locator(".mark-name").first).to_have_text(melati.names[0])
    picture(page, "sheet")
    mark_all(page)
    expect(page.locator("h1")).to_have_text("Periksa sebelum menyimpan")
    picture(page, "check")
    page.get_by_role("button", name="Simpan di HP").click()
    expect(page.locator("h1")).to_have_text("Tersimpan di HP")
    expect(line(page)).to_have_text("Tanpa sinyal. 1 data belum terkirim.")
    picture(page, "saved")
    page.goto("/outbox")
    expect(page.get_by_role("heading", name="Belum terkirim")).to_be_visible()
    page.get_by_role("button", name="Kirim sekarang").click()
    expect(page.get_by_text("Tanpa sinyal. Akan dikirim nanti.")).to_be_in_viewport()
    picture(page, "outbox-waiting")
    page.goto("/")
    expect(page.locator("body")).to_contain_text("di HP ini, belum terkirim")
    picture(page, "today-saved")

    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)
    page.goto("/outbox")
    expect(page.locator("body")).to_contain_text("Semua sudah terkirim. Terima kasih.")
    expect(page.locator("body")).to_contain_text(name)
    picture(page, "outbox-sent")
    (meeting,) = meetings(phone, melati)
    assert (meeting["present"], meeting["total"], meeting["version"]) == (5, 6, 1)


def test_the_page_that_says_it_is_saved_says_so_when_it_was_sent(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}/meetings/new")
    mark_all(page)
    page.get_by_role("button", name="Simpan di HP").click()
    how = page.locator("main").get_by_text("Nomor:")
    expect(how).to_contain_text("Akan dikirim sendiri saat ada sinyal.")
    number = page.locator("main b").first.inner_text()
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)
    expect(page.locator("h1")).to_have_text("Terkirim")
    expect(page).to_have_title("Terkirim – PKH Graduasi")
    expect(page.locator("main [role=status]").first).to_have_text(
        f"Sudah diterima server. Nomor: {number}"
    )
    picture(page, "saved-sent")


def meetings(phone: Handset, group: Arranged) -> list[dict[str, object]]:
    from casework.meetings.models import Meeting

    return stored(phone.app, Meeting, [str(meeting_id(group.group_id, today()))])


def test_a_correction_without_signal_says_only_what_was_changed(
    phone: Handset, page: Page, melati: Arranged, name: str
) -> None:
    phone.context.set_offline(True)
    sheet = f"/groups/{melati.group_id}/meetings/new"
    for presence in ("sick", "absent"):
        page.goto(sheet)
        page.locator(f"label[for=m1{presence}]").click()
        save_sheet(page)
    expect(line(page)).to_have_text("Tanpa sinyal. 2 data belum terkirim.")
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)
    (meeting,) = meetings(phone, melati)
    assert (meeting["present"], meeting["total"], meeting["differing"]) == (5, 6, 0)
    # With signal the phone fetches what stands, and corrects that.
    page.goto("/")
    fetched_anew(page)
    phone.context.set_offline(True)
    page.goto(sheet)
    expect(page.locator("h1")).to_have_text("Perbaiki absensi")
    picture(page, "correction")
    page.locator("label[for=m2excused]").click()
    page.get_by_role("button", name="Periksa").last.click()
    page.get_by_role("button", name="Simpan di HP").click()
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)
    (meeting,) = meetings(phone, melati)
    assert (meeting["present"], meeting["differing"], meeting["version"]) == (4, 0, 3)


def test_what_was_tapped_is_there_when_the_app_was_killed(
    phone: Handset, page: Page, melati: Arranged, name: str
) -> None:
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}/meetings/new")
    page.locator("label[for=m2absent]").click()
    page.locator("label[for=m3present]").click()
    drafted(page, "m2absent")
    drafted(page, "m3present")
    page.close()
    again = phone.context.new_page()
    again.goto(f"/groups/{melati.group_id}/meetings/new")
    expect(again.locator("#m2absent")).to_be_checked()
    expect(again.locator("#m3present")).to_be_checked()
    expect(again.locator("#m1present")).not_to_be_checked()


def test_groups_and_families_are_there_without_signal(
    phone: Handset, page: Page, melati: Arranged, name: str
) -> None:
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}")
    expect(page.locator("h1")).to_have_text(name)
    picture(page, "group")
    page.get_by_role("link", name=melati.names[0]).click()
    expect(page.locator("h1")).to_have_text(melati.names[0])
    picture(page, "family")
    page.goto(f"/households/{melati.households[0]}/economics")
    needs_signal(page, name)


def needs_signal(page: Page, group: str) -> None:
    """And what there is without it is one tap away."""
    expect(page.locator("h1")).to_have_text("Halaman ini perlu sinyal")
    main = page.locator("main")
    home = main.get_by_role("link", name="Beranda")
    expect(home).to_have_attribute("href", "/")
    expect(home).to_have_class("button")
    expect(main.get_by_role("link", name="Coba lagi")).to_have_class(re.compile("secondary"))
    # Opened and not tapped: the page is drawn once more when its list has come.
    page.goto(main.get_by_role("link", name=group).first.get_attribute("href") or "")
    expect(page.locator("h1")).to_have_text(group)


def test_signal_that_comes_back_fetches_nobody_back_who_is_on_the_way_elsewhere(
    phone: Handset, page: Page, melati: Arranged, name: str
) -> None:
    phone.context.set_offline(True)
    page.goto("/households/")
    expect(page.locator("h1")).to_have_text("Halaman ini perlu sinyal")
    page.evaluate(
        "page => { location.assign(page); dispatchEvent(new Event('online')); }",
        f"/groups/{melati.group_id}",
    )
    expect(page.locator("h1")).to_have_text(name)


def test_a_page_that_needed_signal_comes_by_itself_with_it(
    phone: Handset, page: Page, name: str
) -> None:
    phone.context.set_offline(True)
    page.goto("/households/")
    expect(page.locator("h1")).to_have_text("Halaman ini perlu sinyal")
    phone.context.set_offline(False)
    expect(page.locator("h1")).to_have_text("Keluarga")


def test_a_page_that_failed_on_a_phone_with_signal_comes_when_the_server_answers(
    phone: Handset, page: Page
) -> None:
    """A phone that never said it was without signal will not say either that there is some."""
    page.add_init_script(
        """
        Object.defineProperty(navigator, "onLine", { get: () => true });
        addEventListener("online", (event) => event.stopImmediatePropagation());
        """
    )
    phone.context.set_offline(True)
    page.goto("/households/")
    expect(page.locator("h1")).to_have_text("Halaman ini perlu sinyal")
    phone.context.set_offline(False)
    expect(page.locator("h1")).to_have_text("Keluarga", timeout=20_000)


@pytest.mark.parametrize("path", ["/households/", "/nominations/"])
def test_a_menu_that_was_there_with_signal_leads_on_without(
    phone: Handset, page: Page, name: str, path: str
) -> None:
    phone.context.set_offline(True)
    page.goto(path)
    picture(page, "needs-signal")
    needs_signal(page, name)


def test_the_bar_of_a_form_takes_the_place_of_the_menu(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}/meetings/new")
    bar, menu = page.locator(".action-bar"), page.locator(".site-nav")
    expect(bar).to_be_visible()
    expect(menu).to_be_hidden()
    box = bar.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == pytest.approx(640, abs=1)
    photograph(page, "offline-sheet-one-bar")
    mark_all(page)
    expect(page.locator("h1")).to_have_text("Periksa sebelum menyimpan")
    expect(menu).to_be_hidden()
    page.get_by_role("button", name="Simpan di HP").click()
    expect(page.locator("h1")).to_have_text("Tersimpan di HP")
    expect(menu).to_be_visible()


def test_a_draft_is_not_taken_for_no_meeting_at_all(
    phone: Handset, page: Page, melati: Arranged, name: str
) -> None:
    day = today()
    with phone.app.app_context(), transaction():
        record_meeting(
            melati.actor,
            melati.group_id,
            held_on=day,
            lessons=(1,),
            marks={melati.households[0]: Mark(Presence.PRESENT, None)},
            status=MeetingStatus.DRAFT,
        )
    fetched_anew(page)
    phone.context.set_offline(True)
    said = re.compile(rf"Draf {day.day} \w+, lanjutkan saat ada sinyal\.")
    page.goto("/")
    expect(page.locator(".put-to-meet > li").filter(has_text=name)).to_contain_text(said)
    picture(page, "today-draft")
    page.goto(f"/groups/{melati.group_id}")
    expect(page.locator("main")).to_contain_text(said)
    picture(page, "group-draft")


def test_that_the_list_has_come_is_told_once(phone: Handset, melati: Arranged) -> None:
    page = taken_along(phone, melati)
    ready = page.get_by_text("Daftar sudah di HP. Bisa dipakai tanpa sinyal.")
    expect(ready).to_be_visible()
    picture(page, "list-has-come")
    page.reload()
    expect(line(page)).to_have_text(ALL_SENT)
    page.wait_for_timeout(300)
    expect(ready).to_be_hidden()


def test_a_sheet_with_something_missing_says_so(
    phone: Handset, page: Page, melati: Arranged, name: str
) -> None:
    """The lesson too: nobody who is tired saves the one that was preset, for none is."""
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}/meetings/new")
    page.get_by_role("button", name="Periksa").last.click()
    expect(page.get_by_role("alert")).to_contain_text("Pilih materi")
    choose_lesson(page)
    page.get_by_role("button", name="Periksa").last.click()
    expect(page.get_by_role("alert")).to_contain_text("6 keluarga belum ditandai")
    picture(page, "missing")


def test_the_worker_keeps_the_shell_and_nothing_of_anybody(
    phone: Handset, page: Page, melati: Arranged, name: str
) -> None:
    for path in ("/", f"/groups/{melati.group_id}", f"/households/{melati.households[0]}"):
        page.goto(path)
    kept = page.evaluate(
        """async () => {
          const found = {};
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const request of await cache.keys()) {
              const response = await cache.match(request);
              found[new URL(request.url).pathname] = await response.text();
            }
          }
          return found;
        }"""
    )
    static = phone.app.static_url_path
    assert all(path == "/offline" or path.startswith(f"{static}/") for path in kept), sorted(kept)
    assert "/offline" in kept
    text = "".join(kept.values())
    for word in (melati.actor.name, melati.names[0], name, str(melati.group_id)):
        assert word not in text


def test_signing_out_takes_the_names_off_the_phone(
    phone: Handset, page: Page, melati: Arranged, name: str
) -> None:
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/login**")
    page.wait_for_load_state("networkidle")  # its script, which is not among those kept
    phone.context.set_offline(True)
    page.goto("/")
    expect(page.locator("body")).to_contain_text("Tidak ada yang sedang masuk di HP ini")
    picture(page, "nobody")
    assert melati.names[0] not in page.content()


def test_whoever_signs_in_next_finds_no_family_of_hers(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    """Her login ran out without a word, and a supervisor uses the phone."""
    phone.sign_out()
    with phone.app.app_context():
        with transaction():
            supervisor = UserFactory(supervisor=True).id
        office = replace(melati, actor=replace(melati.actor, user_id=supervisor))
        phone.sign_in(office)
    page.goto("/")
    page.wait_for_timeout(500)
    phone.context.set_offline(True)
    page.goto("/")
    expect(page.locator("body")).to_contain_text("Tidak ada yang sedang masuk di HP ini")
    assert melati.names[0] not in page.content()


def test_an_answer_that_comes_after_signing_out_brings_no_name_back(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    kept = page.evaluate(
        """async (folder) => {
          const { Caseload } = await import(`${folder}/caseload.js`);
          const caseload = new Caseload();
          const owner = await caseload.owner();
          const answer = caseload.refresh(owner);
          await caseload.forget();
          await answer;
          return await caseload.load(owner);
        }""",
        f"{phone.app.static_url_path}/js/offline",
    )
    assert kept == "none"


def test_of_what_was_sent_no_word_stays_on_the_phone(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    """Marks by opaque ids stay, should the server lose them."""
    body = register(melati, today())
    for mark in body["marks"].values():
        mark[3] = "sakit keras"
    sent = page.evaluate(
        """async ([folder, owner, body]) => {
          const { Store } = await import(`${folder}/store.js`);
          const store = new Store();
          await store.add({ owner, kind: "attendance", body });
          while ((await store.counts(owner)).unsent) {
            await new Promise((done) => setTimeout(done, 50));
          }
          return await store.sent(owner);
        }""",
        [
            f"{phone.app.static_url_path}/js/outbox",
            str(melati.actor.user_id),
            body,
        ],
    )
    assert len(sent) == 1
    assert "sakit keras" not in json.dumps(sent)
    assert sent[0]["receipt"]


def test_a_sheet_with_signal_is_not_lost_when_the_signal_is(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    page.goto(f"/groups/{melati.group_id}/meetings/new")
    page.get_by_role("button", name="Periksa").last.wait_for()
    for number in range(1, 7):
        page.locator(f"label[for=m{number}present]").click()
    phone.context.set_offline(True)
    page.get_by_role("button", name="Periksa").last.click()
    expect(page.get_by_role("alert")).to_contain_text("Sedang tidak ada sinyal")
    expect(line(page)).to_have_text(AWAY)
    picture(page, "sheet-signal-lost")
    expect(page.locator("#m6present")).to_be_checked()
    phone.context.set_offline(False)
    page.locator("input[name=lesson]").first.check()
    page.get_by_role("button", name="Periksa").last.click()
    expect(page.locator("h1")).to_have_text("Periksa sebelum menyimpan")


def test_the_line_sends_nobody_away_from_what_is_not_saved(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    page.goto(f"/groups/{melati.group_id}/meetings/new")
    expect(line(page)).to_have_text(ALL_SENT)
    phone.context.set_offline(True)
    expect(line(page)).to_have_text(GO_HOME)
    page.locator("#search").fill("a")  # is nothing that could be lost
    expect(line(page)).to_have_text(GO_HOME)
    page.locator("#search").fill("")
    page.locator("label[for=m1present]").click()
    expect(line(page)).to_have_text(AWAY)  # the mark is on the phone as well
    # A note is in this page only, so the line says that, and leads nowhere.
    write(page, 1, "Zakharia demam")
    expect(line(page)).to_have_text(STAY)
    assert page.locator(".status-line").get_attribute("href") is None
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)
    assert page.locator(".status-line").get_attribute("href") == "/outbox"
    # Nor on the page that asks to check, where what was typed stands in no field.
    choose_lesson(page)
    page.get_by_role("button", name="Sisanya hadir").click()
    expect(page.locator("h1")).to_have_text("Periksa sebelum menyimpan")
    expect(line(page)).to_have_text(ALL_SENT)
    phone.context.set_offline(True)
    expect(line(page)).to_have_text(STAY)


def test_a_day_that_no_meeting_can_have_is_said_at_once(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}/meetings/new")
    tomorrow = today() + timedelta(days=1)
    page.locator("#held_on").fill(tomorrow.isoformat())
    page.locator("#held_on").blur()
    page.get_by_role("button", name="Periksa").last.click()
    expect(page.get_by_role("alert")).to_contain_text("Tanggal tidak boleh setelah hari ini")


def test_what_the_server_refused_for_good_can_be_put_away(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    page.evaluate(
        """async ([folder, owner, body]) => {
          const { Store } = await import(`${folder}/store.js`);
          await new Store().add({ owner, kind: "attendance", body });
        }""",
        [
            f"{phone.app.static_url_path}/js/outbox",
            str(melati.actor.user_id),
            register(melati, today() + timedelta(days=9)),
        ],
    )
    expect(line(page)).to_have_text("1 data perlu tindakan.")
    page.goto("/outbox")
    expect(page.locator("body")).to_contain_text("Tanggal tidak boleh setelah hari ini")
    picture(page, "outbox-attention")
    page.get_by_role("button", name="Sudah saya lihat").click()
    expect(line(page)).to_have_text(ALL_SENT)
    # It was seen, and not sent.
    expect(page.get_by_role("heading", name="Terkirim 30 hari terakhir")).to_be_hidden()
    expect(page.locator(".put-closed > li")).to_contain_text("Tanggal tidak boleh setelah hari ini")
    picture(page, "outbox-closed")


def test_signing_out_with_something_unsent_asks_first_and_keeps_it(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    with phone.line(lambda route: route.abort()):
        page.goto("/")  # the page of the server, which her outbox does not reach
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
        page.locator("details.account summary").click()
        page.get_by_role("button", name="Keluar").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("Masih ada 1 data belum terkirim.")
        picture(page, "leaving")
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        assert "/login" not in page.url
        page.get_by_role("button", name="Keluar").click()
        dialog.get_by_role("button", name="Keluar").click()
        page.wait_for_url("**/login**")
    assert meetings(phone, melati) == []
    phone.sign_in(melati)
    page.goto("/")
    expect(line(page)).to_have_text(ALL_SENT)
    assert len(meetings(phone, melati)) == 1


def test_the_list_closes_two_weeks_after_the_last_contact(
    phone: Handset, page: Page, melati: Arranged, name: str
) -> None:
    phone.context.set_offline(True)
    page.add_init_script("Date.now = () => new Date().getTime() + 15 * 24 * 60 * 60 * 1000")
    page.goto("/")
    expect(page.locator("h1")).to_have_text("Daftar ditutup")
    picture(page, "closed")


# ---- A second person on the phone ----


@pytest.fixture
def left_behind(phone: Handset, page: Page, melati: Arranged, app_words: list[str]) -> Page:
    """She recorded two meetings without signal and signed out before they were sent."""
    with phone.line(lambda route: route.abort()):
        page.goto("/")
        for days in (0, 1):
            page.evaluate(
                """async ([folder, owner, body, about]) => {
                  const { Store } = await import(`${folder}/store.js`);
                  await new Store().add({ owner, kind: "attendance", body, about });
                }""",
                [
                    f"{phone.app.static_url_path}/js/outbox",
                    str(melati.actor.user_id),
                    register(melati, today() - timedelta(days=days)),
                    {"what": app_words[0]},
                ],
            )
        page.locator("details.account summary").click()
        page.get_by_role("button", name="Keluar").click()
        page.get_by_role("dialog").get_by_role("button", name="Keluar").click()
        page.wait_for_url("**/login**")
    return page


@pytest.fixture
def app_words(name: str) -> list[str]:
    return [f"{name}, 29 Nov 2026"]


NOT_HERS = "Ada 2 data milik orang lain di HP ini. Hanya pemiliknya yang bisa mengirimnya."
LEFT_HERE = (
    "Ada 2 data yang belum terkirim di HP ini. "
    "Hanya yang mencatat yang bisa mengirimnya, setelah masuk."
)


def test_what_was_left_on_the_phone_is_told_where_nobody_is_signed_in(
    phone: Handset, left_behind: Page, melati: Arranged
) -> None:
    page = left_behind
    expect(page.locator("main")).to_contain_text(LEFT_HERE)
    assert melati.actor.name not in page.content()
    picture(page, "login-left-here")
    page.wait_for_load_state("networkidle")
    phone.context.set_offline(True)
    for path in ("/", "/outbox"):
        page.goto(path)
        expect(page.locator("main")).to_contain_text(LEFT_HERE)
    picture(page, "nobody-left-here")
    assert melati.actor.name not in page.content()


def test_the_next_person_is_told_that_not_all_on_the_phone_is_sent(
    phone: Handset, left_behind: Page, melati: Arranged, field_app: Flask, app_words: list[str]
) -> None:
    page = left_behind
    with field_app.app_context():
        cempaka = arrange(name=f"Cempaka {next(_numbers)}", households=3)
    phone.sign_in(cempaka)
    page.goto("/")
    expect(line(page)).to_have_text("Tersambung. Semua data Anda sudah terkirim.")
    expect(page.locator(".status-line")).to_contain_text(NOT_HERS)
    picture(page, "line-others")
    page.goto("/outbox")
    expect(page.locator("main")).to_contain_text(NOT_HERS)
    expect(page.locator("main")).to_contain_text("Semua data Anda sudah terkirim. Terima kasih.")
    picture(page, "outbox-others")
    for word in (*app_words, melati.actor.name):
        assert word not in page.content()
    # Where nothing is left, nothing is said of others.
    phone.sign_in(melati)
    page.goto("/")
    expect(line(page)).to_have_text(ALL_SENT)
    expect(page.locator(".status-line")).not_to_contain_text("orang lain")


def test_a_phone_on_which_nothing_was_ever_kept_stays_empty_at_the_login(phone: Handset) -> None:
    page = phone.context.new_page()
    page.goto("/login")
    page.wait_for_load_state("networkidle")
    expect(page.locator("main")).not_to_contain_text("belum terkirim")
    assert page.evaluate("indexedDB.databases()") == []
