"""What the phone says is stored is stored, whatever the browser, the disk or a release does."""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.browser.outbox import Handset, Tab, lose_the_answer, observation
from tests.meetings.conftest import Arranged

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("field")]

NOTHING = {"unsent": 0, "waiting": 0, "attention": 0, "toLook": 0}

#: Calls `a` at each request that puts an item into the outbox, within its transaction.
_AT_EACH_PUT = """
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = function (...given) {
    const request = add.apply(this, given);
    (%s)(request, this.transaction);
    return request;
  };
"""


@pytest.fixture
def body(melati: Arranged) -> dict[str, Any]:
    return observation(melati.households[0])


ADD = "await store.add({ owner, kind: 'observation', body: a })"


# ---- Stored, or not at all ----


def test_it_is_stored_when_it_is_said_so_and_on_the_disk(her: Tab, body: dict[str, Any]) -> None:
    her.run(
        """window.seen = [];
        const begin = IDBDatabase.prototype.transaction;
        IDBDatabase.prototype.transaction = function (...given) {
          const tx = begin.apply(this, given);
          seen.push(tx.durability);
          tx.addEventListener("complete", () => seen.push("complete"));
          return tx;
        };"""
    )
    watch = "(request) => request.addEventListener('success', () => seen.push('success'))"
    her.run(_AT_EACH_PUT % watch)
    her.run(f"{ADD}; seen.push('stored')", body)
    assert her.run("return seen") == ["strict", "success", "complete", "stored"]


def test_a_browser_that_gives_up_after_it_took_it_has_stored_nothing(
    her: Tab, body: dict[str, Any]
) -> None:
    give_up = "(request, tx) => request.addEventListener('success', () => tx.abort())"
    her.run(_AT_EACH_PUT % give_up)
    assert her.reason(ADD, body) == "aborted"
    assert her.counts() == NOTHING


@pytest.mark.parametrize("where", ["at the request", "at the end"])
def test_a_phone_without_room_says_so_and_half_of_nothing_is_stored(
    phone: Handset, her: Tab, body: dict[str, Any], where: str
) -> None:
    # Before the first write: Chromium remembers for a while how much room there was.
    limit_room(phone, her, 300_000)
    her.save("observation", body)
    large = body | {"note": "x" * 5_000_000}
    if where == "at the request":
        her.run(_AT_EACH_PUT % "() => { throw new DOMException('no', 'QuotaExceededError'); }")
        large = body
    assert her.reason(ADD, large) == "full"
    assert her.counts()["unsent"] == 1
    phone.again(her)
    # No number was used up by what was not stored.
    assert her.save("observation", body)["seq"] == 2
    assert her.send() == "ok"
    assert her.counts() == NOTHING


