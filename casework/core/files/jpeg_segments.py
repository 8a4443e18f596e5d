"""What of a JPEG goes to the decoder: the picture, and nothing that only rides along.

Source: ITU-T T.81, annex B.
"""

from __future__ import annotations

import re

from casework.core.files.refusals import Refusal, RefusedFile

#: Cameras write one, editors about ten; thousands of scans over a large picture keep a processor
#: busy for minutes ("Two issues with the JPEG standard", libjpeg-turbo project, 2017).
_MAX_SCANS = 50
#: 10 MB in segments of 64 KB are 160, and each scan has a few small ones; a million empty ones
#: cost seconds.
_MAX_SEGMENTS = 1000

#: Markers inside and after the entropy-coded data; FF 00 and FF D0-D7 are part of the data.
_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])", re.DOTALL)
_START_OF_SCAN = b"\xff\xda"
_START_OF_IMAGE, _END_OF_IMAGE = 0xD8, 0xD9
#: TEM and what is reserved stand below the first frame header. Decoders do not agree with one
#: another whether a length follows them, and no camera writes any.
_FIRST_WITH_A_LENGTH = 0xC0
_LENGTH_BYTES = 2
#: APP0 to APP15, and comments.
_RIDES_ALONG = {*range(0xE0, 0xF0), 0xFE}
#: What the decoder needs of those: the density, the kind of colours, and which way is up.
_NEEDED = {0xE0: b"JFIF\0", 0xE1: b"Exif\0\0", 0xEE: b"Adobe"}


def picture_of(jpeg: bytes) -> bytes:
    """The JPEG up to its end, without previews, profiles, comments and films behind it.

    Scans are counted in what is left wherever they stand: within a scan FF is followed by 00, so
    the decoder finds no more of them than there are, however it reads the segments.

    Raises: RefusedFile.
    """
    kept = bytearray(jpeg[:2])
    position = 2
    for _segment in range(_MAX_SEGMENTS):
        match = _MARKER.search(jpeg, position)
        if match is None:
            # Cut off, of which the decoder knows more.
            kept += jpeg[position:]
            break
        marker = match[1][0]
        if marker == _END_OF_IMAGE:
            kept += jpeg[position : match.end()]
            break
        length = int.from_bytes(jpeg[match.end() : match.end() + _LENGTH_BYTES])
        if marker < _FIRST_WITH_A_LENGTH or marker == _START_OF_IMAGE or length < _LENGTH_BYTES:
            raise RefusedFile(Refusal.DAMAGED_IMAGE)
        end = match.end() + length
        kept += jpeg[position : match.start() if _is_dropped(jpeg, match) else end]
        position = end
    else:
        raise RefusedFile(Refusal.DAMAGED_IMAGE)
    if kept.count(_START_OF_SCAN) > _MAX_SCANS:
        raise RefusedFile(Refusal.DAMAGED_IMAGE)
    return bytes(kept)


def _is_dropped(jpeg: bytes, match: re.Match[bytes]) -> bool:
    marker = match[1][0]
    if marker not in _RIDES_ALONG:
        return False
    return marker not in _NEEDED or not jpeg.startswith(
        _NEEDED[marker], match.end() + _LENGTH_BYTES
    )
