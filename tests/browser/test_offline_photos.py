"""Photos of a meeting without signal, in a real browser: made small, sealed, kept, and sent after
the marks, once."""

from __future__ import annotations

import base64
import io
import json
import re
import time
import uuid
from datetime import date, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from casework.core.ids import meeting_id
from casework.meetings.models import Meeting, MeetingPhoto
from casework.meetings.photo_files import current_store
from casework.offline.models import SyncReceipt
from tests import pictures
from tests.browser.outbox import (
    Handset,
    Tab,
    lose_the_answer,
    observation,
    register,
    stored,
    today,
    until,
)
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
def page(phone: Handset, melati: Arranged) -> Page:
    return taken_along(phone, melati)


def file(content: bytes, name: str = "IMG_0001.jpg", kind: str = "image/jpeg") -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": content}


def record(page: Page, group: Arranged) -> None:
    """Everybody is there; ends on the page that says it is saved."""
    page.goto(f"/groups/{group.group_id}/meetings/new")
    page.get_by_role("button", name="Sisanya hadir").click()
    page.get_by_role("button", name="Periksa").last.click()
    page.get_by_role("button", name="Simpan di HP").click()
    expect(page.locator("h1")).to_have_text("Tersimpan di HP")


def add(page: Page, *photos: bytes, field: int = 1) -> None:
    """From the gallery, or with the camera (0)."""
    page.locator("main input[type=file]").nth(field).set_input_files(
        [file(each) for each in photos]
    )


def says(page: Page, number: int) -> None:
    text = f"{number} foto tersimpan di HP. Belum terkirim." if number else ""
    expect(page.locator(".tasks small").first).to_have_text(text, timeout=30_000)


def photos_of(app: Flask, group: Arranged) -> list[tuple[int, int, bytes]]:
    """Width, height and bytes of what the server has of the meeting of today."""
    from sqlalchemy import select

    from casework.core.db import db

    with app.app_context():
        meeting = meeting_id(group.group_id, today())
        rows = db.session.scalars(
            select(MeetingPhoto)
            .where(MeetingPhoto.meeting_id == meeting)
            .order_by(MeetingPhoto.added_at)
        ).all()
        store = current_store()
        return [
            (each.width, each.height, store.get(each.area_id, meeting, each.id)) for each in rows
        ]


#: What the browser tells of requests lacks the bodies that are blobs.
_TELL = """
  if (!window.told_of) {
    window.told_of = true;
    const real = window.fetch;
    window.fetch = (address, how) => {
      if (String(address).startsWith("/sync") && how?.method === "POST") {
        window.sends(address, new Blob([how.body]).size);
      }
      return real(address, how);
    };
  }
"""


def sendings(phone: Handset) -> list[tuple[str, int]]:
    """Address and bytes of all that is sent from now on."""
    seen: list[tuple[str, int]] = []
    phone.context.expose_function("sends", lambda path, size: seen.append((path, size)))
    phone.context.add_init_script(_TELL)
    for page in phone.context.pages:
        page.evaluate(f"() => {{ {_TELL} }}")
    return seen


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
    add(page, pictures.noise(2200, 1600), pictures.photo(900, 600, "PNG"))
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
    for each in (pictures.photo(200, 150), pictures.photo(3000, 2000), pictures.noise(2200, 1600)):
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
        her.page.wait_for_timeout(1000)
    assert on_disk(tmp_path, "JFIF")


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


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


# ---- Other releases ----


def version_one(group: Arranged) -> dict[str, Any]:
    text = (Path(__file__).parent / "outbox_v1.json").read_text(encoding="utf-8")
    names = {
        "OWNER": str(group.actor.user_id),
        "DEVICE": str(uuid.uuid4()),
        "MADE": f"{today().isoformat()}T10:00:00+08:00",
        "REGISTER": json.dumps(json.dumps(register(group, today())))[1:-1],
        "OBSERVATION": json.dumps(json.dumps(observation(group.households[0])))[1:-1],
    }
    for name, value in names.items():
        text = text.replace(f"${name}", value)
    rows = json.loads(text)
    # Each phone has its own ids.
    fresh = {each["id"]: str(uuid.uuid4()) for each in (*rows["commands"], *rows["sent"])}
    text = json.dumps(rows)
    for old, new in fresh.items():
        text = text.replace(old, new)
    return json.loads(text)


