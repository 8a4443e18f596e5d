"""The photos of a meeting with signal: added on its page, with scripts and without."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests import pictures
from tests.browser.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


LEADS_ON = re.compile(r"/(groups|meetings)/[0-9a-f-]{36}$")
GROUP = re.compile(r"/groups/[0-9a-f-]{36}")


def open_meeting(visitor: Visitor, *, with_photos: bool) -> Page:
    """One of the two latest of a group of pendamping1: other tests record one more."""
    visitor.sign_in("pendamping1")
    visitor.open("/groups/")
    groups = [each for each in links(visitor.page, "main") if GROUP.fullmatch(each)]
    for group in groups:
        visitor.open(group)
        for meeting in links(visitor.page, "#meetings")[:2]:
            visitor.open(meeting)
            if bool(visitor.page.locator(".photos img").count()) is with_photos:
                return visitor.page
    pytest.fail("no such meeting in the demonstration")


def links(page: Page, place: str) -> list[str]:
    """Where that part of the page leads, each once."""
    found = page.locator(f"{place} a").evaluate_all(
        "all => all.map((each) => each.getAttribute('href'))"
    )
    return list(dict.fromkeys(each for each in found if LEADS_ON.match(each)))


def file(content: bytes) -> dict[str, object]:
    return {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": content}


def all_shown(page: Page) -> None:
    page.wait_for_function(
        """() => [...document.querySelectorAll('.photos img')].every((each) => {
          each.loading = 'eager';
          return each.complete && each.naturalWidth > 0;
        })"""
    )


def test_photos_are_shown_added_refused_and_removed(visitor: Visitor) -> None:
    page = open_meeting(visitor, with_photos=True)
    all_shown(page)
    before = page.locator(".photos img").count()
    visitor.check("meeting-photos")
    field = page.locator("input[name=photos]")
    large = pictures.noise(2600, 1900)
    page.wait_for_load_state("networkidle")
    field.set_input_files([file(large), file(pictures.photo(800, 1200))])
    page.wait_for_function(
        "most => [...document.querySelector('[name=photos]').files].every((f) => f.size < most)",
        arg=len(large) // 2,
    )
    visitor.follow(page.get_by_role("button", name="Simpan foto"))
    expect(page.locator("main")).to_contain_text("2 foto tersimpan.")
    expect(page.locator(".photos img")).to_have_count(before + 2)
    all_shown(page)
    visitor.check("meeting-photos-more")
    page.locator("input[name=photos]").set_input_files([file(b"no photo at all")])
    visitor.follow(page.get_by_role("button", name="Simpan foto"))
    expect(page.get_by_role("alert")).to_contain_text("Di sini hanya bisa menerima foto")
    visitor.check("meeting-photos-refused")
    for left in (before + 1, before):
        visitor.follow(page.locator(".photos a", has_text="Hapus").last)
        visitor.check("meeting-photo-remove")
        visitor.follow(page.get_by_role("button", name="Ya, hapus"))
        expect(page.locator(".photos img")).to_have_count(left)


def test_a_meeting_without_photos_says_so(visitor: Visitor) -> None:
    page = open_meeting(visitor, with_photos=False)
    expect(page.locator("main")).to_contain_text("Belum ada foto.")
    visitor.check("meeting-photos-none")


def test_without_scripts_photos_are_added_too(
    chromium: Browser, address: str, served_app: Flask
) -> None:
    context = chromium.new_context(base_url=address, java_script_enabled=False, locale="id-ID")
    visitor = Visitor(context.new_page(), address, served_app)
    page = open_meeting(visitor, with_photos=True)
    before = page.locator(".photos img").count()
    page.locator("input[name=photos]").set_input_files([file(pictures.photo(1800, 1200))])
    visitor.follow(page.get_by_role("button", name="Simpan foto"))
    expect(page.locator(".photos img")).to_have_count(before + 1)
    visitor.follow(page.locator(".photos a", has_text="Hapus").last)
    visitor.follow(page.get_by_role("button", name="Ya, hapus"))
    expect(page.locator(".photos img")).to_have_count(before)
    context.close()
    assert not visitor.complaints
