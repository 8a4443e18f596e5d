"""Phones that recorded something without signal, and have it again."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from casework.access.actor import Actor
from casework.accounts.models import User
from casework.core import clock
from casework.core.db import db
from casework.core.ids import short_id
from tests.factories.accounts import sign_in
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange
from tests.sealing import sealed_photo

HEADERS = {"X-Outbox": "1", "Sec-Fetch-Site": "same-origin"}
HEAD = {"lessons": [5], "topic": "", "starts_at": "09:00", "ends_at": None, "place": "Balai"}


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


@pytest.fixture
def melati(db_session: Session) -> Arranged:
    return arrange(name="Melati", households=4)


@dataclass
class Phone:
    owner: Actor
    device: uuid.UUID = field(default_factory=uuid.uuid4)
    seq: int = 0

    def command(self, kind: str, body: Mapping[str, Any], **other: Any) -> dict[str, Any]:
        self.seq += 1
        return {
            "id": str(uuid.uuid4()),
            "owner": str(self.owner.user_id),
            "kind": kind,
            "device": str(self.device),
            "seq": self.seq,
            "made_at": "2026-11-12T11:00:00+08:00",
            "body": dict(body),
        } | other

    def attendance(
        self, group: Arranged, marks: Mapping[uuid.UUID, str], **body: Any
    ) -> dict[str, Any]:
        given = {
            "group": str(group.group_id),
            "held_on": TODAY.isoformat(),
            "base_version": 0,
            "head": HEAD,
            "marks": {short_id(key): [presence, None, "", ""] for key, presence in marks.items()},
        }
        return self.command("attendance", given | body)

    def everybody(self, group: Arranged, presence: str = "present") -> dict[str, Any]:
        return self.attendance(group, dict.fromkeys(group.households, presence))

    def observation(self, household_id: uuid.UUID, **body: Any) -> dict[str, Any]:
        given = {
            "household": str(household_id),
            "observed_on": TODAY.isoformat(),
            "keeps_budget": True,
            "saves_per_month": 50_000,
            "savings_total": None,
            "uses_bank_account": None,
            "borrows_from": None,
            "income_per_month": None,
            "note": "",
        }
        return self.command("observation", given | body)

    def readiness(self, household_id: uuid.UUID, **answers: bool) -> dict[str, Any]:
        return self.command(
            "readiness",
            {
                "household": str(household_id),
                "answered_on": TODAY.isoformat(),
                "answers": answers,
            },
        )

    def photo(
        self, group: Arranged, picture: bytes, held_on: date = TODAY, **other: Any
    ) -> tuple[dict[str, Any], bytes]:
        """The command, and the sealed bytes that go behind it."""
        body = {"group": str(group.group_id), "held_on": held_on.isoformat()}
        return sealed_photo(self.command("photo", body), picture, **other)


def browser_of(app: Flask, actor: Actor) -> FlaskClient:
    client = app.test_client()
    sign_in(client, db.session.get(User, actor.user_id))
    return client


@pytest.fixture
def phone(melati: Arranged) -> Phone:
    return Phone(melati.actor)


@pytest.fixture
def her(app: Flask, melati: Arranged) -> FlaskClient:
    return browser_of(app, melati.actor)


def send(client: FlaskClient, *commands: Any, **headers: str) -> TestResponse:
    return client.post(
        "/sync",
        data=json.dumps({"commands": commands}),
        content_type="application/json",
        headers=HEADERS | headers,
    )


def send_again(
    client: FlaskClient, command: Mapping[str, Any], answer: Mapping[str, Any] | None
) -> TestResponse:
    """As a phone does that has had that answer to it, if any."""
    sending: dict[str, Any] = {"commands": [command]}
    if answer and "proof" in answer:
        sending["again"] = {command["id"]: answer["proof"]}
    return client.post(
        "/sync", data=json.dumps(sending), content_type="application/json", headers=HEADERS
    )


def send_photo(
    client: FlaskClient, command: Any, data: bytes | None = None, **headers: str
) -> TestResponse:
    """Without data: whether it is wanted."""
    return client.post(
        "/sync/photo",
        data=json.dumps(command).encode() + (b"" if data is None else b"\n" + data),
        content_type="application/octet-stream",
        headers=HEADERS | headers,
    )


def outcomes(response: TestResponse) -> list[str]:
    assert response.status_code == 200, response.text
    return [answer["outcome"] for answer in response.json["answers"]]
