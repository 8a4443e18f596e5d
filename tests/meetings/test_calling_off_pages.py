"""The form that calls off a register, what its page then says, and the notice before a second
meeting of a month; without JavaScript."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from casework.core import clock
from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.meetings.models import CalledOff, Meeting
from casework.meetings.rules import MeetingStatus
from tests.factories.accounts import UserFactory, sign_in
from tests.fixtures.statements import Statements
from tests.meetings.browsing import Form, form_of, press
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows
from tests.meetings.test_calling_off import WHY, YESTERDAY, leaves, of, off, photograph, photos
from tests.meetings.test_recording import AWAY, HERE, everybody, save
from tests.meetings.test_sheet_pages import body, new, signed_in, words
from tests.meetings.test_taking_words import OTHER, take, word


@pytest.fixture
def her(client: FlaskClient, melati: Arranged) -> FlaskClient:
    """The facilitator's browser; her group has met today."""
    save(melati, everybody(melati))
    return signed_in(client, melati)


def page_of(group: Arranged, day: date = TODAY) -> str:
    return f"/meetings/{meeting_id(group.group_id, day)}"


def form_page(group: Arranged, day: date = TODAY) -> str:
    return f"{page_of(group, day)}/call-off"


def send(browser: FlaskClient, form: Form, **typed: str) -> TestResponse:
    return browser.post(form.action, data=MultiDict({**form.fields.to_dict(), **typed}))


def links(response: TestResponse) -> list[str]:
    main = response.text.split("<main", 1)[1].split("</main>", 1)[0]
    return re.findall(r'href="(/[^"]*)"', main)


# ---- The form ----


def test_the_form_says_what_becomes_of_it_and_leads_back(
    her: FlaskClient, melati: Arranged
) -> None:
    for where in (page_of(melati), f"{page_of(melati)}/correct"):
        assert form_page(melati) in links(her.get(where))
    page = her.get(form_page(melati))
    assert page.status_code == 200
    shown = words(page)
    assert "Absensi Kamis, 12 November 2026 salah?" in shown
    assert "Kehadiran 5 keluarga tidak dihitung lagi." in shown
    assert "Kalau Anda isi tanggal yang benar, semuanya pindah ke tanggal itu." in shown
    assert "foto" not in shown
    assert links(page).count(page_of(melati)) == 2
    form = form_of(page)
    assert (form.fields["base_version"], form.fields["right_day"]) == ("1", "")
    photograph(melati)
    assert "termasuk 1 foto." in words(her.get(form_page(melati)))


def test_called_off_it_says_so_with_who_when_and_why_and_offers_nothing_else(
    her: FlaskClient, melati: Arranged
) -> None:
    photograph(melati)
    answer = send(her, form_of(her.get(form_page(melati))), reason="Tidak jadi <b>bertemu</b>")
    assert (answer.status_code, answer.location) == (303, page_of(melati))
    page = her.get(answer.location)
    shown = words(page)
    assert "Absensi 12 Nov 2026 dibatalkan." in shown
    assert "Dibatalkan Tidak dihitung di mana pun." in shown
    assert "“Tidak jadi &lt;b&gt;bertemu&lt;/b&gt;”" in page.text
    assert f"{melati.actor.name}, 12 Nov 2026 12.00 WITA" in shown
    for name in melati.names:
        assert name in page.text
    assert "Pindah" not in shown
    here = page_of(melati)
    (photo,) = photos(melati)
    assert {each for each in links(page) if each.startswith(here)} == {
        f"{here}/correct", f"{here}/photos/{photo.id}"
    }  # fmt: skip
    assert "Catat ulang tanggal ini" in shown
    assert 'action="/meetings' not in page.text


def test_moved_it_leads_to_the_right_day(her: FlaskClient, melati: Arranged) -> None:
    form = form_of(her.get(form_page(melati)))
    answer = send(her, form, reason=WHY, right_day="2026-11-11")
    assert (answer.status_code, answer.location) == (303, page_of(melati, YESTERDAY))
    shown = words(her.get(answer.location))
    assert "Absensi dipindahkan dari 12 Nov 2026 ke 11 Nov 2026." in shown
    assert "Dibatalkan" not in shown
    old = her.get(page_of(melati))
    assert "Dipindahkan ke: Rabu, 11 November 2026 ." in words(old)
    assert page_of(melati, YESTERDAY) in links(old)


