from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import AnyOf, DataRequired, InputRequired

from casework.accounts.labels import ROLES
from casework.accounts.passwords import LONGEST
from casework.web.fields import at_most, trimmed
from casework.web.forms import CaseworkForm
from casework.web.locale import LANGUAGE_NAMES


class LoginForm(CaseworkForm):
    username = StringField(
        lazy_gettext("User name"),
        [InputRequired(lazy_gettext("Enter your user name.")), at_most(64)],
    )
    password = PasswordField(
        lazy_gettext("Password"),
        [InputRequired(lazy_gettext("Enter your password.")), at_most(LONGEST)],
    )


class NewPasswordForm(CaseworkForm):
    password = PasswordField(
        lazy_gettext("Your new password"),
        [InputRequired(lazy_gettext("Enter a password.")), at_most(LONGEST)],
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        lazy_gettext("Your present password"),
        [InputRequired(lazy_gettext("Enter your password.")), at_most(LONGEST)],
    )


class LanguageForm(CaseworkForm):
    locale = RadioField(
        lazy_gettext("Language"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()],
    )


class SearchPeopleForm(CaseworkForm):
    text = StringField(lazy_gettext("Name or user name"), [at_most(120)], filters=[trimmed])


class _UsernameForm(CaseworkForm):
    # Before `PersonForm`: the summary of errors names fields in the order of their making,
    # and on the page the user name comes first.
    username = StringField(
        lazy_gettext("User name"),
        [DataRequired(lazy_gettext("Enter a user name.")), at_most(64)],
        filters=[trimmed],
    )


class PersonForm(CaseworkForm):
    name = StringField(
        lazy_gettext("Full name"),
        [DataRequired(lazy_gettext("Enter the name.")), at_most(120)],
        filters=[trimmed],
    )
    role = RadioField(
        lazy_gettext("Role"),
        [AnyOf([role.value for role in ROLES], message=lazy_gettext("Choose a role."))],
        # The validator above says it in the reader's language.
        validate_choice=False,
        choices=[SelectChoice(role.value, label) for role, label in ROLES.items()],
    )
    region = StringField(
        lazy_gettext("Region"),
        [at_most(140)],
        filters=[trimmed],
    )
    job_title = StringField(lazy_gettext("Official title"), [at_most(120)], filters=[trimmed])
    employee_number = StringField(lazy_gettext("NIP"), [at_most(32)], filters=[trimmed])


class NewPersonForm(_UsernameForm, PersonForm):
    pass
