"""Evidence over the web: what is taken, what is refused, and who sees it."""

from __future__ import annotations

import io
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core.db import db
from casework.core.errors import Invalid
from casework.core.files import MAX_UPLOAD_BYTES, FileStore
from casework.core.transaction import transaction
from casework.graduation.evidence_files import current_store
from casework.graduation.models import Evidence
from casework.graduation.queries.case import load
from casework.graduation.rules import MOST_FILES
from casework.graduation.states import EvidenceKind, NominationStatus
from tests import pictures
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.graduation import Cast, add, cast, nominate, open_all

S = NominationStatus
GOOD = pictures.photo(120, 90)


def send(
    client: FlaskClient, nomination_id: uuid.UUID, **files: bytes | tuple[bytes, str]
) -> TestResponse:
    data: dict[str, Any] = {}
    for kind, file in files.items():
        content, name = file if isinstance(file, tuple) else (file, "IMG_0001.jpg")
        data[kind] = FileStorage(io.BytesIO(content), filename=name)
    # Encoded here: the test client would leave a temporary file open for a large body.
    boundary, body = encode_multipart(data)
    return client.post(
        f"/nominations/{nomination_id}/evidence",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )


def kept(nomination_id: uuid.UUID) -> list[Evidence]:
    db.session.rollback()
    query = select(Evidence).where(
        Evidence.nomination_id == nomination_id, Evidence.removed_at.is_(None)
    )
    return list(db.session.scalars(query.order_by(Evidence.added_at)))


@pytest.fixture
def drafted(client: FlaskClient, db_session: Session) -> tuple[Cast, uuid.UUID]:
    """A draft, with its facilitator signed in."""
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    sign_in(client, people.facilitator)
    return people, nomination_id


BAD = {
    "a program under a picture's name": (b"MZ" + b"\0" * 4000, "Hanya foto|hanya foto"),
    "nothing at all": (b"", "Berkas kosong"),
    "half a picture": (GOOD[: len(GOOD) // 2], "rusak atau tidak utuh"),
    "a web page": (b"<html><script>alert(1)</script>", "hanya foto"),
    "a pixel flood": (pictures.png_claiming(30000, 30000), "megapiksel"),
    "too large": (GOOD + b"\0" * MAX_UPLOAD_BYTES, "lebih dari 10 MB"),
    "a locked PDF": (pictures.pdf(password="rahasia"), "terkunci"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_is_refused_with_its_reason_and_nothing_is_kept(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID], what: str
) -> None:
    _, nomination_id = drafted
    content, message = BAD[what]
    answer = send(client, nomination_id, signed_statement=(content, "foto.jpg"))
    assert answer.status_code == 422
    assert any(words in answer.text for words in message.split("|"))
    assert 'href="#signed_statement"' in answer.text
    assert kept(nomination_id) == []


def test_what_is_good_is_kept_beside_what_is_refused(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID]
) -> None:
    _, nomination_id = drafted
    answer = send(client, nomination_id, signed_statement=pictures.pdf(2), signing_photo=b"GIF89a")
    assert answer.status_code == 422
    (statement,) = kept(nomination_id)
    assert (statement.kind, statement.media_type, statement.pages) == (
        EvidenceKind.SIGNED_STATEMENT,
        "application/pdf",
        2,
    )
    assert "Surat pernyataan bertanda tangan" in answer.text


def test_three_photos_of_a_good_phone_fit_into_one_post(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID]
) -> None:
    _, nomination_id = drafted
    large = {kind: pictures.noise(2600, 1900 + shade) for shade, kind in enumerate(EvidenceKind)}
    assert all(5_000_000 < len(each) < MAX_UPLOAD_BYTES for each in large.values())
    answer = send(client, nomination_id, **large)
    assert answer.status_code == 303
    assert len(kept(nomination_id)) == 3


def test_more_than_any_phone_sends_is_refused_unread(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID]
) -> None:
    _, nomination_id = drafted
    answer = send(client, nomination_id, signing_photo=b"\0" * (4 * MAX_UPLOAD_BYTES))
    assert answer.status_code == 413
    assert kept(nomination_id) == []


def test_a_stranger_may_not_send_much(
    app: Flask, client: FlaskClient, db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    nomination_id = nominate(cast(), S.DRAFT)
    # The token is looked for in the body, before anybody asks who it is.
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = send(client, nomination_id, signing_photo=b"\0" * (2 * MAX_UPLOAD_BYTES))
    assert answer.status_code == 413


def test_a_post_without_any_file_says_so(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID]
) -> None:
    _, nomination_id = drafted
    answer = client.post(f"/nominations/{nomination_id}/evidence", data={})
    assert answer.status_code == 422
    assert "Pilih paling sedikit satu berkas." in answer.text


def test_the_same_file_sent_twice_is_kept_once(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID]
) -> None:
    people, nomination_id = drafted
    for _ in range(2):
        assert send(client, nomination_id, signing_photo=GOOD).status_code == 303
    assert len(kept(nomination_id)) == 1
    assert files_on_disk(people, nomination_id) == 1


def files_on_disk(people: Cast, nomination_id: uuid.UUID) -> int:
    folder: Path = current_store().root / str(people.household.area_id) / nomination_id.hex
    return len(list(folder.glob("*")))


def test_there_is_room_for_so_many_files_and_no_more(db_session: Session) -> None:
    people = cast()
    nomination_id = nominate(people, S.DRAFT)
    for shade in range(MOST_FILES):
        add(people.hers, nomination_id, shade=shade)
    with pytest.raises(Invalid, match="Sudah ada 12 berkas"):
        add(people.hers, nomination_id, shade=MOST_FILES)
    assert len(kept(nomination_id)) == MOST_FILES


