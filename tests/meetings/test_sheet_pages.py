"""From the first tap to the receipt, in a browser without JavaScript."""

from __future__ import annotations

import re
import uuid

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework.core import clock
from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.meetings.models import Attendance, AttendanceChange, Meeting
from casework.meetings.rules import MarkedHow, MeetingStatus, Presence, Understanding
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.households import group_with
from tests.fixtures.statements import Statements
from tests.meetings.browsing import form_of, press
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows


@pytest.fixture
def her(client: FlaskClient, melati: Arranged) -> FlaskClient:
    """The facilitator's browser."""
    return signed_in(client, melati)


def signed_in(client: FlaskClient, arranged: Arranged) -> FlaskClient:
    from casework.accounts.models import User
    from casework.core.db import db

    sign_in(client, db.session.get(User, arranged.actor.user_id))
    return client


def new(group: Arranged) -> str:
    return f"/groups/{group.group_id}/meetings/new"


def save_with_the_rest_present(browser: FlaskClient, group: Arranged, **marks: str) -> TestResponse:
    checked = press(browser, form_of(browser.get(new(group))), "rest", lesson="1", **marks)
    return press(browser, form_of(checked), "save")


def text(response: object) -> str:
    return response.get_data(as_text=True)


def body(response: TestResponse) -> str:
    """The page without its own address and the token that changes by the second."""
    page = re.sub(r'name="csrf_token" value="[^"]*"', "", text(response))
    return page.replace(response.request.path, "")


