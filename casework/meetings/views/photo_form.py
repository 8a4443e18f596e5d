from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import MultipleFileField

from casework.web.forms import CaseworkForm


class PhotosForm(CaseworkForm):
    photos = MultipleFileField(lazy_gettext("Add photos"))
