"""Photos of a meeting without signal, in a real browser: made small, sealed, kept, and sent after
the marks, once."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from casework.meetings.photo_files import current_store
from tests import pictures
from tests.browser.lending import Lent
from tests.browser.outbox import Handset, lent_phone, today
from tests.browser.photos import base64_of, photos_of, sendings
from tests.browser.pocket import (
    ALL_SENT,
    NOTED,
    each_on_disk,
    fetched_anew,
    line,
    on_disk,
    phone_on,
    picture,
    taken_along,
)
from tests.browser.registers import save_sheet, sheet_of
from tests.browser.visitor import barriers
from tests.meetings.conftest import Arranged, arrange
from tests.sealing import phone_keys, raw_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

_numbers = count(1)


@pytest.fixture
def melati(field_app: Flask) -> Arranged:
    """The server keeps what earlier tests sent, of others."""
    with field_app.app_context():
        return arrange(name=f"Melati Putih {next(_numbers)}", households=3)


@pytest.fixture
def phone(field_lent: Lent, field_app: Flask) -> Iterator[Handset]:
    with lent_phone(field_lent, field_app) as phone:
        yield phone


@pytest.fixture
def page(phone: Handset, melati: Arranged) -> Page:
    return taken_along(phone, melati)


def file(content: bytes, name: str = "IMG_0001.jpg", kind: str = "image/jpeg") -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": content}


def record(page: Page, group: Arranged) -> None:
    """Everybody is there; ends on the page that says it is saved."""
    page.goto(sheet_of(group))
    save_sheet(page)


def add(page: Page, *photos: bytes, field: int = 1) -> None:
    """From the gallery, or with the camera (0)."""
    page.locator("main input[type=file]").nth(field).set_input_files(
        [file(each) for each in photos]
    )


def says(page: Page, number: int) -> None:
    text = f"{number} foto tersimpan di HP. Belum terkirim." if number else ""
    expect(page.locator(".tasks small").first).to_have_text(text, timeout=30_000)


# ---- A day in the field ----


def test_photos_taken_without_signal_follow_their_meeting(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    record(page, melati)
    picture(page, "photos-none")
    source = pictures.photo(2400, 1800, orientation=6)
    add(page, source, field=0)
    says(page, 1)
    add(page, pictures.noise(1400, 1000), pictures.photo(900, 600, "PNG"))
    says(page, 3)
    picture(page, "photos-kept")
    assert barriers(page) == []
    expect(line(page)).to_have_text("Tanpa sinyal. 4 data belum terkirim.")
    page.goto("/outbox")
    expect(page.locator("body")).to_contain_text("Foto pertemuan: Melati Putih")
    expect(page.locator("body")).to_contain_text("tidak masuk berkas penyelamatan")
    picture(page, "outbox-photos")

    seen = sendings(phone)
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT, timeout=60_000)
    found = photos_of(phone.app, melati)
    assert [size[:2] for size in found[:1]] == [(960, 1280)]  # turned upright
    assert found[2][:2] == (900, 600)
    for _width, _height, content in found:
        assert len(content) <= 200_000
        assert b"Exif" not in content
    # The marks first; each photo is asked for before it is sent, and fits.
    assert [path for path, _size in seen] == ["/sync", *["/sync/photo"] * 6]
    sizes = [size for path, size in seen if path == "/sync/photo"]
    assert all(500 < size < 2_000 for size in sizes[::2]), sizes
    assert all(2_000 < size < 202_000 for size in sizes[1::2]), sizes
    page.goto("/outbox")
    expect(page.locator("body")).to_contain_text("Semua sudah terkirim")
    used = int(re.sub(r"\D", "", page.locator(".put-used").inner_text()))
    assert used * 1024 >= sum(sizes)
    picture(page, "outbox-photos-sent")


def test_photos_are_added_later_from_the_group(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    """The meeting is on the server already, or only on the phone."""
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}")
    assert page.locator("main input[type=file]").count() == 0
    record(page, melati)
    page.goto(f"/groups/{melati.group_id}")
    add(page, pictures.photo(640, 480))
    says(page, 1)
    picture(page, "group-photos")
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)
    says(page, 0)
    assert len(photos_of(phone.app, melati)) == 1
    page.goto("/")
    fetched_anew(page)
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}")
    add(page, pictures.photo(480, 640))
    says(page, 1)
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)
    assert len(photos_of(phone.app, melati)) == 2


def test_there_is_room_for_six_on_the_phone(phone: Handset, page: Page, melati: Arranged) -> None:
    phone.context.set_offline(True)
    record(page, melati)
    add(page, *(pictures.photo(300 + number, 200) for number in range(5)))
    says(page, 5)
    add(page, pictures.photo(200, 300))
    says(page, 6)
    expect(page.locator("main input[type=file]").first).to_be_hidden()


@pytest.mark.parametrize("kind", ["text", "heic", "half"])
def test_what_cannot_be_opened_is_said_at_once(
    phone: Handset, page: Page, melati: Arranged, kind: str
) -> None:
    phone.context.set_offline(True)
    record(page, melati)
    given = {
        "text": file(b"halo", "a.txt", "text/plain"),
        "heic": file(b"\0\0\0\x18ftypheic" + bytes(500), "IMG.HEIC", "image/heic"),
        "half": file(pictures.photo(640, 480)[:300]),
    }[kind]
    page.locator("main input[type=file]").nth(1).set_input_files([given])
    expect(page.get_by_role("alert")).to_contain_text("tidak bisa membuka berkas itu")
    says(page, 0)
    picture(page, "photos-unreadable")
    # The next one is no worse for it.
    add(page, pictures.photo(640, 480))
    says(page, 1)
    expect(page.get_by_role("alert")).to_have_count(0)


# ---- What is on the phone ----


def opened(page: Page, group: Arranged) -> list[bytes]:
    """What waits on the phone, as only the server's key opens it."""
    kept = page.evaluate(
        """async () => {
          const request = indexedDB.open("pkh-outbox");
          await new Promise((resolve) => { request.onsuccess = resolve; });
          const tx = request.result.transaction(["commands", "photos"]);
          const all = (name) => new Promise((resolve) => {
            const rows = tx.objectStore(name).getAll();
            rows.onsuccess = () => resolve(rows.result);
          });
          const [commands, photos] = await Promise.all([all("commands"), all("photos")]);
          request.result.close();
          const heads = commands.filter((each) => each.head).sort((a, b) => (a.id < b.id ? -1 : 1));
          return heads.map((each, at) => [each.head, [...photos[at]]]);
        }"""
    )
    found = []
    for head, data in kept:
        command = json.loads(head)
        sealed = command["body"]["sealed"]
        assert bytes(data[-16:]) == raw_of(sealed["tag"])
        assert sha256(bytes(data)).digest() == raw_of(sealed["sha256"])
        found.append(
            phone_keys().open(
                sealed["key"],
                wrapped=raw_of(sealed["wrapped"]),
                nonce=raw_of(sealed["nonce"]),
                data=bytes(data),
                belongs_to=f"{group.actor.user_id}|{command['id']}".encode(),
            )
        )
    return found


