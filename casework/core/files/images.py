"""Photos: decoded once, turned upright, made smaller and written anew.

Only pixels go over into the new file. EXIF with its GPS place, embedded previews, colour
profiles and whatever stood behind the picture stay behind.
"""

from __future__ import annotations

import io
import re
import struct
import threading
import zlib
from dataclasses import dataclass

from PIL import Image

from casework.core.files.kinds import Format, Purpose
from casework.core.files.refusals import Refusal, RefusedFile

#: Source: OWASP ASVS 5.0, 5.2.6, as this product sets it. 25 megapixels are 100 MB unpacked.
MAX_MEGAPIXELS = 25
#: Cameras write about ten; thousands of scans over a large picture keep a processor busy for
#: minutes ("Two issues with the JPEG standard", libjpeg-turbo project, 2017).
_MAX_JPEG_SCANS = 50


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

#: Decoding takes up to 200 MB: one at a time, so that threads do not multiply it.
_decoding = threading.Lock()


@dataclass(frozen=True, slots=True)
class CleanImage:
    content: bytes
    width: int
    height: int


def clean_image(received: bytes, found: Format, purpose: Purpose) -> CleanImage:
    """Raises: RefusedFile; for too many pixels before any of them is decoded."""
    if found is Format.JPEG:
        _check_scans(received)
    target = _TARGETS[purpose]
    with _decoding:
        image = _decoded(received, found, target.long_side)
        # `reducing_gap` makes large pictures small in a fraction of the time.
        image.thumbnail(
            (target.long_side, target.long_side), Image.Resampling.LANCZOS, reducing_gap=2.0
        )
        return _encoded(image, target.max_bytes)


def thumbnail(kept: bytes, long_side: int) -> bytes:
    """A small JPEG of a picture that was cleaned before, for lists."""
    with Image.open(io.BytesIO(kept), formats=("JPEG",)) as image:
        # Decoded at a part of its size: a few milliseconds.
        image.draft(None, (long_side, long_side))
        image.thumbnail((long_side, long_side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        sink = io.BytesIO()
        image.save(sink, "JPEG", quality=70, optimize=True, exif=b"", comment=b"")
        return sink.getvalue()


def _decoded(received: bytes, found: Format, long_side: int) -> Image.Image:
    """RGB or grey pixels, upright."""
    try:
        with Image.open(io.BytesIO(received), formats=(found.value,)) as image:
            if image.width * image.height > MAX_MEGAPIXELS * 1_000_000:
                raise RefusedFile(Refusal.TOO_MANY_PIXELS, limit=MAX_MEGAPIXELS)
            # JPEG can be decoded at a half, a quarter or an eighth; others ignore this.
            image.draft(None, (long_side, long_side))
            image.load()
            pixels = _on_white(image)
            turn = _UPRIGHT.get(_orientation(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise RefusedFile(Refusal.TOO_MANY_PIXELS, limit=MAX_MEGAPIXELS) from None
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


#: Markers inside and after the entropy-coded data; FF 00 and FF D0-D7 are part of the data.
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])", re.DOTALL)
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


def _check_scans(jpeg: bytes) -> None:
    """Walk the segments up to the end of the picture and count the scans.

    Source: ITU-T T.81, annex B.
    """
    scans = 0
    position = 2
    while match := _MARKER.search(jpeg, position):
        marker = match[1][0]
        if marker == _END_OF_IMAGE:
            break
        if marker == _START_OF_SCAN:
            scans += 1
            if scans > _MAX_JPEG_SCANS:
                raise RefusedFile(Refusal.DAMAGED_IMAGE)
        position = match.end() + int.from_bytes(jpeg[match.end() : match.end() + 2])
