"""User names, numbers of employees, browsers by name, and why a login is over; pure."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from enum import StrEnum

#: Short enough to dictate over the phone; no capitals, which small keyboards put in unasked.
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,63}")


def is_username(text: str) -> bool:
    return _USERNAME.fullmatch(text) is not None


def bare_number(employee_number: str) -> str:
    """A NIP as it is compared: its digits, in whatever script they are typed, without what it is
    printed with or what is written behind it. What has none is no number ("Non-ASN")."""
    plain = unicodedata.normalize("NFKC", employee_number)
    return "".join(str(unicodedata.digit(sign)) for sign in plain if sign.isdecimal())[:_NIP_DIGITS]


#: Birth date, month of appointment, sex, and a running number of three.
#: Source: Peraturan Kepala BKN 22/2007.
_NIP_DIGITS = 18


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("UCBrowser", "UC Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def browser_name(user_agent: str) -> str:
    """ "Chrome, Android": enough for a person to know the own phone; empty for the unknown."""
    found = [
        next((name for sign, name in signs if sign in user_agent), "")
        for signs in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)


class Over(StrEnum):
    """Why nobody is signed in any more in a browser that still has the cookie."""

    IDLE = "idle"
    EXPIRED = "expired"
    ENDED = "ended"  # from another browser, by an administrator, or here: nobody can tell


def why_over(ended_at: datetime | None, expires_at: datetime, now: datetime) -> Over:
    """Of a login session that opens no page. One that the table still holds for good was not used
    for too long: that alone is kept in the cookie."""
    if ended_at is not None and ended_at < expires_at:
        return Over.ENDED
    return Over.EXPIRED if expires_at <= now else Over.IDLE