def test_a_form_that_is_sent_again_answers_the_same(her: FlaskClient, melati: Arranged) -> None:
    form = form_of(her.get(form_page(melati)))
    typed = {"reason": WHY, "right_day": "2026-11-11"}
    first, second = send(her, form, **typed), send(her, form, **typed)
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert len(rows(CalledOff)) == 1
    assert len(rows(Meeting)) == 2


def test_who_does_not_come_along_is_counted(her: FlaskClient, melati: Arranged) -> None:
    gone, *others = melati.households
    day_before = TODAY - timedelta(days=2)
    save(melati, everybody(melati), held_on=day_before)
    leaves(melati, gone, YESTERDAY)
    form = form_of(her.get(form_page(melati, day_before)))
    answer = send(her, form, reason=WHY, right_day="2026-11-11")
    shown = words(her.get(answer.location))
    assert "1 keluarga tidak ikut karena bukan anggota kelompok pada tanggal itu." in shown
    assert of(melati, YESTERDAY).total == len(others)


def test_who_is_not_marked_yet_makes_it_a_draft_that_says_so(
    client: FlaskClient, melati: Arranged
) -> None:
    gone, *others = melati.households
    leaves(melati, gone, TODAY)
    save(melati, dict.fromkeys(others, HERE))
    her = signed_in(client, melati)
    form = form_of(her.get(form_page(melati)))
    answer = send(her, form, reason=WHY, right_day="2026-11-11")
    page = her.get(answer.location)
    assert "1 keluarga belum ditandai, jadi masih draf." in words(page)
    assert f"{page_of(melati, YESTERDAY)}/correct" in links(page)


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"reason": ""}, "reason", "Tulis alasannya, paling sedikit 10 huruf."),
        ({"reason": "salah tgl"}, "reason", "Tulis alasannya, paling sedikit 10 huruf."),
        ({"reason": "salah " * 100}, "reason", "500"),
        ({"right_day": "2026-11-12"}, "right_day", "Itu tanggal absensi ini sendiri."),
        ({"right_day": "2026-11-13"}, "right_day", "Tanggal tidak boleh setelah hari ini."),
        ({"right_day": "2026-10-07"}, "right_day", "Tanggal tidak boleh lebih dari 35 hari lalu."),
        ({"right_day": "2026-11-05"}, "right_day", "Pertemuan tanggal itu sudah tercatat."),
        ({"right_day": "besok"}, "right_day", "Tulis tanggal"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    her: FlaskClient, melati: Arranged, typed: Mapping[str, str], field: str, message: str
) -> None:
    save(melati, everybody(melati), held_on=date(2026, 11, 5))
    form = form_of(her.get(form_page(melati)))
    answer = send(her, form, **{"reason": WHY, **typed})
    assert answer.status_code == 422
    assert message in words(answer)
    assert f'href="#{field}"' in answer.text
    assert f'aria-describedby="{field}-hint {field}-error"' in answer.text
    if field == "right_day":
        assert WHY in answer.text
    assert of(melati).status is MeetingStatus.SENT
    assert rows(CalledOff) == []


@pytest.mark.parametrize("version", ["", "x", "0", "2", "-1", "9" * 30, "٣"])
def test_a_version_that_is_not_what_stands_calls_nothing_off(
    her: FlaskClient, melati: Arranged, version: str
) -> None:
    form = form_of(her.get(form_page(melati)))
    answer = send(her, form, reason=WHY, base_version=version)
    assert answer.status_code == 409
    assert of(melati).status is MeetingStatus.SENT


def test_what_was_changed_meanwhile_is_told_and_asked_once_more(
    her: FlaskClient, melati: Arranged
) -> None:
    form = form_of(her.get(form_page(melati)))
    save(melati, everybody(melati, AWAY), base_version=1)
    answer = send(her, form, reason=WHY)
    assert answer.status_code == 409
    assert "Absensi ini baru saja diubah. Lihat dulu" in words(answer)
    again = form_of(answer)
    assert (again.fields["base_version"], WHY in answer.text) == ("2", True)
    assert send(her, again, reason=WHY).status_code == 303
    assert of(melati).status is MeetingStatus.CALLED_OFF


