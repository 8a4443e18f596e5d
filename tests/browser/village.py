"""A facilitator's phone in a village: far away, slow, and with every byte counted."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from casework.core.transaction import transaction
from tests.browser.pocket import ALL_SENT
from tests.browser.pocket import line as status_line
from tests.browser.visitor import SETTINGS
from tests.factories.accounts import PASSWORD, UserFactory
from tests.meetings.conftest import Arranged, arrange
from tests.slow_line import Exchange, SlowLine

#: field-ux 7.2: so much slower than a machine with nothing else to do.
SLOWER = 4
#: Seconds that such a machine takes for `_piece_of_work`: two virtual AMD EPYC processors at rest,
#: at their fastest. It is their speed that the phone is slower than, whatever machine runs this.
AT_REST = 0.055
#: 450 families in 20 groups, of which one is as large as they come.
LARGE, OTHERS = 30, (*[22] * 18, 24)

#: Tried so often; what a busy machine adds is sometimes less, what the product costs never is.
TRIES = 8

#: When the heading of the page had been painted, and the largest thing on it.
_WATCH = """
new MutationObserver((_, observer) => {
  if (document.querySelector("main h1")) {
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => {
      window.headingAt = performance.now();
      console.debug("painted");
    }));
  }
}).observe(document, { childList: true, subtree: true });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) { window.largestAt = entry.startTime; }
}).observe({ type: "largest-contentful-paint", buffered: true });
"""


@dataclass
class Village:
    """The product served over the line, and who works there."""

    app: Flask
    line: SlowLine
    username: str
    large: Arranged


def settle(app: Flask) -> tuple[str, Arranged]:
    """A facilitator with a password and the largest caseload."""
    with app.app_context():
        with transaction():
            username = UserFactory(with_password=True).username
        large = arrange(username, LARGE, name="Desa Raya")
        for number, households in enumerate(OTHERS, 1):
            arrange(username, households, name=f"Desa {number}")
    return username, large


@contextmanager
def phone(chromium: Browser, village: Village) -> Iterator[BrowserContext]:
    """Whatever its pages complain of fails the test."""
    context = chromium.new_context(base_url=village.line.address, has_touch=True, **SETTINGS)
    context.set_default_timeout(60_000)
    context.add_init_script(_WATCH)
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    context.close()
    assert not complaints, "\n".join(complaints)


@contextmanager
def slowed_down(page: Page, times: float = SLOWER) -> Iterator[None]:
    """In all: what this machine is slower by, and what other work takes from it, is a part of it.
    Around what is timed and nothing else, for the browser keeps a processor busy all the while,
    also where it only waits; and begun while the page is at rest, or its own work would count as
    that of others."""
    session = page.context.new_cdp_session(page)
    rate = max(1, times * AT_REST / _piece_of_work())
    session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
    yield
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()


def _piece_of_work() -> float:
    """Seconds that it takes now."""
    began, total = time.perf_counter(), 0
    for number in range(500_000):
        total += number * number % 7
    return time.perf_counter() - began


def opened(page: Page, path: str) -> float:
    """As `painted`, of that page. Until it is there it is asked nothing: a question is answered by
    the processor that is to paint, and may take it longer than the painting."""
    with page.expect_console_message(lambda message: message.text == "painted"):
        page.goto(path, wait_until="commit")
    return painted(page)


def painted(page: Page) -> float:
    """Seconds from the start of the navigation until heading and largest thing are there."""
    page.wait_for_timeout(300)  # for entries that are told of later
    expect(page.locator("main h1").first).to_be_visible()
    found = page.evaluate("Math.max(window.headingAt, window.largestAt ?? 0)")
    return float(found) / 1000


def best(measure: Callable[[], float], goal: float, first: float = math.inf) -> float:
    """The best of some tries; stops at one that is good enough, as the first may be already."""
    found = first
    for _try in range(TRIES):
        if found <= goal:
            break
        found = min(found, measure())
    return found


def open_sign_in(page: Page) -> None:
    page.goto("/login")
    # Put there by its script.
    expect(page.get_by_role("button", name="Tampilkan kata sandi")).to_be_visible()


def sign_in(page: Page, username: str) -> None:
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    expect(status_line(page)).to_have_text(ALL_SENT, timeout=60_000)


def keep_app(page: Page) -> None:
    """Until the shell is on the phone."""
    page.evaluate("navigator.serviceWorker.ready")


def quiet(line: SlowLine, page: Page, seconds: float = 1.6) -> None:
    """Until nothing has crossed the line for so long. As it stands, longer than the browser waits
    before it asks whether there is a newer worker, which is a second."""
    before, since = (-1, -1), time.monotonic()
    while time.monotonic() - since < seconds:
        now = (line.requests, line.down)
        if now != before:
            before, since = now, time.monotonic()
        page.wait_for_timeout(100)


def kilobytes(exchanges: Iterable[Exchange]) -> float:
    """Both ways, headers included."""
    return sum(each.up + each.down for each in exchanges) / 1024
