"""`/national`: what anybody may see, and nothing more."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.accounts.models import User
from casework.core import clock
from casework.core.db import db
from casework.core.transaction import transaction
from casework.counts.queries.figures import What
from casework.counts.queries.overview import overview
from casework.counts.rules import (
    TILES,
    Band,
    Pace,
    band,
    closed_months,
    exact_pace,
    last_closed_day,
    pace,
)
from casework.counts.rules.tiles import COLUMNS
from casework.ledger.rules import CountedState, ExitKind
from casework.regions.official import official_list
from tests.counts.counting import (
    YEAR,
    count_and_take_back,
    count_exits,
    count_households,
    set_target,
    three_regencies,
)
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.places import BITUNG, DENPASAR, MANADO
from tests.fixtures.statements import Statements

pytestmark = pytest.mark.usefixtures("november")

#: What public figures of that day go to.
CUT_OFF = date(YEAR, 10, 31)


@pytest.fixture
def counted(db_session: Session) -> None:
    """Manado 43 and Bitung 12 in June, Denpasar 4."""
    three_regencies()
    count_households(MANADO, 43)
    count_households(BITUNG, 12)
    count_households(DENPASAR, 4)


def text_of(client: FlaskClient, query: str = "") -> str:
    page = client.get(f"/national?{query}")
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]*>", " ", page.text).split()).replace("&lt;", "<")


def row_of(client: FlaskClient, name: str, query: str = "") -> list[str]:
    """The cells of a line of the table of regions."""
    page = client.get(f"/national?{query}").text
    table = re.search(r'<table(?:(?!</table>).)*id="regions-caption".*?</table>', page, re.S)
    assert table is not None
    for row in re.findall(r'<tr role="row">.*?</tr>', table[0], re.S):
        cells = [
            re.sub(r"<[^>]*>", "", cell).strip().replace("&lt;", "<")
            for cell in re.findall(r"<t[hd][^>]*>.*?</t[hd]>", row, re.S)
        ]
        if cells[0].startswith(name):  # two letters of the map follow a province
            return cells[1:]
    raise AssertionError(f"{name} is not in the table")


def test_the_nation_is_shown_with_target_share_gap_and_pace(
    counted: None, client: FlaskClient
) -> None:
    set_target(None, 200)
    text = text_of(client)
    for words in (
        "50 Disetujui dihitung sampai 31 Okt 2026",  # of 59
        "25% Capaian target masih kurang 150",
        "60 Sampai akhir tahun, jika lajunya tetap",  # 50 in ten months
        "Untuk mencapai target perlu 75 per bulan mulai sekarang",  # 150 in two
    ):
        assert words in text, words


def test_no_count_under_ten_is_on_any_page_nor_what_follows_from_it(
    counted: None, client: FlaskClient
) -> None:
    set_target("51", 8)
    assert row_of(client, "Bali") == ["<10", "8", "–", "8"]
    assert row_of(client, "Sulawesi Utara")[0] == "≥ 50"
    assert row_of(client, "Kota Bitung", "region=71")[0] == "10"
    text = text_of(client, f"region={DENPASAR}")
    assert "<10 Disetujui" in text
    assert "50%" not in text
    assert "Sampai akhir tahun" not in text


def test_none_looks_like_under_ten(db_session: Session, client: FlaskClient) -> None:
    three_regencies()
    empty = text_of(client)
    count_households(MANADO, 9)
    assert text_of(client) == empty


def test_who_is_signed_in_sees_no_more_in_public(counted: None, client: FlaskClient) -> None:
    with transaction():
        person = UserFactory(administrator=True)
    before = row_of(client, "Bali"), row_of(client, "Kota Manado", "region=71")
    sign_in(client, person)
    assert (row_of(client, "Bali"), row_of(client, "Kota Manado", "region=71")) == before


def test_the_largest_gap_stands_first_and_no_target_last(
    counted: None, client: FlaskClient
) -> None:
    set_target(BITUNG, 1_000)
    set_target(MANADO, 60)
    page = client.get("/national?region=71").text
    table = page[page.index('id="regions-caption"') :]
    assert table.index("Kota Bitung") < table.index("Kota Manado")
    assert row_of(client, "Kota Bitung", "region=71") == ["10", "990", "1%", "1.000"]
    assert row_of(client, "Kota Manado", "region=71") == ["40", "20", "67%", "60"]


def test_a_month_that_is_not_over_is_in_no_figure_of_any_page(
    counted: None, client: FlaskClient
) -> None:
    queries = ("", "region=71", f"region={MANADO}")
    before = [text_of(client, query) for query in queries]
    count_households(MANADO, 70, date(YEAR, 11, 2))
    assert [text_of(client, query) for query in queries] == before


@pytest.mark.parametrize("counted_on", [date(YEAR, 6, 1), date(YEAR, 10, 31), date(2025, 6, 1)])
def test_what_is_taken_back_stays_counted_until_the_month_is_over(
    db_session: Session, client: FlaskClient, counted_on: date
) -> None:
    """Or the hour in which ten became nine would be known, and so the nine."""
    three_regencies()
    count_households(MANADO, 9, counted_on)
    count_and_take_back(MANADO, counted_on)
    count_exits(MANADO, 9, ExitKind.DIED, counted_on)
    year = f"year={counted_on.year}"
    regency, province = f"region={MANADO}&{year}", f"region=71&{year}"
    assert "10 Disetujui" in text_of(client, regency)
    assert row_of(client, "Kota Manado", province)[0] == "10"
    assert "≥ 10 Disetujui" in text_of(client, province)
    month = f"{counted_on:%-m}"
    (line,) = client.get(f"/api/v1/counts?{province}&month={month}").get_json()["counts"]
    assert line["counted"] == 10
    assert "<10 Dicatat" in text_of(client, f"{regency}&kind=died")
    with clock.at(datetime(YEAR, 11, 30, 16, 59, tzinfo=UTC)):  # 23.59 in Jakarta
        assert "10 Disetujui" in text_of(client, regency)
    with clock.at(datetime(YEAR, 11, 30, 17, 0, tzinfo=UTC)):
        assert "<10 Disetujui" in text_of(client, regency)
        assert row_of(client, "Kota Manado", province)[0] == "<10"


def test_what_was_taken_back_before_the_month_was_over_is_counted_no_more(
    db_session: Session, client: FlaskClient
) -> None:
    three_regencies()
    count_households(MANADO, 9)
    count_and_take_back(MANADO, at=datetime(YEAR, 10, 31, 16, 59, tzinfo=UTC))
    assert "<10 Disetujui" in text_of(client, f"region={MANADO}")
    count_and_take_back(MANADO, at=datetime(YEAR, 10, 31, 17, 0, tzinfo=UTC))
    assert "10 Disetujui" in text_of(client, f"region={MANADO}").replace("<10", "")


def test_what_was_counted_and_taken_back_this_month_is_in_no_public_figure(
    db_session: Session, client: FlaskClient
) -> None:
    three_regencies()
    count_households(MANADO, 9)
    count_and_take_back(MANADO, date(YEAR, 11, 2))
    assert "<10 Disetujui" in text_of(client, f"region={MANADO}")


def test_past_years_keep_their_states_apart(counted: None, client: FlaskClient) -> None:
    last_year = date(YEAR - 1, 6, 1)
    count_households(MANADO, 20, last_year)
    count_households(MANADO, 11, last_year, CountedState.ESTABLISHED)
    for query in ("", "&region=71", f"&region={MANADO}"):
        assert "20 Disetujui" in text_of(client, f"year={YEAR - 1}{query}")
        assert "10 Ditetapkan" in text_of(client, f"year={YEAR - 1}&state=established{query}")


def test_a_whole_says_no_more_than_its_parts_can_make_up(
    db_session: Session, client: FlaskClient
) -> None:
    """Bali 5 and Sulawesi Utara 16, of which Bitung 6: with 20 told of both, Bali would have at
    least 1; with 10 told of Sulawesi Utara, Bitung."""
    three_regencies()
    count_households(DENPASAR, 5)
    count_households(MANADO, 10)
    count_households(BITUNG, 6)
    assert row_of(client, "Bali")[0] == "<10"
    assert row_of(client, "Sulawesi Utara")[0] == "≥ 10"
    assert "≥ 10 Disetujui" in text_of(client)
    assert "≥ 10 Disetujui" in text_of(client, "region=71")
    assert "Juni 2026 ≥ 10" in text_of(client, "region=71")
    count_households(MANADO, 9, date(YEAR - 1, 6, 1))
    count_households(BITUNG, 9, date(YEAR - 1, 6, 1))
    assert "– Disetujui" in text_of(client, f"region=71&year={YEAR - 1}")
    for query in ("region=71", "region=71&month=6"):
        (line,) = client.get(f"/api/v1/counts?{query}&year={YEAR - 1}").get_json()["counts"]
        assert (line["counted"], line["shown"]) == (None, "held_back")


def test_what_was_established_says_no_more_than_what_was_approved_leaves_for_it(
    db_session: Session, client: FlaskClient
) -> None:
    """Nine and ten approved, all established: with 10 told of the second year, the first could
    not be none."""
    three_regencies()
    for year, approved, established in ((YEAR - 1, 9, 0), (YEAR, 10, 19)):
        count_households(MANADO, approved, date(year, 6, 1))
        count_households(MANADO, established, date(year, 6, 1), CountedState.ESTABLISHED)
    assert "10 Disetujui" in text_of(client, f"region={MANADO}")
    assert "– Ditetapkan" in text_of(client, f"region={MANADO}&state=established")
    count_households(MANADO, 20)
    assert "≥ 20 Ditetapkan" not in text_of(client, f"region={MANADO}&state=established")
    assert "10 Ditetapkan" in text_of(client, f"region={MANADO}&state=established")


def test_what_the_ministry_established_is_counted_by_itself(
    counted: None, client: FlaskClient
) -> None:
    count_households(MANADO, 21, state=CountedState.ESTABLISHED)
    page = client.get("/national?state=established").text
    assert "20</span>" in page
    assert "Yang ditetapkan ditampilkan per tahun" in page
    # Every further link stays with it, but those to other kinds.
    kinds = re.search(r'id="kinds-caption".*?</table>', page, re.S)
    assert kinds is not None
    links = re.findall(r'href="(/national\?[^"]*)"', page.replace(kinds[0], ""))
    assert links
    assert all("state=established" in link for link in links)
    assert row_of(client, "Sulawesi Utara", "state=established")[0] == "≥ 20"
    assert row_of(client, "Sulawesi Utara")[0] == "≥ 50"


@pytest.mark.parametrize("region", [None, "71", MANADO])
def test_a_target_stands_beside_what_it_is_of_and_beside_no_other_state(
    counted: None, client: FlaskClient, region: str | None
) -> None:
    for code, households in ((None, 200), ("71", 90), (MANADO, 80)):
        set_target(code, households)
    count_households(MANADO, 21, state=CountedState.ESTABLISHED)
    with transaction():
        person = UserFactory(administrator=True, region_code=None)
    sign_in(client, person)
    query = f"region={region or ''}"
    assert "Capaian target" in text_of(client, query)
    text = text_of(client, f"{query}&state=established")
    assert "20 Ditetapkan" in text
    assert "Angka tepat per 12 Nov 2026: 21" in text
    for words in ("Capaian", "masih kurang", "Target tahun", "lajunya tetap", "menurut capaian"):
        assert words not in text, words
    where = f"region={region or 'ID'}"
    for level in ("nation", "province", "regency"):
        for month in ("", "&month=all"):
            answer = client.get(f"/api/v1/counts?{where}&level={level}&state=established{month}")
            for line in answer.get_json().get("counts", ()):
                assert line["target"] is line["share"] is line["gap"] is None
    (line,) = client.get(f"/api/v1/counts?{where}").get_json()["counts"]
    assert line["target"]
    shown = overview(region, What(ExitKind.INDEPENDENT, CountedState.ESTABLISHED), YEAR, CUT_OFF)
    assert shown.pace is None


def test_months_are_shown_of_provinces_and_not_of_regencies_from_january_on(
    counted: None, client: FlaskClient
) -> None:
    count_households(MANADO, 30, date(YEAR, 8, 2))
    text = text_of(client, "region=71").partition("Dari Januari sampai akhir bulan, 2026")[2]
    assert "Mei 2026 –" in text
    assert "Juni 2026 ≥ 50" in text
    assert "Juli 2026 ≥ 50" in text
    assert "Agustus 2026 ≥ 80" in text
    assert "Oktober 2026 ≥ 80" in text
    assert "November 2026" not in text
    regency = text_of(client, f"region={MANADO}")
    assert "Juni 2026" not in regency
    assert "tidak ditampilkan" in regency or "bisa dikenali" in regency


def test_whoever_works_in_a_regency_reads_its_exact_months_to_this_one(
    counted: None, client: FlaskClient, statements: Statements
) -> None:
    count_households(MANADO, 3, date(YEAR, 11, 2))
    count_households(MANADO, 7, date(YEAR, 6, 3), CountedState.ESTABLISHED)
    count_households(MANADO, 8, date(YEAR - 1, 6, 3))
    here = f"region={MANADO}"
    nobody = text_of(client, here)
    assert "Juni 2026" not in nobody
    with transaction():
        person: User = UserFactory(viewer=True)
        stranger: User = UserFactory(viewer=True, region=BITUNG)
    sign_in(client, stranger)
    assert "Juni 2026" not in text_of(client, here)
    sign_in(client, person)
    statements.reset()
    page = client.get(f"/national?{here}")
    # Of these two, who is signed in, the exact figure and its months are not the public's.
    assert statements.count <= 7 + 3, statements.sent
    assert page.headers["Cache-Control"] == "no-store"
    months = text_of(client, here).partition("Per bulan, 2026")[2]
    for words in ("Mei 2026 0", "Juni 2026 43", "Juli 2026 0", "November 2026 3"):
        assert words in months, words
    assert "Desember 2026" not in months
    assert "Juni 2026 7" in text_of(client, f"{here}&state=established")
    assert f"Juni {YEAR - 1} 8" in text_of(client, f"{here}&year={YEAR - 1}")
    assert "Juni" not in text_of(client, f"region={BITUNG}")
    coming = text_of(client, f"{here}&year={YEAR + 1}").partition("Dari Januari")[2]
    assert "tidak ditampilkan" in coming or "bisa dikenali" in coming


@pytest.mark.parametrize(
    ("works_in", "where", "in_june"), [("71", "region=71", 59), (None, "", 63)]
)
def test_whoever_works_in_a_province_or_the_nation_reads_its_exact_months_too(
    counted: None, client: FlaskClient, works_in: str | None, where: str, in_june: int
) -> None:
    count_households(BITUNG, 4, date(YEAR, 6, 5))
    count_households(MANADO, 3, date(YEAR, 11, 2))
    count_households(MANADO, 7, date(YEAR, 7, 3), CountedState.ESTABLISHED)
    exactly = f"Juni 2026 {in_june}"
    assert exactly not in text_of(client, where)
    assert "Angka untuk umum" not in text_of(client, where)
    with transaction():
        person: User = UserFactory(administrator=True, region=works_in)
    sign_in(client, person)
    assert text_of(client, where).index("Angka tepat") < text_of(client, where).index(
        "Angka untuk umum"
    )
    months = text_of(client, where).partition("Per bulan, 2026")[2]
    for words in (exactly, "Oktober 2026 0", "November 2026 3"):
        assert words in months, words
    assert "Juli 2026 7" in text_of(client, f"{where}&state=established")


def test_a_year_that_has_not_begun_has_its_target_and_no_number(
    counted: None, client: FlaskClient
) -> None:
    set_target(None, 900, YEAR + 1)
    text = text_of(client, f"year={YEAR + 1}")
    assert "– Disetujui belum ada bulan yang selesai di tahun ini" in text
    assert "900 Target tahun 2027" in text


def test_in_january_the_page_is_about_the_year_that_is_over(
    counted: None, client: FlaskClient
) -> None:
    with clock.at(datetime(YEAR + 1, 1, 31, 16, 59, tzinfo=UTC)):  # 23.59 in Jakarta
        assert "50 Disetujui dihitung sampai 31 Des 2026" in text_of(client)
    with clock.at(datetime(YEAR + 1, 1, 31, 17, 0, tzinfo=UTC)):
        assert "dihitung sampai 31 Jan 2027" in text_of(client)


def test_published_figures_stand_beside_and_are_never_summed(
    counted: None, client: FlaskClient
) -> None:
    text = text_of(client)
    for words in ("1.742.917", "800.000", "19 Nov 2019", "Suara Karya", "tidak dapat dijumlahkan"):
        assert words in text
    assert "1.742.917" not in text_of(client, "region=71")


def test_the_page_and_the_api_say_the_same(counted: None, client: FlaskClient) -> None:
    for query, name in (("", "Sulawesi Utara"), ("region=71", "Kota Manado")):
        level = "regency" if query else "province"
        lines = client.get(f"/api/v1/counts?{query}&level={level}").get_json()["counts"]
        line = next(line for line in lines if line["name"] == name)
        sign = "≥ " if line["shown"] == "at_least" else ""
        assert row_of(client, name, query)[0] == f"{sign}{line['counted']}"


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("", 9),
        ("region=71", 9),
        (f"region={MANADO}", 7),
        ("kind=natural", 12),
        ("state=established", 6),
        ("year=2030", 7),
    ],
)
def test_the_page_takes_few_statements_whatever_the_data(
    counted: None, client: FlaskClient, statements: Statements, query: str, most: int
) -> None:
    client.get(f"/national?{query}")
    statements.reset()
    client.get(f"/national?{query}")
    few = statements.count
    for regency in (MANADO, BITUNG, DENPASAR):
        for year in range(2019, 2026):
            count_households(regency, 1, date(year, 3, 3))
            set_target(regency, 10, year)
    statements.reset()
    client.get(f"/national?{query}")
    assert statements.count == few == most, statements.sent


@pytest.mark.parametrize(
    "query",
    [
        *("region=99", "region=71.71.01", "region=%27--", "year=20x6", "year=20260", "year=1999"),
        *("kind=wisuda", "state=draft", "kind=natural&state=draft"),
    ],
)
def test_what_is_no_place_year_kind_or_state_is_not_found(
    counted: None, client: FlaskClient, query: str
) -> None:
    assert client.get(f"/national?{query}").status_code == 404


def test_every_province_has_its_own_tile_on_the_map() -> None:
    provinces = {code for code in official_list().names if "." not in code}
    assert set(TILES) == provinces
    assert len({(tile.column, tile.row) for tile in TILES.values()}) == len(TILES)
    assert len({tile.letters for tile in TILES.values()}) == len(TILES)
    assert all(0 <= tile.column < COLUMNS for tile in TILES.values())


@pytest.mark.parametrize(
    ("households", "share", "expected"),
    [
        (None, None, Band.NO_NUMBER),
        (10, None, Band.NO_TARGET),
        (10, 0.49, Band.BELOW_HALF),
        (10, 0.5, Band.ABOVE_HALF),
        (10, 0.999, Band.ABOVE_HALF),
        (10, 1.0, Band.REACHED),
    ],
)
def test_the_map_paints_what_the_public_figure_says(
    households: int | None, share: float | None, expected: Band
) -> None:
    assert band(households, share) is expected


@pytest.mark.parametrize(
    ("counted", "target", "closed", "expected"),
    [
        (50, 200, 10, Pace(60, 75)),
        (50, None, 10, Pace(60, None)),
        (50, 40, 10, Pace(60, 0)),
        (50, 200, 11, Pace(50, 150)),  # 54, in full tens
        (50, 200, 12, None),
        (0, 200, 0, None),
        (100, 1201, 1, Pace(1200, 101)),
    ],
)
def test_the_pace_is_that_of_the_closed_months(
    counted: int, target: int | None, closed: int, expected: Pace | None
) -> None:
    assert pace(counted, target, closed) == expected


@pytest.mark.parametrize(
    ("counted", "target", "today", "expected"),
    [
        (6, 10, date(YEAR, 7, 2), Pace(11, 1)),  # 183 days of 365; 4 more in six months
        (6, 10, date(YEAR, 12, 31), Pace(6, 4)),
        (6, None, date(YEAR, 7, 2), Pace(11, None)),
        (12, 10, date(YEAR, 7, 2), Pace(23, 0)),
        (0, 10, date(YEAR, 2, 1), Pace(0, 1)),
        (1, 10, date(YEAR, 1, 31), None),
        (6, 10, date(YEAR + 1, 7, 2), None),
        (6, 10, date(YEAR - 1, 7, 2), None),
    ],
)
def test_the_pace_of_an_exact_figure_goes_by_days(
    counted: int, target: int | None, today: date, expected: Pace | None
) -> None:
    assert exact_pace(counted, target, YEAR, today) == expected


def test_public_figures_end_with_the_last_full_month() -> None:
    assert last_closed_day(date(2026, 11, 1)) == date(2026, 10, 31)
    assert last_closed_day(date(2027, 1, 31)) == date(2026, 12, 31)
    assert last_closed_day(date(2028, 3, 1)) == date(2028, 2, 29)
    cut_off = date(2026, 10, 31)
    assert [closed_months(year, cut_off) for year in (2025, 2026, 2027)] == [12, 10, 0]


@pytest.mark.parametrize(
    ("role", "region", "query", "exact"),
    [
        ("supervisor", "71.71", "region=71.71", "43"),
        ("viewer", "71", "region=71", "55"),
        ("viewer", "71", "region=71.72", "12"),
        ("supervisor", "71.71", "region=71.72", None),
        ("supervisor", "71.71", "region=71", None),
        ("supervisor", "71.71", "", None),
        ("administrator", None, "", "59"),
    ],
)
def test_whoever_works_there_sees_the_exact_figure_of_today(
    client: FlaskClient, counted: None, role: str, region: str | None, query: str, exact: str | None
) -> None:
    user = UserFactory(**{role: True}, region_code=region)
    db.session.commit()
    assert "Angka tepat" not in text_of(client, query)
    sign_in(client, user)
    page = text_of(client, query)
    assert (f"Angka tepat per 12 Nov 2026: {exact} " in page) is (exact is not None)
    assert ("Angka tepat" in page) is (exact is not None)
