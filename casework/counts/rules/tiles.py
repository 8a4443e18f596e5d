"""The provinces as tiles of one size, about where they lie: a map on which Jakarta can be
touched as well as Papua."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

COLUMNS = 10


@dataclass(frozen=True, slots=True)
class Tile:
    """Two letters (ISO 3166-2:ID, without the country), and the place in the grid."""

    letters: str
    column: int
    row: int


#: By Kemendagri code. A province that is not here stands in the table only.
TILES = {
    "11": Tile("AC", 0, 0),
    "12": Tile("SU", 0, 1),
    "13": Tile("SB", 0, 2),
    "14": Tile("RI", 1, 1),
    "15": Tile("JA", 1, 2),
    "16": Tile("SS", 1, 3),
    "17": Tile("BE", 0, 3),
    "18": Tile("LA", 1, 4),
    "19": Tile("BB", 2, 3),
    "21": Tile("KR", 2, 2),
    "31": Tile("JK", 2, 4),
    "32": Tile("JB", 2, 5),
    "33": Tile("JT", 3, 5),
    "34": Tile("YO", 3, 6),
    "35": Tile("JI", 4, 5),
    "36": Tile("BT", 1, 5),
    "51": Tile("BA", 5, 5),
    "52": Tile("NB", 6, 5),
    "53": Tile("NT", 7, 5),
    "61": Tile("KB", 3, 2),
    "62": Tile("KT", 3, 3),
    "63": Tile("KS", 4, 3),
    "64": Tile("KI", 4, 2),
    "65": Tile("KU", 4, 1),
    "71": Tile("SA", 6, 1),
    "72": Tile("ST", 5, 2),
    "73": Tile("SN", 5, 4),
    "74": Tile("SG", 6, 3),
    "75": Tile("GO", 5, 1),
    "76": Tile("SR", 5, 3),
    "81": Tile("MA", 7, 3),
    "82": Tile("MU", 7, 2),
    "91": Tile("PA", 9, 2),
    "92": Tile("PB", 8, 1),
    "93": Tile("PS", 9, 4),
    "94": Tile("PT", 8, 3),
    "95": Tile("PE", 9, 3),
    "96": Tile("PD", 8, 2),
}


class Band(StrEnum):
    """How far a place has come, as the map paints it."""

    #: Under ten, held back, or no month closed.
    NO_NUMBER = "none"
    NO_TARGET = "open"
    BELOW_HALF = "low"
    ABOVE_HALF = "high"
    REACHED = "reached"


class Size(StrEnum):
    """How many were counted, as the map paints it where no target is of that; painted as the
    bands are, from an empty tile to a full one."""

    NO_NUMBER = Band.NO_NUMBER.value
    TENS = Band.NO_TARGET.value
    HUNDREDS = Band.BELOW_HALF.value
    THOUSANDS = Band.ABOVE_HALF.value
    TENS_OF_THOUSANDS = Band.REACHED.value


def band(households: int | None, share: float | None) -> Band:
    """By the public figure only."""
    if households is None:
        return Band.NO_NUMBER
    if share is None:
        return Band.NO_TARGET
    if share >= 1:
        return Band.REACHED
    return Band.ABOVE_HALF if share >= 0.5 else Band.BELOW_HALF


def size(households: int | None) -> Size:
    """By the public figure only; each step is ten times the one before, as provinces differ by a
    hundred times."""
    if households is None:
        return Size.NO_NUMBER
    steps = (100, Size.TENS), (1_000, Size.HUNDREDS), (10_000, Size.THOUSANDS)
    return next((each for below, each in steps if households < below), Size.TENS_OF_THOUSANDS)
