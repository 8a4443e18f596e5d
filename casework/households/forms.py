from __future__ import annotations

import re
from typing import Any

from flask_babel import lazy_gettext
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, InputRequired, ValidationError

from casework.core.masking import FULL_LENGTH
from casework.web.fields import DayField, at_most, trimmed
from casework.web.forms import CaseworkForm


def choices(pairs: list[tuple[str, Any]]) -> list[Any]:
    return [SelectChoice(value, label) for value, label in pairs]


class FindForm(CaseworkForm):
    """A name, or the sixteen digits of a NIK or No KK."""

    text = StringField(
        lazy_gettext("Name, NIK or No KK"),
        [DataRequired(lazy_gettext("Enter a name or a number.")), at_most(120)],
        filters=[trimmed],
    )

    @property
    def number(self) -> str | None:
        """The digits, where nothing but digits (and blanks between them) was typed."""
        digits = (self.text.data or "").replace(" ", "")
        return digits if digits.isascii() and digits.isdigit() else None

    def validate_text(self, field: Any) -> None:
        if self.number is not None and len(self.number) != FULL_LENGTH:
            raise ValidationError(
                lazy_gettext(
                    "A NIK or No KK has 16 digits, this has %(count)s.", count=len(self.number)
                )
            )


class EntryYearForm(CaseworkForm):
    """Empty means not known."""

    year = StringField(lazy_gettext("Year the family joined PKH"), filters=[trimmed])

    @property
    def as_number(self) -> int | None:
        return int(self.year.data) if self.year.data else None

    def validate_year(self, field: Any) -> None:
        if field.data and not re.fullmatch(r"[0-9]{4}", field.data):
            raise ValidationError(lazy_gettext("Write the year in four digits, like 2019."))


class GroupForm(CaseworkForm):
    name = StringField(
        lazy_gettext("Name of the group"),
        [DataRequired(lazy_gettext("Enter the name of the group.")), at_most(80)],
        filters=[trimmed],
    )
    meeting_place = StringField(lazy_gettext("Where it meets"), [at_most(120)], filters=[trimmed])


class NewGroupForm(GroupForm):
    village = StringField(
        lazy_gettext("Village"),
        [DataRequired(lazy_gettext("Enter the village.")), at_most(140)],
        filters=[trimmed],
    )


class EditGroupForm(GroupForm):
    leader = SelectField(lazy_gettext("Group leader"), validate_choice=False)


class CloseGroupForm(CaseworkForm):
    """A button and nothing else."""


class DatedForm(CaseworkForm):
    on = DayField(lazy_gettext("From which day"), [InputRequired(lazy_gettext("Enter the day."))])


class PutInForm(DatedForm):
    households = SelectMultipleField(
        lazy_gettext("Families without a group"), validate_choice=False
    )


class AssignForm(DatedForm):
    facilitator = SelectField(lazy_gettext("Facilitator"), validate_choice=False)


class MoveForm(DatedForm):
    group = SelectField(lazy_gettext("Group"), validate_choice=False)
