"""What a month costs her in data, held to field-ux 7.2: counted on the wire, headers included.

Compression of TLS and of a proxy's HTTP/2 would make it less, TLS's own bytes some more; neither
is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.outbox import Handset, Tab, register, today
from tests.browser.village import (
    Village,
    keep_app,
    kilobytes,
    open_sign_in,
    phone,
    quiet,
    sign_in,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("field"),
    pytest.mark.timeout(300),
]

DAY = timedelta(days=1)


#: Groups of a facilitator with the largest caseload that is planned for, a meeting of each a month
#: (domain.md 2.2: 6 to 20 groups, one P2K2 per group and month).
MEETINGS = 20
WORKING_DAYS = 22


@dataclass(frozen=True)
class Thing:
    """Something that she does, how often a month, and why so often."""

    name: str
    times: int
    why: str


#: Sources: domain.md 11 (a pendamping's month) and 8.1; where it says nothing, more than likely.
MONTH = (
    Thing("first visit", 2, "a new release twice a month fetches the app anew"),
    Thing("home", 2 * WORKING_DAYS, "opened in the morning and in the evening"),
    Thing("list unchanged", 2 * WORKING_DAYS, "looked for anew after ten minutes"),
    Thing("list of groups", WORKING_DAYS, "once a day"),
    Thing("group", 2 * MEETINGS, "before a meeting and after it"),
    Thing("register with signal", MEETINGS, "sheet, check and save; dearer than without signal"),
    Thing("30 marks sent", MEETINGS, "and once more from the phone, as a correction"),
    Thing("list anew", 2 * MEETINGS, "after each save"),
    Thing("list of families", WORKING_DAYS, "once a day"),
    Thing("family", 60, "three home visits to candidates (11), and whoever missed a meeting"),
    Thing("economics", 30, "of half of them"),
    Thing("readiness", 30, "of half of them"),
    Thing("list of nominations", WORKING_DAYS, "once a day"),
)

#: Asked for a second after each page, unless another page follows sooner.
WORKER = "/sw.js"

#: What `evidence.js` says a photo has left; a nomination has three.
PHOTO_KILOBYTES = 300


def tab_of(page: Page, village: Village) -> Tab:
    handset = Handset(village.app, village.line.address, page.context)
    return handset.again(Tab(page, str(village.large.actor.user_id)))


def test_thirty_marks_are_sent_in_two_kilobytes(
    chromium: Browser, village: Village, budget: Callable[..., None]
) -> None:
    village.line.is_slow = False
    with phone(chromium, village) as context:
        page = context.new_page()
        handset = Handset(village.app, village.line.address, context)
        handset.sign_in(village.large)
        tab = handset.open(village.large)
        tab.save("attendance", register(village.large, (today() - DAY), "sick"))
        village.line.reset()
        assert tab.send() == "ok"
        page.close()
    (sending,) = village.line.exchanges
    assert sending.path == "/sync"
    budget("30 marks sent: requests", village.line.requests, 1, "request")
    budget("30 marks sent: up", sending.up / 1024, 2, "KB")
    # Half a kilobyte and the proof that a restore asks for (docs/decisions/0018).
    budget("30 marks sent: down", sending.down / 1024, 0.75, "KB")


def test_a_month_fits_into_five_megabytes(
    chromium: Browser, village: Village, budget: Callable[..., None]
) -> None:
    village.line.is_slow = False
    measured: dict[str, float] = {}
    with phone(chromium, village) as context:
        page = context.new_page()
        line = village.line
        pages: list[str] = []
        page.on("framenavigated", lambda frame: pages.append(frame.url))

        def whole(act: Callable[[], object]) -> float:
            line.reset()
            act()
            quiet(line, page)
            return kilobytes(line.exchanges)

        def measure(name: str, act: Callable[[], object]) -> None:
            """Each page is charged for the question after the worker without waiting for it."""
            line.reset()
            pages.clear()
            act()
            quiet(line, page, 0.5)
            own = kilobytes(each for each in line.exchanges if each.path != WORKER)
            measured[name] = own + len(pages) * asked_after

        def first_visit() -> None:
            open_sign_in(page)
            sign_in(page, village.username)
            keep_app(page)

        group = f"/groups/{village.large.group_id}"
        family = f"/households/{village.large.households[0]}"
        measured["first visit"] = whole(first_visit)
        measured["home"] = whole(lambda: asked_after_worker(page, village))
        asked_after = kilobytes(each for each in line.exchanges if each.path == WORKER)
        for name, path in {
            "list of groups": "/groups/",
            "group": group,
            "list of families": "/households/",
            "family": family,
            "economics": f"{family}/economics",
            "readiness": f"{family}/readiness",
            "list of nominations": "/nominations/",
        }.items():
            measure(name, lambda path=path: page.goto(path))
        measure("register with signal", lambda: record(page, group))
        # It was fetched with the page after the save; here once more by itself.
        measure("list anew", lambda: fetch_list(page, village, is_known=False))
        measure("list unchanged", lambda: fetch_list(page, village, is_known=True))
        tab = tab_of(page, village)
        tab.save("attendance", register(village.large, today() - 2 * DAY, "present"))
        measure("30 marks sent", tab.send)
    assert set(measured) == {thing.name for thing in MONTH}
    month = sum(measured[thing.name] * thing.times for thing in MONTH) / 1024
    said = ", ".join(
        f"{thing.name} {measured[thing.name]:.1f} KB x {thing.times}" for thing in MONTH
    )
    budget(f"month without photos ({said})", month, 5, "MB")
    photos = 3 * PHOTO_KILOBYTES / 1024
    budget("month, with the three photos of one nomination", month + photos, 5, "MB")


def asked_after_worker(page: Page, village: Village) -> None:
    page.goto("/")
    for _time in range(300):
        if any(each.path == WORKER and each.down for each in village.line.exchanges):
            return
        page.wait_for_timeout(100)
    pytest.fail("the browser did not ask whether there is a newer worker")


def record(page: Page, group: str) -> None:
    page.goto(f"{group}/meetings/new")
    page.locator("#lessons label.choice").first.click()
    for step in ("rest", "check", "save"):
        button = page.locator(f"button[name=step][value={step}]:visible")
        if button.count():
            with page.expect_navigation():
                button.last.click()
    expect(page.locator(".flashes")).to_be_visible()


def fetch_list(page: Page, village: Village, *, is_known: bool) -> None:
    """As the line at the top does it after a save, or after ten minutes."""
    found = page.evaluate(
        """async ([folder, isKnown]) => {
          const { Caseload } = await import(`${folder}/caseload.js`);
          const caseload = new Caseload();
          const owner = await caseload.owner();
          if (!isKnown) {
            await caseload.forget();
            await caseload.signedIn(owner);
          }
          return await caseload.refresh(owner);
        }""",
        [f"{village.app.static_url_path}/js/offline", is_known],
    )
    assert found == ("same" if is_known else "new")
