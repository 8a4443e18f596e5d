"""What a text cell may hold so that no spreadsheet program takes it for something else."""

from __future__ import annotations

import re

#: First characters that make Excel or LibreOffice read a CSV cell as a formula or a command.
#: Source: OWASP "CSV Injection" (= + - @ TAB CR, and the full-width forms that East Asian
#: Excel folds into them) and OWASP ASVS 5.0, 1.2.10 (NUL).
_STARTS_A_FORMULA = frozenset("=+-@\t\r\n\0\uff1d\uff0b\uff0d\uff20")

#: Digits that a spreadsheet would turn into another number: a leading zero goes (RT 003, a
#: telephone 0812...), and from 12 digits on Excel shows 1,27503E+15 and keeps 15 of them.
_DIGITS_AT_RISK = re.compile(r"0[0-9]+|[0-9]{12,}")

_GUARDED = re.compile(r"'+(?:[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]|(?:0[0-9]+|[0-9]{12,})\Z)")


class ToFill:
    """A cell that somebody will write into: what is typed there stays text."""

    def __str__(self) -> str:
        return ""


def guard(text: str, *, digits: bool = False) -> str:
    """The text with an apostrophe before it where a spreadsheet would calculate with it.

    With `digits`, also before digits that a double click on the file would damage; right for
    people who open the CSV in Excel, wrong for programs that read it.
    `unguard(guard(text)) == text`, whatever the text.
    """
    if text[:1] in _STARTS_A_FORMULA and text:
        return "'" + text
    if text[:1] == "'" and _GUARDED.match(text):
        return "'" + text
    if digits and _DIGITS_AT_RISK.fullmatch(text):
        return "'" + text
    return text


def unguard(text: str) -> str:
    """The text as it was before `guard`."""
    return text[1:] if _GUARDED.match(text) else text
