from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, SelectField

from casework.web.forms import CaseworkForm


class UploadForm(CaseworkForm):
    stage = SelectField(_("Payment stage"))
    file = FileField(_("Roster file"), validators=[FileRequired(_("Choose a file."))])


class ApplyForm(CaseworkForm):
    #: Set by the button that says that bad rows stay out.
    skip_bad = BooleanField()
