"""Photos in the outbox, without any screen: what an older release left, and how they are sent."""

from __future__ import annotations

import json
import time
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Route

from casework.core.ids import meeting_id
from casework.meetings.models import Meeting
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
from tests.browser.photos import base64_of, photos_of, sendings
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]


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
