"""A facilitator at the form of an observation on her phone, and what she says there of a family."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.registers import SAVED
from tests.meetings.conftest import Arranged

SAVE = "Simpan di HP"
#: In nothing else that is on a phone.
INCOME, SAVINGS = 7_456_321, 1_234_567
NOTE = "Dipinjam dari paman Yosafat"


def economics_of(group: Arranged, family: int = 0) -> str:
    return f"/households/{group.households[family]}/economics/observations/new"


def fill_observation(page: Page) -> None:
    page.get_by_label("Penghasilan keluarga").fill("Rp 7.456.321")
    page.get_by_label("Jumlah tabungan").fill(str(SAVINGS))
    question(page, "keeps_budget").get_by_text("Tidak", exact=True).click()
    page.get_by_label("Meminjam").select_option("moneylender")
    page.get_by_label("Catatan").fill(f" {NOTE}\n")


def question(page: Page, name: str) -> Locator:
    return page.locator(f"fieldset#{name}")


def save(page: Page) -> None:
    page.get_by_role("button", name=SAVE).click()


def saved(page: Page) -> None:
    save(page)
    expect(page.locator("h1")).to_have_text(SAVED)
