"""Forms of the page that takes rescue files."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField, FileRequired

from casework.web.forms import CaseworkForm


class RescueForm(CaseworkForm):
    file = FileField(_("Rescue file"), validators=[FileRequired(_("Choose a file."))])


class SendForm(CaseworkForm):
    """Nothing but its token."""
