"""The program that cleans one PDF: from stdin to stdout, then it ends.

Run by path and isolated (`python -I`), so it imports nothing of the product. The answer is one
line of JSON and, when the file was accepted, the cleaned file behind it.

Only pages go over into a new document, each with a short list of keys. So everything that
acts goes without being looked for: OpenAction, AA, JavaScript, Launch and URI actions,
embedded files, forms with XFA, outlines, metadata. What filled-in forms, stamps and signatures
show is drawn into the page first. An electronic signature loses its proof by that, as by any
change to the file; what it shows stays.
"""

from __future__ import annotations

import io
import json
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Name, ObjectStreamMode, StreamDecodeLevel
from pikepdf.settings import set_qpdf_limits

#: A statement with its annexes.
MAX_PAGES = 20
#: Of processor time, from here on; 10 MB of scanned pages take 0.1.
_WORK_SECONDS = 0.6
_MEMORY_BYTES = 1024 * 1024 * 1024
_UNPACKED_BYTES = 64 * 1024 * 1024

_PAGE_KEYS = {
    "/Type",
    "/Parent",
    "/Resources",
    "/MediaBox",
    "/CropBox",
    "/Rotate",
    "/UserUnit",
    "/Contents",
    "/Group",
}
#: On pictures and forms inside a page: private data, other versions, references to other files.
_OBJECT_KEYS = ("/Metadata", "/PieceInfo", "/AF", "/OPI", "/Ref", "/Alternates", "/LastModified")


class Refused(Exception):
    def __init__(self, reason: str, **params: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.params = params


def clean(received: bytes) -> tuple[bytes, int]:
    """The cleaned document and its number of pages. Raises: Refused."""
    try:
        # Without recovery: a file whose end is missing is not evidence of what it once held.
        with pikepdf.open(
            io.BytesIO(received), attempt_recovery=False, suppress_warnings=True
        ) as source:
            if source.is_encrypted:
                raise Refused("locked_pdf")
            return _pages_only(source)
    except pikepdf.PasswordError:
        raise Refused("locked_pdf") from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise Refused("damaged_pdf") from None


def _pages_only(source: pikepdf.Pdf) -> tuple[bytes, int]:
    pages = len(source.pages)
    if pages == 0:
        raise Refused("damaged_pdf")
    if pages > MAX_PAGES:
        raise Refused("too_many_pages", pages=pages, limit=MAX_PAGES)
    if "/AcroForm" in source.Root:
        source.generate_appearance_streams()
    source.flatten_annotations("all")
    with pikepdf.new() as target:
        for page in source.pages:
            for key in set(page.obj.keys()) - _PAGE_KEYS:
                del page.obj[key]
            target.pages.append(page)
        for item in target.objects:
            if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
                _clean_object(item)
        sink = io.BytesIO()
        # Streams go over as they are: unpacking is where bombs go off. The id comes from the
        # content, so that the same upload gives the same file.
        target.save(
            sink,
            stream_decode_level=StreamDecodeLevel.none,
            object_stream_mode=ObjectStreamMode.generate,
            deterministic_id=True,
        )
    return sink.getvalue(), pages


def _clean_object(item: pikepdf.Dictionary | pikepdf.Stream) -> None:
    for key in _OBJECT_KEYS:
        if key in item:
            del item[key]
    if isinstance(item, pikepdf.Stream) and item.get("/Filter") in (
        Name.DCTDecode,
        pikepdf.Array([Name.DCTDecode]),
    ):
        parms = item.get("/DecodeParms")
        # Scanner apps put the photo in as the camera wrote it, with the place it was taken.
        item.write(
            without_camera_data(item.read_raw_bytes()),
            filter=Name.DCTDecode,
            decode_parms=parms if isinstance(parms, pikepdf.Dictionary | pikepdf.Array) else None,
        )


#: APP0 (JFIF) and APP14 (Adobe: how colours are stored) are needed to show the picture.
_KEPT_SEGMENTS = {0xE0, 0xEE}


def without_camera_data(jpeg: bytes) -> bytes:
    """The same picture, bit by bit, without EXIF, GPS, previews and comments."""
    kept = bytearray(jpeg[:2])
    rest = 2
    for marker, start, end in _segments(jpeg):
        if marker in _KEPT_SEGMENTS or not (0xE1 <= marker <= 0xEF or marker == 0xFE):
            kept += jpeg[start:end]
        rest = end
    return bytes(kept) + jpeg[rest:]


def _segments(jpeg: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, start and end of each segment before the picture data (ITU-T T.81, annex B)."""
    position = 2
    while position + 4 <= len(jpeg) and jpeg[position] == 0xFF:
        marker = jpeg[position + 1]
        if marker == 0xDA:  # start of scan: pixels from here on
            return
        end = position + 2 + int.from_bytes(jpeg[position + 2 : position + 4])
        yield marker, position, end
        position = end


def _limit_this_process() -> None:
    set_qpdf_limits(
        flate_max_memory=_UNPACKED_BYTES,
        png_max_memory=_UNPACKED_BYTES,
        tiff_max_memory=_UNPACKED_BYTES,
        run_length_max_memory=_UNPACKED_BYTES,
        dct_max_memory=_UNPACKED_BYTES,
        parser_max_nesting=100,
        parser_max_container_size=200_000,
    )
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # SIGPROF unhandled ends the process; RLIMIT_CPU knows whole seconds only.
    signal.setitimer(signal.ITIMER_PROF, _WORK_SECONDS)


def main() -> None:
    _limit_this_process()
    try:
        content, pages = clean(sys.stdin.buffer.read())
    except Refused as refused:
        answer: dict[str, Any] = {"refusal": refused.reason, "params": refused.params}
        content = b""
    else:
        answer = {"pages": pages}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + content)


if __name__ == "__main__":
    main()
