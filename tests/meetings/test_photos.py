"""Photos of a meeting on its page: who adds them, what is kept, who sees them."""

from __future__ import annotations

import io
import time
import uuid
from datetime import timedelta
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from casework.accounts.models import User
from casework.audit.models import AuditEntry
from casework.audit.tags import Tag
from casework.core import clock
from casework.core.db import db
from casework.core.errors import Invalid, NotFound, Refused
from casework.core.files import FileStore, Purpose, check_and_clean, images
from casework.core.ids import meeting_id
from casework.core.transaction import transaction
from casework.households.models import Group
from casework.meetings.actions.photos import NotThereYet, add_photo, remove_photo
from casework.meetings.models import Meeting, MeetingPhoto
from casework.meetings.photo_files import current_store
from casework.meetings.rules import MOST_PHOTOS, MOST_PHOTOS_EVER, Presence
from casework.web import uploads
from casework.web.pace import Pace
from tests import pictures
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.meetings import meeting_with
from tests.meetings.conftest import NOON, TODAY, Arranged, arrange, rows
from tests.meetings.test_taking_words import hand_over


@cache
def good() -> bytes:
    return pictures.photo(1600, 1200)


@cache
def other(number: int) -> bytes:
    return pictures.photo(400 + number, 300)


@pytest.fixture
def met(melati: Arranged) -> uuid.UUID:
    """Its meeting of today."""
    return hold(melati)


def hold(group: Arranged, days_ago: int = 0) -> uuid.UUID:
    with transaction() as session:
        row = session.get(Group, (group.area_id, group.group_id))
        marks = dict.fromkeys(group.households, Presence.PRESENT)
        return meeting_with(row, TODAY - timedelta(days=days_ago), marks).id


@pytest.fixture
def her(app: Flask, melati: Arranged) -> FlaskClient:
    return browser_of(app, melati.actor.user_id)


def browser_of(app: Flask, user_id: uuid.UUID) -> FlaskClient:
    client = app.test_client()
    sign_in(client, db.session.get(User, user_id))
    return client


def send(client: FlaskClient, meeting: uuid.UUID, *photos: bytes) -> TestResponse:
    """As a browser does; encoded here, for the test client leaves the file open that it
    encodes a large upload into."""
    files = [FileStorage(io.BytesIO(each), "foto.jpg") for each in photos]
    boundary, body = encode_multipart({"photos": files})
    kind = f"multipart/form-data; boundary={boundary}"
    return client.post(f"/meetings/{meeting}/photos", data=body, content_type=kind)


def kept(meeting: uuid.UUID) -> list[MeetingPhoto]:
    found = rows(MeetingPhoto, meeting_id=meeting, removed_at=None)
    return sorted(found, key=lambda each: each.id)


# ---- Added ----


def test_photos_are_kept_small_without_place_and_camera_and_shown(
    her: FlaskClient, melati: Arranged, met: uuid.UUID
) -> None:
    assert "Belum ada foto." in her.get(f"/meetings/{met}").text
    answer = send(her, met, good(), other(1))
    assert (answer.status_code, answer.location) == (303, f"/meetings/{met}")
    page = her.get(f"/meetings/{met}")
    assert "2 foto tersimpan." in page.text
    photos = kept(met)
    assert {each.added_by for each in photos} == {melati.actor.user_id}
    for photo in photos:
        assert f'src="/meetings/{met}/photos/{photo.id}/small"' in page.text
        whole = her.get(f"/meetings/{met}/photos/{photo.id}")
        small = her.get(f"/meetings/{met}/photos/{photo.id}/small")
        for picture in (whole, small):
            assert picture.mimetype == "image/jpeg"
            assert picture.headers["Cache-Control"] == "no-store"
            assert picture.headers["X-Content-Type-Options"] == "nosniff"
            assert picture.headers["Content-Disposition"].startswith("inline; filename=meeting-")
            image = Image.open(io.BytesIO(picture.data))
            assert dict(image.getexif()) == {}
            for trace in (b"Exif", b"Kamera Siti", b"Ibu Siti"):
                assert trace not in picture.data
        assert len(whole.data) == photo.size <= 200_000
        assert max(Image.open(io.BytesIO(small.data)).size) <= 320
        assert (photo.width, photo.height) == Image.open(io.BytesIO(whole.data)).size
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.MEETING_PHOTO_ADDED)
    ).all()
    assert {each.subject_id for each in entries} == {str(met)}
    assert {each.data["photo"] for each in entries} == {str(each.id) for each in photos}


