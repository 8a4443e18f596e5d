"""A phone with an old release of the app, and work that was not sent, meets a new one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

import casework
from casework.core.db import db
from casework.meetings.models import Meeting
from casework.offline.models import SyncReceipt
from casework.web import static_files
from tests.browser.outbox import Handset, held, register, today
from tests.browser.pocket import ALL_SENT, line, picture, taken_along, until_true, wait_until
from tests.browser.serving import served
from tests.browser.visitor import SETTINGS
from tests.fixtures.application import close
from tests.meetings.conftest import Arranged, arrange

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

WAITING = 3


class Switch:
    """One address, behind which first one release answers and then the next."""

    def __init__(self, app: Flask) -> None:
        self.app: Callable[[Any, Any], Any] = app

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return self.app(environ, start_response)


@pytest.fixture
def switch(field_app: Flask) -> Switch:
    return Switch(field_app)


_numbers = count(1)


@pytest.fixture
def name() -> str:
    """Of a group; the server keeps those of earlier tests."""
    return f"Melati Baru {next(_numbers)}"


@pytest.fixture
def melati(field_app: Flask, name: str) -> Arranged:
    with field_app.app_context():
        return arrange(name=name, households=3)


@pytest.fixture
def phone(chromium: Browser, field_app: Flask, switch: Switch) -> Iterator[Handset]:
    with served(switch) as address:  # type: ignore[arg-type]
        context = chromium.new_context(base_url=address, **SETTINGS)
        with held(context, field_app, address) as phone:
            yield phone


@pytest.fixture
def release(
    field_app: Flask, switch: Switch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Flask]]:
    """Puts a new release in the old one's place, over the same data: `release({file: change})`."""
    made: list[Flask] = []

    def put(changes: dict[str, Callable[[str], str]], *, forgets_older: bool = False) -> Flask:
        root = tmp_path / f"release-{len(made)}"
        for name in ("static", "templates"):
            shutil.copytree(casework.ROOT / name, root / name)
        (root / "migrations").symlink_to(casework.ROOT / "migrations")
        for name, change in changes.items():
            text = (root / name).read_text()
            assert change(text) != text, f"{name} is as it was"
            (root / name).write_text(change(text))
        with monkeypatch.context() as patch:
            patch.setattr(casework, "ROOT", root)
            app = casework.create_app(dict(field_app.config))
        if forgets_older:
            # Another machine, or a container that begins with nothing.
            app.config["DATA_DIR"] = tmp_path / "elsewhere"
        app.wsgi_app = static_files.serve(app)  # type: ignore[method-assign]
        made.append(app)
        switch.app = app
        return app

    yield put
    for each in made:
        close(each)


@pytest.fixture
def page(phone: Handset, melati: Arranged) -> Page:
    """Signed in, with the app and the caseload of the old release on the phone."""
    return taken_along(phone, melati)


def work(page: Page, phone: Handset, melati: Arranged) -> None:
    """Fills the outbox without signal."""
    page.evaluate(
        "async (folder) => { window.Store = (await import(`${folder}/store.js`)).Store; }",
        f"{phone.app.static_url_path}/js/outbox",
    )
    phone.context.set_offline(True)
    page.evaluate(
        """async ([owner, bodies]) => {
          for (const body of bodies) {
            await new Store().add({ owner, kind: "attendance", body, about: { what: "Melati" } });
          }
        }""",
        [
            str(melati.actor.user_id),
            [register(melati, today() - timedelta(days=day)) for day in range(WAITING)],
        ],
    )
    expect(line(page)).to_have_text(f"Tanpa sinyal. {WAITING} data belum terkirim.")


def sent(app: Flask, melati: Arranged) -> tuple[int, int]:
    with app.app_context():
        meetings = db.session.query(Meeting).filter_by(group_id=melati.group_id).count()
        receipts = db.session.query(SyncReceipt).filter_by(owner_id=melati.actor.user_id).count()
        return meetings, receipts


