"""An administrator looks after people, rosters and the trail."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import expect

from casework.demo.families import groups, invent
from casework.demo.roster import final_closing
from casework.demo.world import SMALL
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_people_are_added_and_found(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/")
    visitor.check("administrator-home")
    visitor.open("/users/")
    visitor.check("users")
    visitor.open("/users/new")
    visitor.check("user-new")
    visitor.follow(visitor.page.locator("main form button[type=submit]").last)
    visitor.check("user-new-refused")
    visitor.open("/users/")
    visitor.follow(visitor.page.locator("ul.rows a[href^='/users/']").first)
    visitor.check("user")
    visitor.open("/account")
    visitor.check("account")
    visitor.open("/account/password")
    visitor.check("account-password")


def test_a_roster_is_checked_then_applied(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/rosters/import")
    visitor.check("roster-import")
    page = visitor.page
    visitor.follow(page.locator("ul.rows a[href*='/rosters/import/']").first)
    visitor.check("roster-with-mistakes")
    visitor.open("/rosters/import")
    data = final_closing(invent(groups(SMALL.sizes), date(2026, 11, 24))[:20])
    page.locator("input[type=file]").set_input_files(
        {"name": "fc.csv", "mimeType": "text/csv", "buffer": data}
    )
    visitor.follow(page.locator("main form[method=post] button[type=submit]"))
    visitor.check("roster-checked")


def test_a_check_says_who_is_new_changed_and_missing(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/rosters/import")
    page = visitor.page
    page.locator("select[name=stage]").select_option(index=0)
    header, first, *others = final_closing(
        invent(groups(SMALL.sizes), date(2026, 11, 24))[:20]
    ).splitlines(keepends=True)
    unknown = b";".join([b"Ibu Baru", b"9971014704789999", b"9971012107219999"])
    newcomer = b";".join([unknown, *first.split(b";")[3:]])
    page.locator("input[type=file]").set_input_files(
        {
            "name": "fc.csv",
            "mimeType": "text/csv",
            "buffer": b"".join([header, *others, newcomer]),
        }
    )
    visitor.follow(page.locator("main form[method=post] button[type=submit]"))
    visitor.check("roster-next-stage")
    address = page.url
    for figure in ("new", "changed", "missing"):
        visitor.follow(page.locator(f"a.stat[href$='/{figure}']"))
        visitor.check(f"roster-{figure}")
        expect(page.locator("main")).to_contain_text("Ibu Baru" if figure == "new" else "Melati")
        visitor.open(address)


def test_a_group_is_chosen_among_those_of_its_name(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/rosters/export")
    page = visitor.page
    page.locator("input[name=group]").fill("melati")
    send = page.locator("main form[method=post] button[type=submit]")
    visitor.follow(send)
    visitor.check("roster-export-which-group")
    page.locator("select[name=which_group]").select_option(index=1)
    with page.expect_download() as download:
        send.click()
    assert download.value.path().read_bytes().startswith(b"PK")


def test_a_roster_is_handed_out(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/rosters/export")
    visitor.check("roster-export")
    with visitor.page.expect_download() as download:
        visitor.page.locator("main form[method=post] button[type=submit]").click()
    text = download.value.path().read_bytes()
    assert text.count(b"\n") > 100 or text.startswith(b"PK")
    assert b"9971015" not in text, "NIK are masked unless asked for"


def test_the_trail_and_the_targets(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/audit/")
    visitor.check("audit")
    page = visitor.page
    somebody = page.locator("ol.timeline h2 a[href*='person=']").first
    name = somebody.inner_text()
    visitor.follow(somebody)
    for each in page.locator("ol.timeline h2").all():
        expect(each).to_contain_text(name)
    visitor.open("/audit/")
    page.locator("details.filters > summary").click()
    page.locator("#first").fill("2026-11-13")
    page.locator("#last").fill("2026-11-12")
    visitor.follow(page.locator("details.filters button"))
    expect(page.locator("#last")).to_have_attribute("aria-invalid", "true")
    visitor.check("audit-days-reversed")
    visitor.open("/audit/")
    reference = page.locator("a[href*='subject=']").first.inner_text().rpartition(" ")[2]
    page.locator("details.filters > summary").click()
    page.locator("#subject").fill(reference)
    visitor.follow(page.locator("details.filters button"))
    expect(page.locator("ol.timeline > li").first).to_contain_text(reference)
    visitor.check("audit-by-reference")
    visitor.open("/targets")
    visitor.check("targets")
    page.locator("input[name=households]").fill("1.72")
    visitor.follow(page.locator("main form.form button"))
    visitor.check("targets-refused")
    page.locator("input[name=households]").fill("1.720")
    visitor.follow(page.locator("main form.form button"))
    expect(page.locator("input[name=households]")).to_have_value("1.720")


def test_a_viewer_sees_counts_and_exports_only(visitor: Visitor) -> None:
    visitor.sign_in("pemantau")
    visitor.open("/")
    visitor.check("viewer-home")
    visitor.open("/rosters/export")
    visitor.check("viewer-export")