def test_where_it_cannot_be_called_off_the_page_says_why(
    client: FlaskClient, melati: Arranged
) -> None:
    one, *_ = melati.households
    take(melati, word(everybody(melati)))
    take(melati, word({**everybody(melati), one: AWAY}, device=OTHER))
    her = signed_in(client, melati)
    assert form_page(melati) not in links(her.get(page_of(melati)))
    page = her.get(form_page(melati))
    assert "Putuskan dulu yang berbeda di absensi ini." in words(page)
    assert f"{page_of(melati)}/settle" in links(page)
    assert 'name="reason"' not in page.text
    save(melati, everybody(melati), base_version=2)
    with clock.at(NOON + timedelta(days=60)):
        signed_in(client, melati)
        assert form_page(melati) not in links(her.get(page_of(melati)))
        page = her.get(form_page(melati))
        assert "selama pertemuan tanggal itu masih bisa dicatat" in words(page)
        data = {"reason": WHY, "base_version": "3"}
        assert her.post(form_page(melati), data=data).status_code == 422
    assert of(melati).status is MeetingStatus.SENT


def test_others_neither_see_nor_send_the_form(client: FlaskClient, melati: Arranged) -> None:
    save(melati, everybody(melati))
    form = form_of(signed_in(client, melati).get(form_page(melati)))
    signed_in(client, arrange())
    unknown = client.get(f"/meetings/{uuid.uuid4()}/call-off")
    answer = client.get(form_page(melati))
    assert answer.status_code == 404
    assert body(answer) == body(unknown)
    assert send(client, form, reason=WHY).status_code == 404
    for other in ({"supervisor": True}, {"supervisor": True, "region": "71"}):
        with transaction():
            user = UserFactory(**other)
        sign_in(client, user)
        assert client.get(form_page(melati)).status_code == 404
        assert send(client, form, reason=WHY).status_code == 404
    assert rows(CalledOff) == []


def test_a_supervisor_reads_what_was_called_off(client: FlaskClient, melati: Arranged) -> None:
    save(melati, everybody(melati))
    off(melati, to=YESTERDAY)
    with transaction():
        supervisor = UserFactory(supervisor=True)
    sign_in(client, supervisor)
    page = client.get(page_of(melati))
    assert f"“{WHY}”" in page.text
    assert page_of(melati, YESTERDAY) in links(page)
    assert not [each for each in links(page) if each.startswith(page_of(melati) + "/")]


# ---- Recorded anew ----


@pytest.mark.parametrize("by", ["its own page", "a new sheet"])
def test_the_sheet_says_it_was_called_off_and_presets_nothing(
    her: FlaskClient, melati: Arranged, by: str
) -> None:
    off(melati)
    address = new(melati) if by == "a new sheet" else f"{page_of(melati)}/correct"
    page = her.get(address)
    assert page.status_code == 200
    assert f"dibatalkan {melati.actor.name}, 12 Nov 2026 12.00 WITA: “{WHY}”." in words(page)
    assert "sudah tercatat" not in words(page)
    form = form_of(page)
    assert not [name for name in form.fields if re.match(r"p\d", name)]
    assert (form.fields.getlist("lesson"), form.fields["starts_at"]) == ([], "09:00")
    # Lesson 5 was held in what was called off, and so not at all.
    assert "Sesi 1: Menjadi Orang Tua yang Lebih Baik berikutnya" in words(page)
    assert ("step", "draft") not in form.buttons
    checked = press(her, form, "rest", lesson="1", p1="sick")
    assert press(her, form_of(checked), "save").location == page_of(melati)
    meeting = of(melati)
    assert (meeting.status, meeting.present, meeting.version) == (MeetingStatus.SENT, 4, 3)
    shown = words(her.get(page_of(melati)))
    assert "Tidak dihitung" not in shown
    assert f"Pernah dibatalkan 12 Nov 2026 12.00 WITA {melati.actor.name} “{WHY}”" in shown
    assert f"{melati.names[0]}: Hadir → Sakit" in shown


