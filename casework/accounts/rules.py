"""User names, numbers of employees, and browsers by name; pure."""

from __future__ import annotations

import re
import unicodedata

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
