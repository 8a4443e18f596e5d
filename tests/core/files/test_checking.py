"""What people upload: kept clean and small, or refused with a reason."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile, ImageOps

from casework.core.files import (
    MAX_UPLOAD_BYTES,
    FileKind,
    Purpose,
    Refusal,
    RefusedFile,
    check_and_clean,
    labels,
)
from casework.core.files.checking import CleanFile
from tests import pictures

PHOTO, DOCUMENT = Purpose.PHOTO, Purpose.DOCUMENT


def cleaned(content: bytes, purpose: Purpose = PHOTO) -> CleanFile:
    return check_and_clean(io.BytesIO(content), purpose)


def refusal_of(content: bytes) -> RefusedFile:
    with pytest.raises(RefusedFile) as caught:
        cleaned(content)
    return caught.value


def a_zip() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("surat.pdf", "%PDF-1.7")
    return sink.getvalue()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_comes_back_as_a_small_jpeg_without_place_and_camera(form: str) -> None:
    source = pictures.photo(4000, 3000, form)
    file = cleaned(source)
    image = Image.open(io.BytesIO(file.content))
    assert (file.kind, file.media_type, image.format) == (FileKind.IMAGE, "image/jpeg", "JPEG")
    assert image.size == (file.width, file.height) == (1280, 960)
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    for trace in (b"Exif", b"Kamera Siti", b"Ibu Siti", b"ICC_PROFILE"):
        assert trace not in file.content


def test_a_colour_profile_stays_behind() -> None:
    sink = io.BytesIO()
    Image.new("RGB", (100, 100)).save(sink, "JPEG", icc_profile=b"profile of one camera" * 10)
    assert b"profile of one camera" not in cleaned(sink.getvalue()).content


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_turned_upright(orientation: int) -> None:
    source = pictures.photo(400, 200, orientation=orientation)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(source)))
    image = Image.open(io.BytesIO(cleaned(source).content))
    assert image.size == upright.size
    for corner in [(5, 5), (5, image.height - 5), (image.width - 5, 5)]:
        seen, wanted = image.getpixel(corner), upright.getpixel(corner)
        assert max(abs(a - b) for a, b in zip(seen, wanted, strict=True)) < 40


@pytest.mark.parametrize(
    ("purpose", "long_side", "most"), [(PHOTO, 1280, 200_000), (DOCUMENT, 2000, 600_000)]
)
def test_even_the_worst_picture_keeps_to_its_size(
    purpose: Purpose, long_side: int, most: int
) -> None:
    file = cleaned(pictures.noise(2200, 1400), purpose)
    assert len(file.content) <= most
    assert max(file.width or 0, file.height or 0) <= long_side


def test_a_page_with_writing_stays_larger_than_a_photo() -> None:
    source = pictures.photo(3000, 2000)
    assert (cleaned(source, DOCUMENT).width, cleaned(source, PHOTO).width) == (2000, 1280)


def test_a_small_picture_is_not_blown_up() -> None:
    assert cleaned(pictures.photo(300, 200)).width == 300


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_every_kind_of_pixels_are_read(mode: str) -> None:
    sink = io.BytesIO()
    Image.new(mode, (60, 40)).save(sink, "PNG")
    assert cleaned(sink.getvalue()).width == 60


def test_what_is_transparent_becomes_white() -> None:
    sink = io.BytesIO()
    Image.new("RGBA", (60, 40), (0, 0, 0, 0)).save(sink, "PNG")
    image = Image.open(io.BytesIO(cleaned(sink.getvalue()).content))
    assert image.getpixel((30, 20)) == (255, 255, 255)


def test_printing_colours_are_read() -> None:
    sink = io.BytesIO()
    Image.new("CMYK", (60, 40)).save(sink, "JPEG")
    assert cleaned(sink.getvalue()).width == 60


def test_both_fingerprints_belong_to_what_they_say() -> None:
    source = pictures.photo()
    file = cleaned(source)
    assert file.sha256 == hashlib.sha256(file.content).hexdigest()
    assert file.upload_sha256 == hashlib.sha256(source).hexdigest()


@pytest.mark.parametrize("source", [pictures.photo(), pictures.pdf(2)], ids=["photo", "pdf"])
def test_the_same_upload_is_cleaned_to_the_same_file(source: bytes) -> None:
    assert cleaned(source) == cleaned(source)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        pytest.param(b"", Refusal.EMPTY, id="nothing"),
        pytest.param(b"\0" * (MAX_UPLOAD_BYTES + 1), Refusal.TOO_LARGE, id="one-byte-too-many"),
        pytest.param(b"MZ\x90\0" + b"\0" * 500, Refusal.UNKNOWN_KIND, id="program-named-jpg"),
        pytest.param(a_zip(), Refusal.UNKNOWN_KIND, id="zip-named-pdf"),
        pytest.param(b"<svg onload='alert(1)'/>", Refusal.UNKNOWN_KIND, id="svg"),
        pytest.param(b"GIF89a" + b"\0" * 50, Refusal.UNKNOWN_KIND, id="gif"),
        pytest.param(b"\0\0\0\x18ftypheic" + b"\0" * 50, Refusal.HEIC, id="heic"),
        pytest.param(b"\0\0\0\x18ftypavif" + b"\0" * 50, Refusal.HEIC, id="avif"),
        pytest.param(b"\0\0\0\x18ftypisom" + b"\0" * 50, Refusal.UNKNOWN_KIND, id="video"),
        pytest.param(b"\xff\xd8\xff", Refusal.DAMAGED_IMAGE, id="jpeg-of-three-bytes"),
        pytest.param(b"RIFF\0\0\0\0WEBP", Refusal.DAMAGED_IMAGE, id="webp-of-nothing"),
        pytest.param(pictures.photo()[:-2000], Refusal.DAMAGED_IMAGE, id="cut-jpeg"),
        pytest.param(pictures.photo(form="PNG")[:-900], Refusal.DAMAGED_IMAGE, id="cut-png"),
        pytest.param(pictures.photo(form="WEBP")[:-200], Refusal.DAMAGED_IMAGE, id="cut-webp"),
        pytest.param(pictures.jpeg_of_many_scans(60), Refusal.DAMAGED_IMAGE, id="jpeg-of-scans"),
        pytest.param(b"%PDF-1.7\n" + b"\0" * 500, Refusal.DAMAGED_PDF, id="pdf-of-nothing"),
        pytest.param(pictures.pdf()[:-60], Refusal.DAMAGED_PDF, id="cut-pdf"),
        pytest.param(pictures.pdf(password="rahasia"), Refusal.LOCKED_PDF, id="locked-pdf"),
        pytest.param(pictures.pdf(21), Refusal.TOO_MANY_PAGES, id="pdf-of-21-pages"),
    ],
)
def test_a_bad_file_is_refused_with_its_reason(content: bytes, refusal: Refusal) -> None:
    error = refusal_of(content)
    assert error.refusal is refusal
    assert error.status == 422
    assert str(error)


@pytest.mark.parametrize(
    ("width", "height"),
    [(20_000, 20_000), (25_000_001, 1), (1, 25_000_001), (2**31 - 1, 2**31 - 1)],
)
def test_a_pixel_flood_is_refused_before_a_pixel_is_decoded(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def decode(_image: ImageFile.ImageFile) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(ImageFile.ImageFile, "load", decode)
    assert refusal_of(pictures.png_claiming(width, height)).refusal is Refusal.TOO_MANY_PIXELS


def test_25_megapixels_are_just_accepted() -> None:
    sink = io.BytesIO()
    Image.new("L", (5000, 5000)).save(sink, "JPEG")
    assert cleaned(sink.getvalue()).width == 1280


def test_a_file_is_not_read_further_than_its_limit() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.given += size
            return b"\0" * size

    upload = Endless()
    with pytest.raises(RefusedFile) as caught:
        check_and_clean(upload, PHOTO)  # type: ignore[arg-type]
    assert caught.value.params == {"limit": 10}
    assert upload.given == MAX_UPLOAD_BYTES + 1


# Pillow warns of EXIF it cannot make sense of; a warning is no error outside the tests.
@pytest.mark.filterwarnings("ignore::UserWarning")
@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_changed_photo_is_read_or_refused_but_never_an_error(data: st.DataObject) -> None:
    form = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))
    content = bytearray(pictures.photo(120, 90, form))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(RefusedFile):
        cleaned(bytes(content))


def everything_in(content: bytes) -> str:
    """All that a reader of the document could come across, streams unpacked."""
    with pikepdf.open(io.BytesIO(content)) as document:
        parts = [repr(document.trailer)]
        for item in document.objects:
            parts.append(item.unparse(resolved=True).decode("latin-1"))
            if isinstance(item, pikepdf.Stream):
                parts.append(item.read_raw_bytes().decode("latin-1"))
                if "/Filter" not in item or item.Filter == pikepdf.Name.FlateDecode:
                    parts.append(item.read_bytes().decode("latin-1"))
        return "\n".join(parts)


def test_a_pdf_loses_everything_that_acts_or_tells() -> None:
    source = pictures.hostile_pdf()
    traces = [
        "JavaScript",
        "app.alert",
        "OpenAction",
        "/AA",
        "Launch",
        "cmd.exe",
        "example.com",
        "EmbeddedFile",
        "MZ attached program",
        "XFA",
        "AcroForm",
        "Siti Aminah",
        "rahasia",
        "/Annots",
        "/Metadata",
    ]
    before = everything_in(source)
    assert [trace for trace in traces if trace not in before] == []
    file = cleaned(source)
    after = everything_in(file.content)
    assert [trace for trace in traces if trace in after] == []
    assert (file.kind, file.media_type, file.pages) == (FileKind.PDF, "application/pdf", 1)


def test_a_pdf_keeps_its_pages_and_what_they_show() -> None:
    file = cleaned(pictures.pdf(20))
    assert file.pages == 20
    with pikepdf.open(io.BytesIO(file.content)) as document:
        assert len(document.pages) == 20
        assert b"200 200 re f" in document.pages[19].Contents.read_bytes()
        assert list(document.pages[0].MediaBox) == [0, 0, 595, 842]


def test_pages_that_inherit_their_size_keep_it() -> None:
    with pikepdf.open(io.BytesIO(pictures.pdf(2))) as document:
        for page in document.pages:
            del page.obj["/MediaBox"]
        document.Root.Pages.MediaBox = pikepdf.Array([0, 0, 300, 400])
        source = pictures.saved(document)
    with pikepdf.open(io.BytesIO(cleaned(source).content)) as document:
        assert [list(page.mediabox) for page in document.pages] == [[0, 0, 300, 400]] * 2


def test_what_a_stamp_shows_stays_on_the_page() -> None:
    after = everything_in(cleaned(pictures.pdf_with_stamp()).content)
    assert "the stamp" in after
    assert "/Annots" not in after


def test_a_photo_inside_a_pdf_loses_its_place_but_no_pixel() -> None:
    picture = pictures.photo()
    file = cleaned(pictures.pdf_with_photo(picture))
    after = everything_in(file.content)
    assert "Exif" not in after
    assert "Kamera Siti" not in after
    with pikepdf.open(io.BytesIO(file.content)) as document:
        kept = document.pages[0].Resources.XObject.Photo.read_raw_bytes()
    assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(picture)).tobytes()


@pytest.mark.parametrize("unpacked", [100_000_000, 300_000_000], ids=["100MB", "300MB"])
def test_a_pdf_bomb_is_refused(unpacked: int) -> None:
    content = pictures.pdf_bomb(unpacked)
    assert len(content) < MAX_UPLOAD_BYTES
    assert refusal_of(content).refusal in {Refusal.DAMAGED_PDF, Refusal.TOO_COMPLEX}


def test_the_bomb_would_be_accepted_if_it_did_not_go_off() -> None:
    assert cleaned(pictures.pdf_bomb(1_000_000)).pages == 1


def test_a_pdf_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text(
        "import signal\nsignal.setitimer(signal.ITIMER_PROF, 0.05)\nwhile True: pass"
    )
    monkeypatch.setattr("casework.core.files.pdf_cleaning.__file__", os.fspath(endless))
    assert refusal_of(pictures.pdf()).refusal is Refusal.TOO_COMPLEX


def test_every_refusal_has_words() -> None:
    params = {"limit": 10, "pages": 21}
    for refusal in Refusal:
        wanted = {
            name for name in params if name in labels._WORDS[refusal.value].__code__.co_varnames
        }
        assert str(labels.refusal(refusal.value, **{name: params[name] for name in wanted}))
    assert set(labels._WORDS) == set(Refusal)