#: As the release before made its stores.
_VERSION_ONE = """const request = indexedDB.open("pkh-outbox", 1);
  request.onupgradeneeded = () => {
    const db = request.result;
    db.createObjectStore("commands", { keyPath: "id" })
      .createIndex("owner_state", ["owner", "state"]);
    db.createObjectStore("sent", { keyPath: "id" }).createIndex("owner", "owner");
    db.createObjectStore("meta", { keyPath: "key" });
  };
  await new Promise((resolve) => { request.onsuccess = resolve; });
  const tx = request.result.transaction(["commands", "sent", "meta"], "readwrite");
  for (const name of ["commands", "sent", "meta"]) {
    for (const row of a[name]) tx.objectStore(name).put(row);
  }
  await new Promise((resolve) => { tx.oncomplete = resolve; });
  request.result.close();"""

_ALL = """const request = indexedDB.open("pkh-outbox");
  await new Promise((resolve) => { request.onsuccess = resolve; });
  const db = request.result;
  const found = { version: db.version };
  for (const name of ["commands", "sent", "meta"]) {
    found[name] = await new Promise((resolve) => {
      const rows = db.transaction(name).objectStore(name).getAll();
      rows.onsuccess = () => resolve(rows.result);
    });
  }
  db.close();
  return found;"""


def test_a_full_outbox_of_the_release_before_loses_nothing(
    phone: Handset, melati: Arranged, field_app: Flask
) -> None:
    phone.sign_in(melati)
    rows = version_one(melati)
    her = phone.open(melati)
    her.run(_VERSION_ONE, rows)
    phone.again(her)
    assert her.counts() == {"unsent": 3, "waiting": 2, "attention": 1, "toLook": 1}
    found = her.run(_ALL)
    assert found["version"] == 2
    for name in ("commands", "sent", "meta"):
        key = "key" if name == "meta" else "id"
        assert sorted(found[name], key=lambda row: row[key]) == sorted(
            rows[name], key=lambda row: row[key]
        )
    while her.run("return (await store.waiting(owner)).length"):
        assert her.send() in {"ok", "retry"}
    ids = [each["id"] for each in rows["commands"][:2]]
    assert len(stored(field_app, SyncReceipt, ids)) == 2
    assert len(stored(field_app, Meeting, [str(meeting_id(melati.group_id, today()))])) == 1
    # And the numbers of the phone go on.
    assert her.save("observation", observation(melati.households[0]))["seq"] == 4


def test_where_the_new_store_could_not_be_made_marks_go_on(
    phone: Handset, melati: Arranged, field_app: Flask
) -> None:
    """A full phone may not let a database grow, not even by an empty store."""
    phone.sign_in(melati)
    her = phone.open(melati)
    her.run(_VERSION_ONE, {"commands": [], "sent": [], "meta": []})
    her.run(
        """IDBDatabase.prototype.createObjectStore = () => {
          throw new DOMException("no", "QuotaExceededError");
        };
        window.store = new Store();
        window.sender = new Sender(store, owner);"""
    )
    command = her.save("observation", observation(melati.households[0]))
    assert her.send() == "ok"
    assert her.counts()["unsent"] == 0
    assert len(stored(field_app, SyncReceipt, [command["id"]])) == 1
    why = her.reason("await store.add({ owner, kind: 'photo', body: {}, data: new Uint8Array(9) })")
    assert why == "broken"
    assert her.counts()["unsent"] == 0


def test_a_page_of_the_release_before_leaves_photos_alone(her: Tab) -> None:
    """It counts them, and sends what has a text."""
    her.run("await store.add({ owner, kind: 'photo', body: {}, data: new Uint8Array(9) })")
    (item,) = her.run("return await store.list(owner)")
    assert "text" not in item
    assert (item["state"], item["kind"]) == ("waiting", "photo")


