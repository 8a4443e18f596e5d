"""What differs, on the page of the meeting and on its sheet."""

from __future__ import annotations

from flask.testing import FlaskClient

from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.meetings.actions.record import record_meeting
from casework.meetings.models import Meeting
from casework.meetings.rules import Head
from tests.meetings.browsing import form_of, press
from tests.meetings.conftest import TODAY, Arranged, rows
from tests.meetings.test_sheet_pages import signed_in
from tests.meetings.test_taking_words import AWAY, OTHER, everybody, take, word


def test_pages_say_who_says_what_and_the_sheet_settles_it(
    client: FlaskClient, melati: Arranged
) -> None:
    one, *_others = melati.households
    take(melati, word(everybody(melati)))
    take(melati, word({one: AWAY}, device=OTHER, head=Head(0b100000, place="Rumah Ibu Sarah")))
    address = f"/meetings/{meeting_id(melati.group_id, TODAY)}"
    browser = signed_in(client, melati)
    page = browser.get(address).text
    assert "Tanda 1 keluarga berbeda." in page
    assert "Materi, jam, atau tempat berbeda: sesi 5, Balai desa" in page
    assert "Putuskan" in page
    said = f"Berbeda: Hadir ({melati.actor.name}, "
    assert said in page
    sheet = browser.get(f"{address}/correct")
    assert said in sheet.text
    assert "Isi yang benar, lalu simpan." in sheet.text

    checked = press(browser, form_of(sheet), "check", p1="absent", lesson="5")
    assert press(browser, form_of(checked), "save").status_code == 302
    (meeting,) = rows(Meeting)
    assert (meeting.differing, meeting.is_head_differing) == (0, False)
    assert (meeting.present, meeting.total) == (4, 5)
    assert "berbeda" not in browser.get(address).text


def test_the_home_leads_to_what_differs_until_it_is_settled(
    client: FlaskClient, melati: Arranged
) -> None:
    one, *_others = melati.households
    browser = signed_in(client, melati)
    take(melati, word(everybody(melati)))
    assert "Tanda berbeda" not in browser.get("/").text
    take(melati, word({one: AWAY}, device=OTHER, head=None))
    meeting = meeting_id(melati.group_id, TODAY)
    page = browser.get("/").text
    assert "Tanda berbeda" in page
    assert f"/meetings/{meeting}/settle" in page
    with transaction():
        record_meeting(
            melati.actor, melati.group_id, held_on=TODAY, lessons=(5,), marks={one: AWAY},
            base_version=2,
        )  # fmt: skip
    assert "Tanda berbeda" not in browser.get("/").text
