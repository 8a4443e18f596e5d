"""A NIK that was typed where there was no signal: what it stood in is taken, and the number is not.

The phone cannot open what it has sealed, so nobody could take it out there (docs/decisions/0013).
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from casework.core.ids import short_id
from casework.economics.models import Observation
from casework.meetings.models import Attendance, Meeting, RegisterClaim
from casework.offline.forms import bodies
from tests.meetings.conftest import Arranged, rows
from tests.offline.conftest import HEAD, Phone, outcomes, send, send_again
from tests.sealing import current_key, sealed_command, with_notes
from tests.table_rows import everything

WRITTEN = {
    "7171012345678901": "••••••••••••8901",
    "7171 0123 4567 8901": "•••• •••• •••• 8901",
    "７１７１０１２３４５６７８９０１": "••••••••••••８９０１",
}

Making = Callable[[Phone, Arranged, str], dict[str, Any]]


def _observation(phone: Phone, group: Arranged, note: str) -> dict[str, Any]:
    return phone.observation(group.households[0], note=note)


def _sealed_observation(phone: Phone, group: Arranged, note: str) -> dict[str, Any]:
    return sealed_command(_observation(phone, group, note), current_key())


def _register(phone: Phone, group: Arranged, note: str) -> dict[str, Any]:
    command = phone.everybody(group, "sick")
    command["body"]["marks"][short_id(group.households[0])] = ["sick", None, "", note]
    return command


def _sealed_register(phone: Phone, group: Arranged, note: str) -> dict[str, Any]:
    return with_notes(phone.everybody(group, "sick"), current_key(), {group.households[0]: note})


def _head(name: str) -> Making:
    def of_head(phone: Phone, group: Arranged, text: str) -> dict[str, Any]:
        marks = dict.fromkeys(group.households, "sick")
        return phone.attendance(group, marks, head=HEAD | {name: text})

    return of_head


def _first_note() -> str:
    notes = {mark.note for mark in rows(Attendance)} - {""}
    assert {note for each in rows(RegisterClaim) for note in _notes(each)} == notes
    (note,) = notes
    return note


def _notes(claim: RegisterClaim) -> set[str]:
    return {mark["note"] for mark in claim.marks.values() if mark.get("note")}


FORMS: dict[str, tuple[Making, Callable[[], str]]] = {
    "observation": (_observation, lambda: rows(Observation)[0].note),
    "sealed observation": (_sealed_observation, lambda: rows(Observation)[0].note),
    "register": (_register, _first_note),
    "sealed register": (_sealed_register, _first_note),
    "topic": (_head("topic"), lambda: rows(Meeting)[0].adaptive_topic),
    "place": (_head("place"), lambda: rows(Meeting)[0].place),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("written", "kept"), list(WRITTEN.items()))
def test_the_number_is_nowhere_and_nothing_else_is_lost(
    her: FlaskClient, phone: Phone, melati: Arranged, form: str, written: str, kept: str
) -> None:
    made, stored = FORMS[form]
    command = made(phone, melati, f"Anak dirawat, NIK {written}")
    answer = send(her, command)
    assert outcomes(answer) == ["applied"]
    # Also not by way of what the phone brings back.
    assert outcomes(send_again(her, command, answer.json["answers"][0])) == ["applied"]
    assert stored() == f"Anak dirawat, NIK {kept}"
    all_of_it = everything()
    assert kept in all_of_it or kept.encode("unicode_escape").decode() in all_of_it
    assert written not in all_of_it
    assert written.encode("unicode_escape").decode() not in all_of_it


def test_all_words_of_a_phone_pass_the_one_place() -> None:
    """Whoever reads one more name of a body finds the way to do it."""
    called = [
        node.id for node in ast.walk(ast.parse(inspect.getsource(bodies))) if _is_one_line(node)
    ]
    assert called == ["one_line"], "read words with `kept_words`, which hides numbers of persons"


def _is_one_line(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == "one_line"