def kept(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = page.evaluate(
        """async () => {
          const found = {};
          for (const name of await caches.keys()) {
            const kept = await (await caches.open(name)).keys();
            found[name] = kept.map((request) => new URL(request.url).pathname);
          }
          return found;
        }"""
    )
    return found


SETTLED = """async () => {
  const registration = await navigator.serviceWorker.ready;
  await registration.update().catch(() => {});
  const { installing } = registration;
  if (installing) {
    // To ask again meanwhile would begin anew what is under way.
    await new Promise((resolve) => installing.addEventListener("statechange", resolve));
  }
  return !registration.installing && !registration.waiting
    && registration.active.state === "activated";
}"""


def until_kept(page: Page, app: Flask) -> None:
    """Until the worker of that release is the one that answers."""
    until_true(page, SETTLED)
    until_true(
        page,
        "(name) => caches.keys().then((names) => names.some((each) => each.startsWith(name)))",
        f"pkh-shell-{of(app)}-",
    )


def asked_of(page: Page) -> set[str]:
    """Releases of all that the page has been given."""
    names = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    html = page.content()
    return set(re.findall(r"/static/([0-9a-f]{12})/", " ".join([*names, html])))


def of(app: Flask) -> str:
    return str(app.static_url_path).rpartition("/")[2]


#: What a new release may change.
SCRIPT = {"static/js/pages/line.js": lambda text: f"{text}\nglobalThis.isNewRelease = true;\n"}
STYLE = {"static/css/app.css": lambda text: f"{text}\n.newer {{ margin: 0 }}\n"}
SHAPE = {
    "static/js/offline/caseload.js": lambda text: text.replace(
        "const SHAPE = 1;", "const SHAPE = 2;"
    )
}


@pytest.mark.parametrize("forgets_older", [False, True])
def test_nothing_is_lost_and_nothing_is_mixed(
    phone: Handset,
    page: Page,
    melati: Arranged,
    release: Callable[..., Flask],
    forgets_older: bool,
) -> None:
    old = phone.app
    work(page, phone, melati)
    new = release(SCRIPT, forgets_older=forgets_older)
    assert of(new) != of(old)
    # The open page is of the old release, and sends what waits.
    phone.context.set_offline(False)
    expect(line(page)).to_have_text(ALL_SENT)
    assert sent(new, melati) == (WAITING, WAITING)
    assert asked_of(page) == {of(old)}

    page.goto("/")
    expect(line(page)).to_have_text(ALL_SENT)
    assert page.evaluate("isNewRelease")
    assert asked_of(page) == {of(new)}
    until_kept(page, new)
    for path in ("/", f"/groups/{melati.group_id}/meetings/new", "/outbox"):
        phone.context.set_offline(True)
        page.goto(path)
        expect(line(page)).to_contain_text("Tanpa sinyal")
        assert page.evaluate("isNewRelease"), path
        assert asked_of(page) == {of(new)}, path
    assert sent(new, melati) == (WAITING, WAITING)


def test_what_was_on_its_way_finds_its_files_though_the_worker_has_changed(
    phone: Handset, page: Page, melati: Arranged, release: Callable[..., Flask]
) -> None:
    """On a server that has the files of before no more; and no longer than one release back."""
    old = phone.app
    script = f"{old.static_url_path}/js/main.js"
    fetched = "async (script) => (await fetch(script, { cache: 'no-store' })).status"
    new = release(SCRIPT, forgets_older=True)
    page.goto("/")
    until_kept(page, new)
    assert page.evaluate(fetched, script) == 200
    newer = release({**SCRIPT, **STYLE}, forgets_older=True)
    page.goto("/")
    until_kept(page, newer)
    until_true(page, "caches.keys().then((names) => names.length === 2)")
    assert not any(of(old) in name for name in kept(page))
    assert page.evaluate(fetched, script) == 404


def test_a_page_and_files_of_two_releases_are_not_kept(
    phone: Handset, page: Page, melati: Arranged, release: Callable[..., Flask], switch: Switch
) -> None:
    """Two servers, one of them up to date: the worker comes from it and the page from the other."""
    old = phone.app
    new = release(SCRIPT)
    switch.app = lambda environ, start_response: (
        old if environ["PATH_INFO"] == "/offline" else new
    )(environ, start_response)
    page.goto("/")
    until_true(page, SETTLED)
    assert not any(of(new) in name for name in kept(page))
    phone.context.set_offline(True)
    page.goto("/")
    expect(line(page)).to_contain_text("Tanpa sinyal")
    assert asked_of(page) == {of(old)}

    switch.app = new
    phone.context.set_offline(False)
    page.goto("/")
    until_kept(page, new)
    phone.context.set_offline(True)
    page.goto("/")
    expect(line(page)).to_contain_text("Tanpa sinyal")
    assert asked_of(page) == {of(new)}


def test_a_list_that_the_new_release_reads_otherwise_is_fetched_anew(
    phone: Handset,
    page: Page,
    melati: Arranged,
    name: str,
    release: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work(page, phone, melati)
    new = release(SHAPE)
    with phone.line(lambda route: route.abort()):
        # Only the app of the new release has come; list and outbox are as they were.
        phone.context.set_offline(False)
        phone.context.route("**/bundle", lambda route: route.abort())
        page.goto("/")
        until_kept(page, new)
        phone.context.set_offline(True)
        page.goto("/")
        expect(page.locator("h1")).to_have_text("Kelompok Anda belum ada di HP ini")
        expect(line(page)).to_have_text(f"Tanpa sinyal. {WAITING} data belum terkirim.")
        picture(page, "fetch")
        page.locator("main").get_by_role("link", name="Kiriman").click()
        expect(page.get_by_role("heading", name="Belum terkirim")).to_be_visible()
        expect(page.locator(".put-waiting li")).to_have_count(WAITING)
        phone.context.unroute("**/bundle")
    monkeypatch.setattr("casework.offline.queries.bundle.SHAPE", 2)
    phone.context.set_offline(False)
    page.goto("/")
    expect(line(page)).to_have_text(ALL_SENT)
    assert sent(new, melati) == (WAITING, WAITING)
    wait_until(page, "caseload", '"shape":2')
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}")
    expect(page.locator("h1")).to_have_text(name)


def test_an_open_page_does_not_take_a_newer_list_for_no_signal(
    phone: Handset, page: Page, melati: Arranged, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.offline.queries.bundle.SHAPE", 2)
    with page.expect_response("**/bundle"):
        page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_timeout(300)
    expect(line(page)).to_have_text(ALL_SENT)
    # Nor does it put the list away that it can read.
    phone.context.set_offline(True)
    page.goto(f"/groups/{melati.group_id}")
    expect(page.locator("h1")).to_have_text(name)
