"""Without signal every family is reached from Home, whether or not its group has met this month:
on the first of a month hardly any has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.core.transaction import transaction
from tests.browser.lending import Lent
from tests.browser.observing import economics_of, saved
from tests.browser.outbox import Handset, lent_phone
from tests.browser.pocket import picture, taken_along
from tests.factories.accounts import UserFactory, actor_for
from tests.meetings.conftest import Arranged, arrange

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

#: Source: field-ux 7.2, size of what a thumb has to hit.
TARGET = 48

_numbers = count(1)


@pytest.fixture
def names() -> tuple[str, str]:
    """As long as names of groups get, and a short one; the server keeps those of earlier tests."""
    number = next(_numbers)
    return f"Anggrek Bulan Tondegesan Kawangkoan {number}", f"Dahlia {number}"


@pytest.fixture
def groups(field_app: Flask, names: tuple[str, str]) -> tuple[Arranged, Arranged]:
    """Two of one facilitator; neither has ever met."""
    with field_app.app_context():
        first = arrange(name=names[0], households=3)
        return first, arrange(first.actor.username, name=names[1], households=4)


@pytest.fixture
def phone(field_lent: Lent, field_app: Flask) -> Iterator[Handset]:
    with lent_phone(field_lent, field_app) as phone:
        yield phone


@pytest.fixture
def page(phone: Handset, groups: tuple[Arranged, Arranged]) -> Page:
    """Without signal by now."""
    page = taken_along(phone, groups[0])
    phone.context.set_offline(True)
    return page


def test_from_home_a_family_of_a_group_that_has_not_met_is_observed(
    page: Page, groups: tuple[Arranged, Arranged], names: tuple[str, str]
) -> None:
    group, name = groups[0], names[0]
    page.goto("/")
    cards = page.locator(".put-to-meet > li")
    expect(cards).to_have_count(2)
    for card in cards.all():
        box = card.locator("a.task-name").bounding_box()
        assert box
        assert box["height"] >= TARGET
        assert box["width"] >= TARGET
    picture(page, "today-two-groups")
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator("h1")).to_have_text(name)
    page.get_by_role("link", name=group.names[0]).click()
    expect(page.locator("h1")).to_have_text(group.names[0])
    page.get_by_role("link", name="Catat pengamatan").click()
    expect(page.get_by_label("Penghasilan keluarga")).to_be_visible()
    assert page.evaluate("location.pathname") == economics_of(group)
    page.get_by_label("Penghasilan keluarga").fill("Rp 900.000")
    saved(page)


def test_the_menu_leads_to_all_groups_and_each_back_to_them(
    page: Page, names: tuple[str, str]
) -> None:
    long, short = names
    page.goto("/")
    page.get_by_role("navigation", name="Menu utama").get_by_role("link", name="Kelompok").click()
    expect(page.locator("h1")).to_have_text("Kelompok")
    rows = page.locator("main .rows > li")
    expect(rows).to_have_count(2)
    expect(rows.filter(has_text=long)).to_contain_text("3 keluarga")
    expect(rows.filter(has_text=short)).to_contain_text("4 keluarga")
    expect(page.get_by_text("Belum ada kelompok.")).to_be_hidden()
    picture(page, "groups")
    rows.filter(has_text=short).get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(short)
    picture(page, "group-from-list")
    page.locator("main").get_by_role("link", name="Kelompok").click()
    expect(page.locator("h1")).to_have_text("Kelompok")


def test_whoever_has_no_group_yet_is_told_who_gives_them(
    phone: Handset, field_app: Flask, groups: tuple[Arranged, Arranged]
) -> None:
    with field_app.app_context(), transaction():
        newcomer = replace(groups[0], actor=actor_for(UserFactory()))
    page = taken_along(phone, newcomer)
    phone.context.set_offline(True)
    page.goto("/groups/")
    expect(page.get_by_text("Belum ada kelompok.")).to_be_visible()
    picture(page, "no-group-yet")
