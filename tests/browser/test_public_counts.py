"""The public page where there is something to see: many provinces, years and months."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from casework.access.actor import command_line
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.counts.actions import set_target
from casework.counts.views.asked import cut_off
from casework.ledger.actions import Counted, count, count_exit
from casework.ledger.rules import OTHER_EXITS, ExitKind, states_of
from casework.regions.models import Area
from tests.browser.album import keep, photograph
from tests.browser.serving import as_served, served
from tests.browser.visitor import PHONE, Visitor
from tests.factories.accounts import UserFactory
from tests.fixtures.application import close

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

#: The year of the newest public figure, whenever the test runs, and the one before.
YEARS = (cut_off().year, cut_off().year - 1)


def _by_month(families: range) -> dict[tuple[int, int], list[int]]:
    """In which year and month each of them is counted."""
    found: dict[tuple[int, int], list[int]] = {}
    for each in families:
        found.setdefault((YEARS[each % 3 == 0], 1 + each % cut_off().month), []).append(each)
    return found


def _fill() -> None:
    """Of each regency some families or none, more of them in the west."""
    areas = list(db.session.execute(select(Area.id, Area.code).order_by(Area.code)))
    with transaction():
        for number, (area_id, code) in enumerate(areas):
            village = f"{code}.01.1001"
            families = range(number * 7 % 13 if code < "60" else number % 3)
            for (year, month), some in _by_month(families).items():
                # Every second of them is established too.
                for state, ones in zip(
                    states_of(ExitKind.INDEPENDENT),
                    (some, [each for each in some if each % 2]),
                    strict=True,
                ):
                    count(
                        command_line(),
                        [
                            Counted(new_id(), new_id(), new_id(), village, ExitKind.INDEPENDENT)
                            for _each in ones
                        ],
                        area_id=area_id,
                        state=state,
                        on=date(year, month, 9),
                    )
            for each in range(number % 4):
                count_exit(
                    command_line(),
                    area_id=area_id,
                    household_id=new_id(),
                    exit_id=new_id(),
                    village_code=village,
                    kind=OTHER_EXITS[(number + each) % 5],
                    on=date(YEARS[each % 3 == 0], 1 + number % cut_off().month, 9),
                )
        provinces = dict.fromkeys(code[:2] for _id, code in areas)
        wanted = {None: 2_500} | {code: 20 * number for number, code in enumerate(provinces, 1)}
        for code, households in wanted.items():
            if code not in {"31", "94"}:
                set_target(
                    command_line(),
                    region_code=code,
                    year=YEARS[0],
                    kind=ExitKind.INDEPENDENT,
                    households=households,
                )


@pytest.fixture(scope="module")
def counted_app(chromium: Browser, copy_of_small_demo: Callable[[str], Flask]) -> Iterator[Flask]:
    """The demonstration, which has the regions, and a country around it."""
    app = as_served(copy_of_small_demo("counted"))
    with app.app_context():
        _fill()
    yield app
    close(app)


@pytest.fixture
def reader(chromium: Browser, counted_app: Flask) -> Iterator[Visitor]:
    with served(counted_app) as address:
        context = chromium.new_context(
            base_url=address, viewport=PHONE, locale="id-ID", reduced_motion="reduce"
        )
        visitor = Visitor(context.new_page(), address, counted_app)
        yield visitor
        context.close()
    assert not visitor.complaints, "\n".join(visitor.complaints)


def test_a_tile_of_the_map_leads_to_its_province(reader: Visitor) -> None:
    reader.open("/national")
    reader.check("counts-nation")
    west_java = reader.page.get_by_role("link", name="Jawa Barat: ")
    box = west_java.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    reader.follow(west_java)
    expect(reader.page.locator("h1")).to_contain_text("Jawa Barat")
    reader.check("counts-province")


def test_the_full_page_is_carried_by_a_weak_line(
    counted_app: Flask, budget: Callable[..., None]
) -> None:
    for query in ("", "?region=33", "?region=33.01", "?kind=natural"):
        page = counted_app.test_client().get(f"/national{query}")
        budget(f"weight of /national{query}", len(gzip.compress(page.data, 6)) / 1024, 14, "KB")


def test_year_and_state_are_chosen_without_a_script(reader: Visitor) -> None:
    reader.open("/national?region=32")
    reader.tap(reader.page.locator("main details summary"))
    reader.page.locator("select[name=year]").select_option(str(YEARS[1]))
    reader.page.locator("select[name=state]").select_option("established")
    reader.follow(reader.page.locator("main form button"))
    expect(reader.page.locator("h1")).to_contain_text(f"Jawa Barat, {YEARS[1]}")
    expect(reader.page.locator(".stats")).to_contain_text("Ditetapkan")
    reader.check("counts-established")


def test_a_kind_is_chosen_without_a_script_and_all_stand_beside_each_other(
    reader: Visitor,
) -> None:
    reader.open("/national")
    reader.tap(reader.page.locator("main details summary"))
    reader.page.locator("select[name=kind]").select_option("natural")
    reader.follow(reader.page.locator("main form button"))
    expect(reader.page.locator("h1")).to_contain_text("Graduasi alamiah: Indonesia")
    expect(reader.page.locator(".stats")).to_contain_text("Dicatat")
    expect(reader.page.locator(".stats")).not_to_contain_text("Target")
    reader.check("counts-natural")
    kinds = reader.page.get_by_role("table", name="Semua cara keluar")
    expect(kinds).to_contain_text("Meninggal Bukan graduasi")
    reader.follow(kinds.get_by_role("link", name="Graduasi mandiri").first)
    expect(reader.page.locator("h1")).to_contain_text("Graduasi mandiri: Indonesia")
    reader.open("/national?region=33.01&kind=died")
    reader.check("counts-died-regency")


def test_who_works_for_a_province_goes_down_to_the_list_of_a_regency(
    reader: Visitor, counted_app: Flask
) -> None:
    with counted_app.app_context(), transaction():
        UserFactory(username="korwil", supervisor=True, region_code="33")
    reader.sign_in("korwil")
    reader.open("/national?region=33")
    reader.tap(reader.page.locator("summary", has_text="menurut wilayah"))
    reader.check("counts-exact-province")
    regencies = reader.page.get_by_role("table", name="menurut wilayah")
    reader.follow(regencies.locator("td a[href*=nominations]").first)
    expect(reader.page.locator("h1")).to_have_text("Usulan di balik angka")
    reader.page.go_back()
    reader.follow(reader.page.get_by_role("link", name="Cilacap").first)
    reader.check("counts-exact-regency")


def test_the_page_prints_with_its_map_and_without_its_form(reader: Visitor) -> None:
    reader.open("/national")
    reader.page.emulate_media(media="print")
    expect(reader.page.locator("main form")).to_be_hidden()
    expect(reader.page.locator("svg[aria-labelledby^=map]")).to_be_visible()
    photograph(reader.page, "counts-print", {"width": 680, "height": 960})
    keep("counts-nation.pdf", reader.page.pdf(format="A4"))