def test_a_name_full_of_tricks_becomes_part_of_nothing(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID]
) -> None:
    people, nomination_id = drafted
    send(client, nomination_id, signing_photo=(GOOD, '../../etc/pass"wd\r\nX: y.jpg'))
    (file,) = kept(nomination_id)
    assert files_on_disk(people, nomination_id) == 1
    open_all(people.hers, nomination_id)
    answer = client.get(f"/nominations/{nomination_id}/evidence/{file.id}/file")
    assert answer.headers["Content-Disposition"] == (
        f"inline; filename=signing_photo-{file.id.hex[-8:]}.jpg"
    )


def test_a_disk_that_is_full_leaves_no_row(
    db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = cast()
    nomination_id = nominate(people, S.DRAFT)

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileStore, "put", full)
    version = load(people.hers, nomination_id).nomination.version
    with pytest.raises(OSError, match="space"):
        add(people.hers, nomination_id)
    assert kept(nomination_id) == []
    assert load(people.hers, nomination_id).nomination.version == version


def test_a_transaction_that_fails_leaves_an_orphan_that_no_page_reaches(
    db_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = cast()
    nomination_id = nominate(people, S.DRAFT)

    def goes_dark(*_args: object, **_data: object) -> None:
        raise ConnectionError

    monkeypatch.setattr("casework.graduation.actions.evidence.audit.record", goes_dark)
    with pytest.raises(ConnectionError):
        add(people.hers, nomination_id)
    assert kept(nomination_id) == []
    assert files_on_disk(people, nomination_id) == 1


def test_a_photo_is_shown_on_a_page_of_ours_without_its_place(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nomination_id = nominate(people)
    sign_in(client, people.supervisor)
    file = load(people.theirs, nomination_id).evidence[0]
    opened = client.post(f"/nominations/{nomination_id}/evidence/{file.id}/open")
    assert opened.status_code == 303
    page = client.get(opened.location)
    source = f"/nominations/{nomination_id}/evidence/{file.id}/file"
    assert f'<img src="{source}"' in page.text
    assert "img-src 'self'" in page.headers["Content-Security-Policy"]
    answer = client.get(source)
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("inline")
    with Image.open(io.BytesIO(answer.data)) as image:
        assert not image.getexif()
    tags = db.session.scalars(
        select(AuditEntry.tag).where(
            AuditEntry.subject_id == str(file.id), AuditEntry.actor_id == people.supervisor.id
        )
    ).all()
    assert tags == [Tag.EVIDENCE_OPENED]


def test_a_pdf_comes_as_a_pdf(client: FlaskClient, drafted: tuple[Cast, uuid.UUID]) -> None:
    people, nomination_id = drafted
    send(client, nomination_id, signed_statement=(pictures.pdf(2), "scan.jpg"))
    (file,) = kept(nomination_id)
    open_all(people.hers, nomination_id)
    page = client.get(f"/nominations/{nomination_id}/evidence/{file.id}")
    assert "Buka PDF (2 halaman)" in page.text
    answer = client.get(f"/nominations/{nomination_id}/evidence/{file.id}/file")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")


def test_nobody_sees_a_file_without_leaving_a_trace(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nomination_id = nominate(people)
    sign_in(client, people.supervisor)
    file = load(people.theirs, nomination_id).evidence[0]
    for rest in ("", "/file"):
        answer = client.get(f"/nominations/{nomination_id}/evidence/{file.id}{rest}")
        assert answer.status_code == 404


def test_a_file_is_gone_for_who_signed_out_and_for_other_regions(
    client: FlaskClient, db_session: Session
) -> None:
    people = cast()
    nomination_id = nominate(people)
    open_all(people.theirs, nomination_id)
    file = load(people.theirs, nomination_id).evidence[0]
    address = f"/nominations/{nomination_id}/evidence/{file.id}/file"
    sign_in(client, people.supervisor)
    assert client.get(address).status_code == 200
    client.post("/logout")
    assert client.get(address).status_code == 302
    with transaction():
        elsewhere = UserFactory(supervisor=True, region="71.72")
    sign_in(client, elsewhere)
    assert client.get(address).status_code == 404
    opening = client.post(f"/nominations/{nomination_id}/evidence/{file.id}/open")
    assert opening.status_code == 404


def test_a_removed_file_cannot_be_opened_any_more(
    client: FlaskClient, drafted: tuple[Cast, uuid.UUID]
) -> None:
    people, nomination_id = drafted
    send(client, nomination_id, signing_photo=GOOD)
    (file,) = kept(nomination_id)
    evidence_id = file.id
    open_all(people.hers, nomination_id)
    path = f"/nominations/{nomination_id}/evidence/{evidence_id}"
    assert client.post(f"{path}/remove").status_code == 303
    assert kept(nomination_id) == []
    for answer in (
        client.get(path),
        client.get(f"{path}/file"),
        client.post(f"{path}/open"),
        client.post(f"{path}/remove"),
    ):
        assert answer.status_code == 404


def test_a_file_of_another_nomination_is_not_reached_through_ones_own(
    client: FlaskClient, db_session: Session
) -> None:
    people, other = cast(), cast()
    mine, theirs = nominate(people), nominate(other)
    open_all(other.theirs, theirs)
    foreign = load(other.theirs, theirs).evidence[0].id
    sign_in(client, other.supervisor)
    assert client.get(f"/nominations/{mine}/evidence/{foreign}/file").status_code == 404


def test_an_evidence_page_needs_its_token(
    app: Flask,
    client: FlaskClient,
    drafted: tuple[Cast, uuid.UUID],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, nomination_id = drafted
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert send(client, nomination_id, signing_photo=GOOD).status_code == 400
    assert kept(nomination_id) == []