def words(response: object) -> str:
    """The page without its tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", text(response)).split())


def present(*numbers: int) -> dict[str, str]:
    return {f"p{number}": "present" for number in numbers}


def test_nothing_is_preset_on_a_new_sheet(her: FlaskClient, melati: Arranged) -> None:
    page = her.get(new(melati))
    assert page.status_code == 200
    form = form_of(page)
    assert not [name for name in form.fields if re.match(r"p\d", name)]
    assert form.fields.getlist("lesson") == []
    assert form.fields["held_on"] == "2026-11-12"
    assert (form.fields["starts_at"], form.fields["place"]) == ("09:00", "Rumah Ibu Sarah")
    assert form.choices["p1"] == ["present", "sick", "excused", "absent"]
    for name in melati.names:
        assert name in text(page)


def test_one_by_one_through_the_check_page_to_the_receipt(
    her: FlaskClient, melati: Arranged
) -> None:
    marks = {**present(1, 2, 4), "p3": "sick", "p5": "absent", "u1": "good", "n3": "demam"}
    checked = press(her, form_of(her.get(new(melati))), "check", lesson="1", **marks)
    assert checked.status_code == 200
    assert "3 Hadir" in words(checked)
    assert "1 sakit, 0 izin, 1 tanpa kabar" in words(checked)
    assert "5 satu per satu, 0 sekaligus" in words(checked)
    assert f"{melati.names[2]} · Sakit · demam" in words(checked)
    assert rows(Meeting) == []

    saved = press(her, form_of(checked), "save")
    assert saved.status_code == 302
    shown = her.get(saved.location)
    assert "Absensi Melati tersimpan: 3 hadir, 2 tidak hadir." in words(shown)
    (meeting,) = rows(Meeting)
    assert saved.location.endswith(str(meeting.id))
    assert (meeting.present, meeting.total, meeting.lesson_mask) == (3, 5, 1)
    (sick,) = rows(Attendance, household_id=melati.households[2])
    assert (sick.presence, sick.note) == (Presence.SICK, "demam")
    assert sick.understanding is Understanding.NOT_ASSESSABLE


def test_the_rest_present_is_one_press_and_recorded_as_bulk(
    her: FlaskClient, melati: Arranged
) -> None:
    checked = press(her, form_of(her.get(new(melati))), "rest", lesson="1", p2="excused")
    assert "1 satu per satu, 4 sekaligus" in words(checked)
    press(her, form_of(checked), "save")
    how = {mark.household_id: mark.marked_how for mark in rows(Attendance)}
    assert [how[each] for each in melati.households] == [
        MarkedHow.BULK, MarkedHow.SINGLE, MarkedHow.BULK, MarkedHow.BULK, MarkedHow.BULK
    ]  # fmt: skip


def test_the_way_back_keeps_everything_and_a_changed_mark_is_no_longer_bulk(
    her: FlaskClient, melati: Arranged
) -> None:
    entered = {"lesson": ["1", "6"], "topic": "Judi online", "p2": "excused", "n2": "ke pasar"}
    checked = press(her, form_of(her.get(new(melati))), "rest", **entered)
    back = press(her, form_of(checked), "edit")
    assert back.status_code == 200
    form = form_of(back)
    assert form.fields.getlist("lesson") == ["1", "6"]
    assert (form.fields["topic"], form.fields["n2"]) == ("Judi online", "ke pasar")
    assert (form.fields["p1"], form.fields["p2"]) == ("present", "excused")
    again = press(her, form, "check", p1="sick")
    press(her, form_of(again), "save")
    (mark,) = rows(Attendance, household_id=melati.households[0])
    assert (mark.presence, mark.marked_how) == (Presence.SICK, MarkedHow.SINGLE)
    assert len(rows(Attendance, marked_how=MarkedHow.BULK)) == 3


def test_understanding_filled_in_at_once_says_so(her: FlaskClient, melati: Arranged) -> None:
    checked = press(her, form_of(her.get(new(melati))), "rest", lesson="1", p2="sick", p1="present",
                    u1="very_good")  # fmt: skip
    assert "3 belum dinilai" in words(checked)
    filled = press(her, form_of(checked), "fill")
    assert "3 diisi sekaligus" in words(filled)
    press(her, form_of(filled), "save")
    marks = {mark.household_id: mark for mark in rows(Attendance)}
    one, two, three, *_ = melati.households
    assert (marks[one].understanding, marks[one].assessed_how) == (
        Understanding.VERY_GOOD, MarkedHow.SINGLE
    )  # fmt: skip
    assert (marks[two].understanding, marks[two].assessed_how) == (
        Understanding.NOT_ASSESSABLE, None
    )  # fmt: skip
    assert (marks[three].understanding, marks[three].assessed_how) == (
        Understanding.GOOD, MarkedHow.BULK
    )  # fmt: skip


def test_missing_marks_are_counted_named_and_linked_and_nothing_is_lost(
    her: FlaskClient, melati: Arranged
) -> None:
    page = press(her, form_of(her.get(new(melati))), "check", p1="present", u1="good", n1="bagus",
                 place="Balai desa")  # fmt: skip
    assert page.status_code == 422
    assert "4 keluarga belum ditandai. Tandai dulu, atau tekan Sisanya hadir." in words(page)
    assert "Pilih materi, atau tulis topiknya." in words(page)
    assert 'href="#lessons"' in text(page)
    for number in (2, 3, 4, 5):
        assert f'<a href="#m{number}">{melati.names[number - 1]}</a>' in text(page)
        assert f'id="m{number}"' in text(page)
    assert "<title>Ada kesalahan:" in text(page)
    form = form_of(page)
    assert (form.fields["p1"], form.fields["u1"], form.fields["n1"]) == ("present", "good", "bagus")
    assert form.fields["place"] == "Balai desa"


@pytest.mark.parametrize(
    ("held_on", "message"),
    [
        ("2026-11-13", "Tanggal tidak boleh setelah hari ini."),
        ("2026-09-30", "Tanggal harus di bulan ini atau bulan lalu."),
        ("2026-10-07", "Tanggal tidak boleh lebih dari 35 hari lalu."),
        ("12-11-2026", "Pilih tanggal pertemuan."),
        ("", "Pilih tanggal pertemuan."),
    ],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(
    her: FlaskClient, melati: Arranged, held_on: str, message: str
) -> None:
    form = form_of(her.get(new(melati)))
    for step in ("check", "rest"):
        page = press(her, form, step, lesson="1", held_on=held_on, **present(1, 2, 3, 4, 5))
        assert page.status_code == 422
        assert message in words(page)
        assert 'aria-describedby="held_on-error"' in text(page)


def test_how_long_ago_is_a_setting(
    her: FlaskClient, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(her.application.config, "MEETING_BACKDATING_DAYS", 3)
    form = form_of(her.get(new(melati)))
    page = press(her, form, "rest", lesson="1", held_on="2026-11-08")
    assert "Tanggal tidak boleh lebih dari 3 hari lalu." in words(page)


def test_a_draft_loses_nothing_and_is_gone_on_with(her: FlaskClient, melati: Arranged) -> None:
    kept = press(her, form_of(her.get(new(melati))), "draft", p1="present", n1="bagus", lesson="6")
    assert kept.location == "/"
    assert "Melati tersimpan sementara: 1 ditandai. Lanjutkan kapan saja." in words(her.get("/"))
    again = her.get(new(melati))
    assert again.location.endswith(f"/meetings/{meeting_id(melati.group_id, TODAY)}/correct")
    form = form_of(her.get(again.location))
    assert (form.fields["p1"], form.fields["n1"]) == ("present", "bagus")
    assert form.fields.getlist("lesson") == ["6"]
    press(her, form_of(press(her, form, "rest")), "save")
    (meeting,) = rows(Meeting)
    assert (meeting.status, meeting.total) == (MeetingStatus.SENT, 5)


def test_a_correction_shows_who_changed_what_from_what(her: FlaskClient, melati: Arranged) -> None:
    saved = press(
        her, form_of(press(her, form_of(her.get(new(melati))), "rest", lesson="1")), "save"
    )
    form = form_of(her.get(f"{saved.location}/correct"))
    assert ("step", "draft") not in form.buttons
    checked = press(her, form, "check", p2="absent", n2="di kebun")
    shown = her.get(press(her, form_of(checked), "save").location)
    assert f"{melati.names[1]}: Hadir → Tanpa kabar, “di kebun”" in words(shown)
    assert melati.actor.name in words(shown).split("Perbaikan", 1)[1]
    assert len(rows(AttendanceChange)) == 1


def test_a_correction_made_from_an_older_page_is_told_and_kept_beside_what_stands(
    her: FlaskClient, melati: Arranged
) -> None:
    saved = press(
        her, form_of(press(her, form_of(her.get(new(melati))), "rest", lesson="1")), "save"
    )
    old = form_of(her.get(f"{saved.location}/correct"))
    press(her, form_of(press(her, old, "check", p1="sick")), "save")

    refused = press(her, old, "check", p2="absent", n2="di kebun")
    assert refused.status_code == 409
    assert f"Data ini sudah diubah {melati.actor.name}" in words(refused)
    assert "Isian Anda belum hilang." in words(refused)
    assert "Tersimpan: Sakit" in words(refused)
    form = form_of(refused)
    assert (form.fields["p1"], form.fields["p2"], form.fields["n2"]) == (
        "present", "absent", "di kebun"
    )  # fmt: skip
    # Having compared, she saves on purpose.
    shown = her.get(press(her, form_of(press(her, form, "check", p1="sick")), "save").location)
    assert "3 Hadir" in words(shown)


def test_a_save_that_lost_the_race_keeps_what_was_entered(
    her: FlaskClient, melati: Arranged
) -> None:
    checked = press(her, form_of(her.get(new(melati))), "rest", lesson="1")
    other = press(her, form_of(her.get(new(melati))), "rest", lesson="1", p1="sick")
    press(her, form_of(other), "save")
    lost = press(her, form_of(checked), "save")
    assert lost.status_code == 409
    assert form_of(lost).fields["p1"] == "present"
    assert rows(Meeting)[0].version == 1


def test_a_save_that_is_sent_again_answers_the_same(her: FlaskClient, melati: Arranged) -> None:
    form = form_of(press(her, form_of(her.get(new(melati))), "rest", lesson="1"))
    first, second = press(her, form, "save"), press(her, form, "save")
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert rows(Meeting)[0].version == 1


def test_todays_meeting_that_stands_already_is_shown_and_another_day_asked_for(
    her: FlaskClient, melati: Arranged
) -> None:
    save_with_the_rest_present(her, melati)
    page = her.get(new(melati))
    assert "Pertemuan 12 Nov 2026 sudah tercatat." in words(page)
    assert form_of(page).fields["held_on"] == ""
    assert not [name for name in form_of(page).fields if re.match(r"p\d", name)]


def test_the_suggested_lesson_is_the_next_one_of_the_group(
    her: FlaskClient, melati: Arranged
) -> None:
    form = form_of(her.get(new(melati)))
    assert form.choices["lesson"][0] == "1"
    press(her, form_of(press(her, form, "rest", lesson=["1", "3"])), "save")
    assert form_of(her.get(new(melati))).choices["lesson"][0] == "2"


def test_a_household_slipped_into_the_form_is_refused(her: FlaskClient, melati: Arranged) -> None:
    other = arrange(melati.actor.username, households=1)
    signed_in(her, melati)
    theirs = form_of(her.get(new(other))).fields["register"]
    form = form_of(her.get(new(melati)))
    for stranger in (theirs, "AAAAAAAAAAAAAAAAAAAAAA"):
        form.fields["register"] = f"{stranger}.{form.fields['register']}"
        page = press(her, form, "save" if ("step", "save") in form.buttons else "check",
                     lesson="1", **present(*range(1, 8)))  # fmt: skip
        assert page.status_code == 422
        assert "bukan anggota kelompok pada tanggal itu" in words(page)
    assert rows(Attendance) == []


def test_an_empty_group_says_what_to_do(client: FlaskClient, db_session: object) -> None:
    empty = arrange(households=0)
    page = signed_in(client, empty).get(new(empty))
    assert "Kelompok ini belum punya keluarga pada tanggal itu." in words(page)
    assert "Minta Supervisor memasukkan keluarga ke kelompok ini." in words(page)


def test_what_lies_outside_the_own_groups_does_not_exist(
    client: FlaskClient, melati: Arranged
) -> None:
    save_with_the_rest_present(signed_in(client, melati), melati)
    url = f"/meetings/{meeting_id(melati.group_id, TODAY)}"
    stranger = arrange()
    with clock.at(NOON):
        signed_in(client, stranger)
    unknown = client.get(f"/meetings/{uuid.uuid4()}")
    for address in (new(melati), url, f"{url}/correct"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert body(answer) == body(unknown)
        assert client.post(address).status_code in (404, 405)
    assert client.post(new(melati), data={"step": "save"}).status_code == 404


def test_a_supervisor_reads_a_register_and_cannot_write_in_it(
    client: FlaskClient, melati: Arranged
) -> None:
    save_with_the_rest_present(signed_in(client, melati), melati)
    with transaction():
        supervisor = UserFactory(supervisor=True)
    sign_in(client, supervisor)
    url = f"/meetings/{meeting_id(melati.group_id, TODAY)}"
    page = client.get(url)
    assert "0 satu per satu, 5 sekaligus" in words(page)
    assert "/correct" not in text(page)
    assert client.get(f"{url}/correct").status_code == 404
    assert client.get(new(melati)).status_code == 404


@pytest.mark.parametrize("region", ["71", None])
def test_a_register_is_found_above_the_regency_too(
    client: FlaskClient, melati: Arranged, region: str | None
) -> None:
    save_with_the_rest_present(signed_in(client, melati), melati)
    with transaction():
        supervisor = UserFactory(supervisor=True, region=region)
    sign_in(client, supervisor)
    assert client.get(f"/meetings/{meeting_id(melati.group_id, TODAY)}").status_code == 200


def test_sheet_and_save_cost_the_same_however_many_families(
    client: FlaskClient, db_session: object, statements: Statements
) -> None:
    """The signed-in look-up is one of them (design.md 9: a sheet 3, a save 8)."""
    costs = []
    for households in (5, 30):
        group = arrange(households=households)
        signed_in(client, group)
        statements.reset()
        page = client.get(new(group))
        sheet = statements.count
        checked = press(client, form_of(page), "rest", lesson="1")
        statements.reset()
        assert press(client, form_of(checked), "save").status_code == 302
        costs.append((sheet, statements.count))
    assert costs[0] == costs[1]
    assert costs[0][0] <= 3
    assert costs[0][1] <= 8, "\n".join(statements.sent)


def test_the_sheet_of_thirty_is_light(client: FlaskClient, db_session: object) -> None:
    """field-ux 7.2: the page at most 10 KB, the marks at most 2 KB up."""
    import gzip
    from urllib.parse import urlencode

    group = arrange(households=30)
    signed_in(client, group)
    page = client.get(new(group))
    assert len(gzip.compress(page.get_data())) <= 10 * 1024
    checked = form_of(press(client, form_of(page), "rest", lesson="1"))
    filled = form_of(press(client, checked, "fill")).fields
    assert len(urlencode(list(filled.items(multi=True)))) <= 2 * 1024


def test_an_unknown_button_only_checks(her: FlaskClient, melati: Arranged) -> None:
    form = form_of(her.get(new(melati)))
    form.buttons.append(("step", "nonsense"))
    assert press(her, form, "nonsense", lesson="1").status_code == 422
    assert rows(Meeting) == []


def test_the_group_of_another_area_does_not_exist(client: FlaskClient, melati: Arranged) -> None:
    signed_in(client, melati)
    with transaction() as session:
        other = UserFactory(region="51.71.01")
        far = group_with(other, 2, village="51.71.01.1001")
        session.flush()
        address = f"/groups/{far.id}/meetings/new"
        assert actor_for(other).area_id != melati.area_id
    assert client.get(address).status_code == 404
