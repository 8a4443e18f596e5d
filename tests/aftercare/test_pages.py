"""From the line on the home page to the family's page and back, without a script."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.aftercare.actions import Visit, record_visit
from casework.aftercare.states import Livelihood, NextStep, Shock, Unable
from casework.core import clock
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.desk.queries.supervisor_home import supervisor_home
from casework.economics.queries.history import observations_of
from casework.economics.rules import BorrowsFrom
from casework.graduation.actions import withdraw
from casework.graduation.states import NominationStatus
from tests.aftercare.families import (
    KNOWN,
    SIX,
    THREE,
    TWELVE,
    as_graduate,
    graduate,
    noon,
    poorly,
    reverse,
    rows,
    visit,
    well,
)
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import FAMILY_SAYS, Cast, another_household, cast, nominate
from tests.factories.households import group_with
from tests.factories.places import BITUNG, TUMINTING
from tests.fixtures.statements import Statements

NAME = "Wilhelmina Petronela Rumokoy-Tumanduk"


@pytest.fixture
def people(db_session: Session) -> Iterator[Cast]:
    people = cast(caretaker_name=NAME)
    graduate(people)
    with clock.at(noon(THREE)):
        yield people


@pytest.fixture
def browser(people: Cast, client: FlaskClient) -> FlaskClient:
    sign_in(client, people.facilitator)
    return client


def at(people: Cast, page: str = "") -> str:
    return f"/households/{people.household.id}{page}"


@contextmanager
def on(day: date, browser: FlaskClient, people: Cast) -> Iterator[None]:
    """That day; the login of the day before has run out."""
    with clock.at(noon(day)):
        sign_in(browser, db.session.merge(people.facilitator))
        yield


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def card(page: str) -> str:
    """What stands in the card of the time after graduation."""
    found = re.search(r'<section class="card" id="aftercare".*?</section>', page, re.DOTALL)
    return words(found[0]) if found else ""


def timeline(page: str) -> str:
    return words(page.split('id="meetings"', 1)[1].split("</section>", 1)[0])


def told(**changes: object) -> dict[str, object]:
    return {
        "visited_on": THREE.isoformat(),
        "met": "spoken",
        "livelihood": "smaller",
        "income_per_month": "3.500.000",
        "next_step": "visit_again",
    } | changes


def test_the_line_on_the_home_page_leads_to_the_form_and_goes_when_it_is_done(
    browser: FlaskClient, people: Cast
) -> None:
    home = browser.get("/").text
    assert "Kunjungan setelah graduasi: 1" in words(home)
    assert 'href="/follow-ups/"' in home
    listed = browser.get("/follow-ups/").text
    assert f'href="{at(people)}#aftercare"' in listed
    assert "3 bulan · jadwal 1 Apr 2026" in words(listed)
    page = browser.get(at(people)).text
    assert "Graduasi sejak 1 Jan 2026." in card(page)
    assert "Kunjungan 3 bulan setelah graduasi 1 Apr 2026 Perlu dikunjungi" in card(page)
    assert "Kunjungan 6 bulan setelah graduasi 1 Jul 2026 Belum" in card(page)
    assert f'href="{at(people, "/follow-ups/new")}"' in page
    done = browser.post(at(people, "/follow-ups/new"), data=told(), follow_redirects=True)
    assert "Kunjungan tersimpan." in done.text
    assert "Kunjungan 3 bulan setelah graduasi 1 Apr 2026 Sudah dikunjungi" in card(done.text)
    assert "Kunjungan setelah graduasi:" not in words(browser.get("/").text)
    assert "Tidak ada kunjungan yang perlu dilakukan." in browser.get("/follow-ups/").text


def test_the_home_page_says_how_many_are_late(browser: FlaskClient, people: Cast) -> None:
    with on(date(2026, 5, 1), browser, people):
        home = words(browser.get("/").text)
        listed = words(browser.get("/follow-ups/").text)
    assert "Kunjungan setelah graduasi: 1 1 terlambat" in home
    assert "Terlambat" in listed


def test_the_home_page_says_who_needs_attention_until_it_is_well(
    browser: FlaskClient, people: Cast
) -> None:
    alert = "Keluarga graduasi yang perlu perhatian"
    assert alert not in words(browser.get("/").text)
    visit(people.hers, people, poorly(THREE))
    page = browser.get("/").text
    assert f"{alert} 1" in words(page)
    assert 'href="/follow-ups/alerts"' in page
    with on(date(2026, 5, 4), browser, people):
        visit(people.hers, people, well(date(2026, 5, 4)))
        assert alert not in words(browser.get("/").text)


def test_an_answer_tapped_by_mistake_can_be_taken_back(browser: FlaskClient, people: Cast) -> None:
    """The family had moved, as she saw when the form came back."""
    mistaken = told(met="moved", note="Ke Bitung, kata tetangga.", income_per_month="")
    answer = browser.post(at(people, "/follow-ups/new"), data=mistaken)
    assert answer.status_code == 422
    assert "Pilih ya, atau kosongkan jawaban itu" in words(answer.text)
    mended = mistaken | {"livelihood": "", "next_step": ""}
    assert re.search(r"name=\"livelihood\"[^>]*value=\"\"", answer.text)
    page = browser.post(at(people, "/follow-ups/new"), data=mended, follow_redirects=True).text
    assert "Tidak bertemu" in card(page)


def test_the_form_is_kept_whole(browser: FlaskClient, people: Cast) -> None:
    form = told(
        income_per_month="1,5 juta",
        shocks=["illness", "debt"],
        borrows_from="moneylender",
        next_step="village_proposal",
        note="  Modal habis.  ",
    )
    answer = browser.post(at(people, "/follow-ups/new"), data=form)
    assert answer.status_code == 302
    assert answer.location.endswith("#aftercare")
    (row,) = rows()
    assert (row.livelihood, row.shocks) == (Livelihood.SMALLER, ["illness", "debt"])
    assert (row.next_step, row.note) == (NextStep.VILLAGE_PROPOSAL, "Modal habis.")
    (seen,) = observations_of(people.household.area_id, people.household.id)
    assert (seen.income_per_month, seen.borrows_from) == (1_500_000, BorrowsFrom.MONEYLENDER)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"visited_on": ""}, "Pilih tanggal"),
        ({"visited_on": "2026-04-11"}, "Tanggal tidak boleh setelah hari ini"),
        ({"visited_on": "2026-03-17"}, "Kunjungan pertama dihitung mulai 18 Mar 2026."),
        ({"met": ""}, "Pilih apakah Anda berbicara dengan keluarga."),
        ({"met": "abducted"}, "error-summary"),
        ({"livelihood": ""}, "Pilih bagaimana usahanya sekarang."),
        ({"next_step": ""}, "Pilih langkah Anda berikutnya."),
        ({"income_per_month": "banyak"}, "Tulis jumlahnya lengkap, misalnya 1.500.000."),
        ({"income_per_month": "1.000.000.001"}, "Jumlah ini terlalu besar"),
        ({"shocks": ["other"]}, "Tulis apa yang terjadi pada keluarga."),
        ({"shocks": ["earthquake"]}, "error-summary"),
        ({"met": "moved"}, "Ada jawaban di bawah."),
        ({"livelihood": "stopped", "next_step": "nothing"}, "tampaknya perlu bantuan"),
        ({"income_per_month": "3.045.800", "next_step": "nothing"}, "tampaknya perlu bantuan"),
        ({"income_per_month": "3.045.801", "next_step": "nothing"}, ""),
        ({"income_per_month": "", "next_step": "nothing"}, ""),
        ({"note": "x" * 500}, ""),
        ({"note": "x" * 501}, "paling banyak 500 huruf"),
    ],
)
def test_the_form_at_its_limits(
    browser: FlaskClient, people: Cast, changes: dict[str, object], message: str
) -> None:
    answer = browser.post(at(people, "/follow-ups/new"), data=told(**changes))
    if not message:
        assert (answer.status_code, len(rows())) == (302, 1), words(answer.text)
        return
    assert (answer.status_code, len(rows())) == (422, 0)
    assert "error-summary" in answer.text
    assert message in answer.text
    for typed in changes.values():
        if isinstance(typed, str) and typed not in ("", "abducted"):
            assert typed in answer.text, "what was typed is kept"


def test_a_form_that_is_sent_again_is_recorded_once(browser: FlaskClient, people: Cast) -> None:
    page = browser.get(at(people, "/follow-ups/new")).text
    once = re.search(r'name="once"[^>]*value="([^"]+)"', page)
    assert once is not None
    for _ in range(2):
        answer = browser.post(at(people, "/follow-ups/new"), data=told(once=once[1]))
        assert answer.status_code == 302
    assert len(rows()) == 1


def test_signs_stand_on_the_family_s_page_with_the_way_back(
    browser: FlaskClient, people: Cast
) -> None:
    visit(
        people.hers,
        people,
        poorly(THREE, income_per_month=1_800_000, shocks=frozenset({Shock.DEATH})),
    )
    page = browser.get(at(people)).text
    found = card(page)
    assert "Perlu perhatian sejak kunjungan 10 Apr 2026" in found
    assert "Penghasilan Rp 1.800.000 sebulan, tidak di atas Rp 3.045.800" in found
    assert "Usaha berhenti, belum ada gantinya." in found
    assert "Musibah berat: Anggota keluarga meninggal." in found
    assert "Jalan kembali ke bantuan adalah usulan lewat musyawarah desa/kelurahan" in found
    assert "Graduasinya tidak dibatalkan." in found
    assert "Batasnya contoh sampai kantor Anda menetapkan sendiri." in found
    assert "/reverse" not in page
    line = timeline(page)
    assert "10 Apr 2026 Kunjungan 3 bulan setelah graduasi Berhenti, belum ada gantinya" in line
    assert "penghasilan Rp 1.800.000 sebulan" in line


def test_a_later_visit_that_finds_it_well_takes_the_signs_off_the_page(
    browser: FlaskClient, people: Cast
) -> None:
    visit(people.hers, people, poorly(THREE))
    with on(date(2026, 5, 4), browser, people):
        before = card(browser.get(at(people)).text)
        visit(people.hers, people, well(date(2026, 5, 4)))
        page = browser.get(at(people)).text
    assert "Perlu perhatian" in before
    assert "Catat kunjungan lagi" in before
    assert "Perlu perhatian" not in card(page)
    # Both stay in the order of time, with the money of each.
    assert timeline(page).index("4 Mei 2026") < timeline(page).index("10 Apr 2026")


def test_what_a_try_found_is_told_with_its_reason(browser: FlaskClient, people: Cast) -> None:
    form = {"visited_on": THREE.isoformat(), "met": "moved", "note": "Ke Bitung, kata tetangga."}
    page = browser.post(at(people, "/follow-ups/new"), data=form, follow_redirects=True).text
    assert "1 Apr 2026 Tidak bertemu" in card(page)
    assert "Catat kunjungan lagi" in card(page)
    assert "Keluarga sudah pindah · Ke Bitung, kata tetangga." in timeline(page)


def test_a_visit_is_corrected_from_the_timeline(browser: FlaskClient, people: Cast) -> None:
    first = visit(
        people.hers,
        people,
        poorly(THREE, shocks=frozenset({Shock.DEBT}), note="Utang.", income_per_month=1_200_000),
    )
    address = at(people, f"/follow-ups/{first}")
    page = browser.get(at(people)).text
    assert f'href="{address}"' in page
    form = browser.get(address).text
    assert 'value="1.200.000"' in form
    assert re.search(r'value="stopped" checked', form)
    assert re.search(r'value="debt" checked', form)
    assert "Utang." in form
    unchanged = browser.post(
        address,
        data=told(
            livelihood="stopped",
            income_per_month="1.200.000",
            shocks=["debt"],
            note="Utang.",
            next_step="village_proposal",
        ),
        follow_redirects=True,
    )
    assert "Tidak ada yang diubah." in unchanged.text
    done = browser.post(address, data=told(), follow_redirects=True).text
    assert "Kunjungan diperbaiki." in done
    assert "· diperbaiki" in timeline(done)
    assert "Perlu perhatian" not in card(done)
    assert timeline(done).count("10 Apr 2026 Kunjungan") == 1
    # Its page is no more, and whoever had it open is told.
    assert browser.get(address).status_code == 404
    late = browser.post(address, data=told(note="Lain."))
    assert late.status_code == 422
    assert "sudah diperbaiki orang lain" in late.text


def test_an_income_ten_times_too_high_is_asked_about_once_and_not_where_it_stands(
    browser: FlaskClient, people: Cast
) -> None:
    large = told(income_per_month="35.000.000", note="Warungnya ramai.")
    asked = browser.post(at(people, "/follow-ups/new"), data=large)
    assert asked.status_code == 422
    assert "Rp 35.000.000 (35 juta) per bulan, benar?" in asked.text
    assert "Warungnya ramai." in asked.text
    assert rows() == []
    yes = {"income_per_month_is_right": "35000000"}
    assert browser.post(at(people, "/follow-ups/new"), data=large | yes).status_code == 302
    [row] = rows()
    address = at(people, f"/follow-ups/{row.id}")
    stands = browser.get(address).text
    assert 'value="35.000.000"' in stands
    assert "_is_right" not in stands
    corrected = browser.post(address, data=large | {"note": "Warung dan kebun."})
    assert corrected.status_code == 302


def test_when_the_graduation_is_reversed_the_visits_stay_and_nothing_is_due(
    browser: FlaskClient, people: Cast
) -> None:
    visit(people.hers, people, poorly(THREE))
    reverse(people, rows()[0].nomination_id)
    with on(SIX, browser, people):
        page = browser.get(at(people)).text
        assert "Kunjungan setelah graduasi:" not in words(browser.get("/").text)
        assert browser.get(at(people, "/follow-ups/new")).status_code == 403
    assert "Penetapan graduasi dibatalkan: tidak ada lagi kunjungan" in card(page)
    assert "Perlu perhatian" not in card(page)
    assert "10 Apr 2026 Kunjungan 3 bulan setelah graduasi" in timeline(page)
    assert "/follow-ups/" not in page


def test_the_visits_stay_however_often_the_family_is_put_forward_again(
    db_session: Session, browser: FlaskClient, people: Cast
) -> None:
    visit(people.hers, people, poorly(THREE))
    reverse(people, rows()[0].nomination_id)
    for _ in range(11):
        nomination_id = nominate(people, NominationStatus.SUBMITTED)
        with transaction():
            withdraw(people.hers, nomination_id, reason=FAMILY_SAYS)
    with on(SIX, browser, people):
        page = browser.get(at(people)).text
    assert "10 Apr 2026 Kunjungan 3 bulan setelah graduasi" in timeline(page)
    assert "2 usulan yang lebih lama ada di daftar usulan." in words(page)


def test_before_and_after_the_visits_there_is_nothing_to_record(
    browser: FlaskClient, people: Cast
) -> None:
    for day in (date(2026, 2, 1), date(2027, 4, 1)):
        with on(day, browser, people):
            assert "/follow-ups/new" not in browser.get(at(people)).text
    with on(TWELVE, browser, people):
        page = card(browser.get(at(people)).text)
    assert "3 bulan setelah graduasi 1 Apr 2026 Tidak dikunjungi" in page
    assert "12 bulan setelah graduasi 1 Jan 2027 Perlu dikunjungi" in page


def test_a_family_in_the_programme_has_no_card(client: FlaskClient, db_session: Session) -> None:
    people = cast()
    sign_in(client, people.facilitator)
    assert card(client.get(at(people)).text) == ""
    assert client.get(at(people, "/follow-ups/new")).status_code == 403


@pytest.mark.parametrize(
    "stranger",
    [
        {},
        {"region": TUMINTING},
        {"supervisor": True, "region": TUMINTING},
        {"supervisor": True, "region": BITUNG},
        {"administrator": True, "region": BITUNG},
        {"viewer": True},
    ],
)
def test_whoever_it_does_not_exist_for_gets_what_never_was(
    client: FlaskClient, people: Cast, stranger: dict[str, object]
) -> None:
    first = visit(people.hers, people, poorly(THREE))
    with transaction():
        user = UserFactory(**stranger)
    sign_in(client, user)
    for address in ("/follow-ups/new", f"/follow-ups/{first}", ""):
        answer = client.get(at(people, address))
        never = client.get(f"/households/{new_id()}{address}")
        assert answer.status_code == never.status_code == 404
        assert NAME not in answer.text
    for address in ("/follow-ups/new", f"/follow-ups/{first}"):
        assert client.post(at(people, address), data=told()).status_code == 404
    assert len(rows()) == 1
    if "viewer" in stranger:
        assert client.get("/follow-ups/").status_code == 404
    else:
        assert NAME not in client.get("/follow-ups/").text
        assert NAME not in client.get("/follow-ups/alerts").text


@pytest.mark.parametrize("who", ["supervisor", "administrator"])
def test_supervisors_read_what_was_found_and_record_nothing(
    client: FlaskClient, people: Cast, who: str
) -> None:
    first = visit(people.hers, people, poorly(THREE))
    sign_in(client, getattr(people, who))
    page = client.get(at(people)).text
    assert "Perlu perhatian sejak kunjungan" in card(page)
    assert "Hanya pendamping kelompok" in card(page)
    assert "/follow-ups/" not in page
    for address in ("/follow-ups/new", f"/follow-ups/{first}"):
        assert client.get(at(people, address)).status_code == 404
        assert client.post(at(people, address), data=told()).status_code == 404


def test_the_supervisor_sees_those_in_need_with_filters_and_when_there_are_none(
    client: FlaskClient, people: Cast
) -> None:
    sign_in(client, people.supervisor)
    assert (
        "Tidak ada keluarga graduasi yang perlu perhatian." in client.get("/follow-ups/alerts").text
    )
    home = client.get("/").text
    assert "0 Keluarga graduasi yang perlu perhatian" in words(home)
    assert 'href="/follow-ups/alerts"' not in home
    visit(people.hers, people, poorly(THREE, income_per_month=1_800_000))
    home = client.get("/").text
    assert "1 Keluarga graduasi yang perlu perhatian" in words(home)
    assert 'href="/follow-ups/alerts"' in home
    page = words(client.get("/follow-ups/alerts").text)
    assert f"{NAME} Penghasilan di bawah batas, Usaha berhenti. Langkah" in page
    assert "Langkah berikutnya: Bantu keluarga mengajukan di desa/kelurahan" in page
    assert people.facilitator.name in page
    narrowed = client.get("/follow-ups/alerts?next_step=visit_again&region=71.71.02").text
    assert "Tidak ada keluarga yang cocok dengan saringan ini." in narrowed
    assert NAME not in narrowed
    assert 'href="/follow-ups/alerts"' in narrowed


def test_the_supervisor_of_an_office_without_groups_is_told_of_them_too(
    client: FlaskClient, db_session: Session
) -> None:
    with transaction():
        supervisor = UserFactory(supervisor=True, region=BITUNG)
    actor = sign_in(client, supervisor)
    assert supervisor_home(actor).alerts == 0


def test_the_family_s_page_costs_five_statements_whatever_was_found(
    browser: FlaskClient, people: Cast, statements: Statements
) -> None:
    costs = []
    for day in (THREE, SIX, TWELVE):
        for hour in range(3):
            visit(people.hers, people, poorly(day + timedelta(days=hour), income_per_month=hour))
        with on(TWELVE, browser, people):
            address = at(people)
            statements.reset()
            page = browser.get(address)
            costs.append(statements.count)
    assert costs == [5, 5, 5], "\n".join(statements.sent)
    assert timeline(page.text).count("bulan setelah graduasi") == 9
    assert len(gzip.compress(page.get_data())) <= 14 * 1024


def test_the_home_page_costs_three_statements_with_many_graduates(
    browser: FlaskClient, people: Cast, statements: Statements
) -> None:
    with transaction():
        group = group_with(db.session.merge(people.facilitator), 5)
        for _ in range(40):
            as_graduate(another_household(group))
    statements.reset()
    page = browser.get("/")
    assert statements.count == 3
    assert "Kunjungan setelah graduasi: 41" in words(page.text)
    assert len(gzip.compress(page.get_data())) <= 14 * 1024


def test_a_family_that_graduates_later_is_news_and_not_yet_to_be_visited(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast(caretaker_name=NAME)
    graduate(people, "2026-2", known=KNOWN)
    sign_in(client, people.facilitator)
    with clock.at(datetime(2026, 1, 25, 3, tzinfo=KNOWN.tzinfo)):
        home = words(client.get("/").text)
        page = card(client.get(at(people)).text)
    assert f"{NAME} Ditetapkan mulai tahap 2026-2" in home
    assert "Kunjungan setelah graduasi:" not in home
    assert "Graduasi mulai 1 Apr 2026." in page
    with clock.at(datetime(2026, 4, 1, 3, tzinfo=KNOWN.tzinfo)):
        assert "Graduasi sejak 1 Apr 2026." in card(client.get(at(people)).text)


def test_a_try_says_why_in_each_of_its_ways(browser: FlaskClient, people: Cast) -> None:
    for unable in Unable:
        visit(people.hers, people, Visit(THREE, unable=unable, note="Kata ketua kelompok."))
    found = timeline(browser.get(at(people)).text)
    for shown in ("Keluarga sudah pindah", "Tidak ditemukan", "tidak bersedia dikunjungi"):
        assert shown in found


def test_a_visit_that_was_recorded_long_after_its_day_says_so(
    browser: FlaskClient, people: Cast
) -> None:
    visit(people.hers, people, well(THREE))
    later = THREE + timedelta(days=60)
    with on(later, browser, people):
        assert "hari kemudian" not in browser.get(at(people)).text
        with transaction():
            record_visit(
                people.hers, people.household.id, well(THREE + timedelta(days=1)), visit_id=new_id()
            )
        page = words(browser.get(at(people)).text)
    assert re.findall(r"\((\d+) hari kemudian\)", page.split("Kunjungan dan pertemuan")[1]) == [
        "59"
    ]
