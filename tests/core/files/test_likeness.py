"""One photo is known again however it was copied; two photos are two."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from PIL import Image, ImageEnhance

from casework.core.files import Purpose, are_one, check_and_clean
from casework.core.files.likeness import SIZE, all_turns
from tests.pictures import scene


def saved(image: Image.Image, quality: int = 90) -> bytes:
    sink = io.BytesIO()
    image.save(sink, "JPEG", quality=quality)
    return sink.getvalue()


def likenesses(image: Image.Image, purpose: Purpose = Purpose.PHOTO) -> tuple[bytes, ...]:
    return check_and_clean(io.BytesIO(saved(image)), purpose).likenesses


def known_again(first: Image.Image, second: Image.Image) -> bool:
    """The first one is kept as it lies; of the second every position is looked for."""
    return any(are_one(likenesses(first)[0], each) for each in likenesses(second))


def _reopened(image: Image.Image, quality: int) -> Image.Image:
    return Image.open(io.BytesIO(saved(image, quality)))


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved in bad quality": lambda image: _reopened(image, 30),
    "a third of its size": lambda image: image.resize((213, 160)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.25),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.7),
    "without colours": lambda image: image.convert("L").convert("RGB"),
    "turned": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "on its head": lambda image: image.transpose(Image.Transpose.ROTATE_180),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
}


@pytest.mark.parametrize("how", COPIES)
def test_a_copy_of_a_photo_is_known_again(how: str) -> None:
    strange = [seed for seed in range(12) if not known_again(scene(seed), COPIES[how](scene(seed)))]
    assert strange == []


def test_two_photos_are_two() -> None:
    found = [likenesses(scene(seed)) for seed in range(40)]
    assert len(set(found)) == 40
    alike = [
        (one[0], other)
        for one, other in combinations(found, 2)
        if any(are_one(one[0], each) for each in other)
    ]
    assert alike == []


def _photos_of_one_place() -> Iterator[Image.Image]:
    """Two families in turn on the same chair before the same wall."""
    for family in (101, 102):
        photo = scene(100).copy()
        photo.paste(scene(family).resize((200, 300)), (220, 140))
        yield photo


def test_two_families_at_the_same_table_are_two() -> None:
    one, other = _photos_of_one_place()
    assert not known_again(one, other)


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_picture_that_shows_nothing_is_like_no_other(shade: int) -> None:
    assert likenesses(Image.new("RGB", (640, 480), (shade, shade, shade))) == ()


def test_papers_are_not_compared_for_one_form_looks_like_another() -> None:
    assert likenesses(scene(1), Purpose.DOCUMENT) == ()


def test_a_likeness_has_the_width_of_its_column() -> None:
    turns = all_turns(scene(1))
    assert {len(each) for each in turns} == {SIZE}
    assert len(set(turns)) == 8
