"""Targets of a city and of its facilitators, on a phone and on a laptop."""

from __future__ import annotations

import pytest
from playwright.sync_api import PdfMargins, ViewportSize, expect

from tests.browser.album import keep, photograph
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_an_administrator_mends_a_target_and_sees_its_history(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/targets")
    page = visitor.page
    visitor.check("targets-with-history")
    history = page.locator("table:has(#history-caption) tbody tr")
    # Others of this demonstration set targets too.
    before = history.count()
    assert before >= 2
    visitor.follow(page.get_by_role("button", name="Tarik kembali target"))
    expect(history).to_have_count(before + 1)
    expect(history.first).to_contain_text("ditarik kembali: tanpa target")
    expect(page.locator("input[name=households]")).to_have_value("")
    visitor.check("targets-taken-back")
    page.locator("input[name=households]").fill("1.720")
    visitor.follow(page.locator("main form.form button"))
    expect(history).to_have_count(before + 2)
    expect(history.first).to_contain_text("1.720")
    visitor.tap(page.get_by_text("Target untuk cara keluar lain"))
    visitor.follow(page.get_by_role("link", name="Graduasi alamiah"))
    expect(page.locator("main form.form")).to_contain_text("hendak dicatat kantor")
    visitor.check("targets-of-another-kind")


#: Of a sheet of A4 between margins that somebody chose: narrower than 48rem.
BETWEEN_MARGINS: ViewportSize = {"width": 680, "height": 960}
MARGIN: PdfMargins = {"top": "10mm", "right": "10mm", "bottom": "10mm", "left": "10mm"}


def test_on_paper_there_are_figures_and_nothing_to_fill_in(visitor: Visitor) -> None:
    """The office hangs the targets up, and files them."""
    visitor.sign_in("administrator")
    page = visitor.page
    for address, name in (
        ("/targets", "targets"),
        ("/targets/facilitators", "facilitator-targets"),
    ):
        visitor.open(address)
        page.emulate_media(media="print")
        photograph(page, f"{name}-print", BETWEEN_MARGINS)
        keep(f"{name}.pdf", page.pdf(format="A4", margin=MARGIN))
        filled = page.locator("main :is(input, select, button, summary):visible")
        expect(filled).to_have_count(0)
        expect(page.locator("main .stats")).to_contain_text("arget")
        page.emulate_media(media="screen")
    visitor.follow(page.get_by_role("link", name="Stevani Magdalena Rompas"))
    page.emulate_media(media="print")
    expect(page.locator("main :is(input, button):visible")).to_have_count(0)


def test_a_list_stays_a_table_on_narrow_paper(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    page = visitor.page
    page.set_viewport_size(BETWEEN_MARGINS)
    for address in ("/targets/facilitators", "/reports/ceremony", "/households/economics"):
        visitor.open(address)
        line = page.locator("table.table-stack tbody tr").first
        expect(line).to_have_css("display", "block")
        page.emulate_media(media="print")
        expect(line).to_have_css("display", "table-row")
        expect(page.locator("table.table-stack thead").first).to_be_visible()
        page.emulate_media(media="screen")


def test_a_facilitator_is_given_another_target(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/targets")
    page = visitor.page
    visitor.follow(page.get_by_role("link", name="Target para pendamping"))
    visitor.check("facilitator-targets")
    visitor.follow(page.get_by_role("link", name="Stevani Magdalena Rompas"))
    visitor.check("facilitator-target")
    page.locator("input[name=households]").fill("1.000")
    visitor.follow(page.locator("main form.form button"))
    visitor.check("facilitator-target-refused")
    page.locator("input[name=households]").fill("14")
    visitor.follow(page.locator("main form.form button"))
    visitor.check("facilitator-target-set")
    expect(page.locator("main .stats")).to_contain_text("khusus untuk pendamping ini")
    visitor.follow(page.get_by_role("button", name="Tarik kembali: 10 seperti yang lain"))
    expect(page.locator("main .stats")).to_contain_text("sama untuk semua pendamping")
    visitor.open("/targets/facilitators?year=2027")
    visitor.check("facilitator-targets-next-year")


def test_a_facilitator_reads_who_set_her_target(visitor: Visitor) -> None:
    visitor.sign_in("pendamping2")
    visitor.open("/")
    expect(visitor.page.locator("main")).to_contain_text("12 graduasi mandiri")
    expect(visitor.page.locator("main")).to_contain_text("Target ini ditetapkan oleh Novita")
    visitor.check("facilitator-home-with-target")


def test_a_supervisor_is_led_to_the_targets_and_sets_none(visitor: Visitor) -> None:
    visitor.sign_in("supervisor1")
    visitor.open("/")
    page = visitor.page
    visitor.check("supervisor-home-with-targets")
    visitor.follow(page.get_by_role("link", name="Target para pendamping"))
    visitor.follow(page.locator("main td a[href*='facilitator=']").first)
    visitor.check("behind-established")
    visitor.follow(page.get_by_role("link", name="Target para pendamping"))
    visitor.follow(page.get_by_role("link", name="Rahmat Hidayat Pakaya"))
    visitor.check("facilitator-target-read")
    expect(page.locator("main form")).to_have_count(0)
