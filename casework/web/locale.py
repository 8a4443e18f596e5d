"""Language and place of whoever reads: words, dates, numbers, money."""

from __future__ import annotations

import os
from datetime import date, datetime
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo

import click
from babel import Locale, numbers
from babel.dates import format_date, format_datetime
from flask import Flask, has_request_context, session
from flask_babel import Babel
from flask_babel import get_locale as babel_locale

from casework.web.login import actor_or_none
from casework.web.words import Words

#: Each in its own words, as a reader looks for it.
LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}
LANGUAGES = tuple(LANGUAGE_NAMES)
DEFAULT = "id"
#: Key in the signed cookie.
CHOSEN = "locale"


def chosen_locale() -> str:
    """The person's choice in this browser, else the account's language, else Indonesian; of a
    command, that of its terminal (docs/decisions/0027)."""
    if not has_request_context():
        return DEFAULT if click.get_current_context(silent=True) is None else command_locale()
    chosen = session.get(CHOSEN)
    if chosen in LANGUAGES:
        return str(chosen)
    actor = actor_or_none()
    return actor.locale if actor and actor.locale in LANGUAGES else DEFAULT


def command_locale() -> str:
    """Of the terminal a command was typed in: Indonesian unless its settings ask for English.

    The names and their order are gettext's.
    """
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if wanted := os.environ.get(name):
            return "en" if wanted.startswith("en") else DEFAULT
    return DEFAULT


def time_zone() -> str:
    actor = actor_or_none() if has_request_context() else None
    return actor.time_zone if actor else "Asia/Jakarta"


def day(value: date | None, style: str = "d MMM y") -> str:
    """12 Nov 2026"""
    return format_date(value, style, locale=babel_locale()) if value else ""


def month(value: date) -> str:
    """November 2026"""
    return format_date(value, "MMMM y", locale=babel_locale())


def moment(value: datetime | None) -> str:
    """12 Nov 2026 09.14 WITA: on the reader's wall clock, which is named wherever a time stands.
    The public page shows the nation's (WIB), an office reads of people in three zones, and a
    picture or a print of a page is read elsewhere.
    """
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(time_zone()))
    # Not Babel's name of the zone: in English that would be "GMT+8".
    return f"{format_datetime(local, 'd MMM y HH.mm', locale=babel_locale())} {local:%Z}"


def number(value: int | None) -> str:
    """1.204"""
    return "" if value is None else _grouped(babel_locale(), value)


@lru_cache(maxsize=10_000)
def _grouped(locale: Locale, value: int) -> str:
    """A page of an office has a thousand small numbers, and Babel takes its time over each."""
    return str(numbers.format_decimal(value, locale=locale))


def share(value: float | None) -> str:
    """49%; a little is not nothing and nearly all is not all: "<1%", and 100% when it is so."""
    if value is None:
        return ""
    if 0 < value < 0.01:
        return f"<{_percent(babel_locale(), 0.01)}"
    return _percent(babel_locale(), min(value, 0.99) if 0.99 < value < 1 else value)


@lru_cache(maxsize=10_000)
def _percent(locale: Locale, value: float) -> str:
    return str(numbers.format_percent(value, locale=locale))


def rupiah(value: int | None) -> str:
    """Rp 1.500.000"""
    if value is None:
        return ""
    return numbers.format_currency(
        value, "IDR", "¤ #,##0", locale=babel_locale(), currency_digits=False
    ).replace("IDR", "Rp")


def in_words(value: int) -> str:
    """30 juta: a zero too many is seen at once."""
    return numbers.format_compact_decimal(
        value, format_type="long", locale=babel_locale(), fraction_digits=2
    )


def init_app(app: Flask, labels: dict[type[Enum], dict[Enum, object]]) -> None:
    """`labels` maps each enum a person may see to its words (collected by wiring)."""
    words = Words()
    Babel(app, locale_selector=chosen_locale, timezone_selector=time_zone).domain_instance = words
    words.serve(app.jinja_env)

    def label(value: Enum | None) -> str:
        return "" if value is None else str(labels[type(value)][value])

    app.jinja_env.globals["get_locale"] = babel_locale
    app.jinja_env.filters.update(
        day=day, month=month, moment=moment, number=number, share=share, rupiah=rupiah, label=label
    )
