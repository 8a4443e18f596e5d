"""The administrator's pages around batches to the ministry, on a phone and on a laptop; nothing is
sent that would change the demonstration."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

_ROWS = (
    "NO USULAN;NIK;HASIL;TAHAP;ALASAN",
    "B2-2026-001;;ditetapkan;2020-1;",
    "B9-2026-001;;ditolak;;Data ganda",
    ";9971********0001;ditolak;;Data ganda",
    ";;entah;;",
)


def test_a_batch_is_made_and_looked_at(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/nominations/batches")
    visitor.check("batches")
    page = visitor.page
    visitor.follow(page.locator("main a[href*='/batches/new/']").first)
    expect(page.locator("main input[type=checkbox]:checked").first).to_be_visible()
    visitor.check("batch-new")
    visitor.follow(page.locator("main form button[type=submit]").last)
    visitor.check("batch-new-refused")
    visitor.open("/nominations/batches")
    visitor.follow(page.locator("main ul.rows a").first)
    visitor.check("batch-waiting")
    address = page.url
    visitor.follow(page.locator("main a[href$='/letter']"))
    visitor.check("batch-letter")
    visitor.open(address)
    visitor.follow(page.locator("main a[href$='/outcome']").first)
    visitor.check("outcome")
    page.locator("input[name=outcome][value=establish]").check(force=True)
    page.locator("select[name=stage]").select_option(index=1)
    visitor.follow(page.locator("main form button[type=submit]").last)
    visitor.check("outcome-question")
    visitor.open("/nominations/batches")
    visitor.follow(page.locator("main ul.rows a").last)
    visitor.check("batch-answered")


def test_a_file_of_outcomes_says_what_is_wrong(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/nominations/batches")
    page = visitor.page
    visitor.follow(page.locator("main ul.rows a").first)
    visitor.follow(page.locator("main a[href$='/outcomes']"))
    visitor.check("outcomes-upload")
    page.locator("input[type=file]").set_input_files(
        {
            "name": "hasil-kemensos.csv",
            "mimeType": "text/csv",
            "buffer": "\r\n".join(_ROWS).encode(),
        }
    )
    visitor.follow(page.locator("main form[method=post] button[type=submit]"))
    visitor.check("outcomes-with-mistakes")


@pytest.mark.parametrize("username", ["administrator", "supervisor1", "administrator2"])
def test_the_page_of_a_nomination_tells_where_it_is(
    visitor: Visitor, username: str, subtests: pytest.Subtests
) -> None:
    visitor.sign_in(username)
    for status in ("forwarded", "established", "refused", "reversed"):
        with subtests.test(status):
            visitor.open(f"/nominations/?status={status}")
            visitor.follow(visitor.page.locator("main ul.rows a").first)
            visitor.check(f"nomination-{status}-{username}")


def test_the_facilitator_is_told_what_the_ministry_said(visitor: Visitor) -> None:
    visitor.sign_in("pendamping2")
    visitor.open("/")
    expect(visitor.page.locator("main")).to_contain_text("Ditetapkan mulai tahap")
    expect(visitor.page.locator("main")).to_contain_text("Diteruskan ke Kemensos")
    visitor.check("facilitator-home-with-ministry")


def test_a_reversal_asks_for_its_reason(visitor: Visitor) -> None:
    visitor.sign_in("administrator2")
    visitor.open("/nominations/?status=established")
    page = visitor.page
    visitor.follow(page.locator("main ul.rows a").first)
    visitor.follow(page.locator("main a[href$='/reverse']"))
    visitor.check("reverse")
    visitor.follow(page.locator("main form.panel button[type=submit]").first)
    visitor.check("reverse-refused")
