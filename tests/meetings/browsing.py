"""What a browser without JavaScript does with the pages: reads a form, presses a button."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


@dataclass
class Form:
    """The form of a page with the values a browser would send."""

    action: str = ""
    fields: MultiDict[str, str] = field(default_factory=MultiDict)
    #: (name, value) of the buttons.
    buttons: list[tuple[str, str]] = field(default_factory=list)
    #: name -> values that may be chosen.
    choices: dict[str, list[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select: str | None = None
        self._first_option = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
            return
        if not self.forms:
            return
        form, name, value = self.forms[-1], given.get("name"), given.get("value", "on")
        if tag == "input" and name:
            if given.get("type") in ("radio", "checkbox"):
                form.choices.setdefault(name, []).append(value)
                if "checked" in given:
                    form.fields.add(name, value)
            else:
                form.fields.add(name, given.get("value", ""))
        elif tag == "button" and name:
            form.buttons.append((name, value))
        elif tag == "select":
            self._select, self._first_option = name, True
        elif tag == "option" and self._select:
            if self._first_option or "selected" in given:
                form.fields[self._select] = value
            self._first_option = False


def form_of(response: TestResponse) -> Form:
    """The form of the page whose action is the meeting's (not the one for signing out)."""
    reader = _Reader()
    reader.feed(response.get_data(as_text=True))
    return next(form for form in reader.forms if "meetings" in form.action)


def press(client: FlaskClient, form: Form, step: str, **changes: Any) -> TestResponse:
    """Send the form with the button of that value; `changes` are what the person entered."""
    assert ("step", step) in form.buttons, f"no such button among {form.buttons}"
    fields = MultiDict(form.fields)
    for name, value in changes.items():
        fields.setlist(name, value if isinstance(value, list) else [value])
    fields["step"] = step
    return client.post(form.action, data=fields)
