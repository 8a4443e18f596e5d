"""The longest menu, an administrator's, on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import PHONE, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: Source: field-ux 7.2, size of what a thumb has to hit.
TARGET = 48
#: A phone's 360 px with everything twice as large.
ZOOMED = {"width": 180, "height": 320}


def test_the_longest_menu_is_one_row_and_folds_the_rest(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/")
    page = visitor.page
    menu = page.get_by_role("navigation", name="Menu utama")
    targets = menu.locator("a:visible, summary:visible")
    tops = {box["y"] for target in targets.all() if (box := target.bounding_box())}
    assert len(tops) == 1
    menu.locator("summary").click()
    expect(menu.get_by_role("link", name="Jejak audit")).to_be_visible()
    assert targets.count() == 8
    for target in targets.all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= TARGET, target.inner_text()
    visitor.check("menu-unfolded")
    menu.get_by_role("link", name="Jejak audit").click()
    expect(menu.locator("summary")).to_have_attribute("aria-current", "true")


def test_it_does_not_scroll_sideways_when_everything_is_twice_as_large(visitor: Visitor) -> None:
    visitor.sign_in("administrator")
    visitor.open("/")
    page = visitor.page
    page.set_viewport_size(ZOOMED)
    for _ in ("folded", "unfolded"):
        assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
        page.get_by_role("navigation", name="Menu utama").locator("summary").click()
    page.set_viewport_size(PHONE)
