"""Columns whose numbers a spreadsheet has cut: what no single cell shows."""

from __future__ import annotations

from collections.abc import Iterable

#: So few, and chance alone may end most of them in 0.
FEWEST = 10
#: Of so many hundredths, or more, the last digit is gone.
_CUT_FROM = 75

#: In place of a digit that is gone.
UNKNOWN = "?"


def is_cut(numbers: Iterable[str]) -> bool:
    """Whether a spreadsheet has cut these NIK or No KK of one column, sixteen digits each.

    A spreadsheet keeps 15 significant digits and writes 0 for the last: in a column that went
    through one as numbers, all end in 0. In a true list at most one in ten does, as the serial
    that ends a number mostly begins at 1. Three quarters leave room for what an office has
    typed again, and lie far from a tenth: that chance ends 8 or more of 10 true numbers in 0
    happens in 4 of 10 million lists (binomial, p = 1/10), 75 of 100 in less than 1 of 10^50.
    Below ten numbers it could not be told: 6 of 8 is one list in 40,000.
    """
    count = ending = 0
    for number in numbers:
        count += 1
        ending += number.endswith("0")
    return count >= FEWEST and ending * 100 >= count * _CUT_FROM


def without_last_digit(number: str) -> str:
    """990101010180000?: how a cut number is handed back. Fifteen digits are right and can be
    used to look the last one up; with its 0 it would be taken for a whole one, once there are
    too few left in the file to tell."""
    return f"{number[:-1]}{UNKNOWN}"
