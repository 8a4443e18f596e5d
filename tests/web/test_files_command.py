"""`flask files`: after a restore, what is missing, damaged, or belongs to nobody."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from casework.core import clock, kept_files
from casework.core.db import db
from casework.core.ids import new_id
from casework.core.transaction import transaction
from casework.graduation import evidence_files
from casework.graduation.models import Evidence, Nomination, OutcomeFile
from casework.graduation.queries import outcome_files
from casework.graduation.states import EvidenceKind, NominationStatus, OutcomeFileStatus
from casework.ledger.rules import ExitKind
from casework.meetings import photo_files
from casework.meetings.models import MeetingPhoto
from tests.factories.households import HouseholdFactory, group_with
from tests.factories.meetings import meeting_with
from tests.factories.places import BITUNG, MANADO, MOLAS, PAUDEAN, area_of
from tests.sealing import new_keyring

Run = Callable[..., Any]
BY = uuid.UUID(int=7)
DAY = date(2026, 11, 12)


@pytest.fixture(autouse=True)
def home(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A data directory of its own: other tests leave their files in the shared one."""
    monkeypatch.setitem(app.config, "DATA_DIR", tmp_path)
    return tmp_path


def evidence(village: str = MOLAS, files: int = 1, removed: bool = False) -> list[Evidence]:
    """Of one nomination, with its files."""
    with transaction() as session:
        household = HouseholdFactory(village=village)
        nomination = Nomination(
            area_id=household.area_id,
            id=new_id(),
            household_id=household.id,
            kind=ExitKind.INDEPENDENT,
            status=NominationStatus.DRAFT,
            nominated_by=BY,
            nominated_by_name="Rina",
            nominated_at=clock.now(),
            updated_at=clock.now(),
        )
        session.add(nomination)
        session.flush()
        made = []
        for number in range(files):
            content = nomination.id.bytes * (number + 2)
            row = Evidence(
                area_id=nomination.area_id,
                nomination_id=nomination.id,
                id=new_id(),
                kind=EvidenceKind.SIGNED_STATEMENT,
                media_type="image/jpeg",
                size=len(content),
                sha256=hashlib.sha256(content).digest(),
                added_by=BY,
                added_by_name="Rina",
                added_at=clock.now(),
                removed_at=clock.now() if removed else None,
            )
            session.add(row)
            evidence_files.current_store().put(row.area_id, nomination.id, row.id, content)
            made.append(row)
    for row in made:
        db.session.refresh(row)
    db.session.expunge_all()
    return made


def photo(village: str = MOLAS) -> MeetingPhoto:
    with transaction() as session:
        meeting = meeting_with(group_with(None, 1, village=village), DAY, {})
        content = meeting.id.bytes * 3
        row = MeetingPhoto(
            area_id=meeting.area_id,
            meeting_id=meeting.id,
            id=new_id(),
            width=64,
            height=48,
            size=len(content),
            upload_sha256=hashlib.sha256(content).digest(),
            added_by=BY,
            added_by_name="Rina",
            added_at=clock.now(),
        )
        session.add(row)
        photo_files.current_store().put(row.area_id, meeting.id, row.id, content)
    db.session.refresh(row)
    db.session.expunge_all()
    return row


def outcomes() -> uuid.UUID:
    """A file of outcomes that waits in its row."""
    data, file_id = b"nik;hasil", new_id()
    with transaction() as session:
        session.add(
            OutcomeFile(
                id=file_id,
                area_id=7171,
                batch_id=new_id(),
                status=OutcomeFileStatus.CHECKED,
                file_name="hasil Ibu Siti.csv",
                sha256=hashlib.sha256(data).digest(),
                content_sealed=outcome_files.WAITING.seal(file_id, data),
                uploaded_by=BY,
                uploaded_at=clock.now(),
            )
        )
    return file_id


def path_of(home: Path, row: Evidence | MeetingPhoto) -> Path:
    folder, owner = (
        ("evidence", row.nomination_id) if isinstance(row, Evidence) else ("photos", row.meeting_id)
    )
    return home / folder / str(row.area_id) / owner.hex / f"{row.id.hex}.sealed"


