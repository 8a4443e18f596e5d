"""A supervisor decides: oldest first, on evidence that was opened, with a reason."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

REASON = "Bukti lengkap, usaha berjalan, keluarga menyatakan sendiri kesediaannya."


def open_nomination(visitor: Visitor, position: int) -> None:
    visitor.open("/nominations/")
    visitor.follow(visitor.page.locator("ul.rows a[href^='/nominations/']").nth(position))


def open_all_evidence(visitor: Visitor) -> None:
    """As the pages lead from one file to the next."""
    page = visitor.page
    visitor.follow(page.locator("#evidence form[action$='/open'] button").first)
    while (following := page.locator("main form[action$='/open'] button")).count():
        visitor.follow(following.first)
    visitor.follow(page.locator(".action-bar a"))


def test_the_overview_and_the_queue_show_what_waits(visitor: Visitor) -> None:
    visitor.sign_in("supervisor1")
    visitor.open("/")
    visitor.check("supervisor-home")
    visitor.open("/nominations/")
    visitor.check("queue")
    first = visitor.page.locator("ul.rows .tag").first
    expect(first).to_contain_text(re.compile("terlambat|lewat|overdue", re.IGNORECASE))
    visitor.page.get_by_text("Saring daftar").click()
    visitor.page.locator("input[name=overdue]").check()
    visitor.follow(visitor.page.locator("main form.form-inline button"))
    visitor.check("queue-filtered")


def test_nothing_is_decided_before_the_evidence_was_opened(visitor: Visitor) -> None:
    visitor.sign_in("supervisor1")
    open_nomination(visitor, 1)
    expect(visitor.page.locator("#decision")).to_contain_text(re.compile("Buka semua bukti dulu"))
    expect(visitor.page.locator("textarea[name=reason]")).to_have_count(0)
    visitor.check("decision-waits")
    # What is no link does not look like one.
    title = visitor.page.locator("#evidence .row-title").first
    expect(title).to_have_css("text-decoration-line", "none")
    visitor.page.locator("#decision a[href='#evidence']").click()
    expect(visitor.page.locator("#evidence button").first).to_be_in_viewport()


def test_what_is_being_written_comes_back_from_the_evidence(visitor: Visitor) -> None:
    visitor.sign_in("supervisor1")
    open_nomination(visitor, 1)
    open_all_evidence(visitor)
    page = visitor.page
    page.locator("textarea[name=reason]").fill(REASON)
    visitor.follow(page.locator("#evidence button[formaction$='/open']").first)
    expect(page.locator("main img")).to_be_visible()
    visitor.check("evidence-while-writing")
    visitor.follow(page.locator(".action-bar button"))
    expect(page.locator("textarea[name=reason]")).to_have_value(REASON)
    expect(page.locator("#decision")).to_be_in_viewport()


def test_a_supervisor_opens_the_evidence_and_approves(visitor: Visitor) -> None:
    visitor.sign_in("supervisor1")
    open_nomination(visitor, 0)
    page = visitor.page
    visitor.check("nomination-to-decide")
    visitor.follow(page.locator("#evidence form[action$='/open'] button").first)
    expect(page.locator("main img")).to_be_visible()
    visitor.check("evidence-opened")
    page.go_back()
    page.reload()
    open_all_evidence(visitor)
    page.locator("textarea[name=reason]").fill(REASON)
    visitor.follow(page.locator("button[value=approve]"))
    visitor.check("decision-asked")
    visitor.follow(page.locator("button[name=back]"))
    expect(page.locator("textarea[name=reason]")).to_have_value(REASON)
    expect(page.locator("#decision")).to_be_in_viewport()
    visitor.follow(page.locator("button[value=approve]"))
    visitor.follow(page.locator("main form.panel button").first)
    expect(page.locator("main")).to_contain_text(re.compile("disetujui|approved", re.IGNORECASE))
    visitor.check("nomination-approved")


def test_a_supervisor_returns_with_a_reason(visitor: Visitor) -> None:
    visitor.sign_in("supervisor2")
    open_nomination(visitor, 0)
    open_all_evidence(visitor)
    visitor.page.locator("textarea[name=reason]").fill("pendek")
    visitor.follow(visitor.page.locator("button[value=return]"))
    expect(visitor.page.locator("textarea[name=reason]")).to_have_value("pendek")
    visitor.check("decision-without-words")
    visitor.page.locator("textarea[name=reason]").fill(REASON)
    visitor.follow(visitor.page.locator("button[value=return]"))
    visitor.check("nomination-returned")


def test_groups_and_families_are_arranged(visitor: Visitor) -> None:
    visitor.sign_in("supervisor1")
    visitor.open("/groups/")
    visitor.check("groups")
    visitor.follow(visitor.page.locator("ul.rows a[href^='/groups/']").first)
    visitor.check("group")
    group = visitor.page.url
    for name in ("edit", "facilitator"):
        visitor.open(f"{group}/{name}")
        visitor.check(f"group-{name}")
    visitor.open("/groups/new")
    visitor.check("group-new")
    visitor.open("/households/")
    visitor.check("households")
