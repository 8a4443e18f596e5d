"""Fields that several features ask for: days, months, money, how many, yes or no, a line of
text, own words."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import DateField, Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import Length, Optional, ValidationError

from casework.core.counting import parse_count
from casework.core.ids import new_id
from casework.core.money import MOST_RUPIAH, parse_rupiah
from casework.core.personal_numbers import has_personal_number
from casework.web.locale import in_words, number, rupiah


def trimmed(text: str | None) -> str:
    """Filter of a line of text: without needless space."""
    return " ".join((text or "").split())


def at_most(count: int) -> Length:
    return Length(max=count, message=lazy_gettext("Use at most %(count)s characters.", count=count))


#: Also where a form is read by hand.
NUMBER_IN_WORDS = lazy_gettext("Take the NIK or KK number out of this text.")


def no_personal_number(_form: Any, field: Field) -> None:
    """Where the family's own number is masked, none stands in clear in what is said of it."""
    if isinstance(field.data, str) and has_personal_number(field.data):
        raise ValidationError(NUMBER_IN_WORDS)


class OwnWordsField(TextAreaField):
    """What somebody writes about a family, a group or a meeting; every reason and every note of
    the product is one (`tests/architecture/test_own_words.py`)."""

    def __init__(self, label: Any = None, *, most: int, **kwargs: Any) -> None:
        super().__init__(label, [at_most(most), no_personal_number], **kwargs)


YES, NO, NOT_ASKED = "yes", "no", ""

_TRUTH = {YES: True, NO: False}


def truth(answer: str | None) -> bool | None:
    """Yes, no, or None for not asked."""
    return _TRUTH.get(answer or "")


class YesNoField(RadioField):
    """Yes, no or not asked; nothing is preset as a yes."""

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        choices = [
            SelectChoice(YES, lazy_gettext("Yes")),
            SelectChoice(NO, lazy_gettext("No")),
            SelectChoice(NOT_ASKED, lazy_gettext("Not asked")),
        ]
        super().__init__(label, choices=choices, default=NOT_ASKED, **kwargs)


class RupiahField(StringField):
    """Whole rupiah, typed as people write them; None where nothing was typed."""

    data: Any

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, [Optional(), *(validators or ())], **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return number(self.data) if isinstance(self.data, int) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        amount = parse_rupiah(valuelist[0])
        if amount is None:
            # The example is in digits: a phone shows no letters for this field.
            raise ValueError(lazy_gettext("Write the amount in full, like 1.500.000."))
        if amount > MOST_RUPIAH:
            raise ValueError(lazy_gettext("This amount is too large. Check the zeros."))
        self.data = amount


class AskedBackField(RupiahField):
    """An amount that is asked about once where it is doubtful, and then taken as it is typed.

    The answer goes with the form as the amount that it is about, so that it says nothing of another
    one; and where the amount stands already, it was asked about before.
    """

    def __init__(
        self,
        label: Any = None,
        *,
        is_doubtful: Callable[[int], bool],
        is_monthly: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, **kwargs)
        self._is_doubtful = is_doubtful
        self._is_monthly = is_monthly
        self._confirmed: list[str] = []

    @property
    def confirm_name(self) -> str:
        """Of the box that answers."""
        return f"{self.name}_is_right"

    @property
    def asks_about(self) -> int | None:
        """The amount that is in doubt, answered or not."""
        amount = self.data if isinstance(self.data, int) else None
        if amount is None or amount == self.object_data or not self._is_doubtful(amount):
            return None
        return amount

    @property
    def is_confirmed(self) -> bool:
        return str(self.asks_about) in self._confirmed

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        self._confirmed = formdata.getlist(self.confirm_name) if formdata is not None else []
        super().process(formdata, *args, **kwargs)

    def pre_validate(self, _form: Any) -> None:
        amount = self.asks_about
        if amount is None or self.is_confirmed:
            return
        given = {"amount": rupiah(amount), "words": in_words(amount)}
        raise ValidationError(
            _("%(amount)s (%(words)s) a month: is that right? Correct it, or tick Yes.", **given)
            if self._is_monthly
            else _(
                "%(amount)s (%(words)s) in all: is that right? Correct it, or tick Yes.", **given
            )
        )


class CountField(StringField):
    """How many, typed with or without a sign between the thousands; None where it cannot be."""

    data: Any

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return number(self.data) if isinstance(self.data, int) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0]:
            return
        self.data = parse_count(valuelist[0])
        if self.data is None:
            raise ValueError(lazy_gettext("Write a whole number, like 1,720 or 1720."))


class MonthField(StringField):
    """A month as its first day; phones show a wheel for it, other browsers a line of text."""

    data: Any

    _SHAPES = (
        re.compile(r"^(?P<year>\d{4})-(?P<month>\d{1,2})$"),
        re.compile(r"^(?P<month>\d{1,2})[/.\- ](?P<year>\d{4})$"),
    )

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data:%Y-%m}" if isinstance(self.data, date) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        text = valuelist[0].strip() if valuelist else ""
        if not text:
            return
        for shape in self._SHAPES:
            found = shape.match(text)
            if found and 1 <= int(found["month"]) <= 12 and int(found["year"]) > 0:
                self.data = date(int(found["year"]), int(found["month"]), 1)
                return
        raise ValueError(lazy_gettext("Write month and year, like 03/2024."))


class DayField(DateField):
    data: Any

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(
                lazy_gettext("Write the date as year-month-day, like 2026-03-31.")
            ) from None


class OnceField(HiddenField):
    """The id that the record will have, made with the form: a form sent twice is one record."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default=lambda: str(new_id()), **kwargs)

    @property
    def id_of_record(self) -> uuid.UUID:
        try:
            return uuid.UUID(self.data or "")
        except ValueError:
            return new_id()


class NotBefore:
    def __init__(self, earliest: date) -> None:
        self.earliest = earliest

    def __call__(self, _form: Any, field: Field) -> None:
        if field.data is not None and field.data < self.earliest:
            raise ValidationError(lazy_gettext("This date is too long ago. Check the year."))
