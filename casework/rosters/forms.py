from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField, StringField

from casework.access.actor import Actor
from casework.households.labels import HOUSEHOLD_STATUSES
from casework.readiness.labels import VERDICTS
from casework.rosters.actions.exporting import MOST_REASON
from casework.rosters.labels import NUMBERS_SHOWN, TABLE_FORMATS, group_words, stage_words
from casework.rosters.policy import numbers_for
from casework.rosters.rules import NamedGroup, TableFormat
from casework.web.fields import OwnWordsField
from casework.web.forms import CaseworkForm


class UploadForm(CaseworkForm):
    stage = SelectField(_("Payment stage"))
    file = FileField(_("Roster file"), validators=[FileRequired(_("Choose a file."))])


class ApplyForm(CaseworkForm):
    #: Set by the button that says that bad rows stay out.
    skip_bad = BooleanField()


class ExportForm(CaseworkForm):
    region = SelectField(_("Region"))
    household_status = SelectField(_("Status"), default="")
    stage = SelectField(_("Latest stage"), default="")
    readiness = SelectField(_("Readiness"), default="")
    group = StringField(_("Group"))
    #: Asked only when several have the name; the action says which those are.
    which_group = SelectField(_("Which group"), choices=[], default="", validate_choice=False)
    format = RadioField(_("Kind of file"))
    numbers = RadioField(_("NIK and No KK"))
    reason = OwnWordsField(_("Reason for full numbers"), most=MOST_REASON)

    def offer_groups(self, groups: Sequence[NamedGroup]) -> None:
        """What a name may mean."""
        self.which_group.choices = [
            ("", _("Choose")),
            *((str(group.id), group_words(group)) for group in groups),
        ]

    def offer(self, actor: Actor, regions: Any, stages: list[str]) -> None:
        """What this person may choose from."""
        everything = [("", _("All"))]
        self.region.choices = regions
        self.household_status.choices = everything + _choices(HOUSEHOLD_STATUSES)
        self.stage.choices = everything + [(stage, stage_words(stage)) for stage in stages]
        self.readiness.choices = everything + _choices(VERDICTS)
        self.format.choices = _choices(TABLE_FORMATS)
        self.numbers.choices = [(each.value, NUMBERS_SHOWN[each]) for each in numbers_for(actor)]
        # One choice is none: whoever sends nothing gets the first.
        self.format.data = self.format.data or TableFormat.XLSX.value
        self.numbers.data = self.numbers.data or self.numbers.choices[0][0]


def _choices(words: Mapping[Any, LazyString]) -> list[tuple[str, LazyString]]:
    return [(member.value, word) for member, word in words.items()]
