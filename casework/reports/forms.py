from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import DataRequired, InputRequired

from casework.reports.labels import STATEMENT_REASONS
from casework.web.fields import DayField, at_most, trimmed
from casework.web.forms import CaseworkForm


class CertificateForm(CaseworkForm):
    """Who hands the certificates over, where and when."""

    place = StringField(
        lazy_gettext("Place of the ceremony"),
        [DataRequired(lazy_gettext("Write the place.")), at_most(80)],
        filters=[trimmed],
    )
    on = DayField(
        lazy_gettext("Date on the certificate"),
        [InputRequired(lazy_gettext("Enter a date."))],
    )
    title = StringField(
        lazy_gettext("Title of the person who signs"),
        [DataRequired(lazy_gettext("Write the title.")), at_most(120)],
        filters=[trimmed],
    )
    name = StringField(
        lazy_gettext("Name of the person who signs"),
        [DataRequired(lazy_gettext("Write the name.")), at_most(120)],
        filters=[trimmed],
    )
    employee_number = StringField(
        lazy_gettext("NIP, if there is one"), [at_most(40)], filters=[trimmed]
    )


class ReasonForm(CaseworkForm):
    reason = RadioField(
        lazy_gettext("Why does the family want to leave?"),
        [InputRequired(lazy_gettext("Choose the reason that the family gives."))],
        choices=[SelectChoice(reason.value, words) for reason, words in STATEMENT_REASONS.items()],
    )
