"""The phone of a facilitator who took the app along: what lies on it, and what its pages say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.album import photograph
from tests.browser.outbox import Handset, held
from tests.browser.serving import launch_on
from tests.browser.visitor import PHONE, SETTINGS
from tests.meetings.conftest import Arranged

ALL_SENT = "Tersambung. Semua data sudah terkirim."
#: Milliseconds in which a browser notes on its disk what its pages hold.
NOTED = 3000

#: Run in a page before its scripts: a phone that is full, and one that cannot seal.
NO_ROOM = """
  const put = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...given) {
    if (this.name === "commands") throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, given);
  };
"""
NO_SUBTLE = "Object.defineProperty(crypto, 'subtle', { value: undefined });"


def app_is_there(page: Page) -> None:
    """The app is on the phone, and this page already goes through it."""
    page.evaluate(
        """async () => {
          await navigator.serviceWorker.ready;
          if (navigator.serviceWorker.controller === null) {
            await new Promise((resolve) =>
              navigator.serviceWorker.addEventListener("controllerchange", resolve));
          }
        }"""
    )


def until_true(page: Page, is_true: str, *given: object) -> None:
    """Playwright's own waiting takes a promise for a yes, and reads a text in a way that the
    policy of our pages forbids."""
    for _time in range(200):
        if page.evaluate(is_true, *given):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"it did not happen: {is_true}")


#: All of the phone's stores as pages reach them, as text.
DUMP = """async () => {
  const said = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
  said.push(location.href, JSON.stringify(history.state));
  for (const { name, version } of await indexedDB.databases()) {
    const db = await new Promise((resolve, reject) => {
      const request = indexedDB.open(name, version);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    for (const store of db.objectStoreNames) {
      const all = await new Promise((resolve) => {
        const request = db.transaction(store).objectStore(store).getAll();
        request.onsuccess = () => resolve(request.result);
      });
      said.push(`${name}/${store} ${JSON.stringify(all)}`);
    }
    db.close();
  }
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      said.push(request.url, await (await cache.match(request)).text());
    }
  }
  return said.join("\\n");
}"""


def taken_along(phone: Handset, group: Arranged, *, with_key: bool = True) -> Page:
    """A page of somebody who has the app, the caseload and the key on the phone."""
    phone.sign_in(group)
    page = phone.context.new_page()
    page.goto("/")
    app_is_there(page)
    expect(line(page)).to_have_text(ALL_SENT)
    wait_until(page, "caseload")
    if with_key:
        wait_until(page, "meta", "server key")
    return page


#: What one store holds, as text: much less work than all of the phone.
_HELD = """async ([name, store]) => {
  const known = await indexedDB.databases();
  if (!known.some((each) => each.name === name)) {
    return "[]";
  }
  const db = await new Promise((resolve, reject) => {
    const request = indexedDB.open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const all = await new Promise((resolve) => {
    const request = db.transaction(store).objectStore(store).getAll();
    request.onsuccess = () => resolve(request.result);
  });
  db.close();
  return JSON.stringify(all);
}"""


def store_of(page: Page, database: str, store: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(page.evaluate(_HELD, [database, store]))
    return found


def wait_until(page: Page, store: str, word: str = "") -> None:
    """It lies in that store of the caseload's database."""
    for _time in range(200):
        found = store_of(page, "pkh-caseload", store)
        if found and word in json.dumps(found, ensure_ascii=False, separators=(",", ":")):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"nothing came into {store}")


def fetched_anew(page: Page) -> None:
    """The phone has asked for the caseload once more and put away what was answered."""
    before = _fetched_at(page)
    page.evaluate("dispatchEvent(new Event('online'))")
    for _time in range(200):
        if _fetched_at(page) > before:
            return
        page.wait_for_timeout(50)
    pytest.fail("the caseload was not fetched anew")


def _fetched_at(page: Page) -> int:
    """By the phone's clock; 0: never."""
    return max((each["clock"] for each in store_of(page, "pkh-caseload", "caseload")), default=0)


def drafted(page: Page, field_id: str) -> None:
    """What was tapped there is in the draft that the phone keeps."""
    field = page.evaluate(
        "(id) => { const { name, value } = document.getElementById(id); return [name, value]; }",
        field_id,
    )
    wait_until(page, "drafts", json.dumps(field, separators=(",", ":")))


def line(page: Page) -> Locator:
    return page.locator(".status-line [role=status]")


def picture(page: Page, name: str) -> None:
    """It does not scroll sideways; and a picture of it for whoever asked for one."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    photograph(page, f"offline-{name}", PHONE)


def commands(page: Page) -> list[dict[str, Any]]:
    """What waits in the outbox."""
    return sorted(store_of(page, "pkh-outbox", "commands"), key=lambda each: each["seq"])


def sent(phone: Handset, page: Page) -> None:
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)


@contextmanager
def phone_on(disk: Path, app: Flask, address: str, chromium: Browser) -> Iterator[Handset]:
    """A browser that keeps its profile there, as that of a phone does."""
    context = launch_on(chromium, disk, base_url=address, **SETTINGS)
    with held(context, app, address) as phone:
        yield phone


def on_disk(disk: Path, *words: str) -> set[str]:
    """The files that hold one of them, in one of the spellings that browsers write."""
    return set().union(*each_on_disk(disk, *words).values())


def each_on_disk(disk: Path, *words: str) -> dict[str, set[str]]:
    """By word, the same; each file is read once for all of them."""
    found: dict[str, set[str]] = {word: set() for word in words}
    spellings = [(word, word.encode(code)) for word in words for code in ("utf-8", "utf-16-le")]
    for path in disk.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for word, spelling in spellings:
                if spelling in content:
                    found[word].add(str(path.relative_to(disk)))
    return found
