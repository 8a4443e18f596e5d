"""Photos: decoded once, turned upright, made smaller and written anew.

Only pixels go over into the new file. EXIF with its GPS place, embedded previews, colour
profiles and whatever stood behind the picture stay behind.
"""

from __future__ import annotations

import io
import struct
import threading
import zlib
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext
from PIL import Image

from casework.core.errors import Busy
from casework.core.files.jpeg_segments import picture_of
from casework.core.files.kinds import Format, Purpose
from casework.core.files.likeness import all_turns
from casework.core.files.refusals import Refusal, RefusedFile

#: Source: OWASP ASVS 5.0, 5.2.6, as this product sets it: what cameras make, which is JPEG.
MAX_MEGAPIXELS = 25
#: Other formats cannot be decoded at a part of their size, and 13 KB of them can hold any number of
#: pixels. The largest screen of a phone has five million.
_MAX_MEGAPIXELS_BESIDE_JPEG = 12
#: In pixels. A strip of one line and 12 million columns costs more than any picture.
_MAX_SIDE = 12_000


@dataclass(frozen=True, slots=True)
class _Target:
    long_side: int
    max_bytes: int


_TARGETS = {
    # Source: OWASP ASVS 5.0, 5.2.6, as this product sets it: at most 200 KB a photo.
    Purpose.PHOTO: _Target(long_side=1280, max_bytes=200_000),
    # A4 at 170 dots per inch: 9-point type on a statement stays readable.
    Purpose.DOCUMENT: _Target(long_side=2000, max_bytes=600_000),
}
_QUALITIES = (85, 75, 65, 55, 45, 35)
#: Below this a picture is not made smaller any more: noise of this size fits anyway.
_SMALLEST_LONG_SIDE = 320

#: EXIF orientation (tag 0x0112) -> what turns the picture upright. Source: EXIF 2.32, 4.6.4.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112

#: What Pillow's readers raise on damaged or hostile content.
_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OverflowError,
    ZeroDivisionError,
    MemoryError,
    struct.error,
    zlib.error,
)

#: Decoding takes up to 310 MB (docs/decisions/0015): one at a time, so that threads do not
#: multiply it.
_decoding = threading.Lock()
#: Seconds. A thread that waits answers nobody else.
_PATIENCE = 5.0
#: Of this process. It has four threads (deploy/gunicorn.conf.py): one decodes, two wait, and one
#: is left for who sends no picture.
#: Source: none official; product default (docs/decisions/0025).
_MOST_WAITING = 2
#: For whom pictures wait; None of nobody in particular.
_waiting: list[Hashable] = []
_door = threading.Lock()


@dataclass(frozen=True, slots=True)
class CleanImage:
    content: bytes
    width: int
    height: int
    #: Of a photo in its eight positions, as it lies first; none where it shows nothing.
    likenesses: tuple[bytes, ...] = ()


def clean_image(
    received: bytes,
    found: Format,
    purpose: Purpose,
    most_megapixels: int = MAX_MEGAPIXELS,
    *,
    by: Hashable = None,
) -> CleanImage:
    """`by`: whose picture it is; of one person's one waits at a time.

    Raises: RefusedFile, for too many pixels before any of them is decoded; Busy.
    """
    if found is Format.JPEG:
        received = picture_of(received)
    else:
        most_megapixels = min(most_megapixels, _MAX_MEGAPIXELS_BESIDE_JPEG)
    target = _TARGETS[purpose]
    with _one_at_a_time(by):
        image = _decoded(received, found, target.long_side, most_megapixels)
        # `reducing_gap` makes large pictures small in a fraction of the time.
        image.thumbnail(
            (target.long_side, target.long_side), Image.Resampling.LANCZOS, reducing_gap=2.0
        )
        clean = _encoded(image, target.max_bytes)
        # Two sheets of one printed form are alike, whoever signed them.
        return replace(clean, likenesses=all_turns(image)) if purpose is Purpose.PHOTO else clean


@contextmanager
def _one_at_a_time(by: Hashable) -> Iterator[None]:
    """Raises: Busy."""
    if not _decoding.acquire(blocking=False):
        _wait(by)
    try:
        yield
    finally:
        _decoding.release()


def _wait(by: Hashable) -> None:
    """For one's turn, which one then has. Raises: Busy, at once where enough wait already."""
    with _door:
        if len(_waiting) >= _MOST_WAITING or (by is not None and by in _waiting):
            raise _busy()
        _waiting.append(by)
    try:
        if not _decoding.acquire(timeout=_PATIENCE):
            raise _busy()
    finally:
        with _door:
            _waiting.remove(by)


def _busy() -> Busy:
    return Busy(
        lazy_gettext("Other pictures are being worked on. Send this one again in a moment."),
        code="pictures",
    )


def thumbnail(kept: bytes, long_side: int) -> bytes:
    """A small JPEG of a picture that was cleaned before, for lists."""
    with Image.open(io.BytesIO(kept), formats=("JPEG",)) as image:
        # Decoded at a part of its size: a few milliseconds.
        image.draft(None, (long_side, long_side))
        image.thumbnail((long_side, long_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        sink = io.BytesIO()
        image.save(sink, "JPEG", quality=70, optimize=True, exif=b"", comment=b"")
        return sink.getvalue()


def _decoded(received: bytes, found: Format, long_side: int, most_megapixels: int) -> Image.Image:
    """RGB or grey pixels, upright."""
    try:
        with Image.open(io.BytesIO(received), formats=(found.value,)) as image:
            if image.width * image.height > most_megapixels * 1_000_000:
                raise RefusedFile(Refusal.TOO_MANY_PIXELS, limit=most_megapixels)
            if max(image.size) > _MAX_SIDE:
                raise RefusedFile(Refusal.TOO_LONG, limit=_MAX_SIDE)
            # JPEG can be decoded at a half, a quarter or an eighth; others ignore this.
            image.draft(None, (long_side, long_side))
            image.load()
            pixels = _on_white(image)
            turn = _UPRIGHT.get(_orientation(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise RefusedFile(Refusal.TOO_MANY_PIXELS, limit=most_megapixels) from None
    except _DECODER_ERRORS:
        raise RefusedFile(Refusal.DAMAGED_IMAGE) from None
    return pixels if turn is None else pixels.transpose(turn)


def _on_white(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        rgba = image.convert("RGBA")
        page = Image.new("RGB", rgba.size, "white")
        page.paste(rgba, mask=rgba.getchannel("A"))
        return page
    return image.convert("L" if image.mode in {"1", "L", "I;16"} else "RGB")


def _orientation(image: Image.Image) -> int:
    """A picture whose EXIF cannot be read is still a picture; it stays as it lies."""
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except _DECODER_ERRORS:
        return 1


def _encoded(image: Image.Image, max_bytes: int) -> CleanImage:
    """At the best quality that fits; smaller when none does."""
    while True:
        for quality in _QUALITIES:
            sink = io.BytesIO()
            # exif, icc_profile and comment are empty on purpose: Pillow would otherwise carry
            # over what the source had.
            image.save(
                sink,
                "JPEG",
                quality=quality,
                optimize=True,
                exif=b"",
                icc_profile=None,
                comment=b"",
            )
            content = sink.getvalue()
            if len(content) <= max_bytes:
                return CleanImage(content, image.width, image.height)
        if max(image.size) <= _SMALLEST_LONG_SIDE:
            return CleanImage(content, image.width, image.height)
        image.thumbnail((image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS)