def test_another_day_that_was_called_off_is_told_before_anything_is_saved(
    her: FlaskClient, melati: Arranged
) -> None:
    save(melati, everybody(melati, AWAY), held_on=YESTERDAY)
    off(melati, YESTERDAY)
    form = form_of(her.get(new(melati)))
    told = press(her, form, "rest", lesson="1", held_on="2026-11-11", p1="sick")
    assert told.status_code == 409
    assert "Isi lagi hanya kalau kelompok memang bertemu pada hari itu." in words(told)
    assert "Tersimpan:" not in words(told)
    checked = press(her, form_of(told), "check")
    assert press(her, form_of(checked), "save").status_code == 302
    meeting = of(melati, YESTERDAY)
    assert (meeting.status, meeting.present, meeting.version) == (MeetingStatus.SENT, 4, 3)


def test_from_a_day_that_was_called_off_she_goes_to_another(
    her: FlaskClient, melati: Arranged
) -> None:
    off(melati)
    form = form_of(her.get(new(melati)))
    checked = press(her, form, "rest", lesson="1", held_on="2026-11-11")
    assert press(her, form_of(checked), "save").status_code == 302
    assert of(melati, YESTERDAY).status is MeetingStatus.SENT
    assert of(melati).status is MeetingStatus.CALLED_OFF


def test_a_sheet_that_was_open_meanwhile_is_told(her: FlaskClient, melati: Arranged) -> None:
    form = form_of(her.get(f"{page_of(melati)}/correct"))
    ready = form_of(press(her, form, "check", p1="sick"))
    off(melati)
    for told in (press(her, form, "check", p1="sick"), press(her, ready, "save")):
        assert told.status_code == 409
        assert "Absensi 12 Nov 2026 dibatalkan" in words(told)
    assert of(melati).status is MeetingStatus.CALLED_OFF


def test_what_can_be_recorded_no_more_is_not_offered(her: FlaskClient, melati: Arranged) -> None:
    off(melati)
    with clock.at(NOON + timedelta(days=60)):
        signed_in(her, melati)
        page = her.get(page_of(melati))
        assert f"{page_of(melati)}/correct" not in links(page)


# ---- A second meeting of a month ----

SAME_MONTH = "Kelompok ini sudah punya P2K2 di bulan yang sama:"


def checked(browser: FlaskClient, group: Arranged, day: str) -> TestResponse:
    form = form_of(browser.get(new(group)))
    return press(browser, form, "rest", lesson="1", held_on=day)


@pytest.mark.parametrize("day", ["2026-11-11", "2026-11-02"])
def test_a_second_meeting_of_a_month_is_noticed_and_can_be_saved(
    her: FlaskClient, melati: Arranged, day: str
) -> None:
    page = checked(her, melati, day)
    assert f"{SAME_MONTH} Kamis, 12 November . Simpan hanya kalau ini pertemuan lain." in words(
        page
    )
    assert page_of(melati) in links(page)
    assert press(her, form_of(page), "save").status_code == 302
    assert len(rows(Meeting)) == 2


def test_each_other_one_is_named(her: FlaskClient, melati: Arranged) -> None:
    save(melati, everybody(melati), held_on=date(2026, 11, 5))
    page = checked(her, melati, "2026-11-11")
    assert f"{SAME_MONTH} Kamis, 5 November ; Kamis, 12 November ." in words(page)


def test_where_there_is_no_other_meeting_of_the_month_nothing_is_said(
    her: FlaskClient, melati: Arranged
) -> None:
    assert SAME_MONTH not in words(checked(her, melati, "2026-10-31"))
    # Nor for a draft of another day, nor for one that was called off.
    save(melati, {}, held_on=date(2026, 11, 3), status=MeetingStatus.DRAFT)
    off(melati)
    page = checked(her, melati, "2026-11-11")
    assert page.status_code == 200
    assert SAME_MONTH not in words(page)


def test_who_corrects_one_of_two_meetings_is_not_asked(her: FlaskClient, melati: Arranged) -> None:
    save(melati, everybody(melati), held_on=date(2026, 11, 5))
    form = form_of(her.get(f"{page_of(melati)}/correct"))
    page = press(her, form, "check", p1="sick")
    assert ("step", "save") in form_of(page).buttons
    assert SAME_MONTH not in words(page)


def test_the_check_before_saving_costs_two_statements_beside_the_login(
    client: FlaskClient, melati: Arranged, statements: Statements
) -> None:
    her = signed_in(client, melati)
    form = form_of(her.get(new(melati)))
    statements.reset()
    assert press(her, form, "rest", lesson="1").status_code == 200
    assert statements.count <= 3, "\n".join(statements.sent)
