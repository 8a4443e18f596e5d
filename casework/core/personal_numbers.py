"""NIK and No KK in what people write in their own words; pure.

A number in a note is read by whoever opens the page, where the family's own is masked and every
look at it is recorded (safety row 14.2.6). So pages refuse it, and what cannot be sent back is kept
without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from casework.core.masking import FULL_LENGTH
from casework.core.money import MOST_RUPIAH

#: In place of a digit; no dot and no hyphen, so it parts what stands on its two sides.
HIDDEN = "•"
_SHOWN_AT_THE_END = 4

#: What is no digit, blank, dot or hyphen ends a number: "3 anak, 2 cucu".
_OTHER = "x"
_DOTS = ".·‧۔。"
_MINUS = "\u2212"
#: Marks over and under letters, and signs without a width: nobody sees them between digits.
_UNSEEN = {"Cf", "Mn", "Me"}

_DIGITS = re.compile(r"\d+")
_APART = re.compile(r"[ .-]+")

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"

_A_YEAR = re.compile(_YEAR)


def _alone(apart: str, shape: str) -> re.Pattern[str]:
    """Not as a part of something longer that is written in the same way."""
    return re.compile(rf"(?<!\d)(?<!\d{apart})(?:{shape})(?!{apart}?\d)")


_AMOUNT = _alone(r"\.", r"\d{1,3}(?:\.\d{3}){1,3}")
_TIME = _alone(r"\.", r"(?:[01]?\d|2[0-3])\.[0-5]\d")
_DATES = [
    _alone(
        apart,
        rf"{_DAY}{apart}{_MONTH}{apart}(?:{_YEAR}|\d\d)"
        rf"|{_YEAR}{apart}{_MONTH}(?:{apart}{_DAY})?|{_MONTH}{apart}{_YEAR}",
    )
    for apart in (r"\.", "-")
]
#: Groups of digits that together are dates, years and what was known before (`_OTHER`). Here a
#: year has four digits: "12 03 90" may be the middle of a NIK.
_DATE = rf"(?:{_DAY} {_MONTH} {_YEAR}|{_YEAR} {_MONTH} {_DAY}|{_MONTH} {_YEAR}|{_YEAR}|{_OTHER})"
_ONLY_DATES = re.compile(rf"{_DATE}(?: {_DATE})*")


def has_personal_number(text: str) -> bool:
    """Whether 16 digits stand in it as one number, in any script, also with blanks, dots or
    hyphens between them."""
    return bool(_found(text))


def without_personal_numbers(text: str) -> str:
    """The text with "•" for all digits of such a number but the last four; else as it was."""
    while hidden := {place for number in _found(text) for place in number[:-_SHOWN_AT_THE_END]}:
        # What is left may be one as well, where it is less clear which digits belong together.
        text = "".join(HIDDEN if place in hidden else sign for place, sign in enumerate(text))
    return text


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits with nothing between them."""

    start: int
    end: int
    #: Belong to an amount, a time or a date: where it begins and ends.
    known: tuple[int, int] | None


def _found(text: str) -> list[list[int]]:
    """Places of the digits of each number, none of them twice."""
    kinds = [(place, kind) for place, sign in enumerate(text) for kind in _kinds(sign)]
    plain = "".join(kind for _place, kind in kinds)
    groups = _groups(plain)
    # "2026 7171 0123 4567 8901": what may be a date belongs to a number only if nothing else does.
    numbers = list(_numbers(plain, groups, is_clear=True)) or _numbers(plain, groups)
    return [
        [kinds[i][0] for group in number for i in range(group.start, group.end)]
        for number in numbers
    ]


def _numbers(
    plain: str, groups: Sequence[_Group], is_clear: bool = False
) -> Iterator[Sequence[_Group]]:
    """From the left; of those that are clear, neither end may be a date, a time or an amount."""
    at = 0
    while at < len(groups):
        number = _number_at(plain, groups, at)
        if (
            number
            and is_clear
            and any(_may_be_known(plain, each) for each in (number[0], number[-1]))
        ):
            number = ()
        if number:
            yield number
        at += len(number) or 1


def _may_be_known(plain: str, group: _Group) -> bool:
    return group.known is not None or bool(_A_YEAR.fullmatch(plain, group.start, group.end))


@lru_cache(maxsize=4096)
def _kinds(sign: str) -> str:
    """What it is to the eye: digits of 0 to 9, " ", ".", "-", or something else."""
    return "".join(map(_kind, unicodedata.normalize("NFKC", sign)))


def _kind(sign: str) -> str:
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    category = unicodedata.category(sign)
    if category in _UNSEEN:
        return ""
    if sign.isspace():
        return " "
    if sign in _DOTS:
        return "."
    return "-" if category == "Pd" or sign == _MINUS else _OTHER


def _groups(plain: str) -> list[_Group]:
    spans = [found.span() for shape in (_TIME, *_DATES) for found in shape.finditer(plain)]
    # A NIK that is set apart like money is too much money for any family.
    spans += [
        found.span()
        for found in _AMOUNT.finditer(plain)
        if int(found[0].replace(".", "")) <= MOST_RUPIAH
    ]
    known = {
        found.start(): span for span in reversed(spans) for found in _DIGITS.finditer(plain, *span)
    }
    return [_Group(*found.span(), known.get(found.start())) for found in _DIGITS.finditer(plain)]


def _number_at(plain: str, groups: Sequence[_Group], at: int) -> Sequence[_Group]:
    """The groups from here on that are one number; none where there is none."""
    digits = 0
    for last in range(at, len(groups)):
        if last > at and not _APART.fullmatch(_between(plain, groups, last)):
            return ()
        digits += groups[last].end - groups[last].start
        if digits >= FULL_LENGTH:
            is_one = digits == FULL_LENGTH and _is_whole(plain, groups, at, last)
            number = groups[at : last + 1]
            return number if is_one and not _is_said_otherwise(plain, number) else ()
    return ()


def _between(plain: str, groups: Sequence[_Group], at: int) -> str:
    """A group and the one before it."""
    return plain[groups[at - 1].end : groups[at].start]


def _is_whole(plain: str, groups: Sequence[_Group], first: int, last: int) -> bool:
    """Not cut out of an account number that goes on in the same way, nor out of an amount."""
    within = {_between(plain, groups, at) for at in range(first + 1, last + 1)} & {".", "-"}
    goes_on = (first > 0 and _between(plain, groups, first) in within) or (
        last + 1 < len(groups) and _between(plain, groups, last + 1) in within
    )
    start, end = groups[first].known, groups[last].known
    is_cut = (start is not None and start[0] < groups[first].start) or (
        end is not None and end[1] > groups[last].end
    )
    return not goes_on and not is_cut


def _is_said_otherwise(plain: str, number: Sequence[_Group]) -> bool:
    """Amounts, times and dates that happen to have 16 digits: "12.03.2026 - 15.03.2026"."""
    said = (_OTHER if each.known else plain[each.start : each.end] for each in number)
    return _ONLY_DATES.fullmatch(" ".join(said)) is not None
