"""Whether two photos are one: copied, made smaller, brightened, turned, mirrored or framed.

The difference hash of N. Krawetz ("Kind of like that", hackerfactor.com, 2013) on a grid of 16
times 16: whether each spot is brighter than the one to the right of it. What a camera, a messenger
or an image editor does to the whole of a picture hardly changes that; a part cut out of it does.

Unlike there, a picture is also looked at without what surrounds it evenly (a frame, the bars of a
screenshot with the clock in them, a plain wall): a frame of 2% makes another one of it. And only
spots count that clearly are one or the other in both pictures: else two photos of the same dark
night would be one.
"""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image, ImageOps

_SIDE = 16
_BYTES = _SIDE * _SIDE // 8
#: Bytes of a likeness of one view: which spots are brighter, and which of all can be told.
SIZE = 2 * _BYTES
#: Of 255, after the brightest spot was made white and the darkest black: as much as saving a
#: picture in bad quality adds to a spot or takes from it.
_NOISE = 8
#: So many spots must be clear in both pictures: a night with one lamp is like every other.
LEAST_CLEAR = 128
#: One of so many clear spots may differ. Of two photos of different things every other one does.
#: Source: docs/decisions/0024, with what was measured.
ONE_IN = 16

#: The picture in 16 blocks: where one has so many clear spots, a quarter of them may differ. Two
#: screenshots differ only where the photo is.
_BLOCK = _SIDE // 4
_LEAST_IN_BLOCK = 3
_BLOCKS = [
    sum(
        1 << (_SIDE * _SIDE - 1 - (_SIDE * (top + row) + left + column))
        for row in range(_BLOCK)
        for column in range(_BLOCK)
    )
    for top in range(0, _SIDE, _BLOCK)
    for left in range(0, _SIDE, _BLOCK)
]

#: Pixels along the longer side in which the surroundings are looked for.
_LOOKED_AT = 512
#: A line is even whose pixels differ by no more than this, of 255, but for a tenth of them at
#: either end: an icon, a speck. Source: docs/decisions/0024, with what was measured.
_EVEN = 32
_STANDING_OUT = 10
#: A sixth of either side is always kept.
_LEAST_KEPT = 6

#: Every way to lay a picture on a table, also face down.
_TURNS = (None, *Image.Transpose)


def all_turns(image: Image.Image) -> tuple[bytes, ...]:
    """A likeness for each of its eight positions, as it lies first: `SIZE` bytes of the whole, and
    as many of what is inside where something surrounds it. None for a picture that shows too
    little."""
    grey = image.convert("L")
    grey.thumbnail((_LOOKED_AT, _LOOKED_AT), Image.Resampling.BOX)
    # However much its contrast was taken away.
    whole = ImageOps.autocontrast(grey)
    inside = _without_surroundings(whole)
    # Where a wall ends is not told alike in every copy: so the whole is kept too.
    views = [_made_small(each) for each in ([whole] if inside is whole else [whole, inside])]
    found = [b"".join(_turned(each, turn) for each in views) for turn in _TURNS]
    return tuple(each for each in found if each) if found[0] else ()


def _made_small(grey: Image.Image) -> Image.Image:
    small = grey.resize((8 * _SIDE, 8 * _SIDE), Image.Resampling.BOX)
    return ImageOps.autocontrast(small)


def _turned(small: Image.Image, turn: Image.Transpose | None) -> bytes:
    return _likeness(small if turn is None else small.transpose(turn)) or b""


class Sought:
    """A photo in as many positions as are to be looked for among many others."""

    def __init__(self, likenesses: tuple[bytes, ...]) -> None:
        self._positions = [part for each in likenesses for part in _parts(each)]

    def is_like(self, other: bytes) -> bool:
        return any(self._is_like(*part) for part in _parts(other))

    def _is_like(self, brighter: int, clear: int) -> bool:
        for mine, mine_clear in self._positions:
            told = clear & mine_clear
            apart = (brighter ^ mine) & told
            number = told.bit_count()
            is_like = number >= LEAST_CLEAR and apart.bit_count() <= number // ONE_IN
            if is_like and _is_everywhere(told, apart):
                return True
        return False


def _is_everywhere(told: int, apart: int) -> bool:
    return all(
        4 * (apart & block).bit_count() <= number
        for block in _BLOCKS
        if (number := (told & block).bit_count()) >= _LEAST_IN_BLOCK
    )


def _parts(likeness: bytes) -> Iterator[tuple[int, int]]:
    for at in range(0, len(likeness), SIZE):
        clear = at + _BYTES
        yield (
            int.from_bytes(likeness[at:clear]),
            int.from_bytes(likeness[clear : at + SIZE]),
        )


def _without_surroundings(grey: Image.Image) -> Image.Image:
    """The same image where nothing surrounds it."""
    width, height = grey.size
    pixels = grey.tobytes()
    left, top, right, bottom = 0, 0, width, height
    least_wide, least_high = max(1, width // _LEAST_KEPT), max(1, height // _LEAST_KEPT)

    def row(at: int) -> bool:
        return _is_even(pixels[at * width + left : at * width + right])

    def column(at: int) -> bool:
        return _is_even(pixels[top * width + at : bottom * width : width])

    before = None
    # Again and again: within a white frame there may be a plain sky.
    while before != (left, top, right, bottom):
        before = left, top, right, bottom
        while bottom - top > least_high and row(top):
            top += 1
        while bottom - top > least_high and row(bottom - 1):
            bottom -= 1
        while right - left > least_wide and column(left):
            left += 1
        while right - left > least_wide and column(right - 1):
            right -= 1
    inside = left, top, right, bottom
    return grey if inside == (0, 0, width, height) else grey.crop(inside)


def _is_even(line: bytes) -> bool:
    by_brightness = sorted(line)
    out = len(line) // _STANDING_OUT
    return by_brightness[len(line) - 1 - out] - by_brightness[out] <= _EVEN


def _likeness(grey: Image.Image) -> bytes | None:
    spots = grey.resize((_SIDE + 1, _SIDE), Image.Resampling.BOX).tobytes()
    brighter = clear = 0
    for row in range(0, len(spots), _SIDE + 1):
        for spot in range(row, row + _SIDE):
            step = spots[spot] - spots[spot + 1]
            brighter = brighter << 1 | (step > 0)
            clear = clear << 1 | (abs(step) >= _NOISE)
    if clear.bit_count() < LEAST_CLEAR:
        return None
    return brighter.to_bytes(_BYTES) + clear.to_bytes(_BYTES)
