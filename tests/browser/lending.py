"""One browser for many tests, which has had the app for long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Error

from tests.browser.visitor import SETTINGS

#: All that lies in a browser because somebody worked there. The app itself stays: its worker and
#: the shell, in which nobody is named (test_offline.py).
_OF_PEOPLE = "cookies,local_storage,indexeddb,file_systems,websql"


@dataclass
class Lent:
    """To put the app into a browser is a sixth of what a test in the field takes. So the first
    one does it, and the next finds the app there, and of whoever had it before nothing."""

    chromium: Browser
    address: str
    _context: BrowserContext | None = None

    @contextmanager
    def browser(self) -> Iterator[BrowserContext]:
        """Clean again afterwards; whoever alters it for ever closes it himself."""
        if self._context is None:
            self._context = self.chromium.new_context(base_url=self.address, **SETTINGS)
            self._context.set_default_timeout(20_000)
            self._context.new_page()
        yield self._context
        try:
            self._clean(self._context)
        except Error:
            self.close()  # or it would be lent to the next one as it is
            raise

    def _clean(self, context: BrowserContext) -> None:
        blank, *others = context.pages
        for page in others:
            page.close()
        context.unroute_all()
        context.set_offline(False)
        context.clear_cookies()
        session = context.new_cdp_session(blank)
        session.send(
            "Storage.clearDataForOrigin", {"origin": self.address, "storageTypes": _OF_PEOPLE}
        )
        session.detach()

    def close(self) -> None:
        context, self._context = self._context, None
        if context is not None:
            context.close()