# ---- Sent ----


def keep_photo(tab: Tab, group: Arranged, content: bytes, held_on: date | None = None) -> str:
    """As the page does, without its screen."""
    return tab.run(
        """const bytes = Uint8Array.from(atob(a), (each) => each.charCodeAt(0));
        const id = crypto.randomUUID();
        const key = await (await fetch("/sync/key")).json();
        const { data, ...seal } = await sealBytes(bytes, { owner, id }, key);
        const tag = btoa(String.fromCharCode(...data.slice(-16)))
          .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
        const body = { ...b, sealed: { ...seal, tag } };
        await store.add({ id, owner, kind: "photo", body, data });
        return id;""",
        base64_of(content),
        {"group": str(group.group_id), "held_on": (held_on or today()).isoformat()},
    )


def meet(tab: Tab, group: Arranged) -> None:
    tab.save("attendance", register(group, today()))
    assert tab.send() == "ok"


def bytes_kept(tab: Tab) -> int:
    return tab.run(
        """const request = indexedDB.open("pkh-outbox");
        await new Promise((resolve) => { request.onsuccess = resolve; });
        const count = request.result.transaction("photos").objectStore("photos").count();
        await new Promise((resolve) => { count.onsuccess = resolve; });
        request.result.close();
        return count.result;"""
    )


def test_an_answer_that_was_lost_is_asked_for_without_the_photo(
    phone: Handset, her: Tab, melati: Arranged, field_app: Flask
) -> None:
    meet(her, melati)
    photo = keep_photo(her, melati, pictures.photo(640, 480))
    seen = sendings(phone)

    def lose_the_second(route: Route) -> None:
        large = len(route.request.post_data_buffer or b"") > 2_000
        lose_the_answer(route) if large else route.continue_()

    phone.context.route("**/sync/photo", lose_the_second)
    assert her.send() == "retry"
    phone.context.unroute("**/sync/photo")
    assert (her.unsent(), bytes_kept(her)) == ([photo], 1)
    assert her.send() == "ok"
    assert (her.unsent(), bytes_kept(her)) == ([], 0)
    assert len(photos_of(field_app, melati)) == 1
    assert [size > 2_000 for _path, size in seen] == [False, True, False], seen
    (kept, *_) = her.sent()
    assert (kept["id"], kept["outcome"]) == (photo, "applied")


PORTAL = {"status": 200, "content_type": "text/html", "body": "<title>WiFi gratis</title>"}


@pytest.mark.parametrize(
    ("answer", "line_state"),
    [
        (PORTAL, "portal"),
        ({"status": 302, "headers": {"Location": "http://wifi.example"}}, "portal"),
        ({"status": 503, "body": ""}, "retry"),
        (None, "retry"),
    ],
    ids=["portal", "redirect", "away", "cut"],
)
def test_whatever_fails_keeps_the_photo_and_costs_no_photo(
    phone: Handset,
    her: Tab,
    melati: Arranged,
    field_app: Flask,
    answer: dict[str, Any] | None,
    line_state: str,
) -> None:
    meet(her, melati)
    photo = keep_photo(her, melati, pictures.photo(640, 480))
    seen = sendings(phone)
    phone.context.route(
        "**/sync/photo",
        lambda route: route.fulfill(**answer) if answer else route.abort("connectionreset"),
    )
    assert her.send() == line_state
    assert (her.unsent(), bytes_kept(her)) == ([photo], 1)
    assert [500 < size < 2_000 for _path, size in seen] == [True]
    phone.context.unroute("**/sync/photo")
    assert her.send() == "ok"
    assert len(photos_of(field_app, melati)) == 1


def test_a_login_that_ran_out_keeps_it(phone: Handset, her: Tab, melati: Arranged) -> None:
    meet(her, melati)
    photo = keep_photo(her, melati, pictures.photo(640, 480))
    phone.sign_out()
    assert her.send() == "sign_in"
    assert (her.unsent(), bytes_kept(her)) == ([photo], 1)
    phone.sign_in(melati)
    assert her.send() == "ok"


