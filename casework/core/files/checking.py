"""From what somebody sent to what may be kept."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable
from dataclasses import dataclass
from typing import BinaryIO

from casework.core.files.images import MAX_MEGAPIXELS, clean_image
from casework.core.files.kinds import FileKind, Format, Purpose, format_of
from casework.core.files.pdfs import clean_pdf
from casework.core.files.refusals import Refusal, RefusedFile

_MEBIBYTE = 1024 * 1024
#: Source: OWASP ASVS 5.0, 5.2.1, as this product sets it: a photo of a good phone is 4-6 MB.
MAX_UPLOAD_BYTES = 10 * _MEBIBYTE


@dataclass(frozen=True, slots=True)
class CleanFile:
    """What is kept of an upload: made anew by us, without anything the picture does not need."""

    kind: FileKind
    media_type: str
    content: bytes
    #: Of `content`, to notice a file that changed in the store.
    sha256: str
    #: Of the upload as it came, to notice the same file used for another family: the cleaned
    #: content may come out differently after an upgrade of the libraries.
    upload_sha256: str
    pages: int
    #: Pixels; None for a PDF.
    width: int | None = None
    height: int | None = None
    #: Of a photo in its eight positions, as it lies first (`likeness`).
    likenesses: tuple[bytes, ...] = ()


def check_and_clean(
    upload: BinaryIO,
    purpose: Purpose,
    *,
    images_only: bool = False,
    most_megapixels: int = MAX_MEGAPIXELS,
    by: Hashable = None,
) -> CleanFile:
    """The name of the upload is not asked for: it decides nothing and is not kept. `by`: whose it
    is, so that one person's pictures do not keep everybody else's waiting.

    Raises: RefusedFile, with the reason and what helps; Busy where other pictures take too long.
    """
    received = _read(upload)
    upload_sha256 = hashlib.sha256(received).hexdigest()
    found = _image_format(received) if images_only else format_of(received)
    if found is Format.PDF:
        pdf = clean_pdf(received)
        return CleanFile(
            kind=FileKind.PDF,
            media_type="application/pdf",
            content=pdf.content,
            sha256=hashlib.sha256(pdf.content).hexdigest(),
            upload_sha256=upload_sha256,
            pages=pdf.pages,
        )
    image = clean_image(received, found, purpose, most_megapixels, by=by)
    return CleanFile(
        kind=FileKind.IMAGE,
        media_type="image/jpeg",
        content=image.content,
        sha256=hashlib.sha256(image.content).hexdigest(),
        upload_sha256=upload_sha256,
        pages=1,
        width=image.width,
        height=image.height,
        likenesses=image.likenesses,
    )


def _image_format(received: bytes) -> Format:
    try:
        found = format_of(received)
    except RefusedFile as refused:
        if refused.refusal is not Refusal.UNKNOWN_KIND:
            raise
        raise RefusedFile(Refusal.NO_IMAGE) from None
    if found is Format.PDF:
        raise RefusedFile(Refusal.NO_IMAGE)
    return found


def _read(upload: BinaryIO) -> bytes:
    """All of it, but never more than one byte over the limit: a declared length is a claim."""
    received = bytearray()
    while len(received) <= MAX_UPLOAD_BYTES:
        chunk = upload.read(min(64 * 1024, MAX_UPLOAD_BYTES + 1 - len(received)))
        if not chunk:
            break
        received += chunk
    if not received:
        raise RefusedFile(Refusal.EMPTY)
    if len(received) > MAX_UPLOAD_BYTES:
        raise RefusedFile(Refusal.TOO_LARGE, limit=MAX_UPLOAD_BYTES // _MEBIBYTE)
    return bytes(received)
