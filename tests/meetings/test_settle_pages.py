"""The short page of what differs, its list, and who reaches them; without JavaScript."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from casework.core import clock
from casework.core.ids import meeting_id, short_id
from casework.core.transaction import transaction
from casework.meetings.models import Meeting
from casework.meetings.rules import Head, Mark, Presence, Understanding
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.places import BITUNG, TUMINTING
from tests.fixtures.statements import Statements
from tests.meetings.browsing import Form, form_of
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows
from tests.meetings.test_settling import choose, claim_of, contested, days_later
from tests.meetings.test_sheet_pages import body, signed_in, words
from tests.meetings.test_taking_words import AWAY, OTHER, PHONE, everybody, take, word

__all__ = ["contested"]


@pytest.fixture
def her(client: FlaskClient, contested: Arranged) -> FlaskClient:
    """The facilitator's browser."""
    return signed_in(client, contested)


def supervisor(client: FlaskClient, **who: object) -> FlaskClient:
    with transaction():
        user = UserFactory(**{"supervisor": True, **who})
    sign_in(client, user)
    return client


def address(group: Arranged) -> str:
    return f"/meetings/{meeting_id(group.group_id, TODAY)}/settle"


def field(family: uuid.UUID) -> str:
    return f"f{short_id(family)}"


def send(browser: FlaskClient, form: Form, **chosen: str) -> TestResponse:
    return browser.post(form.action, data=MultiDict([*form.fields.items(), *chosen.items()]))


def test_only_who_differs_is_asked_about_and_nothing_is_preset(
    her: FlaskClient, contested: Arranged
) -> None:
    one, two, *_others = contested.households
    page = her.get(address(contested))
    form = form_of(page)
    assert set(form.choices) == {field(one), field(two)}
    assert not form.fields.keys() & {field(one), field(two)}
    hers, others = claim_of(contested, PHONE), claim_of(contested, OTHER)
    assert form.choices[field(one)] == [short_id(hers), short_id(others), "ask"]
    assert "Anda : Hadir diterima 12 Nov 2026 12.00 WITA" in words(page)
    assert "Anda : Tanpa kabar diterima 12 Nov 2026 12.00 WITA" in words(page)
    shown = [name in page.text for name in contested.names]
    assert shown == [True, True, False, False, False]


def test_a_choice_is_saved_and_the_rest_left(her: FlaskClient, contested: Arranged) -> None:
    one, two, *_others = contested.households
    right = short_id(claim_of(contested, OTHER))
    form = form_of(her.get(address(contested)))
    answer = send(her, form, **{field(one): right, field(two): "ask"})
    assert answer.status_code == 302
    shown = words(her.get(answer.location))
    assert "1 sudah diputuskan. Sisanya masih berbeda." in shown
    assert f"{contested.names[0]} Tanpa kabar" in shown
    assert "Tanda 1 keluarga berbeda." in shown
    assert (
        f"{contested.names[0]}: Berbeda: Hadir ({contested.actor.name}); "
        f"Tanpa kabar ({contested.actor.name}) → Tanpa kabar"
    ) in shown
    assert f"{contested.names[1]}: Hadir → Berbeda" in shown

    form = form_of(her.get(address(contested)))
    assert set(form.choices) == {field(two)}
    assert send(her, form, **{field(two): right}).status_code == 302
    assert rows(Meeting)[0].differs_since is None
    assert "Tidak ada lagi yang berbeda." in words(her.get(address(contested)))


def test_whoever_asks_first_leaves_everything(her: FlaskClient, contested: Arranged) -> None:
    one, *_others = contested.households
    form = form_of(her.get(address(contested)))
    answer = send(her, form, **{field(one): "ask"})
    assert answer.status_code == 302
    assert "Belum ada yang diputuskan." in words(her.get(answer.location))
    assert rows(Meeting)[0].version == 2