def limit_room(phone: Handset, tab: Tab, size: int) -> None:
    devtools = phone.context.new_cdp_session(tab.page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": phone.address, "quotaSize": size})


def test_a_full_phone_still_lets_go_of_what_the_server_has(her: Tab, body: dict[str, Any]) -> None:
    """Or it would send the same for ever."""
    command = her.save("observation", body)
    her.run(
        """const put = IDBObjectStore.prototype.put;
        IDBObjectStore.prototype.put = function (value) {
          if (this.name === "sent" && value.text) {
            throw new DOMException("no room", "QuotaExceededError");
          }
          return put.call(this, value);
        };"""
    )
    assert her.send() == "ok"
    assert her.counts() == NOTHING
    (kept,) = her.sent()
    assert (kept["id"], kept["outcome"], kept["text"]) == (command["id"], "applied", "")
    assert kept["received_at"]


def test_the_same_draft_saved_twice_is_one_command(her: Tab, body: dict[str, Any]) -> None:
    draft = str(uuid.uuid4())
    her.save("observation", body, id=draft)
    assert her.reason("await store.add({ ...b, owner, body: a })", body, {"id": draft}) == "exists"
    assert her.unsent() == [draft]
    assert her.save("observation", body)["seq"] == 2


def test_without_a_database_it_says_so(her: Tab, body: dict[str, Any]) -> None:
    her.run("Object.defineProperty(window, 'indexedDB', { value: undefined })")
    assert her.reason(f"window.store = new Store(); {ADD}", body) == "unavailable"


# ---- Numbers ----


def test_each_owner_counts_her_own_whatever_tab_she_uses(
    phone: Handset, her: Tab, melati: Arranged, cempaka: Arranged, body: dict[str, Any]
) -> None:
    other = phone.open(melati)
    colleague = phone.open(cempaka)
    add_ten = """window.adding = Promise.all(Array.from({ length: 10 }, () =>
      store.add({ owner, kind: 'observation', body: a }))); return null"""
    for tab in (her, other, colleague):
        tab.run(add_ten, body)
    made = [each for tab in (her, other) for each in tab.run("return await adding")]
    assert sorted(each["seq"] for each in made) == list(range(1, 21))
    assert len({each["device"] for each in made}) == 1
    hers = colleague.run("return await adding")
    assert sorted(each["seq"] for each in hers) == list(range(1, 11))
    # She has not seen what the other said, so the later word of hers is not the other's.
    assert {each["device"] for each in hers}.isdisjoint({each["device"] for each in made})
    assert her.run("return (await store.list(owner)).map((each) => each.seq)") == list(range(1, 21))


# ---- Other releases ----


def test_what_a_newer_release_left_can_be_read_written_and_sent(
    phone: Handset, her: Tab, body: dict[str, Any]
) -> None:
    """A page that the phone kept meets the database of tomorrow."""
    her.save("observation", body)
    unknown = {"id": "x", "owner": her.owner, "state": "of tomorrow", "seq": 9, "words": [1]}
    her.run(
        """const newer = [...UPGRADES, (db) => db.createObjectStore("drafts")];
        const tomorrow = new Store({ upgrades: newer });
        await tomorrow.counts(owner);
        await tomorrow.close();
        const request = indexedDB.open("pkh-outbox");
        await new Promise((resolve) => { request.onsuccess = resolve; });
        const tx = request.result.transaction("commands", "readwrite");
        tx.objectStore("commands").put(a);
        await new Promise((resolve) => { tx.oncomplete = resolve; });
        window.version = request.result.version;
        request.result.close();""",
        unknown,
    )
    assert her.run("return version") == 3
    phone.again(her)
    her.save("observation", body)
    assert her.counts() == {"unsent": 3, "waiting": 2, "attention": 0, "toLook": 0}
    assert her.send() == "ok"
    # What this release does not understand is counted, and stays as it was.
    assert her.counts() == {"unsent": 1, "waiting": 0, "attention": 0, "toLook": 0}
    assert her.run("return await store.list(owner)") == [unknown]


def test_an_upgrade_that_breaks_leaves_the_outbox_as_it_was(her: Tab, body: dict[str, Any]) -> None:
    command = her.save("observation", body)
    her.run(
        """const broken = [...UPGRADES, (db, tx) => {
          tx.objectStore("commands").clear();
          db.deleteObjectStore("sent");
          throw new TypeError("an old row");
        }];
        window.store = new Store({ upgrades: broken });
        window.sender = new Sender(store, owner);"""
    )
    assert her.unsent() == [command["id"]]
    her.save("observation", body)
    assert her.send() == "ok"
    assert her.counts() == NOTHING


def test_a_first_opening_that_breaks_leaves_nothing_behind_that_blocks_the_next(
    her: Tab, body: dict[str, Any]
) -> None:
    fail = "new Store({ name: 'other', upgrades: [() => { throw new TypeError('x'); }] })"
    assert her.reason(f"await ({fail}).counts(owner)") == "broken"
    her.run("window.store = new Store({ name: 'other' })")
    her.save("observation", body)
    assert her.counts()["unsent"] == 1


def test_an_open_tab_makes_way_for_a_newer_release_and_goes_on(
    phone: Handset, her: Tab, melati: Arranged, body: dict[str, Any]
) -> None:
    other = phone.open(melati)
    other.save("observation", body)
    her.run(
        """window.store = new Store({ upgrades: [...UPGRADES, (db) => db.createObjectStore("x")] });
        await store.counts(owner)"""
    )
    other.save("observation", body)
    assert her.counts()["unsent"] == 2


def test_a_tab_that_does_not_make_way_is_told_of(her: Tab) -> None:
    her.save("observation", {})
    her.run(
        """await store.close();
        const request = indexedDB.open("pkh-outbox");
        window.held = await new Promise((resolve) => {
          request.onsuccess = () => resolve(request.result);
        });
        window.store = new Store({ upgrades: [...UPGRADES, () => {}] });"""
    )
    assert her.reason("await store.counts(owner)") == "blocked"
    her.run("held.close()")
    assert her.counts()["unsent"] == 1


# ---- Receipts ----


def test_receipts_are_kept_thirty_days_by_the_servers_clock(
    phone: Handset, her: Tab, body: dict[str, Any]
) -> None:
    old, newer = (her.save("observation", body)["id"] for _time in range(2))

    def settle(command: str, received: str, now: str) -> None:
        verdict = {"id": command, "becomes": "sent", "outcome": "applied", "receivedAt": received}
        her.run("await store.settle(owner, [a], { serverTime: b })", verdict, now)

    settle(old, "2026-10-01T00:00:00+00:00", "2026-10-01T00:00:00+00:00")
    settle(newer, "2026-10-05T00:00:00+00:00", "2026-10-30T23:00:00+00:00")
    assert [each["id"] for each in her.sent()] == [newer, old]
    her.run("await store.settle(owner, [], { serverTime: a })", "2026-11-01T00:00:00+00:00")
    assert [each["id"] for each in her.sent()] == [newer]
    # What is not a moment makes nothing old.
    her.run("await store.settle(owner, [], { serverTime: a })", "tomorrow")
    assert len(her.sent()) == 1


def test_a_command_is_let_go_with_a_receipt_only(her: Tab, body: dict[str, Any]) -> None:
    command = her.save("observation", body)["id"]
    for verdict in (
        {"id": command, "becomes": "sent"},
        {"id": command, "becomes": "sent", "receivedAt": ""},
        {"id": command, "becomes": "keep"},
        {"id": command, "becomes": "gone"},
        {"id": str(uuid.uuid4()), "becomes": "sent", "receivedAt": "2026-10-01T00:00:00+00:00"},
    ):
        her.run("await store.settle(owner, [a])", verdict)
    assert her.unsent() == [command]
    assert her.sent() == []


# ---- Keeping ----


def test_the_browser_is_asked_once_to_keep_it(phone: Handset, her: Tab) -> None:
    watch = """window.asks = 0;
      navigator.storage.persisted = async () => false;
      navigator.storage.persist = async () => { window.asks += 1; return false; };"""
    her.run(watch)
    assert her.run("return await store.phone.askToKeep()") is False
    assert her.run("return await store.phone.askToKeep()") is False
    phone.again(her)
    her.run(watch)
    assert her.run("return await store.phone.askToKeep()") is False
    assert her.run("return asks") == 0


# ---- Sealing ----


def test_python_opens_what_the_phone_sealed(phone: Handset, her: Tab, body: dict[str, Any]) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    spki = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    key = {"id": "k1", "spki": base64.b64encode(spki).decode()}
    command = str(uuid.uuid4())
    sealed = her.run("return await seal(a, { owner, id: b }, c)", body, command, key)
    made = her.save("observation", sealed, id=command)
    assert made["body"] == sealed
    assert "saves_per_month" not in json.dumps(her.run("return await store.list(owner)"))

    def bytes_of(name: str) -> bytes:
        return base64.urlsafe_b64decode(f"{made['body']['sealed'][name]}==")

    oaep = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    opened = AESGCM(private.decrypt(bytes_of("wrapped"), oaep)).decrypt(
        bytes_of("nonce"), bytes_of("data"), f"{her.owner}|{command}".encode()
    )
    assert json.loads(opened) == body
    # And the bytes stay the same however often it is sent.
    with phone.line(lose_the_answer):
        her.send()
