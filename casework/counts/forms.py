from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms.validators import InputRequired

from casework.web.fields import CountField
from casework.web.forms import CaseworkForm


class TargetForm(CaseworkForm):
    households = CountField(
        lazy_gettext("Families to graduate"), [InputRequired(lazy_gettext("Enter a number."))]
    )
