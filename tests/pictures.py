"""Files to upload, good and bad, made on the spot: no binary stands in the repository."""

from __future__ import annotations

import io
import random
import struct
import zlib
from functools import lru_cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from PIL import Image

#: Manado, as a camera writes it: tags 1-4 of the GPS directory.
GPS = {1: "N", 2: (1.0, 28.0, 29.0), 3: "E", 4: (124.0, 50.0, 28.0)}
ORIENTATION, MAKE, GPS_DIRECTORY = 0x0112, 0x010F, 0x8825


# Made once for each size: the same arguments give the same bytes, and nobody can change those.
@lru_cache(maxsize=32)
def photo(
    width: int = 1600, height: int = 1200, form: str = "JPEG", *, orientation: int = 1
) -> bytes:
    """Red above, blue below, white in one corner; its EXIF names the place and the camera."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (0, height // 2, width, height))
    image.paste("white", (0, 0, width // 8, height // 8))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKE] = "Kamera Siti"
    exif.get_ifd(GPS_DIRECTORY).update(GPS)
    sink = io.BytesIO()
    image.save(sink, form, exif=exif, **({"comment": b"Ibu Siti"} if form == "JPEG" else {}))
    return sink.getvalue()


@lru_cache(maxsize=64)
def scene(seed: int) -> Image.Image:
    """Large shapes with ever smaller ones on them, as what a camera sees has them."""
    chance = random.Random(seed)
    seen = Image.new("L", (640, 480), 128)
    for side in (3, 6, 12, 24, 48):
        shapes = Image.frombytes("L", (side, side), chance.randbytes(side * side))
        seen = Image.blend(seen, shapes.resize(seen.size, Image.Resampling.BICUBIC), 0.35)
    return seen.convert("RGB")


@lru_cache(maxsize=4)
def noise(width: int, height: int) -> bytes:
    """The worst picture to compress; made once, for it takes a second."""
    sink = io.BytesIO()
    pixels = random.Random(1).randbytes(width * height * 3)
    Image.frombytes("RGB", (width, height), pixels).save(sink, "JPEG", quality=95)
    return sink.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A few bytes that unpack to `width` x `height` pixels of nothing."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1_000_000, 9)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def jpeg_of_many_scans(scans: int, trick: bytes = b"") -> bytes:
    """A progressive JPEG whose last scan comes again and again, behind something that is to hide
    them."""
    sink = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(sink, "JPEG", progressive=True)
    picture = sink.getvalue()
    last = picture.rindex(b"\xff\xda")
    return picture[:last] + trick + picture[last:-2] * scans + b"\xff\xd9"


def jpeg_of_a_phone(orientation: int = 6) -> bytes:
    """As phones write it: a preview within the EXIF, a larger one in segments of its own, and a
    film behind the picture. In each of them there are what looks like the starts of scans."""
    preview = photo(160, 120)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    film = b"\xff\xda" * 500 + b"\xff\xd8\xff\xd9"
    sink = io.BytesIO()
    Image.new("RGB", (400, 200), "green").save(sink, "JPEG", exif=exif.tobytes() + preview)
    picture = sink.getvalue()
    larger = b"MPF\0" + film
    segment = b"\xff\xe2" + struct.pack(">H", len(larger) + 2) + larger
    return picture[:2] + segment + picture[2:] + film


def pdf(pages: int = 1, *, password: str = "") -> bytes:
    with Pdf.new() as document:
        for _ in range(pages):
            page = document.add_blank_page(page_size=(595, 842))
            page.obj.Contents = document.make_stream(b"0 0 1 rg 100 100 200 200 re f")
        encryption = pikepdf.Encryption(owner=password, user=password) if password else None
        return saved(document, encryption)


def hostile_pdf() -> bytes:
    """Everything a PDF can do besides showing a page, on one page."""
    with Pdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        script = Dictionary(S=Name.JavaScript, JS=String("app.alert('halo')"))
        root = document.Root
        root.OpenAction = script
        root.AA = Dictionary(WC=script)
        root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("a"), script])))
        document.attachments["tagihan.exe"] = b"MZ attached program"
        launch = Dictionary(S=Name.Launch, F=String("cmd.exe"))
        web = Dictionary(S=Name.URI, URI=String("http://example.com/track"))
        rectangle = Array([0, 0, 100, 100])
        page.obj.Annots = Array(
            [
                Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=rectangle, A=action)
                for action in (launch, web, script)
            ]
        )
        page.obj.AA = Dictionary(O=script)
        page.obj.PieceInfo = Dictionary(App=Dictionary(Private=String("rahasia")))
        root.AcroForm = Dictionary(
            Fields=Array([]), XFA=document.make_stream(b"<xdp>dynamic form</xdp>")
        )
        with document.open_metadata() as metadata:
            metadata["dc:creator"] = ["Ibu Siti Aminah"]
        document.docinfo["/Author"] = "Ibu Siti Aminah"
        return saved(document)


def pdf_with_photo(picture: bytes) -> bytes:
    """What scanner apps make: the camera's own JPEG on a page."""
    with Pdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        image = document.make_stream(picture)
        image.Type, image.Subtype, image.Filter = Name.XObject, Name.Image, Name.DCTDecode
        image.Width, image.Height, image.BitsPerComponent = 1600, 1200, 8
        image.ColorSpace = Name.DeviceRGB
        image.Metadata = document.make_stream(b"<x:xmpmeta>Kamera Siti</x:xmpmeta>")
        page.obj.Resources = Dictionary(XObject=Dictionary(Photo=image))
        page.obj.Contents = document.make_stream(b"595 0 0 842 0 0 cm /Photo Do")
        return saved(document)


