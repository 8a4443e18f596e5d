"""Personal numbers as lists and logs may show them."""

from __future__ import annotations

#: Source: OWASP ASVS 5.0, 14.2.6, as this product sets it: `3201********0001`.
_SHOWN_AT_EACH_END = 4
#: Digits of a NIK and of a No KK.
FULL_LENGTH = 16


def mask_nik(number: str) -> str:
    """`3201********0001`: the province and regency it was first issued in, and the serial.

    The birth date stays hidden. Whatever is not 16 characters long is hidden whole: its ends
    might be all of it.
    """
    if len(number) != FULL_LENGTH:
        return "*" * len(number)
    hidden = "*" * (FULL_LENGTH - 2 * _SHOWN_AT_EACH_END)
    return f"{number[:_SHOWN_AT_EACH_END]}{hidden}{number[-_SHOWN_AT_EACH_END:]}"


def mask_no_kk(number: str) -> str:
    """A No KK is built like a NIK and hidden like one."""
    return mask_nik(number)