def test_what_is_sealed_is_small_and_tells_no_place(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    """Also what was small enough as it came."""
    phone.context.set_offline(True)
    record(page, melati)
    for each in (pictures.photo(200, 150), pictures.photo(3000, 2000), pictures.noise(1400, 1000)):
        add(page, each)
    says(page, 3)
    found = opened(page, melati)
    sizes = sorted(pictures.size_of(each) for each in found)
    assert (200, 150) in sizes
    assert (1280, 853) in sizes
    for content in found:
        assert len(content) <= 200_000
        for trace in (b"Exif", b"Kamera Siti", b"Ibu Siti"):
            assert trace not in content


def test_no_picture_is_ever_on_the_disk(
    chromium: Browser, field_app: Flask, field_address: str, melati: Arranged, tmp_path: Path
) -> None:
    with phone_on(tmp_path, field_app, field_address, chromium) as phone:
        page = taken_along(phone, melati)
        phone.context.set_offline(True)
        record(page, melati)
        add(page, pictures.photo(1600, 1200))
        add(page, pictures.noise(640, 480))
        says(page, 2)
        page.wait_for_timeout(NOTED)
    traces = ["JFIF", "Exif", "Kamera Siti", "Ibu Siti"]
    assert each_on_disk(tmp_path, *traces) == {trace: set() for trace in traces}
    # JPEG begins so, and so does nothing else that a browser keeps.
    start = b"\xff\xd8\xff\xe0\x00\x10"
    assert [p for p in tmp_path.rglob("*") if p.is_file() and start in p.read_bytes()] == []
    # Something as large as the photos is there, which nobody can read.
    assert sum(p.stat().st_size for p in tmp_path.rglob("*IndexedDB*/**/*")) > 100_000


@pytest.mark.control
def test_the_eye_would_see_a_picture_on_the_disk(
    chromium: Browser, field_app: Flask, field_address: str, melati: Arranged, tmp_path: Path
) -> None:
    """The check above can fail: the same photo kept as it is."""
    with phone_on(tmp_path, field_app, field_address, chromium) as phone:
        her = phone.open(melati)
        her.run(
            """const bytes = Uint8Array.from(atob(a), (each) => each.charCodeAt(0));
            await store.add({ owner, kind: "photo", body: {}, data: bytes });""",
            base64_of(pictures.noise(640, 480)),
        )
    assert on_disk(tmp_path, "JFIF")


def test_it_is_kept_when_it_is_said_so_and_on_the_disk(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    record(page, melati)
    page.evaluate(
        """() => {
          window.seen = [];
          const begin = IDBDatabase.prototype.transaction;
          IDBDatabase.prototype.transaction = function (...given) {
            const tx = begin.apply(this, given);
            if (tx.mode === "readwrite" && [...tx.objectStoreNames].includes("photos")) {
              seen.push(tx.durability);
              tx.addEventListener("complete", () => seen.push("complete"));
            }
            return tx;
          };
          const place = document.querySelector(".tasks small");
          new MutationObserver(() => seen.push("said")).observe(place, { childList: true });
        }"""
    )
    add(page, pictures.photo(640, 480))
    says(page, 1)
    seen = page.evaluate("seen")
    # What has been kept is tried at once, which may write before or after the page speaks.
    assert seen[:2] == ["strict", "complete"]
    assert "said" in seen[2:]


NO_ROOM = """
  window.isFull = true;
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...given) {
    if (window.isFull && this.name === "photos") {
      throw new DOMException("full", "QuotaExceededError");
    }
    return add.apply(this, given);
  };
"""


def test_a_full_phone_says_so_and_the_photo_can_be_kept_when_there_is_room(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    page.add_init_script(NO_ROOM)
    record(page, melati)
    add(page, pictures.photo(640, 480), pictures.photo(480, 640))
    expect(page.get_by_role("alert")).to_contain_text("BELUM TERSIMPAN: HP penuh")
    says(page, 0)
    expect(line(page)).to_have_text("Tanpa sinyal. 1 data belum terkirim.")
    picture(page, "photos-full")
    again = page.get_by_role("button", name="Coba lagi")
    again.click()
    expect(page.get_by_role("alert")).to_contain_text("HP penuh")
    page.evaluate("window.isFull = false")
    again.click()
    says(page, 2)
    expect(again).to_be_hidden()
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)
    assert len(photos_of(phone.app, melati)) == 2


def test_a_browser_that_cannot_seal_says_so(phone: Handset, page: Page, melati: Arranged) -> None:
    phone.context.set_offline(True)
    record(page, melati)
    page.evaluate("Object.defineProperty(crypto, 'subtle', { value: undefined })")
    add(page, pictures.photo(640, 480))
    expect(page.get_by_role("alert")).to_contain_text("browser ini tidak bisa menyimpan foto")
    says(page, 0)


def test_without_a_key_there_is_nothing_to_seal_to(phone: Handset, melati: Arranged) -> None:
    phone.context.route("**/sync/key", lambda route: route.abort())
    page = taken_along(phone, melati, with_key=False)
    phone.context.set_offline(True)
    record(page, melati)
    add(page, pictures.photo(640, 480))
    expect(page.get_by_role("alert")).to_contain_text("harus dibuka sekali saat ada sinyal")
    says(page, 0)


def test_what_is_refused_is_shown_with_its_reason_until_she_has_seen_it(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    record(page, melati)
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)
    fill(phone.app, melati)
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}")
    add(page, pictures.photo(640, 480))
    says(page, 1)
    phone.context.set_offline(False)
    expect(line(page)).to_have_text("1 data perlu tindakan.", timeout=60_000)
    page.goto("/outbox")
    expect(page.get_by_role("heading", name="Perlu tindakan")).to_be_visible()
    expect(page.locator("body")).to_contain_text("Foto pertemuan: Melati Putih")
    expect(page.locator("body")).to_contain_text("Pertemuan ini sudah punya 6 foto")
    picture(page, "outbox-photo-refused")
    expect(page.get_by_role("button", name="Sudah saya lihat")).to_be_hidden()
    expect(page.get_by_role("link", name="Ke kelompok")).to_have_attribute(
        "href", f"/groups/{melati.group_id}"
    )
    page.get_by_role("button", name="Buang foto").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Buang foto ini?")
    picture(page, "outbox-photo-discard")
    dialog.get_by_role("button", name="Batal").click()
    expect(line(page)).to_have_text("1 data perlu tindakan.")
    page.get_by_role("button", name="Buang foto").click()
    dialog.get_by_role("button", name="Buang foto").click()
    expect(line(page)).to_have_text(ALL_SENT)
    expect(page.locator(".put-closed > li")).to_contain_text("Foto pertemuan: Melati Putih")
    expect(page.locator("ul.put-sent")).not_to_contain_text("Pertemuan ini sudah punya 6 foto")


def fill(app: Flask, group: Arranged) -> None:
    """Her other phone has sent as many as there may be."""
    from casework.core.files import Purpose, check_and_clean
    from casework.core.transaction import transaction
    from casework.meetings.actions.photos import add_photo
    from casework.meetings.rules import MOST_PHOTOS

    with app.app_context():
        for number in range(MOST_PHOTOS):
            sent = io.BytesIO(pictures.photo(300 + number, 200))
            with transaction():
                add_photo(
                    group.actor,
                    group.group_id,
                    today(),
                    file=check_and_clean(sent, Purpose.PHOTO),
                    store=current_store(),
                )


# ---- In other hands ----


def test_the_next_person_neither_sees_nor_sends_nor_wipes_them(
    phone: Handset, page: Page, melati: Arranged, cempaka: Arranged
) -> None:
    phone.context.set_offline(True)
    record(page, melati)
    add(page, pictures.photo(640, 480))
    says(page, 1)
    page.goto("about:blank")
    phone.sign_out()
    phone.context.set_offline(False)
    phone.sign_in(cempaka)
    seen = sendings(phone)
    page.goto("/")
    expect(line(page)).to_have_text("Tersambung. Semua data Anda sudah terkirim.")
    page.goto("/outbox")
    expect(page.locator("main")).to_contain_text("Semua data Anda sudah terkirim")
    expect(page.locator("body")).not_to_contain_text("Foto pertemuan")
    phone.sign_out()
    phone.sign_in(cempaka)
    assert seen == []
    assert photos_of(phone.app, melati) == []
    phone.sign_out()
    phone.sign_in(melati)
    page.goto("/")
    expect(line(page)).to_have_text(ALL_SENT, timeout=60_000)
    assert len(photos_of(phone.app, melati)) == 1


def test_signing_out_with_a_photo_unsent_asks_first_and_keeps_it(
    phone: Handset, page: Page, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    record(page, melati)
    add(page, pictures.photo(640, 480))
    says(page, 1)
    phone.context.route("**/sync/photo", lambda route: route.abort())
    phone.context.set_offline(False)
    page.goto("/")
    expect(line(page)).to_have_text("Tersambung. 1 data belum terkirim.")
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Keluar").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Masih ada 1 data belum terkirim.")
    dialog.get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/login**")
    phone.context.unroute("**/sync/photo")
    phone.sign_in(melati)
    page.goto("/")
    expect(line(page)).to_have_text(ALL_SENT, timeout=60_000)
    assert len(photos_of(phone.app, melati)) == 1
