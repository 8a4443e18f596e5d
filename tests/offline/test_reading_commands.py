"""Commands are read strictly, one by one; no database."""

from __future__ import annotations

import json
import uuid
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core.errors import Invalid
from casework.offline.forms import answers, observed, register_said
from casework.offline.rules import Command, Kind, NotACommand, Unreadable, read_sending

GOOD: dict[str, Any] = {
    "id": "6f1d3c1e-7a52-4c6b-9d0e-0a1b2c3d4e5f",
    "owner": str(uuid.UUID(int=2)),
    "kind": "attendance",
    "device": "0b9c8d7e-6f5a-4b3c-8d2e-1f0a9b8c7d6e",
    "seq": 1,
    "made_at": "2026-11-12T11:00:00+08:00",
    "body": {},
}


def sending(*commands: Any) -> str:
    return json.dumps({"commands": commands})


def test_a_command_is_read() -> None:
    (command,) = read_sending(sending(GOOD))
    assert isinstance(command, Command)
    assert (command.kind, command.seq, str(command.id)) == (Kind.ATTENDANCE, 1, GOOD["id"])
    assert command.made_at == datetime(2026, 11, 12, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "x"},
        {"id": GOOD["id"].upper() + "A"},
        {"id": "{00000000-0000-0000-0000-000000000001}"},
        # Ids that the server makes of other things: the page's own, and claims of the page.
        {"device": "00000000-0000-0000-0000-000000000000"},
        {"id": str(uuid.uuid5(uuid.UUID(int=7), "2"))},
        {"made_at": "0001-01-01T00:00:00+14:00"},
        {"made_at": "9999-12-31T23:59:59-14:00"},
        {"owner": None},
        {"kind": "decision"},
        {"seq": 0},
        {"seq": "1"},
        {"seq": True},
        {"seq": 2**31},
        {"made_at": "yesterday"},
        {"made_at": "2026-11-12T11:00:00"},
        {"body": []},
        {"more": 1},
    ],
)
def test_what_is_no_command_is_named_and_the_others_are_read(changes: dict[str, Any]) -> None:
    bad, good = read_sending(sending(GOOD | changes, GOOD))
    assert isinstance(bad, NotACommand)
    assert isinstance(good, Command)
    if "id" not in changes:
        assert bad.id == GOOD["id"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"commands": {}}',
        '{"commands": []}',
        '{"commands": [], "commands": []}',
        sending(*[GOOD] * 51),
        "[" * 100_000,
        "<html>Selamat datang di WiFi.id</html>",
    ],
)
def test_what_is_no_sending_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read_sending(text)


@pytest.mark.parametrize("depth", [50, 300, 900, 936, 1000, 3000])
def test_no_depth_of_json_breaks_a_sending(depth: int) -> None:
    deep = '{"a":' * depth + "1" + "}" * depth
    text = sending(GOOD).replace('"body": {}', f'"body": {deep}')
    with suppress(Unreadable):
        (found,) = read_sending(text)
        assert isinstance(found, Command | NotACommand)


def test_the_same_command_has_the_same_digest_in_whatever_order_its_names_stand() -> None:
    turned = dict(reversed(GOOD.items()))
    one, two = read_sending(sending(GOOD, turned))
    other = read_sending(sending(GOOD | {"body": {"a": 1}}))[0]
    assert one.digest == two.digest != other.digest


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(), each, max_size=4),
    max_leaves=10,
)


@given(_JSON, st.sampled_from(sorted(GOOD)))
def test_any_value_anywhere_is_read_or_named(value: Any, name: str) -> None:
    (read,) = read_sending(sending(GOOD | {name: value}))
    assert isinstance(read, Command | NotACommand)


_BODIES: list[tuple[Any, dict[str, Any]]] = [
    (
        register_said,
        {
            "group": str(uuid.UUID(int=4)),
            "held_on": "2026-11-12",
            "base_version": 0,
            "head": {
                "lessons": [5],
                "topic": "",
                "starts_at": "09:00",
                "ends_at": None,
                "place": "",
            },
            "marks": {"AAAAAAAAAAAAAAAAAAAABQ": ["present", "good", "f", "terlambat"]},
        },
    ),
    (
        observed,
        {
            "household": str(uuid.UUID(int=5)),
            "observed_on": "2026-11-12",
            "keeps_budget": True,
            "saves_per_month": 50_000,
            "savings_total": None,
            "uses_bank_account": None,
            "borrows_from": "bank",
            "income_per_month": None,
            "note": "",
        },
    ),
    (
        answers,
        {
            "household": str(uuid.UUID(int=5)),
            "answered_on": "2026-11-12",
            "answers": {"family_is_ready": True},
        },
    ),
]


@pytest.mark.parametrize(("read", "body"), _BODIES)
def test_a_body_is_read(read: Any, body: dict[str, Any]) -> None:
    assert read(body)


@given(st.data())
def test_any_value_in_a_body_is_read_or_refused(data: st.DataObject) -> None:
    read, body = data.draw(st.sampled_from(_BODIES))
    name = data.draw(st.sampled_from(sorted(body)))
    inside = data.draw(st.booleans()) and isinstance(body[name], dict)
    changed = dict(body)
    if inside:
        key = data.draw(st.sampled_from(sorted(body[name])))
        changed[name] = body[name] | {key: data.draw(_JSON)}
    else:
        changed[name] = data.draw(_JSON)
    with suppress(Invalid):  # anything else would become an error of the server
        read(changed)


@pytest.mark.parametrize(("read", "body"), _BODIES)
def test_a_body_with_one_key_more_or_fewer_is_refused(read: Any, body: dict[str, Any]) -> None:
    for changed in (body | {"status": "approved"}, dict(list(body.items())[1:]), []):
        with pytest.raises(Invalid):
            read(changed)


@pytest.mark.parametrize(
    "mark",
    [
        ["present"],
        ["present", "good", "x", ""],
        ["present", "", "", ""],
        ["present", 0, "", ""],
        ["present", False, "", ""],
        ["", None, "", ""],
        ["not_marked", None, "", ""],
        ["PRESENT", None, "", ""],
        [["present"], None, "", ""],
        ["present", "good", "", 0],
        # A note that is sealed, and is not.
        ["present", "good", "n", "terlambat"],
        ["present", "good", "n", None],
        None,
    ],
)
def test_a_mark_that_is_none_is_refused(mark: Any) -> None:
    body = _BODIES[0][1] | {"marks": {"AAAAAAAAAAAAAAAAAAAABQ": mark}}
    with pytest.raises(Invalid):
        register_said(body)
