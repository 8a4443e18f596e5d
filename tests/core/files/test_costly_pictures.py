"""Pictures that are small to send and dear to decode are refused before a pixel is decoded."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFile

from casework.core.errors import Busy
from casework.core.files import Purpose, Refusal, RefusedFile, check_and_clean, images
from casework.core.files.checking import CleanFile
from casework.core.files.jpeg_segments import picture_of
from tests import pictures

START_OF_SCAN = b"\xff\xda"
MOST_SCANS = 50


def cleaned(content: bytes, **more: Any) -> CleanFile:
    return check_and_clean(io.BytesIO(content), Purpose.PHOTO, images_only=True, **more)


def refusal_of(content: bytes, **more: int) -> RefusedFile:
    with pytest.raises(RefusedFile) as caught:
        cleaned(content, **more)
    return caught.value


@pytest.fixture
def nothing_is_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    def decode(_image: ImageFile.ImageFile) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)


def made(width: int, height: int, form: str) -> bytes:
    sink = io.BytesIO()
    Image.new("L", (width, height)).save(sink, form)
    return sink.getvalue()


# ---- Scans ----


@pytest.mark.usefixtures("nothing_is_decoded")
@pytest.mark.parametrize(
    "trick",
    [
        pytest.param(b"", id="none"),
        pytest.param(b"\xff\x01", id="a-marker-without-a-length"),
        pytest.param(b"\xff\x02", id="a-reserved-marker"),
        pytest.param(b"\xff\xd8", id="another-start"),
        pytest.param(b"\xff\xe1\x00\x01", id="a-length-shorter-than-itself"),
        pytest.param(b"\xff\xdb\xff\xff", id="a-table-that-covers-them"),
        pytest.param(b"\xff\xff\xff", id="fill-bytes"),
        pytest.param(b"\xff\x00", id="data"),
        pytest.param(b"\xff\xd0", id="a-restart"),
        pytest.param(b"\xff\xe2\x00\x02" * 2000, id="thousands-of-empty-segments"),
    ],
)
def test_scans_are_counted_whatever_hides_them(trick: bytes) -> None:
    hidden = pictures.jpeg_of_many_scans(60, trick)
    assert refusal_of(hidden).refusal is Refusal.DAMAGED_IMAGE


@given(
    trick=st.lists(
        st.one_of(st.binary(max_size=4), st.integers(0, 255).map(lambda at: bytes([0xFF, at]))),
        max_size=6,
    ).map(b"".join)
)
def test_the_decoder_is_never_given_more_scans_than_there_may_be(trick: bytes) -> None:
    try:
        given_on = picture_of(pictures.jpeg_of_many_scans(60, trick))
    except RefusedFile:
        return
    assert given_on.count(START_OF_SCAN) <= MOST_SCANS


def test_an_honest_progressive_photo_passes() -> None:
    assert cleaned(pictures.jpeg_of_many_scans(20)).width == 64


def test_previews_and_films_of_a_phone_are_left_behind_and_the_photo_stands_upright() -> None:
    source = pictures.jpeg_of_a_phone(orientation=6)
    assert source.count(START_OF_SCAN) > 1000
    assert picture_of(source).count(START_OF_SCAN) <= 2
    file = cleaned(source)
    assert (file.width, file.height) == (200, 400)
    red, green, blue = Image.open(io.BytesIO(file.content)).getpixel((100, 200))
    assert green > 100 > max(red, blue)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_what_the_decoder_is_given_are_the_same_pixels(mode: str) -> None:
    """Also of printing colours, which a segment of their own explains."""
    sink = io.BytesIO()
    colour = 90 if mode == "L" else (200, 90, 30, 10)[: len(mode)]
    Image.new(mode, (64, 48), colour).save(sink, "JPEG", comment=b"x" * 900, icc_profile=b"y" * 900)
    source = sink.getvalue()
    given_on = picture_of(source)
    assert len(given_on) < len(source) - 1800
    pixels = [Image.open(io.BytesIO(each)).tobytes() for each in (source, given_on)]
    assert pixels[0] == pixels[1]


# ---- Pixels ----


@pytest.mark.usefixtures("nothing_is_decoded")
@pytest.mark.parametrize(
    ("source", "refusal", "limit"),
    [
        pytest.param(
            pictures.png_claiming(5000, 5000), Refusal.TOO_MANY_PIXELS, 12, id="png-of-25-MP"
        ),
        pytest.param(
            pictures.png_claiming(4001, 3000), Refusal.TOO_MANY_PIXELS, 12, id="png-over-12-MP"
        ),
        pytest.param(made(4000, 3200, "WEBP"), Refusal.TOO_MANY_PIXELS, 12, id="webp-over-12-MP"),
        pytest.param(pictures.png_claiming(1, 12_001), Refusal.TOO_LONG, 12_000, id="high-png"),
        pytest.param(pictures.png_claiming(12_001, 1), Refusal.TOO_LONG, 12_000, id="wide-png"),
        pytest.param(made(12_001, 8, "JPEG"), Refusal.TOO_LONG, 12_000, id="wide-jpeg"),
        pytest.param(made(5001, 5000, "JPEG"), Refusal.TOO_MANY_PIXELS, 25, id="jpeg-over-25-MP"),
    ],
)
def test_what_has_more_pixels_than_its_kind_may_have_is_refused(
    source: bytes, refusal: Refusal, limit: int
) -> None:
    error = refusal_of(source)
    assert (error.refusal, error.params) == (refusal, {"limit": limit})


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_12_megapixels_of_other_formats_are_just_accepted(form: str) -> None:
    assert cleaned(made(4000, 3000, form)).width == 1280


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_caller_may_allow_fewer(form: str) -> None:
    source = made(2001, 2000, form)
    assert refusal_of(source, most_megapixels=4).params == {"limit": 4}
    assert cleaned(made(2000, 2000, form), most_megapixels=4).width == 1280


# ---- One at a time ----


def test_a_thread_does_not_wait_for_ever_for_others_pictures(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(images, "_PATIENCE", 0.1)
    source = pictures.photo(64, 48)
    begun = time.monotonic()
    with images._decoding, pytest.raises(Busy):
        cleaned(source)
    assert time.monotonic() - begun < 3
    assert cleaned(source).width == 64


def test_who_waits_a_little_gets_its_turn_and_a_bad_picture_does_not_keep_it() -> None:
    refusal_of(pictures.photo(64, 48)[:-300])
    images._decoding.acquire()
    threading.Timer(0.2, images._decoding.release).start()
    assert cleaned(pictures.photo(64, 48)).width == 64


@pytest.fixture
def waiters(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[object], threading.Thread]]:
    """While somebody's picture is being decoded, whoever is named here comes to wait."""
    monkeypatch.setattr(images, "_PATIENCE", 20)
    come: list[threading.Thread] = []

    def comes(by: object) -> threading.Thread:
        waiter = threading.Thread(target=lambda: cleaned(pictures.photo(64, 48), by=by))
        before = len(images._waiting)
        waiter.start()
        come.append(waiter)
        deadline = time.monotonic() + 10
        while len(images._waiting) == before and time.monotonic() < deadline:
            time.sleep(0.005)
        return waiter

    with images._decoding:
        yield comes
    for each in come:
        each.join(timeout=20)
    assert images._waiting == []
    assert cleaned(pictures.photo(64, 48)).width == 64


def told_at_once(by: object) -> None:
    begun = time.monotonic()
    with pytest.raises(Busy) as told:
        cleaned(pictures.photo(64, 48), by=by)
    assert time.monotonic() - begun < 1
    assert str(told.value) == "Other pictures are being worked on. Send this one again in a moment."


def test_of_one_person_one_picture_waits_and_the_next_is_told_at_once(
    waiters: Callable[[object], threading.Thread],
) -> None:
    waiters("Maria")
    told_at_once("Maria")
    waiters("Rina")


def test_two_wait_and_whoever_comes_then_is_told_at_once(
    waiters: Callable[[object], threading.Thread],
) -> None:
    waiters("Maria")
    waiters("Rina")
    told_at_once("Yohana")
    told_at_once(None)
