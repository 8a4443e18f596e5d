"""Forms: shape is checked here, rules are checked by actions; both end up at the field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, after_this_request, request
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import FileField

from casework.core.errors import Busy, Conflict, Invalid, Refused, SavedOtherwise, TooMany
from casework.core.files import RefusedFile
from casework.core.ids import new_id
from casework.web.fields import OnceField

#: Control characters but tab and line ends: no keyboard types them, and PostgreSQL takes no
#: text with a NUL in it.
_UNTYPABLE = dict.fromkeys({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})


class CaseworkForm(FlaskForm):
    """Base of every form. After a refusal the page is shown again with the input kept."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: CaseworkForm, formdata: Any) -> Any:
            """What was sent, as a browser sends it: files to fields for files and text to all
            others. A file, or JSON with numbers and lists in it, would reach validators that
            count on text."""
            if formdata is None or isinstance(formdata, MultiDict):
                return formdata
            if not form.is_submitted() or not (request.form or request.files):
                return None
            takes_files = {field.name for field in form if isinstance(field, FileField)}
            return CombinedMultiDict([_files(takes_files), _text()])

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            if field.errors:
                render_kw.setdefault("aria-invalid", "true")
                render_kw.setdefault("aria-describedby", f"{field.id}-error")
            return super().render_field(field, render_kw)

    @property
    def has_problems(self) -> bool:
        return bool(self.errors)

    @property
    def status(self) -> int:
        """HTTP status of the page that shows this form."""
        if request.method != "POST" or not self.has_problems:
            return 200
        return self._later or 422

    #: Status of what may be sent again as it is.
    _later = 0

    def add_problems(self, error: Invalid | Refused | Conflict) -> None:
        """Put an action's refusal where the person made the mistake."""
        fields = error.fields if isinstance(error, Invalid) else {"": [error.message]}
        for name, messages in fields.items():
            if name and name in self:
                self[name].errors = [*self[name].errors, *messages]
            else:
                self.form_errors.extend(messages)

    def begin_anew(self) -> None:
        """What is sent next is a record of its own."""
        for field in self:
            if isinstance(field, OnceField):
                field.data = str(new_id())

    def add_later(self, field: str, error: TooMany | Busy) -> None:
        """Say at the field that nothing is wrong with it but the moment."""
        busy = lazy_gettext("The service is busy. Send this one again in a moment.")
        self.add_problems(Invalid.field(field, error.message or busy))
        self._later = error.status

        @after_this_request
        def say_when(response: Response) -> Response:
            response.headers["Retry-After"] = str(error.retry_after)
            return response


@contextmanager
def refusals_on(form: CaseworkForm) -> Iterator[None]:
    """Run an action; what it refuses is written on the form instead of on an error page.

    if form.validate_on_submit():
        with refusals_on(form), transaction():
            actions.add(actor, ...)
        if not form.has_problems:
            return redirect(...)
    return render_template(..., form=form), form.status
    """
    try:
        yield
    except (Invalid, Refused, Conflict) as error:
        if isinstance(error, SavedOtherwise):
            form.begin_anew()
        form.add_problems(error)


@contextmanager
def file_refusals_on(form: CaseworkForm, field: str) -> Iterator[None]:
    """As `refusals_on`, for what checks a file first: why it is refused stands at its field, also
    where it could be taken later. What else was sent with it is kept."""
    try:
        with refusals_on(form):
            yield
    except RefusedFile as refused:
        form.add_problems(Invalid.field(field, refused.message))
    except (TooMany, Busy) as later:
        form.add_later(field, later)


def _files(names: set[str]) -> MultiDict[str, Any]:
    sent = request.files.items(multi=True)
    return MultiDict((name, file) for name, file in sent if name in names)


def _text() -> MultiDict[str, str]:
    sent = request.form.items(multi=True)
    return MultiDict((name, text.translate(_UNTYPABLE)) for name, text in sent)
