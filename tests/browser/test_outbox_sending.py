"""What a phone recorded without signal reaches the server once, over any line."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Route

from casework.economics.models import Observation
from casework.meetings.models import Meeting, RegisterClaim
from casework.offline.models import SyncReceipt
from tests.browser.outbox import (
    Handset,
    Tab,
    lose_the_answer,
    observation,
    register,
    stored,
    today,
    until,
)
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

# ---- Once ----


def test_a_register_is_one_meeting_and_leaves_with_its_receipt(
    her: Tab, melati: Arranged, field_app: Flask
) -> None:
    about = {"group": "Melati"}
    command = her.save("attendance", register(melati, today()), about=about)
    assert command["made_at"].endswith("+08:00")
    assert her.counts() == {"unsent": 1, "waiting": 1, "attention": 0, "toLook": 0}
    assert her.send() == "ok"
    assert her.counts() == {"unsent": 0, "waiting": 0, "attention": 0, "toLook": 0}
    (kept,) = her.sent()
    (receipt,) = stored(field_app, SyncReceipt, [command["id"]])
    (claim,) = stored(field_app, RegisterClaim, [command["id"]])
    (meeting,) = stored(field_app, Meeting, [str(claim["meeting_id"])])
    assert (kept["outcome"], kept["about"]) == ("applied", about)
    assert kept["receipt"] == f"{command['id'][:4]}-{command['id'][4:8]}".upper()
    assert datetime.fromisoformat(kept["received_at"]) == receipt["received_at"]
    assert kept["details"]["meeting"] == str(meeting["id"])
    assert (meeting["group_id"], meeting["version"]) == (melati.group_id, 1)
    used = her.run("return await store.phone.used()")
    assert kept["bytes"] > used["up"] > 0  # compressed
    assert used["down"] > 0


def test_an_answer_that_was_lost_is_asked_for_again_and_is_the_same(
    phone: Handset, her: Tab, melati: Arranged, field_app: Flask
) -> None:
    ids = [
        her.save("attendance", register(melati, today()))["id"],
        her.save("observation", observation(melati.households[0]))["id"],
    ]
    with phone.line(lose_the_answer):
        assert her.send() == "retry"
    first = stored(field_app, SyncReceipt, ids)
    assert len(first) == 2
    assert her.unsent() == ids
    while her.unsent():
        assert her.send() in {"ok", "retry"}
    assert stored(field_app, SyncReceipt, ids) == first
    received = {str(each["id"]): each["received_at"] for each in first}
    assert {
        each["id"]: datetime.fromisoformat(each["received_at"]) for each in her.sent()
    } == received
    (claim,) = stored(field_app, RegisterClaim, ids)
    assert claim["version"] == 1
    assert len(stored(field_app, Observation, ids)) == 1


def test_two_tabs_send_at_once_and_each_command_goes_once(
    phone: Handset, her: Tab, melati: Arranged, field_app: Flask
) -> None:
    ids = [her.save("observation", observation(each))["id"] for each in melati.households]
    other = phone.open(melati)

    def slow(route: Route) -> None:
        time.sleep(0.3)
        route.continue_()

    with phone.line(slow):
        for tab in (her, other):
            tab.run("window.sending = sender.start(); return null")
        for tab in (her, other):
            tab.run("await sending; return null")
        until(lambda: not her.unsent(), her)
        # The tab that found the line taken looks again, and then there is nothing left.
        other.page.wait_for_timeout(2500)
    assert sorted(each for sending in phone.sendings for each in sending) == sorted(ids)
    assert len(stored(field_app, Observation, ids)) == 3
    assert other.run("return sender.state.line") == "ok"


def test_a_tab_hears_what_another_one_does(phone: Handset, her: Tab, melati: Arranged) -> None:
    other = phone.open(melati)
    her.save("observation", observation(melati.households[0]))
    until(lambda: other.run("return told.length") == 1, other)
    her.send()
    until(lambda: other.run("return told.length") == 3, other)
    assert other.run("return told[2].line.line") == "ok"


# ---- Kept ----


def answer(status: int, kind: str, body: str, **headers: str) -> Callable[[Route], None]:
    def fulfill(route: Route) -> None:
        route.fulfill(status=status, content_type=kind, body=body, headers=headers)

    return fulfill


_ERROR = '{"error": {"status": 0, "code": "G-0000", "message": ""}}'

LINES = {
    "500": (answer(500, "application/json", _ERROR), "retry"),
    "503 of a proxy": (answer(503, "text/html", "<h1>Busy</h1>"), "retry"),
    "429": (answer(429, "application/json", _ERROR, **{"Retry-After": "30"}), "retry"),
    "403": (answer(403, "application/json", _ERROR), "refused_by_server"),
    "a portal": (answer(200, "text/html", "<form>Wi-Fi gratis</form>"), "portal"),
    "a portal's redirect": (
        answer(302, "text/html", "", Location="http://wifi.example/masuk"),
        "portal",
    ),
    "half an answer": (answer(200, "application/json", '{"answers": [{"id": '), "portal"),
    "no line": (lambda route: route.abort("internetdisconnected"), "retry"),
}


@pytest.mark.parametrize("name", LINES)
def test_whatever_comes_back_instead_keeps_everything(
    phone: Handset, her: Tab, melati: Arranged, name: str
) -> None:
    handler, line = LINES[name]
    ids = [her.save("observation", observation(each))["id"] for each in melati.households]
    texts = her.run("return (await store.list(owner)).map((each) => each.text)")
    with phone.line(handler):
        assert her.send() == line
        assert her.run("return sender.state.at > Date.now()")
    assert her.unsent() == ids
    assert her.run("return (await store.list(owner)).map((each) => each.text)") == texts
    assert her.sent() == []


def test_without_signal_it_waits_and_goes_by_itself_when_there_is_some(
    phone: Handset, her: Tab, melati: Arranged
) -> None:
    phone.context.set_offline(True)
    her.save("observation", observation(melati.households[0]))
    her.run("window.state = await sender.start(); return null")
    assert her.run("return state.line") == "retry"
    assert her.counts()["unsent"] == 1
    phone.context.set_offline(False)
    until(lambda: her.counts()["unsent"] == 0, her)


def test_a_server_that_comes_back_is_found_without_anybody_doing_anything(
    phone: Handset, her: Tab, melati: Arranged
) -> None:
    her.save("observation", observation(melati.households[0]))
    with phone.line(LINES["500"][0]):
        assert her.run("return (await sender.start()).line") == "retry"
    until(lambda: her.counts()["unsent"] == 0, her)
    assert her.run("return sender.state.line") == "ok"


def test_a_server_that_asks_for_patience_has_it_from_the_phone_and_not_from_the_person(
    phone: Handset, her: Tab, melati: Arranged
) -> None:
    her.save("observation", observation(melati.households[0]))
    with phone.line(LINES["429"][0]):
        assert her.run("return (await sender.start()).line") == "retry"
    assert her.run("return sender.state.at - Date.now()") > 25_000
    her.run("for (let n = 0; n < 5; n += 1) dispatchEvent(new Event('online'))")
    her.page.wait_for_timeout(300)
    assert len(phone.sendings) == 1
    assert her.send() == "ok"


def test_a_login_that_ran_out_keeps_everything_until_she_signs_in(
    phone: Handset, her: Tab, melati: Arranged, field_app: Flask
) -> None:
    command = her.save("attendance", register(melati, today()))
    phone.sign_out()
    assert her.send() == "sign_in"
    assert her.unsent() == [command["id"]]
    phone.sign_in(melati)
    phone.again(her)
    assert her.unsent() == [command["id"]]
    assert her.send() == "ok"
    assert len(stored(field_app, RegisterClaim, [command["id"]])) == 1


# ---- Whose it is ----


def test_what_a_colleague_left_on_the_phone_is_not_shown_sent_or_deleted(
    phone: Handset, her: Tab, melati: Arranged, cempaka: Arranged, field_app: Flask
) -> None:
    left = her.save("attendance", register(melati, today()))["id"]
    phone.sign_out()
    phone.sign_in(cempaka)
    colleague = phone.open(cempaka)
    mine = colleague.save("attendance", register(cempaka, today()))["id"]
    assert colleague.unsent() == [mine]
    assert colleague.send() == "ok"
    assert phone.sendings == [[mine]]
    assert colleague.counts()["unsent"] == 0
    # Not even when she is told to.
    taken = [{"id": left, "becomes": "sent", "outcome": "applied", "receivedAt": "2026-01-01"}]
    colleague.run("await store.settle(owner, a); await store.putBack(owner, b)", taken, left)
    assert her.unsent() == [left]
    # Under the login of the other, her own page sends it and the server does not take it.
    assert her.send() == "sign_in"
    assert her.unsent() == [left]
    assert stored(field_app, SyncReceipt, [left]) == []
    phone.sign_in(melati)
    assert her.send() == "ok"
    assert len(stored(field_app, RegisterClaim, [left])) == 1


# ---- What is not simply taken ----


def test_a_refusal_stays_under_needs_action_with_its_reason_and_holds_nobody_up(
    her: Tab, melati: Arranged
) -> None:
    refused = her.save("observation", observation(uuid.uuid4()))["id"]
    her.save("observation", observation(melati.households[0]))
    assert her.send() == "ok"
    assert her.counts() == {"unsent": 1, "waiting": 0, "attention": 1, "toLook": 0}
    (item,) = her.run("return await store.list(owner)")
    assert (item["id"], item["outcome"]) == (refused, "refused")
    assert item["message"].startswith("Keluarga ini tidak Anda dampingi")
    # Sent once more, it gets the same answer; it is never lost.
    her.run("await store.putBack(owner, a)", refused)
    assert her.counts()["waiting"] == 1
    her.send()
    assert her.counts()["attention"] == 1


def test_a_register_that_somebody_contradicts_leaves_and_is_to_be_looked_at(
    her: Tab, phone: Handset, melati: Arranged
) -> None:
    day = today() - timedelta(days=1)
    her.save("attendance", register(melati, day))
    her.send()
    # Another of her phones: another device.
    her.run("await store.close(); indexedDB.deleteDatabase('pkh-outbox')")
    phone.again(her)
    command = her.save("attendance", register(melati, day, "absent"))
    assert her.send() == "ok"
    assert her.counts() == {"unsent": 0, "waiting": 0, "attention": 0, "toLook": 1}
    (kept,) = her.sent()
    assert (kept["id"], kept["outcome"]) == (command["id"], "differs")
    assert kept["message"]
    her.run("await store.looked(owner, a)", command["id"])
    assert her.counts()["toLook"] == 0