@pytest.mark.parametrize("chosen", [{}, {"f!": "?"}, {"head": "nonsense"}, {"family": "ask me"}])
def test_a_page_without_a_choice_comes_back_with_what_is_missing(
    her: FlaskClient, contested: Arranged, chosen: dict[str, str]
) -> None:
    answer = send(her, form_of(her.get(address(contested))), **chosen)
    assert answer.status_code == 422
    assert "Pilih" in words(answer)
    assert rows(Meeting)[0].version == 2


def test_a_claim_that_is_none_of_them_is_named_at_its_family(
    her: FlaskClient, contested: Arranged
) -> None:
    one, two, *_others = contested.households
    form = form_of(her.get(address(contested)))
    right = short_id(claim_of(contested, OTHER))
    wrong = {field(one): short_id(uuid.uuid4()), field(two): right}
    answer = send(her, form, **wrong)
    assert answer.status_code == 422
    assert f'href="#{field(one)}"' in answer.text
    # What was chosen for the other is not lost.
    assert form_of(answer).fields[field(two)] == right
    assert rows(Meeting)[0].version == 2


def test_what_arrived_meanwhile_gives_the_page_back_with_what_is_new(
    her: FlaskClient, contested: Arranged
) -> None:
    one, two, three, *_others = contested.households
    form = form_of(her.get(address(contested)))
    right = short_id(claim_of(contested, OTHER))
    sick = Mark(Presence.SICK, Understanding.NOT_ASSESSABLE)
    take(contested, word({one: sick, three: AWAY}, device=uuid.UUID(int=3), head=None))
    answer = send(her, form, **{field(one): right, field(two): right})
    assert answer.status_code == 409
    assert f"Data ini sudah diubah {contested.actor.name}" in words(answer)
    assert "Anda : Sakit baru diterima" in words(answer)
    again = form_of(answer)
    assert set(again.choices) == {field(one), field(two), field(three)}
    # Where there is something new nothing stays chosen; elsewhere it does.
    assert field(one) not in again.fields
    assert again.fields[field(two)] == right
    assert send(her, again).status_code == 302
    assert rows(Meeting)[0].differing == 2


def test_notes_that_differ_are_shown_and_kept(client: FlaskClient, melati: Arranged) -> None:
    one, *_others = melati.households
    take(melati, word({**everybody(melati), one: Mark(Presence.PRESENT, note="terlambat")}))
    sick = Mark(Presence.SICK, Understanding.NOT_ASSESSABLE, note="anak <b>demam</b>")
    take(melati, word({one: sick}, device=OTHER, head=None))
    browser = signed_in(client, melati)
    page = browser.get(address(melati))
    assert "Semua catatan tetap disimpan: “terlambat / anak &lt;b&gt;demam&lt;/b&gt;”" in page.text
    right = short_id(claim_of(melati, PHONE))
    send(browser, form_of(page), **{field(one): right})
    shown = browser.get(f"/meetings/{meeting_id(melati.group_id, TODAY)}").text
    assert "terlambat / anak &lt;b&gt;demam&lt;/b&gt;" in shown


def test_the_meeting_itself_is_asked_about_first(client: FlaskClient, melati: Arranged) -> None:
    take(melati, word(everybody(melati)))
    take(melati, word({}, device=OTHER, head=Head(0b100000, place="Rumah Ibu Sarah")))
    browser = signed_in(client, melati)
    page = browser.get(address(melati))
    assert "Materi, jam, dan tempat" in page.text
    right = short_id(claim_of(melati, OTHER))
    assert send(browser, form_of(page), head=right).status_code == 302
    (meeting,) = rows(Meeting)
    assert (meeting.is_head_differing, meeting.place) == (False, "Rumah Ibu Sarah")


def test_meetings_that_differ_by_their_end_only_are_told_apart(
    client: FlaskClient, melati: Arranged
) -> None:
    from datetime import time

    for device, end in ((PHONE, time(11)), (OTHER, time(12))):
        head = Head(0b10000, starts_at=time(9), ends_at=end)
        take(melati, word(everybody(melati), device=device, head=head))
    shown = words(signed_in(client, melati).get(address(melati)))
    assert "09.00–11.00" in shown
    assert "09.00–12.00" in shown