def test_on_disk_it_is_sealed(her: FlaskClient, melati: Arranged, met: uuid.UUID) -> None:
    send(her, met, good())
    (photo,) = kept(met)
    folder = current_store().root
    path = folder / str(melati.area_id) / met.hex / f"{photo.id.hex}.sealed"
    assert b"JFIF" not in path.read_bytes()
    assert current_store().get(melati.area_id, met, photo.id).startswith(b"\xff\xd8\xff")


def test_the_worst_picture_of_a_camera_fits(her: FlaskClient, met: uuid.UUID) -> None:
    assert send(her, met, pictures.noise(1600, 1200)).status_code == 303
    (photo,) = kept(met)
    assert photo.size <= 200_000


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (pictures.pdf(), "Di sini hanya bisa menerima foto"),
        (b"<script>alert(1)</script>", "Di sini hanya bisa menerima foto"),
        (b"\0\0\0\x18ftypheic", "Foto HEIC tidak bisa dibuka"),
        (good()[:4000], "Foto rusak atau tidak utuh"),
        (b"", "Berkas kosong"),
    ],
)
def test_what_is_no_photo_is_refused_and_the_good_ones_are_kept(
    her: FlaskClient, met: uuid.UUID, content: bytes, words: str
) -> None:
    answer = send(her, met, content, good())
    assert answer.status_code == 422
    assert words in answer.text
    assert "1 foto tersimpan." in answer.text
    assert len(kept(met)) == 1


def test_nothing_chosen_is_told(her: FlaskClient, met: uuid.UUID) -> None:
    answer = send(her, met)
    assert answer.status_code == 422
    assert "Pilih paling sedikit satu foto." in answer.text
    # As browsers send a field that nothing was chosen in.
    empty = {"photos": (io.BytesIO(b""), "")}
    assert her.post(f"/meetings/{met}/photos", data=empty).status_code == 422


def test_who_waits_too_long_for_others_photos_is_told_to_send_again(
    her: FlaskClient, met: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "_PATIENCE", 0.05)
    with images._decoding:
        answer = send(her, met, good())
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Gambar lain masih diolah. Kirim lagi yang ini sebentar lagi." in answer.text
    assert send(her, met, good()).status_code == 303
    assert len(kept(met)) == 1


def test_of_one_person_one_photo_waits(
    her: FlaskClient, melati: Arranged, met: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "_PATIENCE", 20)
    monkeypatch.setattr(images, "_waiting", [melati.actor.user_id])
    begun = time.monotonic()
    with images._decoding:
        answer = send(her, met, good())
    assert (answer.status_code, time.monotonic() - begun < 10) == (503, True)


def test_the_same_photo_twice_is_one(her: FlaskClient, met: uuid.UUID) -> None:
    send(her, met, good(), good())
    send(her, met, good())
    assert len(kept(met)) == 1


def test_there_is_room_for_six_and_no_more(her: FlaskClient, met: uuid.UUID) -> None:
    answer = send(her, met, *(other(number) for number in range(MOST_PHOTOS + 1)))
    assert answer.status_code == 422
    assert "Pertemuan ini sudah punya 6 foto" in answer.text
    assert len(kept(met)) == MOST_PHOTOS
    # One goes, and another has its place.
    assert f'action="/meetings/{met}/photos"' not in her.get(f"/meetings/{met}").text
    her.post(f"/meetings/{met}/photos/{kept(met)[0].id}/remove")
    assert send(her, met, good()).status_code == 303
    assert len(kept(met)) == MOST_PHOTOS