def aged(path: Path, hours: float = 2) -> Path:
    then = time.time() - hours * 3600
    os.utime(path, (then, then), follow_symlinks=False)
    return path


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def test_all_well_is_status_0_and_says_how_much_was_looked_at(
    db_session: Session, run_command: Run
) -> None:
    evidence(files=3)
    photo()
    outcomes()
    done = run_command("files", "check")
    assert done.exit_code == 0, done.output
    assert lines(done.stdout) == [
        "Foto pertemuan: 1 berkas, 0 hilang atau rusak.",
        "Bukti usulan: 3 berkas, 0 hilang atau rusak.",
        "Berkas hasil yang menunggu: 1 berkas, 0 hilang atau rusak.",
        "Daftar yang menunggu: 0 berkas, 0 hilang atau rusak.",
        "Berkas penyelamatan yang menunggu: 0 berkas, 0 hilang atau rusak.",
        "Foto pertemuan: 0 berkas tanpa catatan, 0 belum selesai ditulis.",
        "Bukti usulan: 0 berkas tanpa catatan, 0 belum selesai ditulis.",
    ]
    assert "Berkas" in done.stderr


def test_it_speaks_the_language_of_the_terminal(
    db_session: Session, run_command: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = evidence()
    monkeypatch.setenv("LANGUAGE", "en")
    assert "Evidence of nominations: 1 files, 0 missing" in run_command("files", "check").stdout
    path_of(home, row).unlink()
    assert f"nomination {row.nomination_id}: the file is missing." in (
        run_command("files", "check").stdout
    )


def test_a_missing_file_is_named_by_what_it_is_of_and_nobody_by_name(
    db_session: Session, run_command: Run, home: Path
) -> None:
    gone, stays = evidence(files=2)
    picture = photo()
    for row in (gone, picture):
        path_of(home, row).unlink()
    done = run_command("files", "check")
    assert done.exit_code == 1
    assert lines(done.stdout)[:2] == [
        (
            f"Kabupaten/kota 71.71, foto {picture.id} dari pertemuan {picture.meeting_id} pada"
            " 2026-11-12: berkasnya tidak ada."
        ),
        (
            f"Kabupaten/kota 71.71, bukti {gone.id} (Surat pernyataan bertanda tangan) dari usulan"
            f" {gone.nomination_id}: berkasnya tidak ada."
        ),
    ]
    assert str(stays.id) not in done.stdout
    assert "Rina" not in done.output


def damaged(path: Path, how: str, other: Path) -> None:
    content = path.read_bytes()
    match how:
        case "cut short":
            path.write_bytes(content[: len(content) // 2])
        case "emptied":
            path.write_bytes(b"")
        case "changed":
            path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
        case "swapped":
            path.write_bytes(other.read_bytes())
            other.write_bytes(content)


@pytest.mark.parametrize(
    ("how", "faults"), [("cut short", 1), ("emptied", 1), ("changed", 1), ("swapped", 2)]
)
def test_a_file_that_does_not_open_is_named(
    db_session: Session, run_command: Run, home: Path, how: str, faults: int
) -> None:
    one, other, _third = evidence(files=3)
    damaged(path_of(home, one), how, path_of(home, other))
    done = run_command("files", "check")
    assert done.exit_code == 1
    named = [line for line in lines(done.stdout) if "tidak bisa dibuka" in line]
    assert len(named) == faults
    assert all(str(row.id) in done.stdout for row in (one, other)[:faults])
    assert f"Bukti usulan: 3 berkas, {faults} hilang atau rusak." in done.stdout


def test_what_opens_and_is_not_what_was_recorded_is_named(
    db_session: Session, run_command: Run
) -> None:
    (row,), picture = evidence(), photo()
    store = evidence_files.current_store()
    kept = store.get(row.area_id, row.nomination_id, row.id)
    store.put(row.area_id, row.nomination_id, row.id, kept[::-1])  # as long, and another
    photo_files.current_store().put(picture.area_id, picture.meeting_id, picture.id, b"shorter")
    done = run_command("files", "check")
    assert done.exit_code == 1
    assert done.stdout.count("bukan berkas yang dicatat") == 2


def test_the_wrong_key_is_told_of_each_file_also_of_what_waits_in_its_row(
    app: Flask, db_session: Session, run_command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    evidence()
    photo()
    waiting = outcomes()
    monkeypatch.setitem(app.extensions, "casework_keyring", new_keyring())
    done = run_command("files", "check")
    assert done.exit_code == 1
    assert done.stdout.count("kunci penyegelnya tidak ada di berkas kunci") == 3
    assert f"berkas hasil {waiting}: kunci" in done.stdout
    assert "Siti" not in done.output


@pytest.fixture(params=["folder", "pipe", "socket", "link", "link to itself"])
def strange(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[Path], None]]:
    """Puts something into a place that is no file."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "whole"
    with socket.socket(socket.AF_UNIX) as listening:

        def put(path: Path) -> None:
            if path.exists():
                elsewhere.write_bytes(path.read_bytes())
                path.unlink()
            match request.param:
                case "folder":
                    path.mkdir()
                case "pipe":
                    os.mkfifo(path)
                case "socket":
                    # A socket's path may have 108 letters.
                    with contextlib.chdir(path.parent):
                        listening.bind(path.name)
                case "link":
                    path.symlink_to(elsewhere)
                case _:
                    path.symlink_to(path)

        yield put


def test_what_lies_in_the_place_of_a_file_and_is_none_cannot_be_read(
    db_session: Session, run_command: Run, home: Path, strange: Callable[[Path], None]
) -> None:
    """Nor does the check wait for whoever would write into a pipe."""
    (row,) = evidence()
    path = path_of(home, row)
    strange(path)
    aged(path)
    done = run_command("files", "check")
    assert done.exit_code == 1
    assert "berkasnya tidak bisa dibaca" in done.stdout


def test_a_file_that_was_taken_out_on_its_page_is_looked_for_too(
    db_session: Session, run_command: Run, home: Path
) -> None:
    (row,) = evidence(removed=True)
    assert "Bukti usulan: 0 berkas tanpa catatan" in run_command("files", "check").stdout
    path_of(home, row).unlink()
    assert run_command("files", "check").exit_code == 1


def test_what_waited_and_was_emptied_is_no_longer_looked_for(
    db_session: Session, run_command: Run
) -> None:
    outcomes()
    with clock.at(clock.now() + timedelta(days=8)), transaction():
        assert outcome_files.WAITING.empty_old() == 1
    done = run_command("files", "check")
    assert "Berkas hasil yang menunggu: 0 berkas, 0 hilang" in done.stdout
    assert done.exit_code == 0


def test_files_that_no_row_knows_are_counted_once_they_are_an_hour_old(
    db_session: Session, run_command: Run, home: Path
) -> None:
    (row,) = evidence()
    path = aged(path_of(home, row))
    for name, hours in (("old", 1.1), ("older", 50.0), ("under way", 0.5)):
        other = path.parent / f"{uuid.uuid5(row.id, name).hex}.sealed"
        other.write_bytes(path.read_bytes())
        aged(other, hours)
    # Of a nomination that the older database does not have, in a regency that has none.
    photos = photo_files.current_store()
    photos.put(9999, row.nomination_id, row.id, b"x")
    aged(home / "photos" / "9999" / row.nomination_id.hex / f"{row.id.hex}.sealed")
    done = run_command("files", "check")
    assert done.exit_code == 0
    assert "Bukti usulan: 2 berkas tanpa catatan, 0 belum" in done.stdout
    assert "Foto pertemuan: 1 berkas tanpa catatan, 0 belum" in done.stdout


def test_unfinished_files_are_counted_and_tidied_and_nothing_else_is_deleted(
    db_session: Session, run_command: Run, home: Path
) -> None:
    rows = evidence(files=2)
    orphan = path_of(home, rows[0]).with_name(f"{new_id().hex}.sealed")
    orphan.write_bytes(b"x")
    for each in [orphan, *(path_of(home, row) for row in rows)]:
        aged(each)
    unfinished = home / "evidence" / "unfinished"
    (unfinished / "left").write_bytes(b"half")
    aged(unfinished / "left")
    (unfinished / "under way").write_bytes(b"half")
    assert "Bukti usulan: 1 berkas tanpa catatan, 1 belum" in run_command("files", "check").stdout
    assert (unfinished / "left").exists(), "a check deletes nothing"
    done = run_command("files", "tidy")
    assert (done.exit_code, done.stdout) == (
        0,
        "Berkas yang belum selesai ditulis dan dihapus: 1.\n",
    )
    assert [each.name for each in unfinished.iterdir()] == ["under way"]
    assert orphan.exists()
    assert all(path_of(home, row).exists() for row in rows)


def test_tidy_leaves_what_is_no_file_and_goes_on(
    db_session: Session, run_command: Run, home: Path, strange: Callable[[Path], None]
) -> None:
    evidence(), photo()
    for folder in ("evidence", "photos"):
        left = home / folder / "unfinished" / "left"
        left.write_bytes(b"half")
        aged(left)
    odd = home / "evidence" / "unfinished" / "odd"
    odd.write_bytes(b"half")
    strange(odd)
    aged(odd)
    assert "Bukti usulan: 0 berkas tanpa catatan, 1 belum" in run_command("files", "check").stdout
    done = run_command("files", "tidy")
    assert done.exit_code == 0, done.output
    assert lines(done.stdout) == [
        "Berkas yang belum selesai ditulis dan dihapus: 2.",
        "Bukti usulan: 1 di antara yang belum selesai ditulis bukan berkas; dibiarkan.",
    ]
    assert [each.name for each in odd.parent.iterdir()] == ["odd"]


def test_a_check_changes_nothing_on_disk(db_session: Session, run_command: Run, home: Path) -> None:
    assert run_command("files", "check").exit_code == 0
    assert list(home.iterdir()) == [], "not even a folder where nothing was kept yet"


def test_many_files_of_several_regencies_are_looked_at_some_at_a_time(
    db_session: Session, run_command: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_files, "_ROWS_AT_ONCE", 2)
    here = [row for _ in range(3) for row in evidence(files=3)]
    there = [row for _ in range(2) for row in evidence(PAUDEAN, files=2)]
    photo(), photo(PAUDEAN)
    for row in (here[4], there[1]):
        path_of(home, row).unlink()
    done = run_command("files", "check")
    assert done.exit_code == 1
    assert "Bukti usulan: 13 berkas, 2 hilang atau rusak." in done.stdout
    assert "Foto pertemuan: 2 berkas, 0 hilang atau rusak." in done.stdout
    assert f"Kabupaten/kota {MANADO}, bukti {here[4].id} " in done.stdout
    assert f"Kabupaten/kota {BITUNG}, bukti {there[1].id} " in done.stdout


def test_one_regency_alone(db_session: Session, run_command: Run, home: Path) -> None:
    (here,), (there,) = evidence(), evidence(PAUDEAN)
    outcomes()
    path_of(home, there).unlink()
    done = run_command("files", "check", "--area", MANADO)
    assert done.exit_code == 0, done.output
    assert "Bukti usulan: 1 berkas, 0 hilang atau rusak." in done.stdout
    assert "menunggu" not in done.stdout, "what belongs to no regency is not looked at"
    done = run_command("files", "check", "--area", BITUNG)
    assert done.exit_code == 1
    assert str(there.id) in done.stdout
    assert str(here.id) not in done.stdout


def test_of_a_regency_that_is_none_nothing_is_looked_at(
    db_session: Session, run_command: Run
) -> None:
    with transaction():
        area_of(MOLAS)
    done = run_command("files", "check", "--area", "71.99")
    assert done.exit_code == 2
    assert "71.99 bukan kabupaten atau kota." in done.stderr
    assert done.stdout == ""


def test_no_transaction_is_open_while_files_are_read(
    db_session: Session, run_command: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may take a night: a database must not keep old rows for it all that time."""
    evidence(files=2)
    open_then: list[bool] = []
    judged = kept_files.fault_of

    def watched(*given: Any) -> Any:
        open_then.append(db.session().in_transaction())
        return judged(*given)

    monkeypatch.setattr(kept_files, "fault_of", watched)
    run_command("files", "check")
    assert open_then == [False, False]
