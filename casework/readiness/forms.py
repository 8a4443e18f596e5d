"""Shape of the questions of an instrument, and of the day one looks back to."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired, ValidationError

from casework.households.rules import PROGRAMME_BEGAN
from casework.readiness.rules import Instrument
from casework.web.fields import DayField, NotBefore, YesNoField, truth
from casework.web.forms import CaseworkForm

#: Before the name of a question, so that no question can hide a field of the form.
_PREFIX = "question-"


def name_of(question_id: str) -> str:
    """Of the field that asks it."""
    return f"{_PREFIX}{question_id}"


class AnswersForm(CaseworkForm):
    """The day; the questions are those of the instrument (`answers_form`)."""

    answered_on = DayField(
        lazy_gettext("Asked on"),
        [InputRequired(lazy_gettext("Choose the date.")), NotBefore(PROGRAMME_BEGAN)],
    )

    def questions(self) -> list[Any]:
        return [field for field in self if field.name.startswith(_PREFIX)]

    def answers(self) -> dict[str, bool]:
        """Only what was asked."""
        found = {}
        for field in self.questions():
            value = truth(field.data)
            if value is not None:
                found[field.name.removeprefix(_PREFIX)] = value
        return found


class DayForm(CaseworkForm):
    """The past day a reader looks back to; comes in the address, so it carries no token."""

    class Meta(CaseworkForm.Meta):
        csrf = False

    on = DayField(
        lazy_gettext("As it was on"),
        [InputRequired(lazy_gettext("Choose the date.")), NotBefore(PROGRAMME_BEGAN)],
    )
    #: Today, where the reader stands.
    latest: date = date.max

    def validate_on(self, field: DayField) -> None:
        if field.data is not None and field.data > self.latest:
            raise ValidationError(lazy_gettext("The date must not be after today."))


def answers_form(instrument: Instrument, locale: str, today: date) -> AnswersForm:
    fields = {name_of(each.id): YesNoField(each.text(locale)) for each in instrument.questions}
    form_class = type("AnswersOfInstrument", (AnswersForm,), fields)
    form: AnswersForm = form_class(data={"answered_on": today})
    return form
