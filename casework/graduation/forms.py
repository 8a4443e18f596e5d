from __future__ import annotations

from flask_babel import lazy_gettext
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import InputRequired

from casework.graduation.labels import CONSENT_GIVEN, EVIDENCE_KINDS
from casework.graduation.rules import MOST_CHARACTERS, MOST_LETTER
from casework.graduation.states import EvidenceKind, Step
from casework.web.fields import (
    DayField,
    OnceField,
    OwnWordsField,
    at_most,
    no_personal_number,
    trimmed,
)
from casework.web.forms import CaseworkForm


class StatementForm(CaseworkForm):
    on = DayField(
        lazy_gettext("When did the family say so?"),
        [InputRequired(lazy_gettext("Enter a date."))],
    )
    given = RadioField(
        lazy_gettext("How was the statement signed?"),
        [InputRequired(lazy_gettext("Choose how it was signed."))],
        choices=[SelectChoice(given.value, words) for given, words in CONSENT_GIVEN.items()],
    )
    asked_by = StringField(
        lazy_gettext("Who asked the family?"),
        [
            InputRequired(lazy_gettext("Write who asked the family.")),
            at_most(120),
            no_personal_number,
        ],
    )


class EvidenceForm(CaseworkForm):
    """One field for each kind, under the kind's own name."""

    signed_statement = FileField(EVIDENCE_KINDS[EvidenceKind.SIGNED_STATEMENT])
    signing_photo = FileField(EVIDENCE_KINDS[EvidenceKind.SIGNING_PHOTO])
    house_or_business_photo = FileField(EVIDENCE_KINDS[EvidenceKind.HOUSE_OR_BUSINESS_PHOTO])


class NoteForm(CaseworkForm):
    note = OwnWordsField(lazy_gettext("Why do you put this family forward?"), most=MOST_CHARACTERS)


class WithdrawForm(CaseworkForm):
    reason = OwnWordsField(lazy_gettext("The family's reason"), most=MOST_CHARACTERS)


class BatchForm(CaseworkForm):
    letter_number = StringField(
        lazy_gettext("Number of the letter"),
        [InputRequired(lazy_gettext("Write the number of the letter.")), at_most(MOST_LETTER)],
        filters=[trimmed],
    )
    letter_on = DayField(
        lazy_gettext("Date of the letter"), [InputRequired(lazy_gettext("Enter a date."))]
    )
    nominations = SelectMultipleField(lazy_gettext("Families"), validate_choice=False)
    batch_id = OnceField()


class OutcomeForm(CaseworkForm):
    outcome = RadioField(
        lazy_gettext("What did the ministry answer?"),
        [InputRequired(lazy_gettext("Choose what the ministry answered."))],
        choices=[
            SelectChoice(Step.ESTABLISH.value, lazy_gettext("Established")),
            SelectChoice(Step.REFUSE.value, lazy_gettext("Refused")),
        ],
    )
    #: Which one may be, the action says.
    stage = SelectField(lazy_gettext("Established from payment stage"), validate_choice=False)
    reason = OwnWordsField(lazy_gettext("The ministry's reason"), most=MOST_CHARACTERS)


class ReversalForm(CaseworkForm):
    reason = OwnWordsField(lazy_gettext("Your reason"), most=MOST_CHARACTERS)


class ExitForm(CaseworkForm):
    #: Which ones this person may choose, and from which stages, the page and the action say.
    kind = RadioField(
        lazy_gettext("How did the family leave PKH?"),
        [InputRequired(lazy_gettext("Choose how the family left."))],
        validate_choice=False,
    )
    stage = SelectField(lazy_gettext("Out from payment stage"), validate_choice=False)
    on = DayField(lazy_gettext("Day"), [InputRequired(lazy_gettext("Enter a date."))])
    reason = OwnWordsField(lazy_gettext("What happened"), most=MOST_CHARACTERS)
    letter = StringField(
        lazy_gettext("Number of the letter"), [at_most(MOST_LETTER)], filters=[trimmed]
    )
    exit_id = OnceField()


class OutcomeFileForm(CaseworkForm):
    file = FileField(
        lazy_gettext("File of outcomes"), [FileRequired(lazy_gettext("Choose a file."))]
    )


class ApplyForm(CaseworkForm):
    """Nothing but its token."""


class DecisionForm(CaseworkForm):
    reason = OwnWordsField(lazy_gettext("Your reason"), most=MOST_CHARACTERS)
    answer = OwnWordsField(lazy_gettext("Your answer to the warnings"), most=MOST_CHARACTERS)
    #: The warning signs on the page.
    warnings = HiddenField()
    #: Of the nomination, as it was when the page was opened.
    version = HiddenField()

    @property
    def is_begun(self) -> bool:
        """Something was written that must not be lost on the way."""
        return bool(self.reason.data or self.answer.data)
