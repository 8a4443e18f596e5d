from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from casework.web.forms import CaseworkForm


class TargetForm(CaseworkForm):
    households = IntegerField(
        lazy_gettext("Families to graduate"),
        [
            InputRequired(lazy_gettext("Enter a number.")),
            NumberRange(min=0, message=lazy_gettext("Enter a number, 0 or more.")),
        ],
    )