def test_the_same_photo_at_another_meeting_is_told_to_whoever_sees_both(
    app: Flask, her: FlaskClient, melati: Arranged, met: uuid.UUID
) -> None:
    last_month = hold(melati, days_ago=30)
    for meeting in (last_month, met):
        send(her, meeting, good())
    page = her.get(f"/meetings/{met}")
    assert "Foto ini juga dipakai di pertemuan lain" in page.text
    assert f'href="/meetings/{last_month}"' in page.text
    # What lies in other hands does not exist for her.
    stranger = arrange(name="Cempaka")
    theirs = hold(stranger)
    colleague = browser_of(app, stranger.actor.user_id)
    send(colleague, theirs, good())
    page = colleague.get(f"/meetings/{theirs}")
    assert "Foto ini juga dipakai" not in page.text
    with transaction():
        supervisor = UserFactory(supervisor=True).id
    page = browser_of(app, supervisor).get(f"/meetings/{theirs}")
    assert f'href="/meetings/{last_month}"' in page.text


def test_who_sends_too_many_photos_is_told_when_and_what_went_before_is_kept(
    her: FlaskClient, met: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    pace = Pace("uploading", most=2 * (uploads.A_FILE + 1), a_second=0.01, now=lambda: 0.0)
    monkeypatch.setattr(uploads, "UPLOADING", pace)
    answer = send(her, met, other(1), other(2), other(3))
    assert answer.status_code == 429
    assert "Tunggu 5 menit, lalu kirim lagi yang ini." in answer.text
    assert "2 foto tersimpan." in answer.text
    assert len(kept(met)) == 2


# ---- By whom ----


def test_only_who_may_read_the_meeting_sees_its_photos(
    app: Flask, client: FlaskClient, her: FlaskClient, melati: Arranged, met: uuid.UUID
) -> None:
    send(her, met, good())
    (photo,) = kept(met)
    elsewhere = hold(arrange(name="Cempaka"))
    paths = [f"/meetings/{met}/photos/{photo.id}{rest}" for rest in ("", "/small")]
    with transaction():
        supervisor = UserFactory(supervisor=True).id
        far_away = UserFactory(supervisor=True, region="71.72").id
        viewer = UserFactory(role="viewer").id
    stranger = arrange().actor.user_id
    for path in paths:
        assert client.get(path).status_code == 302
        assert browser_of(app, supervisor).get(path).status_code == 200
        for nobody in (far_away, viewer, stranger):
            assert browser_of(app, nobody).get(path).status_code == 404
    # Nor through another meeting, and not one that never was.
    assert her.get(f"/meetings/{elsewhere}/photos/{photo.id}").status_code == 404
    assert her.get(f"/meetings/{met}/photos/{uuid.uuid4()}").status_code == 404


def test_only_the_groups_facilitator_adds_and_removes(
    app: Flask, client: FlaskClient, her: FlaskClient, met: uuid.UUID
) -> None:
    send(her, met, good())
    (photo,) = kept(met)
    with transaction():
        supervisor = UserFactory(supervisor=True).id
    stranger = arrange().actor.user_id
    for nobody in (supervisor, stranger):
        browser = browser_of(app, nobody)
        assert send(browser, met, other(1)).status_code == 404
        assert browser.post(f"/meetings/{met}/photos/{photo.id}/remove").status_code == 404
    assert client.post(f"/meetings/{met}/photos/{photo.id}/remove").status_code in {302, 307}
    assert f"/meetings/{met}/photos/{photo.id}/remove" not in (
        browser_of(app, supervisor).get(f"/meetings/{met}").text
    )
    assert [each.id for each in kept(met)] == [photo.id]


def test_the_form_needs_its_token(
    app: Flask, her: FlaskClient, met: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    assert send(her, met, good()).status_code == 400
    assert kept(met) == []


# ---- Removed ----


def test_a_photo_is_removed_only_after_a_question_that_shows_it(
    her: FlaskClient, met: uuid.UUID
) -> None:
    send(her, met, good())
    (photo,) = kept(met)
    question = her.get(f"/meetings/{met}/photos/{photo.id}/remove")
    assert question.status_code == 200
    assert "Hapus foto ini dari pertemuan?" in question.text
    assert f"/meetings/{met}/photos/{photo.id}/small" in question.text
    assert [each.id for each in kept(met)] == [photo.id]
    assert her.get(f"/meetings/{met}/photos/{uuid.uuid4()}/remove").status_code == 404


def test_a_removed_photo_is_gone_from_the_page_and_stays_in_the_trail(
    her: FlaskClient, melati: Arranged, met: uuid.UUID
) -> None:
    send(her, met, good())
    (photo,) = kept(met)
    path = f"/meetings/{met}/photos/{photo.id}"
    for _twice in range(2):
        assert her.post(f"{path}/remove").status_code == 303
    assert her.get(path).status_code == 404
    assert "Belum ada foto." in her.get(f"/meetings/{met}").text
    assert her.post(f"/meetings/{met}/photos/{uuid.uuid4()}/remove").status_code == 404
    (entry,) = db.session.scalars(
        select(AuditEntry).where(AuditEntry.tag == Tag.MEETING_PHOTO_REMOVED)
    ).all()
    assert (entry.subject_id, entry.data["photo"]) == (str(met), str(photo.id))
    # The row and the sealed file stay for whoever has to look into it.
    (row,) = rows(MeetingPhoto)
    assert row.removed_at == NOON
    assert current_store().get(melati.area_id, met, photo.id)


def test_adding_and_removing_has_an_end(her: FlaskClient, met: uuid.UUID) -> None:
    """What is removed stays on the disk."""
    for number in range(MOST_PHOTOS_EVER):
        assert send(her, met, other(number)).status_code == 303
        her.post(f"/meetings/{met}/photos/{kept(met)[0].id}/remove")
    answer = send(her, met, good())
    assert answer.status_code == 422
    assert "sudah pernah diberi 30 foto, termasuk yang dihapus" in answer.text
    assert kept(met) == []
    assert len(rows(MeetingPhoto, meeting_id=met)) == MOST_PHOTOS_EVER


# ---- The action by itself, as a phone's command calls it ----


def add(group: Arranged, days_ago: int = 0, picture: bytes = b"", **more: object) -> uuid.UUID:
    file = check_and_clean(io.BytesIO(picture or good()), Purpose.PHOTO)
    with transaction():
        return add_photo(
            more.pop("actor", group.actor),
            group.group_id,
            TODAY - timedelta(days=days_ago),
            file=file,
            store=current_store(),
            **more,
        )


def test_a_photo_waits_for_its_meeting(melati: Arranged) -> None:
    with pytest.raises(NotThereYet):
        add(melati)
    # One that can no longer come is not waited for.
    for days_ago in (60, -1):
        with pytest.raises(Invalid):
            add(melati, days_ago)
    assert rows(Meeting) == rows(MeetingPhoto) == []


def test_the_same_id_is_one_photo(melati: Arranged, met: uuid.UUID) -> None:
    photo_id = uuid.uuid4()
    for picture in (good(), other(1)):
        assert add(melati, picture=picture, photo_id=photo_id) == photo_id
    (photo,) = kept(met)
    content = current_store().get(melati.area_id, met, photo_id)
    assert Image.open(io.BytesIO(content)).size == (1280, 960)


def test_whoever_led_the_group_that_day_may_add_and_nobody_else(
    melati: Arranged, met: uuid.UUID
) -> None:
    successor = hand_over(melati, days_ago=0)
    with pytest.raises(NotFound):
        add(melati, actor=arrange(name="Cempaka").actor)
    add(melati)
    add(melati, actor=successor, picture=other(1))
    assert len(kept(met)) == 2
    # Later it is her successor's alone, who may mend any meeting of the group.
    with clock.at(NOON + timedelta(days=60)):
        with pytest.raises(Invalid):
            add(melati, picture=other(2))
        add(melati, actor=successor, picture=other(2))
    assert len(kept(met)) == 3
    # And taking out asks who leads it now.
    with pytest.raises(NotFound), transaction():
        remove_photo(melati.actor, met, kept(met)[0].id)


def test_who_may_not_record_adds_nothing(melati: Arranged, met: uuid.UUID) -> None:
    from dataclasses import replace

    from casework.access.roles import Role

    with pytest.raises(Refused):
        add(melati, actor=replace(melati.actor, role=Role.VIEWER))


def test_a_disk_that_is_full_leaves_no_row(
    melati: Arranged, met: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileStore, "put", full)
    with pytest.raises(OSError, match="space"):
        add(melati)
    assert kept(met) == []
    assert met == meeting_id(melati.group_id, TODAY)
