from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # stubs lag
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length

from casework.accounts.labels import ROLES
from casework.accounts.passwords import LONGEST
from casework.web.forms import CaseworkForm
from casework.web.locale import LANGUAGE_NAMES


def _too_long(count: int) -> Length:
    return Length(max=count, message=lazy_gettext("Use at most %(count)s characters.", count=count))


def _trimmed(text: str | None) -> str:
    return " ".join((text or "").split())


class LoginForm(CaseworkForm):
    username = StringField(
        lazy_gettext("User name"),
        [InputRequired(lazy_gettext("Enter your user name.")), _too_long(64)],
    )
    password = PasswordField(
        lazy_gettext("Password"),
        [InputRequired(lazy_gettext("Enter your password.")), _too_long(LONGEST)],
    )


class NewPasswordForm(CaseworkForm):
    password = PasswordField(
        lazy_gettext("Your new password"),
        [InputRequired(lazy_gettext("Enter a password.")), _too_long(LONGEST)],
    )


class ChangePasswordForm(NewPasswordForm):
    current = PasswordField(
        lazy_gettext("Your present password"),
        [InputRequired(lazy_gettext("Enter your password.")), _too_long(LONGEST)],
    )


class LanguageForm(CaseworkForm):
    locale = RadioField(
        lazy_gettext("Language"),
        choices=[SelectChoice(code, name) for code, name in LANGUAGE_NAMES.items()],
    )


class SearchPeopleForm(CaseworkForm):
    text = StringField(lazy_gettext("Name or user name"), [_too_long(120)], filters=[_trimmed])


class PersonForm(CaseworkForm):
    name = StringField(
        lazy_gettext("Full name"),
        [DataRequired(lazy_gettext("Enter the name.")), _too_long(120)],
        filters=[_trimmed],
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
        [_too_long(140)],
        filters=[_trimmed],
    )
    job_title = StringField(lazy_gettext("Official title"), [_too_long(120)], filters=[_trimmed])
    employee_number = StringField(lazy_gettext("NIP"), [_too_long(32)], filters=[_trimmed])


class NewPersonForm(PersonForm):
    username = StringField(
        lazy_gettext("User name"),
        [DataRequired(lazy_gettext("Enter a user name.")), _too_long(64)],
        filters=[_trimmed],
    )
