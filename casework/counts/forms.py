from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField
from wtforms.validators import InputRequired, NumberRange

from casework.web.forms import CaseworkForm


class TargetForm(CaseworkForm):
    households = IntegerField(
        _l("Families to graduate"),
        [
            InputRequired(_l("Enter a number.")),
            NumberRange(min=0, message=_l("Enter a number, 0 or more.")),
        ],
    )