def test_the_other_person_is_named_to_be_asked(client: FlaskClient, contested: Arranged) -> None:
    with days_later(7):
        shown = words(supervisor(client).get(address(contested)))
    assert f"Tanya {contested.actor.name} dulu" in shown


def test_the_page_is_reached_from_the_home_the_meeting_and_the_sheet(
    her: FlaskClient, contested: Arranged
) -> None:
    meeting = f"/meetings/{meeting_id(contested.group_id, TODAY)}"
    for page in ("/", meeting, f"{meeting}/correct"):
        assert f'href="{address(contested)}"' in her.get(page).text, page


def test_what_differs_is_not_forgotten_because_months_pass(
    client: FlaskClient, contested: Arranged
) -> None:
    with days_later(90):
        browser = signed_in(client, contested)
        assert f'href="{address(contested)}"' in browser.get("/").text


@pytest.mark.parametrize(("days", "may"), [(6, False), (7, True), (8, True)])
def test_a_supervisor_sees_it_before_and_settles_it_from_the_seventh_day_on(
    client: FlaskClient, contested: Arranged, days: int, may: bool
) -> None:
    one, *_others = contested.households
    right = short_id(claim_of(contested, OTHER))
    with days_later(days):
        browser = supervisor(client)
        page = browser.get(address(contested))
        assert page.status_code == 200
        assert contested.names[0] in page.text
        assert ("mulai 19 Nov 2026 12.00 WITA Anda juga boleh" in words(page)) is not may
        assert (f'name="{field(one)}"' in page.text) is may
        shown = words(browser.get(address(contested).removesuffix("/settle")))
        assert ("Putuskan" if may else "Lihat siapa menandai apa") in shown
        given = {"base_version": "2", field(one): right}
        answer = browser.post(address(contested), data=given)
    assert answer.status_code == (302 if may else 403)
    assert (rows(Meeting)[0].differing == 1) is may
    if not may:
        assert "Sampai 19 Nov 2026 12.00 WITA hanya pendamping kelompok ini" in words(answer)


@pytest.mark.parametrize("region", ["71", None])
def test_above_the_regency_a_supervisor_settles_too(
    client: FlaskClient, contested: Arranged, region: str | None
) -> None:
    one, *_others = contested.households
    right = short_id(claim_of(contested, OTHER))
    with days_later(7):
        browser = (
            supervisor(client, region=region) if region else supervisor(client, region_code=None)
        )
        form = form_of(browser.get(address(contested)))
        assert send(browser, form, **{field(one): right}).status_code == 302
        assert words(browser.get("/meetings/differing")).count("Melati, 12 Nov 2026") == 1


def test_an_administrator_reads_and_settles_nothing(
    client: FlaskClient, contested: Arranged
) -> None:
    with transaction():
        user = UserFactory(administrator=True)
    with days_later(8):
        sign_in(client, user)
        page = client.get(address(contested))
        assert page.status_code == 200
        assert 'type="radio"' not in page.text
        assert "Pendamping kelompok yang memutuskan" in page.text
        assert client.post(address(contested), data={}).status_code == 404
        assert client.get("/meetings/differing").status_code == 200


@pytest.mark.parametrize(
    "who",
    [
        {},
        {"supervisor": True, "region": TUMINTING},
        {"supervisor": True, "region": BITUNG},
        {"administrator": True, "region": BITUNG},
        {"viewer": True},
    ],
)
def test_outside_the_own_region_it_does_not_exist(
    client: FlaskClient, contested: Arranged, who: dict[str, object]
) -> None:
    with transaction():
        user = UserFactory(**who)
    with days_later(8):
        sign_in(client, user)
        there, unknown = address(contested), f"/meetings/{uuid.uuid4()}/settle"
        for send_to in (client.get, client.post):
            answer, nothing = send_to(there), send_to(unknown)
            assert answer.status_code == nothing.status_code == 404
            assert body(answer) == body(nothing)
        if who != {"viewer": True}:
            assert "Melati" not in client.get("/meetings/differing").text


