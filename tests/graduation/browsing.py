"""What a browser without JavaScript does with a page, counting what the person taps."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


@dataclass
class Form:
    action: str = ""
    id: str = ""
    fields: MultiDict[str, Any] = field(default_factory=MultiDict)
    #: Words on the button -> what the button itself sends.
    buttons: dict[str, dict[str, str]] = field(default_factory=dict)
    #: Words on the button -> where it sends it, if not to `action`.
    addresses: dict[str, str] = field(default_factory=dict)
    #: Words of an answer -> name and value it sends.
    answers: dict[str, tuple[str, str]] = field(default_factory=dict)


class Page(HTMLParser):
    """The links and forms of a page, with the values a browser would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: dict[str, str] = {}
        self._words: list[str] = []
        self._open: tuple[str, Any] | None = None
        self._textarea: str | None = None
        #: Buttons that stand before their form.
        self._early: list[tuple[str, dict[str, Any]]] = []
        self.feed(html)
        for words, given in self._early:
            self._button(words, given)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "a":
            self._open, self._words = ("a", given.get("href")), []
        elif tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("id", "")))
        elif tag == "button":
            self._open, self._words = ("button", given), []
        elif tag == "label":
            self._open, self._words = ("label", None), []
        elif tag == "textarea" and "name" in given:
            self._textarea = given["name"]
            self.forms[-1].fields[self._textarea] = ""
        elif tag == "input" and self.forms and "name" in given:
            self._input(given)

    def _input(self, given: dict[str, Any]) -> None:
        kind = given.get("type")
        if kind in ("radio", "checkbox"):
            self._open = ("label", (given["name"], given.get("value", "on")))
            if "checked" not in given:
                return
        if kind != "file":
            self.forms[-1].fields.add(given["name"], given.get("value", ""))

    def _button(self, words: str, given: dict[str, Any]) -> None:
        """Of the form around it, or of another one on the page, by its id."""
        if "form" in given and all(form.id != given["form"] for form in self.forms):
            self._early.append((words, given))
            return
        form = next((each for each in self.forms if each.id == given.get("form")), self.forms[-1])
        form.buttons[words] = {given["name"]: given.get("value", "")} if "name" in given else {}
        if "formaction" in given:
            form.addresses[words] = given["formaction"]

    def handle_data(self, data: str) -> None:
        self._words.append(data)
        if self._textarea:
            self.forms[-1].fields[self._textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            # The line break after the tag belongs to the page, not to the text.
            text = self.forms[-1].fields[self._textarea]
            self.forms[-1].fields[self._textarea] = re.sub(r"^\r?\n", "", text)
            self._textarea = None
        if self._open is None or self._open[0] != tag:
            return
        words, (_, what), self._open = " ".join("".join(self._words).split()), self._open, None
        if tag == "a":
            self.links[words] = what
        elif tag == "button":
            self._button(words, what)
        elif what:
            self.forms[-1].answers[words] = what


class Person:
    """At a browser; `taps` counts links, buttons, answers and two for each photo."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.taps = 0
        self.typed = 0
        self.response: TestResponse
        self.page: Page
        self._changes: MultiDict[str, Any] = MultiDict()

    def opens(self, address: str) -> None:
        self.shows(self._client.get(address, follow_redirects=True))

    def shows(self, response: TestResponse) -> None:
        self.response, self.page = response, Page(response.text)
        self._changes = MultiDict()

    def taps_link(self, words: str) -> None:
        (address,) = {a for text, a in self.page.links.items() if text.startswith(words)}
        self.taps += 1
        self.opens(address)

    def chooses(self, words: str) -> None:
        (answer,) = [f.answers[words] for f in self.page.forms if words in f.answers]
        self.taps += 1
        self._changes[answer[0]] = answer[1]

    def takes_photo(self, name: str, content: bytes, filename: str = "IMG.jpg") -> None:
        """The field, and the camera or the gallery behind it."""
        self.taps += 2
        self._changes[name] = (io.BytesIO(content), filename)

    def types(self, name: str, text: str) -> None:
        self.typed += 1
        self._changes[name] = text

    def presses(self, words: str, nth: int = 0) -> None:
        form = [each for each in self.page.forms if words in each.buttons][nth]
        self.taps += 1
        data = MultiDict(form.fields)
        for name, value in [*self._changes.items(), *form.buttons[words].items()]:
            data[name] = value
        address = form.addresses.get(words, form.action)
        self.shows(self._client.post(address, data=data, follow_redirects=True))

    @property
    def text(self) -> str:
        return self.response.text