def test_marks_go_first_and_do_not_wait_for_a_photo_on_its_way(
    phone: Handset, her: Tab, melati: Arranged, field_app: Flask
) -> None:
    meet(her, melati)
    keep_photo(her, melati, pictures.photo(640, 480))
    started: list[float] = []

    def creep(route: Route) -> None:
        if len(route.request.post_data_buffer or b"") > 2_000 and not started:
            started.append(time.monotonic())
            return  # never answered
        route.continue_()

    phone.context.route("**/sync/photo", creep)
    her.run("window.first = sender.start(); return null")
    until(lambda: bool(started), her)
    command = her.save("observation", observation(melati.households[0]))
    her.run("store.listen(() => {}); sender.send(); return null")
    until(lambda: len(stored(field_app, SyncReceipt, [command["id"]])) == 1, her)
    assert time.monotonic() - started[0] < 10
    until(lambda: her.unsent() == [], her)
    assert len(photos_of(field_app, melati)) == 1


def test_another_photo_stops_none_on_its_way(
    phone: Handset, her: Tab, melati: Arranged, field_app: Flask
) -> None:
    """Or a photo could never get through while she takes the next one."""
    meet(her, melati)
    keep_photo(her, melati, pictures.photo(640, 480))
    seen = sendings(phone)

    def slow(route: Route) -> None:
        time.sleep(0.5)
        route.continue_()

    phone.context.route("**/sync/photo", slow)
    her.run("window.first = sender.start(); store.listen(() => sender.send()); return null")
    keep_photo(her, melati, pictures.photo(480, 640))
    until(lambda: her.unsent() == [], her)
    assert len(photos_of(field_app, melati)) == 2
    assert sum(size > 2_000 for _path, size in seen) == 2


def test_a_photo_waits_for_its_meeting_and_costs_little_meanwhile(
    phone: Handset, her: Tab, melati: Arranged, field_app: Flask
) -> None:
    photo = keep_photo(her, melati, pictures.photo(640, 480))
    seen = sendings(phone)
    for _time in range(10):
        assert her.send() == "retry"
    assert len(seen) == 10
    assert all(500 < size < 2_000 for _path, size in seen)
    # Somebody should know by now, and why.
    assert her.counts() == {"unsent": 1, "waiting": 1, "attention": 1, "toLook": 0}
    (item,) = her.run("return await store.list(owner)")
    assert item["code"] == "Menunggu absensi pertemuan ini."
    her.save("attendance", register(melati, today()))
    assert her.send() == "ok"
    assert her.counts()["unsent"] == 0
    assert len(photos_of(field_app, melati)) == 1
    assert photo not in her.unsent()


def test_what_is_stuck_keeps_no_photo_back(
    phone: Handset, her: Tab, melati: Arranged, field_app: Flask
) -> None:
    meet(her, melati)
    command = her.save("observation", observation(melati.households[0]))
    keep_photo(her, melati, pictures.photo(640, 480))
    later = {"id": command["id"], "outcome": "later", "message": "G-1A2B"}
    with phone.line(lambda route: route.fulfill(json={"server_time": "", "answers": [later]})):
        for _time in range(9):
            assert her.send() == "retry"
            assert photos_of(field_app, melati) == []
        # Now it is told of, and no longer waited for.
        assert her.send() == "retry"
    assert her.unsent() == [command["id"]]
    assert len(photos_of(field_app, melati)) == 1


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


def test_a_register_that_cannot_come_any_more_lets_its_photo_go_with_a_reason(
    her: Tab, melati: Arranged
) -> None:
    photo = keep_photo(her, melati, pictures.photo(640, 480), today() - timedelta(days=80))
    assert her.send() == "ok"
    assert her.counts() == {"unsent": 1, "waiting": 0, "attention": 1, "toLook": 0}
    assert bytes_kept(her) == 0
    assert her.run("return await store.putAway(owner, a)", photo) is True
    assert her.counts()["unsent"] == 0
    (gone,) = her.sent()
    assert (gone["outcome"], bool(gone["message"])) == ("refused", True)
