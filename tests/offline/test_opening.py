"""Sealed bodies open for their owner and their command only, or not at all; no database."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from casework.core.errors import Invalid
from casework.offline.forms import read_body
from casework.offline.rules import Command, read_sending
from tests.offline.test_reading_commands import GOOD
from tests.sealing import base64url, current_key, new_keyring, raw_of, sealed_command

PARTS = ("wrapped", "nonce", "data")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

SECRET: dict[str, Any] = GOOD | {
    "kind": "readiness",
    "body": {
        "household": str(uuid.UUID(int=5)),
        "answered_on": "2026-11-12",
        "answers": {"family_is_ready": True},
    },
}


@pytest.fixture(scope="module", autouse=True)
def keys_alone() -> Iterator[None]:
    """An application that has keys and words, and nothing else."""
    app = Flask("keys")
    app.config.update(CASEWORK_KEYS=new_keyring().to_json(), KEYS_FILE=None)
    Babel(app)
    with app.app_context():
        yield


def opened(command: Mapping[str, Any]) -> Any:
    (read,) = read_sending(json.dumps({"commands": [command]}))
    assert isinstance(read, Command)
    return read_body(read)


def assert_closed(command: Mapping[str, Any]) -> None:
    with pytest.raises(Invalid, match="cannot be opened on the server"):
        opened(command)


def sealed(**other: Any) -> dict[str, Any]:
    return sealed_command(SECRET, current_key(), **other)


def changed(command: Mapping[str, Any], **parts: Any) -> dict[str, Any]:
    return {**command, "body": {"sealed": command["body"]["sealed"] | parts}}


def test_what_was_sealed_is_read_like_what_was_not() -> None:
    assert opened(sealed()) == opened(SECRET)


@pytest.mark.parametrize("name", ["owner", "id"])
def test_what_belongs_to_another_person_or_command_does_not_open(name: str) -> None:
    command = sealed()
    assert_closed(command | {name: str(uuid.uuid4())})


@pytest.mark.parametrize(
    "belongs_to",
    [
        f"{SECRET['id']}|{SECRET['owner']}",
        f"{SECRET['owner']}{SECRET['id']}",
        f"{SECRET['owner']}|",
        "",
    ],
)
def test_what_does_not_say_to_whom_it_belongs_does_not_open(belongs_to: str) -> None:
    assert_closed(sealed(belongs_to=belongs_to))


@given(st.data())
def test_one_changed_bit_anywhere_keeps_it_closed(data: st.DataObject) -> None:
    command = sealed()
    part = data.draw(st.sampled_from(PARTS))
    raw = bytearray(raw_of(command["body"]["sealed"][part]))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    assert_closed(changed(command, **{part: base64url(bytes(raw))}))


@pytest.mark.parametrize("part", ["key", *PARTS])
@pytest.mark.parametrize("kept", [0, 1, -4, -1])
def test_a_part_cut_short_keeps_it_closed(part: str, kept: int) -> None:
    command = sealed()
    assert_closed(changed(command, **{part: command["body"]["sealed"][part][:kept]}))


@pytest.mark.parametrize("part", ["key", *PARTS])
@pytest.mark.parametrize("spelled", ["{}=", "{}A", "{}AAAA", " {}", "{}\n", "+{}", "é{}"])
def test_a_part_in_another_spelling_keeps_it_closed(part: str, spelled: str) -> None:
    command = sealed()
    text = command["body"]["sealed"][part]
    assert_closed(changed(command, **{part: spelled.replace("{}", text)}))


def test_the_bits_beyond_the_last_byte_are_no_second_spelling() -> None:
    command = sealed(plain=b"{}  ")  # with its tag 20 bytes, which do not fill the last letter
    data = command["body"]["sealed"]["data"]
    twin = data[:-1] + LETTERS[LETTERS.index(data[-1]) + 1]
    assert raw_of(twin) == raw_of(data)
    assert_closed(changed(command, data=twin))


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"[]",
        b"null",
        b'"x"',
        b"{",
        b"\xff{}",
        b'{"household": 1, "household": 1}',
        b"[" * 10_000,
        json.dumps(SECRET["body"]).encode() + b" " * 16 * 1024,
    ],
)
def test_what_is_no_small_json_object_inside_is_refused(plain: bytes) -> None:
    assert_closed(sealed(plain=plain))


def test_a_sealed_body_within_a_sealed_body_is_not_opened() -> None:
    with pytest.raises(Invalid, match="cannot be read here"):
        opened(sealed(plain=json.dumps(sealed()["body"]).encode()))


def test_a_short_secret_keeps_it_closed() -> None:
    assert_closed(sealed(secret=b"k" * 16))


@pytest.mark.parametrize(
    "body",
    [
        {"sealed": None},
        {"sealed": "AAAA"},
        {"sealed": {}},
        {"sealed": {"key": 1, "wrapped": 1, "nonce": 1, "data": 1}},
        sealed_command(SECRET, current_key())["body"] | SECRET["body"],
    ],
)
def test_what_is_not_made_like_a_sealed_body_is_refused(body: dict[str, Any]) -> None:
    assert_closed(SECRET | {"body": body})


def test_a_register_is_not_taken_sealed() -> None:
    """Its names lie on the phone anyway, and one form is enough to keep right."""
    with pytest.raises(Invalid, match="cannot be read here"):
        opened(sealed() | {"kind": "attendance"})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary().map(base64url),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(), each, max_size=3),
    max_leaves=6,
)


@given(_JSON, st.sampled_from(["observation", "readiness"]))
def test_anything_said_to_be_sealed_is_refused(value: Any, kind: str) -> None:
    assert_closed(SECRET | {"kind": kind, "body": {"sealed": value}})


@given(_JSON | st.text(LETTERS, max_size=600), st.sampled_from(["key", *PARTS]))
def test_any_value_in_a_sealed_body_is_refused(value: Any, part: str) -> None:
    command = sealed()
    if value != command["body"]["sealed"][part]:
        assert_closed(changed(command, **{part: value}))


@given(st.binary(max_size=200) | _JSON.map(lambda value: json.dumps(value).encode()))
def test_anything_that_was_sealed_is_refused_or_read(plain: bytes) -> None:
    with pytest.raises(Invalid):
        opened(sealed(plain=plain))