def test_the_list_shows_what_differs_longest_first_and_what_is_overdue(
    client: FlaskClient, contested: Arranged
) -> None:
    with days_later(3):
        newer = arrange(name="Anggrek", households=2)
        take(newer, word(everybody(newer)))
        take(newer, word({newer.households[0]: AWAY}, device=OTHER, head=Head(1)))
    with days_later(8):
        page = words(supervisor(client).get("/meetings/differing"))
    first, second = page.index("Melati, 12 Nov 2026"), page.index("Anggrek, 12 Nov 2026")
    assert first < second
    assert "2 keluarga · sejak 12 Nov 2026 12.00 WITA" in page
    assert "lebih dari 7 hari" in page[first:second]
    assert "1 keluarga, materi, jam, atau tempat · sejak 15 Nov" in page[second:]
    assert "Supervisor mulai 22 Nov" in page[second:]


def test_the_list_goes_on_page_by_page(
    client: FlaskClient, db_session: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from casework.core import paging
    from casework.meetings.queries import unsettled

    monkeypatch.setattr(unsettled, "PAGE_SIZE", 2)
    monkeypatch.setattr(paging.Page.of.__func__, "__defaults__", (2,))
    for number in range(5):
        # Some at the same moment: the id decides then.
        with clock.at(NOON + timedelta(minutes=number // 2)):
            group = arrange(name=f"Kelompok {number}", households=1)
            take(group, word(everybody(group)))
            take(group, word(everybody(group, AWAY), device=OTHER, head=None))
    browser = supervisor(client)
    seen, url = [], "/meetings/differing"
    while url:
        page = browser.get(url).text
        seen += re.findall(r"Kelompok \d", page)
        following = re.findall(r'href="([^"]*)" rel="next"', page)
        url = following[0].replace("&amp;", "&") if following else ""
    assert len(seen) == 5
    assert len(set(seen)) == 5
    assert browser.get("/meetings/differing?after=nonsense").status_code == 404


def test_the_page_costs_the_same_however_many_families(
    client: FlaskClient, db_session: object, statements: Statements
) -> None:
    """The signed-in look-up, the meeting, its register and what was said of it."""
    costs = []
    for households in (3, 30):
        group = arrange(households=households)
        take(group, word(everybody(group)))
        take(group, word(everybody(group, AWAY), device=OTHER, head=None))
        browser = signed_in(client, group)
        statements.reset()
        form = form_of(browser.get(address(group)))
        page = statements.count
        chosen = {field(each): short_id(claim_of(group, OTHER)) for each in group.households}
        statements.reset()
        assert send(browser, form, **chosen).status_code == 302
        costs.append((page, statements.count))
    assert costs[0] == costs[1]
    assert costs[0][0] <= 4
    assert costs[0][1] <= 13, "\n".join(statements.sent)


def test_settled_by_the_supervisor_it_says_so_in_the_history(
    client: FlaskClient, contested: Arranged
) -> None:
    one, *_others = contested.households
    with days_later(7):
        browser = supervisor(client, name="Rina Manoppo")
        right = short_id(claim_of(contested, OTHER))
        send(browser, form_of(browser.get(address(contested))), **{field(one): right})
        shown = words(browser.get(address(contested).removesuffix("/settle")))
    assert "Rina Manoppo" in shown.split("Perbaikan")[1]


def test_a_settled_family_says_nothing_of_before_on_the_sheet(
    her: FlaskClient, contested: Arranged
) -> None:
    one, *_others = contested.households
    choose(contested, one)
    sheet = words(her.get(address(contested).replace("/settle", "/correct")))
    assert sheet.count("Berbeda: ") == 1
