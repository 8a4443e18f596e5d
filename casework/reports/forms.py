from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired

from casework.reports.labels import STATEMENT_REASONS
from casework.web.forms import CaseworkForm


class ReasonForm(CaseworkForm):
    reason = RadioField(
        lazy_gettext("Why does the family want to leave?"),
        [InputRequired(lazy_gettext("Choose the reason that the family gives."))],
        choices=[SelectChoice(reason.value, words) for reason, words in STATEMENT_REASONS.items()],
    )
