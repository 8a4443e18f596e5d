"""Kinds of exit: chosen, beside each other, and never mixed in a figure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from casework.core.transaction import transaction
from casework.counts.queries import kinds, public
from casework.counts.queries.figures import What
from casework.counts.queries.overview import overview
from casework.counts.queries.public import EVERY_KIND
from casework.graduation.models import HouseholdExit
from casework.ledger.models import Tally
from casework.ledger.rules import OTHER_EXITS, CountedState, ExitKind, states_of
from tests.counts.counting import (
    YEAR,
    count_exits,
    count_households,
    set_target,
    three_regencies,
)
from tests.counts.test_public_page import row_of, text_of
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.exits import leave, leaving, take_back
from tests.factories.graduation import Cast, cast, nominate
from tests.factories.places import BITUNG, DENPASAR, MANADO, NORTH_SULAWESI
from tests.graduation.test_exits import S
from tests.scenes import scene

pytestmark = pytest.mark.usefixtures("november")

K = ExitKind
CUT_OFF = date(YEAR, 10, 31)


@pytest.mark.parametrize("is_targeted", [True, False])
def test_only_the_first_state_has_public_months_whatever_targets_are_of(
    is_targeted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(What, "is_targeted", is_targeted)
    with_months = {what for what in EVERY_KIND if what.has_public_months}
    assert with_months == {What(kind, states_of(kind)[0]) for kind in ExitKind}
    assert What(K.INDEPENDENT, CountedState.ESTABLISHED) not in with_months


@pytest.fixture
def counted(db_session: Session) -> None:
    """Mandiri 43 in Manado; alamiah 31 in Manado and 14 in Denpasar; 12 died in Bitung, 4 in
    Denpasar."""
    three_regencies()
    count_households(MANADO, 43)
    count_exits(MANADO, 31)
    count_exits(DENPASAR, 14)
    count_exits(BITUNG, 12, K.DIED, date(YEAR, 3, 3))
    count_exits(DENPASAR, 4, K.DIED)


def kinds_of(client: FlaskClient, query: str = "") -> dict[str, list[str]]:
    """The table of kinds: the words of a kind and its state -> its figure."""
    page = client.get(f"/national?{query}").text
    table = re.search(r'id="kinds-caption".*?</table>', page, re.S)
    assert table is not None
    found: dict[str, list[str]] = {}
    for row in re.findall(r'<tr role="row">.*?</tr>', table[0], re.S):
        cells = [
            " ".join(re.sub(r"<[^>]*>", " ", cell).split()).replace("&lt;", "<")
            for cell in re.findall(r"<t[hd][^>]*>.*?</t[hd]>", row, re.S)
        ]
        if cells[0] != "Cara keluar":
            found[cells[0]] = [*found.get(cells[0], []), *cells[1:]]
    return found


# The page


def test_graduasi_mandiri_is_what_is_shown_unless_another_kind_is_chosen(
    counted: None, client: FlaskClient
) -> None:
    text = text_of(client)
    assert "Graduasi mandiri: Indonesia, 2026" in text
    assert "40 Disetujui dihitung sampai 31 Okt 2026" in text
    chosen = text_of(client, "kind=natural")
    assert "Graduasi alamiah: Indonesia, 2026" in chosen
    assert "40 Dicatat dihitung sampai 31 Okt 2026" in chosen  # of 45
    assert "Graduasi alamiah. Dicatat kantor. Dihitung sampai 31 Okt 2026." in chosen
    assert row_of(client, "Bali", "kind=natural") == ["10"]
    assert row_of(client, "Kota Manado", "region=71&kind=natural") == ["30"]
    assert "<10 Dicatat" in text_of(client, f"region={BITUNG}&kind=natural")


@pytest.mark.parametrize("kind", OTHER_EXITS)
def test_no_exit_of_another_kind_moves_the_page_of_graduasi_mandiri(
    counted: None, client: FlaskClient, kind: ExitKind
) -> None:
    def figures() -> list[str]:
        pages = [text_of(client, query) for query in ("", "region=71", f"region={MANADO}")]
        # What is said of the other kinds stands in their own table.
        return [re.sub(r"Semua cara keluar, 2026.*?Per tahun", "", page) for page in pages]

    before = figures()
    lines = client.get("/api/v1/counts?level=regency").get_json()
    count_exits(MANADO, 60, kind, date(YEAR, 9, 9))
    assert figures() == before
    assert client.get("/api/v1/counts?level=regency").get_json() == lines
    chosen = 90 if kind is K.NATURAL else 60
    assert f"{chosen} Dicatat dihitung" in text_of(client, f"kind={kind}&region={MANADO}")


def test_all_kinds_stand_beside_each_other_with_their_state(
    counted: None, client: FlaskClient
) -> None:
    table = kinds_of(client)
    assert table["Graduasi mandiri Graduasi"] == [
        "Disetujui Supervisor",
        "≥ 40",
        "Ditetapkan Kemensos",
        "–",
    ]
    assert table["Graduasi alamiah Graduasi"] == ["Dicatat kantor", "≥ 40"]
    # Two provinces, of which neither reached ten.
    assert table["Graduasi paksa Paksa"] == ["Dicatat kantor", "–"]
    assert table["Meninggal Bukan graduasi"] == ["Dicatat kantor", "≥ 10"]
    assert len(table) == len(K)
    assert kinds_of(client, "kind=died&region=71")["Meninggal Bukan graduasi"][1] == "≥ 10"
    assert kinds_of(client, f"region={DENPASAR}")["Meninggal Bukan graduasi"][1] == "<10"
    assert kinds_of(client, "year=2028")["Meninggal Bukan graduasi"][1] == "–"


@pytest.mark.parametrize("region", [None, NORTH_SULAWESI, "51", MANADO, BITUNG, DENPASAR])
@pytest.mark.parametrize("year", [YEAR - 1, YEAR, YEAR + 1])
def test_the_table_of_kinds_says_what_the_page_of_each_kind_says(
    counted: None, region: str | None, year: int
) -> None:
    """So it gives nothing away that they do not; also where no number is shown."""
    count_exits(MANADO, 16, K.FORCED, date(year, 2, 2))
    count_exits(DENPASAR, 5, K.FORCED, date(year, 2, 2))
    count_exits(BITUNG, 19, K.DUPLICATE, date(year, 10, 10))
    count_exits(BITUNG, 70, K.DUPLICATE, date(year, 11, 1))
    province = region and region[:2]
    mandiri = public.years(K.INDEPENDENT, CUT_OFF, province)
    table = kinds.kinds_of(region, province, mandiri, year)
    assert list(table) == list(EVERY_KIND)
    for what, figure in table.items():
        page = overview(region, what, year, CUT_OFF)
        assert page.total.counted == figure, what
        assert page.kinds == table


def test_a_kind_without_targets_shows_none(counted: None, client: FlaskClient) -> None:
    set_target(None, 200)
    natural = text_of(client, "kind=natural")
    assert "Target" not in natural
    assert "capaian target" not in natural.lower()
    assert "menurut capaian" not in natural
    assert "200 Target tahun 2026" in text_of(client)


@pytest.mark.parametrize("state", ["approved", "established", "recorded", ""])
@pytest.mark.parametrize("kind", ["independent", "natural"])
def test_a_state_that_the_chosen_kind_does_not_know_gives_way_on_the_page_and_is_refused_by_the_api(
    counted: None, client: FlaskClient, kind: str, state: str
) -> None:
    query = f"kind={kind}&state={state}"
    is_known = not state or CountedState(state) in states_of(K(kind))
    page = text_of(client, query)
    shown = state if state and is_known else states_of(K(kind))[0].value
    words = {"approved": "Disetujui", "established": "Ditetapkan", "recorded": "Dicatat"}
    assert f"{words[shown]} dihitung sampai" in page
    answer = client.get(f"/api/v1/counts?{query}")
    assert answer.status_code == (200 if is_known else 422)
    if is_known:
        assert answer.get_json()["state"] == shown


def test_the_api_gives_every_kind_by_itself(counted: None, client: FlaskClient) -> None:
    for kind, province, number in (
        (K.NATURAL, "71", 30),
        (K.NATURAL, "51", 10),
        (K.DIED, "71", 10),
        (K.DIED, "51", None),
        (K.INDEPENDENT, "71", 40),
    ):
        (line,) = client.get(f"/api/v1/counts?region={province}&kind={kind}").get_json()["counts"]
        assert (line["counted"], line["kind"]) == (number, kind.value)
        assert line["target"] is line["share"] is line["gap"] is None


def test_whoever_works_there_sees_the_exact_figure_of_the_chosen_kind(
    counted: None, client: FlaskClient
) -> None:
    with transaction():
        user = UserFactory(supervisor=True)
    sign_in(client, user)
    assert "Angka tepat per 12 Nov 2026: 31 " in text_of(client, f"region={MANADO}&kind=natural")
    assert "Angka tepat per 12 Nov 2026: 43 " in text_of(client, f"region={MANADO}")


# From a figure to the families


@pytest.fixture
def people(db_session: Session) -> Cast:
    """Two families that died, one by mistake; one that was approved."""
    return aminah_and_others()


@scene
def aminah_and_others() -> Cast:
    people = cast(caretaker_name="Ibu Aminah")
    leave(people.theirs, people.household.id, leaving(K.DIED))
    wrong = cast(caretaker_name="Ibu Berta")
    exit_id = leave(wrong.theirs, wrong.household.id, leaving(K.DIED))
    take_back(wrong.office, wrong.household.id, exit_id)
    nominate(cast(caretaker_name="Ibu Clara"), S.APPROVED)
    return people


def test_behind_a_figure_stand_the_families_of_its_kind(people: Cast, client: FlaskClient) -> None:
    sign_in(client, people.supervisor)
    page = client.get(f"/national/nominations?region={MANADO}&kind=died")
    assert page.status_code == 200
    assert f'href="/households/{people.household.id}"' in page.text
    assert page.text.count("Ibu Berta") == 2
    assert "Ditarik kembali: −1" in page.text
    assert "Ibu Clara" not in page.text
    mandiri = client.get(f"/national/nominations?region={MANADO}").text
    assert "Ibu Clara" in mandiri
    assert "Ibu Aminah" not in mandiri
    assert (
        client.get(f"/national/nominations?region={MANADO}&kind=died&state=approved").status_code
        == 404
    )


# The command line


def test_verify_names_an_exit_that_the_ledger_does_not_bear_out(
    people: Cast, run_command: Callable[..., Any]
) -> None:
    whole = run_command("counts", "verify")
    assert whole.exit_code == 0, whole.output
    assert "decisions and exits agree" in whole.output
    with transaction() as session:
        session.execute(
            update(HouseholdExit)
            .where(HouseholdExit.household_id == people.household.id)
            .values(kind=K.FORCED)
        )
    broken = run_command("counts", "verify")
    assert broken.exit_code == 1
    assert "(died): counted 1, expected 0" in broken.output
    assert "(forced): counted 0, expected 1" in broken.output


def test_rebuild_mends_a_tally_of_any_kind(people: Cast, run_command: Callable[..., Any]) -> None:
    with transaction() as session:
        session.execute(update(Tally).where(Tally.kind == K.DIED).values(counted=9))
    assert "ledger 1, tally 9" in run_command("counts", "verify").output
    assert "1 rows corrected" in run_command("counts", "rebuild").output
    assert run_command("counts", "verify").exit_code == 0


def test_show_prints_the_kind_that_is_asked_for(
    people: Cast, run_command: Callable[..., Any]
) -> None:
    died = run_command("counts", "show", "--year", YEAR, "--region", MANADO, "--kind", "died")
    assert died.exit_code == 0
    assert "died (no graduations), recorded" in died.output
    assert died.output.rstrip().endswith("1")
    mandiri = run_command("counts", "show", "--year", YEAR, "--region", MANADO)
    assert "independent graduations, approved" in mandiri.output
