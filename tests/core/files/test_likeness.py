"""One photo is known again however it was copied; two photos are two."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from casework.core.files import Purpose, Sought, check_and_clean
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
    return Sought(likenesses(second)).is_like(likenesses(first)[0])


def _reopened(image: Image.Image, quality: int) -> Image.Image:
    return Image.open(io.BytesIO(saved(image, quality)))


def _between_bars(image: Image.Image) -> Image.Image:
    """As a phone shows it, held upright."""
    screen = Image.new("RGB", (640, 1138), "black")
    screen.paste(image, (0, 330))
    return screen


def _screenshot(image: Image.Image) -> Image.Image:
    screen = _between_bars(image)
    draw = ImageDraw.Draw(screen)
    draw.text((20, 8), "10.42   4G   87%", fill="white")
    draw.rectangle((40, 1090, 80, 1120), outline="white")
    return screen


COPIES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "saved in bad quality": lambda image: _reopened(image, 30),
    "a third of its size": lambda image: image.resize((213, 160)),
    "brighter": lambda image: ImageEnhance.Brightness(image).enhance(1.25),
    "darker": lambda image: ImageEnhance.Brightness(image).enhance(0.7),
    "with little contrast": lambda image: _reopened(image.point(lambda at: 110 + at // 11), 85),
    "without colours": lambda image: image.convert("L").convert("RGB"),
    "turned": lambda image: image.transpose(Image.Transpose.ROTATE_90),
    "on its head": lambda image: image.transpose(Image.Transpose.ROTATE_180),
    "mirrored": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "with a thin white frame": lambda image: ImageOps.expand(image, 13, "white"),
    "with a broad grey frame": lambda image: ImageOps.expand(image, 51, "gray"),
    "between black bars": _between_bars,
    "in a screenshot, with the clock": _screenshot,
}


def _outside(seed: int) -> Image.Image:
    """Under a plain sky."""
    photo = scene(seed).copy()
    photo.paste((200, 215, 240), (0, 0, 640, 120))
    return photo


@pytest.mark.parametrize("of", [scene, _outside])
@pytest.mark.parametrize("how", COPIES)
def test_a_copy_of_a_photo_is_known_again(how: str, of: Callable[[int], Image.Image]) -> None:
    strange = [seed for seed in range(12) if not known_again(of(seed), COPIES[how](of(seed)))]
    assert strange == []


def test_two_photos_are_two() -> None:
    found = [likenesses(scene(seed)) for seed in range(40)]
    assert len(set(found)) == 40
    assert [one for one, other in combinations(found, 2) if Sought(other).is_like(one[0])] == []


def _photos_of_one_place() -> Iterator[Image.Image]:
    """Two families in turn on the same chair before the same wall."""
    for family in (101, 102):
        photo = scene(100).copy()
        photo.paste(scene(family).resize((200, 300)), (220, 140))
        yield photo


def test_two_families_at_the_same_table_are_two() -> None:
    one, other = _photos_of_one_place()
    assert not known_again(one, other)


def _night(seed: int) -> Image.Image:
    """Nothing but one lit window."""
    dark = Image.new("RGB", (640, 480), (6, 6, 8))
    dark.paste(scene(seed).resize((200, 150)), (random.Random(seed).randrange(440), 150))
    return dark


def _page(seed: int) -> Image.Image:
    """A small photo on a sheet of paper."""
    sheet = Image.new("RGB", (595, 842), "white")
    sheet.paste(scene(seed).resize((357, 268)), (119, 80))
    return sheet


@pytest.mark.parametrize("surroundings", [_night, _page])
def test_what_surrounds_two_pictures_does_not_make_them_one(
    surroundings: Callable[[int], Image.Image],
) -> None:
    found = [likenesses(surroundings(seed)) for seed in range(30)]
    alike = [one for one, other in combinations(found, 2) if one and Sought(other).is_like(one[0])]
    assert alike == []


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_picture_that_shows_nothing_is_like_no_other(shade: int) -> None:
    assert likenesses(Image.new("RGB", (640, 480), (shade, shade, shade))) == ()


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (5, 3), (640, 7)])
def test_however_small_or_narrow_it_is_it_may_be_asked(size: tuple[int, int]) -> None:
    assert all_turns(Image.new("RGB", size, "white")) == ()


def test_papers_are_not_compared_for_one_form_looks_like_another() -> None:
    assert likenesses(scene(1), Purpose.DOCUMENT) == ()


@pytest.mark.parametrize(("of", "views"), [(scene, 1), (_outside, 2)])
def test_what_is_surrounded_is_looked_at_twice_and_nothing_else(
    of: Callable[[int], Image.Image], views: int
) -> None:
    turns = all_turns(of(1))
    assert {len(each) for each in turns} == {views * SIZE}
    assert len(set(turns)) == 8
