"""What the line at the top says while a page from the phone finds out about the signal."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.outbox import Handset
from tests.browser.pocket import ALL_SENT, line, taken_along
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

AWAY = "Tanpa sinyal. Anda tetap bisa bekerja. Data disimpan di HP ini."

#: Everything that the line says, in its order.
LISTEN = """
  globalThis.said = [];
  new MutationObserver(() => {
    const line = document.querySelector(".status-line");
    const text = line?.querySelector("[role=status]")?.textContent.trim();
    if (text && !line.hidden && text !== said.at(-1)) said.push(text);
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
"""


@pytest.fixture
def page(phone: Handset, melati: Arranged) -> Page:
    page = taken_along(phone, melati)
    page.add_init_script(LISTEN)
    return page


def said(page: Page) -> Any:
    return page.evaluate("said")


def test_who_has_signal_never_reads_that_there_is_none(page: Page) -> None:
    page.goto("/outbox")
    expect(line(page)).to_have_text(ALL_SENT)
    assert said(page) == [ALL_SENT]


def test_who_has_no_signal_reads_so_at_once(phone: Handset, page: Page) -> None:
    phone.context.set_offline(True)
    page.goto("/outbox")
    expect(line(page)).to_have_text(AWAY)
    assert said(page) == [AWAY]


def test_who_waits_for_an_answer_reads_that_there_is_no_signal_until_it_comes(page: Page) -> None:
    page.add_init_script("globalThis.fetch = () => new Promise(() => {});")
    page.goto("/outbox")
    expect(line(page)).to_have_text(AWAY)
    assert said(page) == [AWAY]
