"""Somebody with a browser: what she does, and what every page she sees must fulfil."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from flask import Flask
from playwright.sync_api import (
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    ViewportSize,
)

from tests.browser.album import photograph
from tests.browser.signing_in import sign_in

PHONE: ViewportSize = {"width": 360, "height": 640}
SMALLEST: ViewportSize = {"width": 320, "height": 640}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}

#: Of a phone in Manado.
SETTINGS: dict[str, Any] = {
    "viewport": PHONE,
    "locale": "id-ID",
    "timezone_id": "Asia/Makassar",
    "reduced_motion": "reduce",
}

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: What is right is not told: on a long page that would be a megabyte.
_BARRIERS = """async (tags) => {
  const options = { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] };
  const { violations } = await axe.run(options);
  return violations.map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.slice(0, 3).map(({ html }) => html).join(" ")}`);
}"""


def barriers(page: Page) -> list[str]:
    """What keeps somebody from using the page, as far as axe can tell."""
    page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_BARRIERS, _RULES)
    return found


class Visitor:
    """A page of a browser, with a count of taps and a list of what went wrong on the way."""

    def __init__(self, page: Page, address: str, app: Flask) -> None:
        self.page = page
        self.taps = 0
        self.complaints: list[str] = []
        self.address = address
        self.app = app
        self._host = urlsplit(address).netloc
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("request", self._requested)
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        # What the server answered is judged in `_answered`.
        loading = message.text.startswith("Failed to load resource")
        if message.type in {"error", "warning"} and not loading:
            self.complaints.append(f"console on {self.page.url}: {message.text}")

    def _requested(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.netloc != self._host:
            self.complaints.append(f"{self.page.url} asked {parts.netloc}")

    def _answered(self, response: Response) -> None:
        # A form that is refused answers 403, 409 or 422, and that is what some tests want.
        refused = response.request.is_navigation_request() and response.status in {403, 409, 422}
        if response.status >= 400 and not refused:
            self.complaints.append(f"{response.status} at {response.url}")

    # What she does

    def open(self, path: str) -> None:
        self.page.goto(path)

    def tap(self, target: Locator) -> None:
        """One touch of a finger; a field that opens a keyboard costs one too."""
        self.taps += 1
        target.click()

    def follow(self, target: Locator) -> None:
        """A touch that leads to another page, or to the same one answered anew; waits for it.

        Without this wait a slow machine would check, or photograph, the page she came from.
        """
        with self.page.expect_navigation():
            self.tap(target)

    def choose(self, target: Locator, value: str) -> None:
        """Two touches: one opens the list of a select, one chooses."""
        self.taps += 2
        target.select_option(value)

    def sign_in(self, username: str) -> None:
        """Without a page; she opens one next."""
        sign_in(self.page.context, self.app, self.address, username=username)

    def type_login(self, username: str) -> None:
        """Into the form of the page that asks her to sign in."""
        # Here, so that tests without a browser do not pay for the application.
        from casework.demo.cast import password

        self.page.locator("input[name=username]").fill(username)
        secret = str(self.app.secret_key)
        self.page.locator("input[name=password]").fill(password(secret, username))

    # What every page must fulfil

    def check(self, name: str) -> None:
        """No barrier, no side scroll, and a picture of it for whoever asked for one."""
        page = self.page
        page.set_viewport_size(PHONE)
        self._check_width(360)
        found = barriers(page)
        assert not found, f"{name}: " + "\n".join(found)
        photograph(page, f"{name}-360", PHONE)
        page.set_viewport_size(SMALLEST)
        self._check_width(320)
        page.set_viewport_size(LAPTOP)
        self._check_width(1280)
        photograph(page, f"{name}-1280", LAPTOP)
        page.set_viewport_size(PHONE)

    def _check_width(self, width: int) -> None:
        needed = self.page.evaluate("document.documentElement.scrollWidth")
        assert needed <= width, f"{self.page.url} scrolls sideways at {width} px: {needed} px"
