"""Text as a cell of a worksheet: escaped, cleaned of what XML forbids, never a formula."""

from __future__ import annotations

import re

from casework.core.tables.xlsx_parts import TEXT_STYLE

#: Source: Microsoft, "Excel specifications and limits": characters that a cell can contain.
#: Excel counts UTF-16 units.
MAX_TEXT = 32_767

#: Most cells: short, printable ASCII, nothing to escape, no blank at either end.
_PLAIN = re.compile(r"[!-%'-;=?-^`-~](?:[ -%'-;=?-^`-~]{0,200}[!-%'-;=?-^`-~])?").fullmatch

#: What XML 1.0 cannot carry in any form (section 2.2, Char), and halves of surrogate pairs.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: Excel reads _x000D_ as a carriage return (ECMA-376, ST_Xstring), so such text is escaped.
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})


def text_cell(value: str, *, style: int = TEXT_STYLE) -> str:
    """The cell has the number format "text": retyping in Excel keeps digits and `=` as text."""
    if _PLAIN(value):
        return f'<c s="{style}" t="inlineStr"><is><t>{value}</t></is></c>'
    text = _clean(value)
    if not text:
        return "<c/>"
    keep = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f'<c s="{style}" t="inlineStr"><is><t{keep}>{escape(text)}</t></is></c>'


def escape(text: str) -> str:
    return _LOOKS_ESCAPED.sub("_x005F_", text).translate(_ESCAPES)


def _clean(text: str) -> str:
    text = _FORBIDDEN.sub("", text)
    if len(text) * 2 <= MAX_TEXT:
        return text
    units = text.encode("utf-16-le")[: MAX_TEXT * 2]
    return units.decode("utf-16-le", errors="ignore")
