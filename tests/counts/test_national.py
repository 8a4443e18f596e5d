"""What is counted, against which target, followed down to a regency; targets."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core import clock
from casework.core.errors import Invalid, NotFound
from casework.core.transaction import transaction
from casework.counts import actions
from casework.counts.queries import figures
from casework.counts.rules import Progress, published_figures
from casework.ledger.rules import CountedState, ExitKind
from tests.counts.counting import count_households, set_target
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.places import MANADO, MOLAS, area_of, ensure_region

WHAT = figures.What(ExitKind.INDEPENDENT, CountedState.APPROVED)
THIS_YEAR = clock.now().year


@pytest.fixture
def manado(db_session: Session) -> int:
    """Area number of Kota Manado, with its village."""
    with transaction():
        return area_of(ensure_region(MOLAS))


@pytest.mark.parametrize(
    ("counted", "target", "share", "gap"),
    [
        (0, None, None, None),
        (5, None, None, None),
        (0, 0, None, 0),
        (3, 10, 0.3, 7),
        (10, 10, 1.0, 0),
        (12, 10, 1.2, 0),
    ],
)
def test_a_share_needs_a_target_to_reach(
    counted: int, target: int | None, share: float | None, gap: int | None
) -> None:
    progress = Progress(counted, target)
    assert progress.share == share
    assert progress.gap == gap


def test_the_published_figures_are_quoted_with_source_and_cut_off() -> None:
    figures_by_number = {figure.households: figure for figure in published_figures()}
    assert {230_351, 621_789, 800_000, 1_200_000, 1_742_917} == set(figures_by_number)
    assert figures_by_number[1_200_000].cut_off == "2019-11-19"
    assert figures_by_number[800_000].kind == "target"
    assert all(figure.source and figure.cut_off for figure in published_figures())


def test_a_count_is_seen_in_its_regency_its_province_and_the_nation(manado: int) -> None:
    count_households(MANADO, 3, date(THIS_YEAR, 6, 1))
    for code in (None, MANADO[:2], MANADO):
        assert figures.of_year(figures.place(code), WHAT, THIS_YEAR).counted == 3
    provinces = figures.by_region(figures.place(None), WHAT, THIS_YEAR)
    assert {row.code: row.progress.counted for row in provinces}[MANADO[:2]] == 3
    regencies = figures.by_region(figures.place(MANADO[:2]), WHAT, THIS_YEAR)
    assert {row.code: row.progress.counted for row in regencies}[MANADO] == 3


def test_a_year_with_a_target_alone_has_a_figure_too(manado: int) -> None:
    set_target(MANADO, 40, THIS_YEAR + 1)
    place = figures.place(MANADO)
    assert figures.of_year(place, WHAT, THIS_YEAR + 1) == Progress(0, 40)
    assert figures.of_year(place, WHAT, THIS_YEAR) == Progress(0, None)


def test_targets_of_one_place_are_not_summed_from_those_below(manado: int) -> None:
    set_target(MANADO, 40, THIS_YEAR)
    assert figures.of_year(figures.place(None), WHAT, THIS_YEAR).target is None


@pytest.mark.parametrize("households", [-1, 10_000_001])
def test_an_impossible_target_is_refused(manado: int, households: int) -> None:
    with pytest.raises(Invalid):
        set_target(MANADO, households, THIS_YEAR)


def test_an_administrator_sets_targets_inside_the_own_region_only(
    db_session: Session, client: FlaskClient, manado: int
) -> None:
    with transaction():
        person = UserFactory(administrator=True)
    sign_in(client, person)
    page = client.post(f"/targets?region={MANADO}&year={THIS_YEAR}", data={"households": "120"})
    assert page.status_code == 302
    assert figures.of_year(figures.place(MANADO), WHAT, THIS_YEAR).target == 120
    assert client.get("/targets?region=71").status_code == 404
    with pytest.raises(NotFound), transaction():
        actions.set_target(
            actor_for(person),
            region_code=None,
            year=THIS_YEAR,
            kind=ExitKind.INDEPENDENT,
            households=1,
        )


@pytest.mark.parametrize("typed", ["1720", "1.720", "1,720", " 1.720 "])
@pytest.mark.parametrize("locale", ["id", "en"])
def test_a_target_may_be_typed_with_its_thousands(
    db_session: Session, client: FlaskClient, manado: int, typed: str, locale: str
) -> None:
    with transaction():
        person = UserFactory(administrator=True, locale=locale)
    sign_in(client, person)
    address = f"/targets?region={MANADO}&year={THIS_YEAR}"
    assert client.post(address, data={"households": typed}).status_code == 302
    # As it is shown it can be sent again.
    shown = re.search(r'name="households"[^>]*value="([^"]*)"', client.get(address).text)
    assert shown is not None
    assert shown[1] == ("1.720" if locale == "id" else "1,720")
    assert client.post(address, data={"households": shown[1]}).status_code == 302
    assert figures.of_year(figures.place(MANADO), WHAT, THIS_YEAR).target == 1720


WHOLE = "Tulis angka bulat, misalnya 1.720 atau 1720."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1.72", WHOLE),
        ("1,7", WHOLE),
        ("1.7200", WHOLE),
        ("-5", WHOLE),
        ("banyak", WHOLE),
        ("   ", WHOLE),
        ("", "Isi dengan angka."),
        ("10.000.001", "Isi dengan angka 0 sampai 10 juta."),
    ],
)
def test_a_wrong_number_is_kept_and_explained_once(
    db_session: Session, client: FlaskClient, manado: int, typed: str, message: str
) -> None:
    set_target(MANADO, 40, THIS_YEAR)
    with transaction():
        person = UserFactory(administrator=True)
    sign_in(client, person)
    page = client.post(f"/targets?region={MANADO}", data={"households": typed})
    assert page.status_code == 422
    # In the summary, and at the field.
    assert page.text.count(message) == 2
    assert "Not a valid" not in page.text
    assert f'value="{typed}"' in page.text
    assert figures.of_year(figures.place(MANADO), WHAT, THIS_YEAR).target == 40
