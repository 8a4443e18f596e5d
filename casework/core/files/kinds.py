"""What a file is, told from its first bytes; its name and the browser's word count for nothing."""

from __future__ import annotations

from enum import StrEnum

from casework.core.files.refusals import Refusal, RefusedFile


class FileKind(StrEnum):
    IMAGE = "image"
    PDF = "pdf"


class Purpose(StrEnum):
    """What the file is to show, which decides how large it is kept."""

    #: A house, a business, people signing.
    PHOTO = "photo"
    #: A page with writing on it that must stay readable.
    DOCUMENT = "document"


class Format(StrEnum):
    """The formats that are accepted, by the names Pillow gives them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    PDF = "PDF"


#: ISO base media "brands" of HEIF and AVIF pictures, as iPhones and newer Androids make them.
#: Source: ISO/IEC 23008-12:2022, 10.2 and AV1 Image File Format 1.1, 6.
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"}


def format_of(content: bytes) -> Format:
    """Raises: RefusedFile for everything that is not JPEG, PNG, WebP or PDF."""
    if content.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Format.WEBP
    if content.startswith(b"%PDF-"):
        return Format.PDF
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        raise RefusedFile(Refusal.HEIC)
    raise RefusedFile(Refusal.UNKNOWN_KIND)
