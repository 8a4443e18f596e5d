"""Whether two photos are one: copied, made smaller, brightened, turned or mirrored.

The difference hash of N. Krawetz ("Kind of like that", hackerfactor.com, 2013) on a grid of 16
times 16: whether each spot is brighter than the one to the right of it. What a camera, a messenger
or an image editor does to the whole of a picture hardly changes that; a part cut out of it does.

Unlike there, only spots count that clearly are one or the other in both pictures: else two photos
on the same white page, or of the same dark night, would be one.
"""

from __future__ import annotations

from PIL import Image, ImageOps

_SIDE = 16
_BYTES = _SIDE * _SIDE // 8
#: Bytes of a likeness: which spots are brighter, and which of all can be told.
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

#: Every way to lay a picture on a table, also face down.
_TURNS = (None, *Image.Transpose)


def all_turns(image: Image.Image) -> tuple[bytes, ...]:
    """`SIZE` bytes for each of its eight positions, as it lies first; none for a picture that shows
    too little."""
    small = image.convert("L").resize((8 * _SIDE, 8 * _SIDE), Image.Resampling.BOX)
    # However much its contrast was taken away.
    small = ImageOps.autocontrast(small)
    turned = (small if turn is None else small.transpose(turn) for turn in _TURNS)
    found = [_likeness(each) for each in turned]
    return tuple(each for each in found if each) if found[0] else ()


class Sought:
    """A photo in as many positions as are to be looked for among many others."""

    def __init__(self, likenesses: tuple[bytes, ...]) -> None:
        self._positions = [_halves(each) for each in likenesses]

    def is_like(self, other: bytes) -> bool:
        brighter, clear = _halves(other)
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


def _halves(likeness: bytes) -> tuple[int, int]:
    return int.from_bytes(likeness[:_BYTES]), int.from_bytes(likeness[_BYTES:])


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
