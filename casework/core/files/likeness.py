"""Whether two photos are one: copied, made smaller, brightened, turned or mirrored.

The difference hash of N. Krawetz ("Kind of like that", hackerfactor.com, 2013) on a grid of 16
times 16: whether each spot is brighter than the one to the right of it. What a camera, a messenger
or an image editor does to the whole of a picture hardly changes that; a part cut out of it does.
"""

from __future__ import annotations

from PIL import Image

_SIDE = 16
#: Bytes of a likeness.
SIZE = _SIDE * _SIDE // 8
#: Bits of 256 in which two pictures of one photo may differ. Two photos of different things differ
#: in 128 +- 8 of random bits, and in half as many where both show a sky above a house.
#: Source: docs/decisions/0024, with what was measured.
MOST_BITS_APART = 16
#: Below this difference of its brightest and darkest spot, of 255, a picture shows nothing, and
#: noise would decide.
_LEAST_CONTRAST = 24

#: Every way to lay a picture on a table, also face down.
_TURNS = (None, *Image.Transpose)


def all_turns(image: Image.Image) -> tuple[bytes, ...]:
    """`SIZE` bytes for each of its eight positions, as it lies first; none for a picture that shows
    nothing."""
    small = image.convert("L").resize((8 * _SIDE, 8 * _SIDE), Image.Resampling.BOX)
    turned = (small if turn is None else small.transpose(turn) for turn in _TURNS)
    return tuple(bits for each in turned if (bits := _bits(each)) is not None)


def are_one(one: bytes, other: bytes) -> bool:
    apart = int.from_bytes(one) ^ int.from_bytes(other)
    return apart.bit_count() <= MOST_BITS_APART


def _bits(grey: Image.Image) -> bytes | None:
    spots = grey.resize((_SIDE + 1, _SIDE), Image.Resampling.BOX).tobytes()
    if max(spots) - min(spots) < _LEAST_CONTRAST:
        return None
    found = 0
    for row in range(0, len(spots), _SIDE + 1):
        for spot in range(row, row + _SIDE):
            found = found << 1 | (spots[spot] > spots[spot + 1])
    return found.to_bytes(SIZE)
