"""The drill of docs/operations.md, with the tools that it names: an installation is backed up,
works on, is destroyed and put back; counts agree, and three phones bring again what is lacking."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import make_url

from casework import create_app
from casework.core import clock
from casework.core.db import db
from casework.core.ids import meeting_id
from casework.economics.models import Observation
from casework.graduation.evidence_files import current_store
from casework.graduation.models import Evidence
from casework.graduation.states import NominationStatus
from casework.households.queries.numbers import Number, read
from casework.meetings.models import Attendance, Meeting
from casework.offline.models import SyncReceipt
from tests.databases import Server
from tests.factories.graduation import cast, nominate
from tests.fixtures.application import FreshContextClient, close, make_app, settings
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows
from tests.offline.conftest import Phone, browser_of, send_again
from tests.sealing import sealed_command


@dataclass
class Outbox:
    """A phone, as far as it matters here: what it sent is offered again in another epoch."""

    group: Arranged
    phone: Phone
    epoch: str | None = None
    waiting: list[dict[str, Any]] = field(default_factory=list)
    sent: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    def send(self, browser: FlaskClient) -> None:
        while self.waiting:
            command = self.waiting.pop(0)
            answer = send_again(browser, command, self.answers.get(command["id"]))
            assert answer.status_code == 200, answer.text
            (told,) = answer.json["answers"]
            assert told["outcome"] == "applied", told
            self.answers[command["id"]] = told
            self.sent[command["id"]] = command, told
            if self.epoch not in {None, answer.json["epoch"]}:
                self.waiting += [
                    each for key, (each, _answer) in self.sent.items() if key != command["id"]
                ]
            self.epoch = answer.json["epoch"]


class Installation:
    """Its database with the tools of that database, and what lies beside it."""

    def __init__(self, address: str, home: Path, server: Server | None) -> None:
        self.address = address
        self.home = home
        self._server = server
        self._settings: dict[str, Any] = {}

    def begin(self) -> Flask:
        (self.home / "data").mkdir(parents=True)
        app = make_app(self.address, self.home / "data")
        self._settings = dict(app.config)
        return app

    def begin_again(self) -> Flask:
        """The same settings and the same keys, and whatever database is there."""
        given = settings(self.address, self.home / "data")
        kept = {name: self._settings[name] for name in ("SECRET_KEY", "CASEWORK_KEYS")}
        app = create_app(given | kept)
        app.test_client_class = FreshContextClient
        return app

    def back_up(self, to: Path) -> None:
        if self._server is None:
            # As `.backup` of the sqlite3 program: while others write.
            with sqlite3.connect(self._file) as here, sqlite3.connect(to / "db") as there:
                here.backup(there)
            here.close()
            there.close()
        else:
            self._run("pg_dump", "--format=custom", f"--file={to / 'db'}", self._plain_address)
        shutil.copytree(self.home / "data", to / "data", dirs_exist_ok=True)

    def destroy(self) -> None:
        if self._server is None:
            for path in self._file.parent.glob(f"{self._file.name}*"):
                path.unlink()
        else:
            self._server.drop_database(self.address)
        shutil.rmtree(self.home / "data")

    def restore(self, backup: Path) -> None:
        shutil.copytree(backup / "data", self.home / "data")
        if self._server is None:
            shutil.copyfile(backup / "db", self._file)
        else:
            purpose = make_url(self.address).database.removeprefix(f"{self._server._name}_")
            assert self._server.create_database(purpose) == self.address
            to = f"--dbname={self._plain_address}"
            self._run("pg_restore", "--no-owner", to, str(backup / "db"))

    @property
    def _file(self) -> Path:
        return Path(str(make_url(self.address).database))

    @property
    def _plain_address(self) -> str:
        return self.address.replace("postgresql+psycopg://", "postgresql://", 1)

    def _run(self, *command: str) -> None:
        subprocess.run(command, check=True, capture_output=True, text=True)


@pytest.fixture
def installation(
    backend: str, blank_database_url: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Installation]:
    server = None
    if backend == "postgresql":
        if not shutil.which("pg_dump"):
            pytest.skip("no pg_dump on the path: the drill was not done on PostgreSQL")
        server = request.getfixturevalue("postgresql_server")
    return Installation(blank_database_url, tmp_path / "srv", server)


def stands(group: Arranged) -> Any:
    db.session.rollback()
    key = meeting_id(group.group_id, TODAY)
    (meeting,) = rows(Meeting, id=key)
    marks = {m.household_id: (m.presence, m.note) for m in rows(Attendance, meeting_id=key)}
    return meeting.status, meeting.present, meeting.total, meeting.lesson_mask, marks


def run(app: Flask, *args: str) -> str:
    done = app.test_cli_runner().invoke(args=list(args))
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.timeout(300)
def test_backed_up_destroyed_and_restored_nothing_that_phones_sent_is_lacking(
    installation: Installation, tmp_path: Path
) -> None:
    app = installation.begin()
    with app.app_context():
        family = cast(nik="9971010101900001")
        household = family.household.area_id, family.household.id
        nominate(family, NominationStatus.APPROVED)
        groups = [arrange(name=name, households=3) for name in ("Melati", "Mawar", "Kenanga")]
        phones = [Outbox(group, Phone(group.actor)) for group in groups]
        browsers = [browser_of(app, group.actor) for group in groups]
        key = browsers[0].get("/sync/key").json
        for each, browser in zip(phones, browsers, strict=True):
            each.waiting.append(each.phone.everybody(each.group))
            each.send(browser)
        backup = tmp_path / "backup"
        backup.mkdir()
        installation.back_up(backup)

        # After the backup, and acknowledged.
        for each, browser in zip(phones, browsers, strict=True):
            one, *_others = each.group.households
            version = each.answers[next(iter(each.answers))]["version"]
            each.waiting += [
                each.phone.attendance(each.group, {one: "sick"}, base_version=version, head=None),
                sealed_command(each.phone.observation(one, saves_per_month=70_000), key),
            ]
            each.send(browser)
        stood = [stands(group) for group in groups]
        receipts = {str(each.id) for each in rows(SyncReceipt)}
        assert len(receipts) == 9
    close(app)
    installation.destroy()

    installation.restore(backup)
    app = installation.begin_again()
    with app.app_context(), clock.at(NOON):
        assert len(rows(SyncReceipt)) == 3
        run(app, "outbox", "restored")
        assert "agree in 1 regencies" in run(app, "counts", "verify")
        run(app, "meetings", "recount")
        assert "Bukti usulan: 3 berkas, 0 hilang atau rusak." in run(app, "files", "check")
        # With the keys from the safe.
        assert read(*household, Number.NIK) == "9971010101900001"
        for file in rows(Evidence):
            assert current_store().get(file.area_id, file.nomination_id, file.id)

        for each in phones:
            browser = browser_of(app, each.group.actor)
            # Whatever is next makes the phone hear of the restore.
            each.waiting.append(each.phone.observation(each.group.households[1]))
            each.send(browser)
        assert [stands(group) for group in groups] == stood
        assert receipts <= {str(each.id) for each in rows(SyncReceipt)}
        assert len(rows(Observation)) == 2 * len(phones)
        assert len({each.id for each in rows(Observation)}) == len(rows(Observation))
        run(app, "counts", "verify")
        run(app, "meetings", "recount")
    close(app)
