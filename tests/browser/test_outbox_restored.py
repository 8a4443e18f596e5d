"""What a server loses with a restore, or turns away for being too much, phones bring again; what
a phone cannot send, its owner sends from a file."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from casework.core.ids import meeting_id, short_id
from casework.offline import paces
from casework.web.pace import Pace
from tests import pictures
from tests.browser.outbox import (
    Handset,
    Tab,
    held,
    observation,
    register,
    stored,
    today,
    until,
)
from tests.browser.pocket import ALL_SENT, line, taken_along
from tests.browser.visitor import SETTINGS, Visitor
from tests.meetings.conftest import Arranged, arrange
from tests.offline.conftest import Phone
from tests.sealing import current_key, with_notes

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

NOTHING = {"unsent": 0, "waiting": 0, "attention": 0, "toLook": 0}

Restore = Callable[[], str]


@pytest.fixture
def restore(field_app: Flask, melati: Arranged) -> Iterator[Restore]:
    """Puts the server back to where her group had no meeting; gives the epoch that begins."""
    from casework.core.db import db
    from casework.core.transaction import transaction
    from casework.meetings.models import Epoch
    from tests.offline.backups import back_up, put_back

    with field_app.app_context():
        backup = back_up(meeting_id(melati.group_id, today()), {melati.actor.user_id})

    def restore() -> str:
        with field_app.app_context():
            put_back(backup)
            return str(db.session.scalars(db.select(Epoch.id)).one())

    yield restore
    with field_app.app_context(), transaction() as session:
        session.execute(db.delete(Epoch))


def claims(app: Flask, *ids: str) -> list[dict[str, Any]]:
    from casework.meetings.models import RegisterClaim

    return stored(app, RegisterClaim, ids)


# ---- Brought again ----


def test_what_was_sent_is_sent_again_after_a_restore(
    phone: Handset, her: Tab, melati: Arranged, field_app: Flask, restore: Restore
) -> None:
    command = her.save("attendance", register(melati, today()))["id"]
    assert her.send() == "ok"
    (before,) = claims(field_app, command)
    epoch = restore()
    assert claims(field_app, command) == []
    # With whatever is sent next.
    other = her.save("observation", observation(melati.households[0]))["id"]
    assert her.send() == "ok"
    assert her.counts() == NOTHING
    assert phone.sendings == [[command], [other], [command]]
    (after,) = claims(field_app, command)
    assert after["versions_before"] == [before["version"]]
    assert after["marks"] == before["marks"]
    assert {each["epoch"] for each in her.sent()} == {epoch}
    # And not again while the server stays as it is.
    assert her.send() == "ok"
    assert len(phone.sendings) == 3


def test_a_second_restore_brings_it_back_a_second_time(
    her: Tab, melati: Arranged, field_app: Flask, restore: Restore
) -> None:
    command = her.save("attendance", register(melati, today()))["id"]
    her.send()
    versions = []
    for number in (1, 2):
        (claim,) = claims(field_app, command)
        versions.append(claim["version"])
        restore()
        her.save("observation", observation(melati.households[number]))
        assert her.send() == "ok"
    (claim,) = claims(field_app, command)
    assert claim["versions_before"] == versions


def test_a_phone_with_nothing_to_send_hears_of_it_with_the_caseload(
    phone: Handset, melati: Arranged, field_app: Flask, restore: Restore
) -> None:
    phone.sign_in(melati)
    page = phone.context.new_page()
    page.goto("/")
    line = page.locator(".status-line [role=status]")
    expect(line).to_have_text("Tersambung. Semua data sudah terkirim.")
    command = page.evaluate(
        """async ([folder, owner, body]) => {
          const { Store } = await import(`${folder}/store.js`);
          const { id } = await new Store().add({ owner, kind: "attendance", body });
          return id;
        }""",
        [
            f"{field_app.static_url_path}/js/outbox",
            str(melati.actor.user_id),
            register(melati, today()),
        ],
    )
    wait(page, lambda: claims(field_app, command))
    expect(page.locator(".status-line")).to_have_attribute("data-state", "allSent")
    restore()
    phone.context.set_offline(True)
    phone.context.set_offline(False)
    wait(page, lambda: claims(field_app, command))
    expect(line).to_have_text("Tersambung. Semua data sudah terkirim.")


def wait(page: Page, is_true: Callable[[], object]) -> None:
    for _time in range(200):
        if is_true():
            return
        page.wait_for_timeout(50)
    pytest.fail("it did not happen")


def test_what_was_refused_and_put_away_is_not_offered_again(
    phone: Handset, her: Tab, melati: Arranged, restore: Restore
) -> None:
    refused = her.save("attendance", register(melati, today().replace(year=today().year + 1)))["id"]
    her.send()
    assert her.run("return await store.putAway(owner, a)", refused) is True
    restore()
    her.save("observation", observation(melati.households[0]))
    assert her.send() == "ok"
    assert sum(refused in sending for sending in phone.sendings) == 1
    assert her.counts() == NOTHING


def test_notes_that_lie_in_clear_do_not_stay_and_what_the_server_has_stays_with_them(
    her: Tab, melati: Arranged, field_app: Flask
) -> None:
    body = register(melati, today())
    body["marks"][short_id(melati.households[0])] = ["sick", None, "", "rawat inap"]
    command = her.save("attendance", body)["id"]
    her.send()
    (kept,) = her.sent()
    assert "rawat inap" not in json.dumps(kept)
    assert json.loads(kept["text"])["body"]["marks"][short_id(melati.households[0])][3] is None
    # Another epoch, and nothing was lost.
    her.run("await store.settle(owner, [], { epoch: 'another' })")
    assert her.counts()["waiting"] == 1
    assert her.send() == "ok"
    assert her.counts() == NOTHING
    (claim,) = claims(field_app, command)
    assert claim["marks"][str(melati.households[0])]["note"] == "rawat inap"


def test_sealed_notes_stay_sealed_and_come_back_with_their_register(
    her: Tab, melati: Arranged, field_app: Flask, restore: Restore
) -> None:
    with field_app.app_context():
        key = current_key()
    one = melati.households[0]
    body = register(melati, today())
    body["marks"][short_id(one)] = ["sick", None, "", ""]
    made = with_notes(
        {"id": str(uuid.uuid4()), "owner": her.owner, "body": body}, key, {one: "rawat inap"}
    )
    command = her.save("attendance", made["body"], id=made["id"])["id"]
    assert her.send() == "ok"
    (kept,) = her.sent()
    assert "sealed" in json.loads(kept["text"])["body"]
    assert "rawat inap" not in json.dumps(kept)
    restore()
    her.save("observation", observation(melati.households[0]))
    assert her.send() == "ok"
    (claim,) = claims(field_app, command)
    assert claim["versions_before"]
    assert claim["marks"][str(one)]["note"] == "rawat inap"


def test_a_photo_that_was_sent_is_not_offered_again_and_one_that_waits_is_sent(
    her: Tab, melati: Arranged, field_app: Flask, restore: Restore
) -> None:
    """Nobody can open its bytes on the phone, so they went with its receipt."""
    with field_app.app_context():
        phone, key = Phone(melati.actor), current_key()
    assert key
    before = her.save("attendance", register(melati, today()))["id"]
    assert her.send() == "ok"
    photos = []
    for number in range(2):
        with field_app.app_context():
            made, data = phone.photo(melati, pictures.photo(64 + number, 48), held_on=today())
        photos.append(made["id"])
        her.run(
            """await store.add({ owner, kind: "photo", id: a.id, body: a.body,
                 data: Uint8Array.from(b) })""",
            made,
            list(data),
        )
        if not number:
            assert her.send() == "ok"
            restore()
    # Its answer tells of the other epoch, and so it waits for its meeting to be brought again.
    assert her.send() == "retry"
    assert len(claims(field_app, before)) == 1
    assert her.unsent() == [photos[1]]
    assert her.send() == "ok"
    assert her.counts() == NOTHING
    assert {each["id"] for each in her.sent()} == {before, *photos}
    from casework.meetings.models import MeetingPhoto

    assert [str(each["id"]) for each in stored(field_app, MeetingPhoto, photos)] == [photos[1]]


def test_a_month_of_registers_takes_little_room(
    her: Tab, field_app: Flask, budget: Callable[..., None]
) -> None:
    """60 registers of 30 families, as the most that a facilitator has."""
    with field_app.app_context():
        large = arrange(her_name(field_app, her), households=30)
    for _number in range(3):
        her.save("attendance", register(large, today()))
        her.send()
    kept = her.sent()
    bytes_each = sum(len(json.dumps(each).encode()) for each in kept) / len(kept)
    budget("60 registers that were sent, on the phone", 60 * bytes_each / 1024, 200, "KB")


def her_name(app: Flask, tab: Tab) -> str:
    from casework.accounts.models import User
    from casework.core.db import db

    with app.app_context():
        return str(db.session.get(User, uuid.UUID(tab.owner)).username)


# ---- Too much ----


def test_a_phone_that_is_told_to_wait_waits_and_then_sends(
    phone: Handset, her: Tab, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    her.run("return (await sender.start()).line")
    monkeypatch.setattr(paces, "SENDING", Pace("sending", most=6, a_second=2))
    for household in melati.households[:2]:
        last = her.save("observation", observation(household))["id"]
        line = her.send()
    assert line == "retry"
    assert her.unsent() == [last]
    assert her.run("return sender.state.at - Date.now()") > 2000
    # By itself.
    until(lambda: her.run("return sender.state.line") == "ok", her)
    assert her.counts()["unsent"] == 0
    assert phone.sendings[1:] == [[last], [last]]


def test_a_caseload_that_has_to_wait_is_not_taken_for_no_signal(
    phone: Handset, melati: Arranged, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = taken_along(phone, melati)
    spent = Pace("fetching", most=1, a_second=0.001)
    monkeypatch.setattr(paces, "FETCHING", spent)
    with phone.app.app_context():
        spent.spend(melati.actor)
    phone.context.set_offline(True)
    expect(line(page)).to_contain_text("Tanpa sinyal")
    with page.expect_response("**/bundle") as answer:
        phone.context.set_offline(False)
    assert answer.value.status == 429
    expect(line(page)).to_have_text(ALL_SENT)


# ---- From a file ----


@pytest.fixture
def file(phone: Handset, melati: Arranged, tmp_path: Path) -> Path:
    """As the outbox of a phone gives it that has not reached the server."""
    phone.sign_in(melati)
    page = phone.context.new_page()
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready")
    with phone.line(lambda route: route.abort()):
        page.evaluate(
            """async ([folder, owner, bodies]) => {
              const { Store } = await import(`${folder}/store.js`);
              const store = new Store();
              for (const [kind, body] of bodies) {
                await store.add({ owner, kind, body, about: { what: "Melati" } });
              }
            }""",
            [
                f"{phone.app.static_url_path}/js/outbox",
                str(melati.actor.user_id),
                [
                    ["attendance", register(melati, today())],
                    ["observation", observation(melati.households[0])],
                    ["attendance", register(melati, today().replace(year=today().year + 1))],
                ],
            ],
        )
        page.goto("/outbox")
        expect(page.get_by_role("link", name="Kirim dari berkas")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="Simpan berkas penyelamatan").click()
        path = tmp_path / download.value.suggested_filename
        download.value.save_as(path)
        page.close()
    return path


def test_what_a_phone_saved_as_a_file_is_sent_from_another_one(
    chromium: Any,
    field_app: Flask,
    field_address: str,
    melati: Arranged,
    file: Path,
) -> None:
    assert file.name == "kiriman-pkh.json"
    context = chromium.new_context(base_url=field_address, **SETTINGS)
    with held(context, field_app, field_address) as other:
        other.sign_in(melati)
        page = other.context.new_page()
        visitor = Visitor(page, field_address, field_app)
        page.goto("/outbox/file")
        visitor.check("rescue-upload")
        with page.expect_navigation():
            page.get_by_role("button", name="Lihat isinya").click()
        expect(page.locator(".error-summary")).to_contain_text("Pilih berkas")
        visitor.check("rescue-upload-error")
        page.locator("input[type=file]").set_input_files(
            {"name": "laporan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
        )
        with page.expect_navigation():
            page.get_by_role("button", name="Lihat isinya").click()
        expect(page.locator(".error-summary")).to_contain_text("bukan berkas penyelamatan")
        page.locator("input[type=file]").set_input_files(file)
        with page.expect_navigation():
            page.get_by_role("button", name="Lihat isinya").click()
        expect(page.locator("h1")).to_have_text("kiriman-pkh.json")
        visitor.check("rescue-look")
        with page.expect_navigation():
            page.get_by_role("button", name="Kirim atas nama saya").click()
        expect(page.locator(".flashes")).to_contain_text("2 data diterima.")
        visitor.check("rescue-sent")
        page.goto("/outbox/file")
        visitor.check("rescue-files")
        assert not visitor.complaints, visitor.complaints
    ids = [each["id"] for each in json.loads(file.read_text())["commands"]]
    assert len(claims(field_app, *ids)) == 1
