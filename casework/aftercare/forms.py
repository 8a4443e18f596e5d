"""Shape of what is recorded of a visit after graduation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask_babel import LazyString, lazy_gettext
from wtforms import RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired, Optional

from casework.aftercare import labels
from casework.aftercare.actions import Visit
from casework.aftercare.states import Livelihood, NextStep, Shock, Unable
from casework.economics.labels import BORROWS_FROM
from casework.economics.rules import Amount, BorrowsFrom, is_doubtful
from casework.web.fields import AskedBackField, DayField, OnceField, OwnWordsField
from casework.web.forms import CaseworkForm

#: Value of `met` where the family was spoken with; the others are `Unable`.
SPOKEN = "spoken"
#: The way back from an answer, where the family was not met after all.
_NOT_ASKED = SelectChoice("", lazy_gettext("Not asked"))


def _chosen(words: Mapping[Any, LazyString]) -> list[SelectChoice]:
    return [SelectChoice(each.value, told) for each, told in words.items()]


class VisitForm(CaseworkForm):
    once = OnceField()
    visited_on = DayField(
        lazy_gettext("Visited on"), [InputRequired(lazy_gettext("Choose the date."))]
    )
    met = RadioField(
        lazy_gettext("Did you speak with the family?"),
        [InputRequired(lazy_gettext("Choose whether you spoke with the family."))],
        choices=[
            SelectChoice(SPOKEN, lazy_gettext("Yes")),
            *_chosen(labels.UNABLE),
        ],
    )
    livelihood = RadioField(
        lazy_gettext("How does the business go on?"),
        [Optional()],
        choices=[*_chosen(labels.LIVELIHOODS), _NOT_ASKED],
    )
    income_per_month = AskedBackField(
        lazy_gettext("Income of the family in a month"),
        is_doubtful=partial(is_doubtful, Amount.INCOME),
    )
    shocks = SelectMultipleField(
        lazy_gettext("What has hit the family since it was seen last?"),
        choices=_chosen(labels.SHOCKS),
    )
    borrows_from = SelectField(
        lazy_gettext("Borrows from"),
        choices=[
            _NOT_ASKED,
            *_chosen(BORROWS_FROM),
        ],
        default="",
    )
    note = OwnWordsField(
        lazy_gettext("Note"),
        most=500,
        filters=[lambda text: text.strip() if text else ""],
    )
    next_step = RadioField(
        lazy_gettext("What do you advise, and do next?"),
        [Optional()],
        choices=[*_chosen(labels.NEXT_STEPS), _NOT_ASKED],
    )

    def visit(self) -> Visit:
        return Visit(
            visited_on=self.visited_on.data,
            unable=None if self.met.data == SPOKEN else Unable(self.met.data),
            livelihood=Livelihood(self.livelihood.data) if self.livelihood.data else None,
            shocks=frozenset(Shock(each) for each in self.shocks.data or ()),
            income_per_month=self.income_per_month.data,
            borrows_from=BorrowsFrom(self.borrows_from.data) if self.borrows_from.data else None,
            next_step=NextStep(self.next_step.data) if self.next_step.data else None,
            note=self.note.data or "",
        )


def as_typed(visit: Visit) -> dict[str, object]:
    """What the form shows of a visit that is to be corrected."""
    return {
        "visited_on": visit.visited_on,
        "met": visit.unable.value if visit.unable else SPOKEN,
        "livelihood": visit.livelihood.value if visit.livelihood else None,
        "income_per_month": visit.income_per_month,
        "shocks": [each.value for each in visit.shocks],
        "borrows_from": visit.borrows_from.value if visit.borrows_from else "",
        "next_step": visit.next_step.value if visit.next_step else None,
        "note": visit.note,
    }
