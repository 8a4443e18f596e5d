"""Shape of what is recorded of a family's economy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from flask_babel import lazy_gettext
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, InputRequired, Optional

from casework.economics import labels
from casework.economics.actions import Business, Seen
from casework.economics.rules import (
    Amount,
    BorrowsFrom,
    EnterpriseKind,
    Licence,
    SalesChannel,
    SupportKind,
    is_doubtful,
)
from casework.households.rules import PROGRAMME_BEGAN
from casework.web.fields import (
    AskedBackField,
    DayField,
    MonthField,
    NotBefore,
    OnceField,
    OwnWordsField,
    YesNoField,
    at_most,
    no_personal_number,
    trimmed,
    truth,
)
from casework.web.forms import CaseworkForm

EARLIEST_BUSINESS = date(1950, 1, 1)


def choices_of(words: Mapping[Any, Any]) -> list[SelectChoice]:
    return [SelectChoice(member.value, label) for member, label in words.items()]


class ObservationForm(CaseworkForm):
    once = OnceField()
    observed_on = DayField(
        lazy_gettext("Seen on"),
        [
            InputRequired(lazy_gettext("Choose the date.")),
            NotBefore(PROGRAMME_BEGAN),
        ],
    )
    keeps_budget = YesNoField(lazy_gettext("Does the family keep a budget?"))
    saves_per_month = AskedBackField(
        lazy_gettext("Saves in a month"), is_doubtful=partial(is_doubtful, Amount.SAVES)
    )
    savings_total = AskedBackField(
        lazy_gettext("Savings in all"),
        is_doubtful=partial(is_doubtful, Amount.SAVINGS),
        is_monthly=False,
    )
    uses_bank_account = YesNoField(lazy_gettext("Does the family use its bank account?"))
    borrows_from = SelectField(
        lazy_gettext("Borrows from"),
        choices=[SelectChoice("", lazy_gettext("Not asked")), *choices_of(labels.BORROWS_FROM)],
        default="",
    )
    income_per_month = AskedBackField(
        lazy_gettext("Income of the family in a month"),
        is_doubtful=partial(is_doubtful, Amount.INCOME),
    )
    note = OwnWordsField(
        lazy_gettext("Note"),
        most=500,
        filters=[lambda text: text.strip() if text else ""],
    )

    def seen(self) -> Seen:
        return Seen(
            observed_on=self.observed_on.data,
            keeps_budget=truth(self.keeps_budget.data),
            saves_per_month=self.saves_per_month.data,
            savings_total=self.savings_total.data,
            uses_bank_account=truth(self.uses_bank_account.data),
            borrows_from=BorrowsFrom(self.borrows_from.data) if self.borrows_from.data else None,
            income_per_month=self.income_per_month.data,
            note=self.note.data or "",
        )


class EnterpriseForm(CaseworkForm):
    once = OnceField()
    kind = SelectField(
        lazy_gettext("Kind of business"),
        [InputRequired(lazy_gettext("Choose the kind of business."))],
        choices=[SelectChoice("", lazy_gettext("Choose")), *choices_of(labels.ENTERPRISE_KINDS)],
    )
    name = StringField(
        lazy_gettext("Name of the business"),
        [at_most(120), no_personal_number],
        filters=[trimmed],
    )
    since_on = MonthField(
        lazy_gettext("Running since"),
        [InputRequired(lazy_gettext("Write month and year.")), NotBefore(EARLIEST_BUSINESS)],
    )
    turnover_per_month = AskedBackField(
        lazy_gettext("Turnover in a month"), is_doubtful=partial(is_doubtful, Amount.TURNOVER)
    )
    licences = SelectMultipleField(lazy_gettext("Licences"), choices=choices_of(labels.LICENCES))
    channels = SelectMultipleField(
        lazy_gettext("Sells through"), choices=choices_of(labels.SALES_CHANNELS)
    )

    def business(self) -> Business:
        return Business(
            kind=EnterpriseKind(self.kind.data),
            name=self.name.data or "",
            since_on=self.since_on.data,
            turnover_per_month=self.turnover_per_month.data,
            licences=_members(Licence, self.licences.data),
            channels=_members(SalesChannel, self.channels.data),
        )


class ChangeEnterpriseForm(EnterpriseForm):
    ended_on = DayField(lazy_gettext("Given up on"), [Optional()])

    def business(self) -> Business:
        return replace(super().business(), ended_on=self.ended_on.data)


class SupportForm(CaseworkForm):
    once = OnceField()
    kind = RadioField(
        lazy_gettext("Kind of support"),
        [InputRequired(lazy_gettext("Choose the kind of support."))],
        choices=choices_of(labels.SUPPORT_KINDS),
    )
    received_on = DayField(
        lazy_gettext("Received on"),
        [InputRequired(lazy_gettext("Choose the date.")), NotBefore(PROGRAMME_BEGAN)],
    )
    provider = StringField(
        lazy_gettext("From whom"),
        [
            DataRequired(lazy_gettext("Write who gave the support.")),
            at_most(120),
            no_personal_number,
        ],
        filters=[trimmed],
    )
    note = OwnWordsField(
        lazy_gettext("Note"),
        most=500,
        filters=[lambda text: text.strip() if text else ""],
    )

    def chosen_kind(self) -> SupportKind:
        return SupportKind(self.kind.data)


def _members(kind: type[Any], values: Iterable[str] | None) -> frozenset[Any]:
    return frozenset(kind(each) for each in values or ())