def pdf_with_stamp() -> bytes:
    """A page with a stamp on it that somebody put there on a phone."""
    with Pdf.new() as document:
        page = document.add_blank_page(page_size=(595, 842))
        look = document.make_stream(b"1 0 0 rg 0 0 50 50 re f % the stamp")
        look.Type, look.Subtype = Name.XObject, Name.Form
        look.BBox = Array([0, 0, 50, 50])
        page.obj.Annots = Array(
            [
                document.make_indirect(
                    Dictionary(
                        Type=Name.Annot,
                        Subtype=Name.Stamp,
                        Rect=Array([100, 100, 150, 150]),
                        AP=Dictionary(N=look),
                        F=4,
                    )
                )
            ]
        )
        return saved(document)


@lru_cache(maxsize=4)
def pdf_bomb(unpacked: int) -> bytes:
    """An object stream of a few kilobytes that unpacks to `unpacked` bytes.

    qpdf has to unpack it to find the page tree.
    """
    body = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
    packer = zlib.compressobj(9)
    packed = packer.compress(b"2 0 " + body)
    for _ in range(unpacked // 1_000_000):
        packed += packer.compress(b" " * 1_000_000)
    packed += packer.flush()
    parts = [b"%PDF-1.7\n"]
    offsets = {}

    def add(number: int, content: bytes) -> None:
        offsets[number] = sum(map(len, parts))
        parts.append(b"%d 0 obj\n" % number + content + b"\nendobj\n")

    add(1, b"<< /Type /Catalog /Pages 2 0 R >>")
    add(
        3,
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        + packed
        + b"\nendstream",
    )
    add(4, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>")
    offsets[5] = sum(map(len, parts))
    rows = [(0, 0, 65535), (1, offsets[1], 0), (2, 3, 0), (1, offsets[3], 0), (1, offsets[4], 0)]
    rows.append((1, offsets[5], 0))
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    parts.append(
        b"5 0 obj\n<< /Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R /Length %d >>\nstream\n"
        % len(table)
        + table
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % offsets[5]
    )
    return b"".join(parts)


def saved(document: Pdf, encryption: pikepdf.Encryption | None = None) -> bytes:
    sink = io.BytesIO()
    document.save(sink, encryption=encryption or False)
    return sink.getvalue()


def size_of(picture: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(picture)).size
