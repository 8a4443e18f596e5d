"""What two people told differently is settled with a thumb: by the facilitator, later by the
supervisor."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, expect

from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.meetings.rules import Head, Mark, Presence, Understanding
from tests.browser.outbox import Handset, held, today
from tests.browser.test_outbox_sending import LINES
from tests.browser.visitor import SETTINGS, Visitor
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: All of it, or a part while the rest still differs.
SETTLED = re.compile("[Ss]udah diputuskan")
LONG_NAMES = (
    "Wilhelmina Petronela Rumokoy-Tumanduk",
    "Hj. Siti Nurhaliza Maimunah Binti Abdurrahman",
    "Maria Magdalena Theresia Lumentut-Wuisan",
)
HERE = Mark(Presence.PRESENT, Understanding.VERY_GOOD)
SICK = Mark(
    Presence.SICK, Understanding.NOT_ASSESSABLE, "Anak demam sejak malam, titip kabar ke tetangga"
)


def contests(visitor: Visitor) -> Locator:
    return visitor.page.locator("fieldset")


def choose(visitor: Visitor, number: int, answer: int) -> None:
    visitor.tap(contests(visitor).nth(number).locator("label.choice").nth(answer))


def save(visitor: Visitor) -> None:
    visitor.follow(visitor.page.locator(".action-bar button"))


def test_a_facilitator_settles_one_family_and_leaves_what_she_has_to_ask(
    visitor: Visitor,
) -> None:
    visitor.sign_in("pendamping1")
    visitor.open("/")
    visitor.check("home-with-what-differs")
    visitor.follow(visitor.page.locator("main a[href$='/settle']").first)
    left = contests(visitor).count()
    visitor.check("settle")
    expect(visitor.page.locator("main input:checked")).to_have_count(0)
    save(visitor)
    visitor.check("settle-nothing-chosen")
    taps = visitor.taps
    choose(visitor, 0, 0)
    save(visitor)
    assert visitor.taps - taps == 2
    expect(visitor.page.locator(".flashes, .notice").first).to_contain_text(SETTLED)
    visitor.check("meeting-settled")
    visitor.open(f"{visitor.page.url}/settle")
    expect(contests(visitor)).to_have_count(left - 1)


def test_a_supervisor_is_led_to_what_nobody_settled(visitor: Visitor) -> None:
    visitor.sign_in("supervisor1")
    visitor.open("/")
    figure = visitor.page.locator("a.stat[href='/meetings/differing']")
    expect(figure).to_contain_text("lebih dari 7 hari")
    visitor.check("supervisor-home-with-what-differs")
    visitor.follow(figure)
    visitor.check("unsettled")
    visitor.follow(visitor.page.locator("ul.rows a").first)
    visitor.check("settle-by-the-supervisor")
    choose(visitor, 0, 1)
    save(visitor)
    expect(visitor.page.locator("main")).to_contain_text(SETTLED)
    expect(visitor.page.locator("main")).to_contain_text("Denny Alfrets Tumbelaka")
    visitor.check("meeting-settled-by-the-supervisor")


# ---- A field of its own, where it has only just come to differ ----


@pytest.fixture
def contested(field_app: Flask, melati: Arranged) -> Arranged:
    """Everything that can differ does, and the names are as long as they come."""
    with field_app.app_context():
        _rename(melati)
        head = Head(0b110000, "Bahaya judi online bagi keluarga", place="Balai Kelurahan Tongkaina")
        _tell(melati, dict.fromkeys(melati.households, HERE), device=1, head=head)
        _tell(melati, dict.fromkeys(melati.households, SICK), device=2, head=Head(0b010000))
    return melati


def _rename(group: Arranged) -> None:
    from casework.households.models import Household

    with transaction() as session:
        for household, name in zip(group.households, LONG_NAMES, strict=True):
            session.get(Household, (group.area_id, household)).caretaker_name = name


def _tell(
    group: Arranged, marks: Mapping[uuid.UUID, Mark], *, device: int, head: Head | None = None
) -> None:
    from casework.meetings.actions.claims import Word, take_word

    said = Word(uuid.uuid4(), uuid.UUID(int=device), 1, 0, head, marks)
    with transaction():
        take_word(group.actor, group.group_id, today(), said)


@pytest.fixture
def looker(
    chromium: Browser, field_app: Flask, field_address: str
) -> Iterator[tuple[Handset, Visitor]]:
    context = chromium.new_context(base_url=field_address, **SETTINGS)
    with held(context, field_app, field_address) as phone:
        page = context.new_page()
        yield phone, Visitor(page, field_address, field_app)


def address(group: Arranged) -> str:
    return f"/meetings/{meeting_id(group.group_id, today())}/settle"


def test_before_the_seventh_day_the_supervisor_reads_when_she_may(
    looker: tuple[Handset, Visitor], field_app: Flask, contested: Arranged
) -> None:
    from tests.factories.accounts import UserFactory, actor_for

    phone, visitor = looker
    with field_app.app_context():
        with transaction():
            rina = UserFactory(supervisor=True, name="Rina Manoppo")
        phone.sign_in(Arranged(actor_for(rina), contested.area_id, contested.group_id, (), ()))
    visitor.open(address(contested))
    expect(visitor.page.locator("input[type=radio]")).to_have_count(0)
    expect(visitor.page.locator("main")).to_contain_text(re.compile(r"mulai .* Anda juga boleh"))
    visitor.check("settle-too-early")
    visitor.open("/meetings/differing")
    visitor.check("unsettled-too-early")
    visitor.open(address(contested).removesuffix("/settle"))
    visitor.check("meeting-differs-too-early")


def test_what_comes_meanwhile_is_shown_as_new_and_chosen_anew(
    looker: tuple[Handset, Visitor], field_app: Flask, contested: Arranged
) -> None:
    phone, visitor = looker
    phone.sign_in(contested)
    visitor.open(address(contested))
    expect(contests(visitor)).to_have_count(4)
    visitor.check("settle-full")
    choose(visitor, 0, 0)
    choose(visitor, 1, 0)
    with field_app.app_context():
        absent = Mark(Presence.ABSENT, Understanding.NOT_ASSESSABLE)
        _tell(contested, {contested.households[0]: absent}, device=3)
    save(visitor)
    visitor.check("settle-changed-meanwhile")
    expect(visitor.page.locator("fieldset .tag")).to_have_count(1)
    # The meeting itself and another family stay as she chose them, if she chose.
    expect(visitor.page.locator("main input:checked")).to_have_count(
        1 if _first_shown(contested) == contested.households[0] else 2
    )
    save(visitor)
    visitor.check("meeting-partly-settled")


def _first_shown(group: Arranged) -> uuid.UUID:
    in_order = sorted(zip(LONG_NAMES, group.households, strict=True), key=lambda each: each[0])
    return in_order[0][1]


@pytest.mark.parametrize("line", ["no line", "a portal", "a portal's redirect"])
def test_where_our_server_does_not_answer_what_was_chosen_stays_on_the_page(
    looker: tuple[Handset, Visitor], contested: Arranged, line: str
) -> None:
    phone, visitor = looker
    phone.sign_in(contested)
    visitor.open(address(contested))
    choose(visitor, 0, 0)
    fault, _ = LINES[line]
    phone.context.route("**/*", fault)
    visitor.tap(visitor.page.locator(".action-bar button"))
    expect(visitor.page.locator("form").get_by_role("alert")).to_contain_text("tidak ada sinyal")
    phone.context.unroute("**/*", fault)
    save(visitor)
    expect(visitor.page.locator("main")).to_contain_text(SETTLED)
