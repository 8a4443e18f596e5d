"""A browser without JavaScript: it follows links, and sends the forms it finds as they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse


@dataclass
class Form:
    action: str
    method: str
    is_multipart: bool
    #: What a browser would send if nothing was touched.
    values: MultiDict[str, Any] = field(default_factory=MultiDict)
    #: Names of everything that can be filled in or pressed.
    names: set[str] = field(default_factory=set)
    #: Value -> words, of the options of each select.
    options: dict[str, dict[str, str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select = self._option = self._area = ""
        self._words = ""

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in pairs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "form":
            multipart = given.get("enctype") == "multipart/form-data"
            self._form = Form(given.get("action", ""), given.get("method", "get"), multipart)
            self.forms.append(self._form)
        elif self._form is not None:
            self._field(self._form, tag, given)

    def _field(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "option":
            if not self._select:  # of a list of suggestions
                return
            self._option, self._words = given.get("value", ""), ""
            form.options[self._select][self._option] = ""
            if "selected" in given or self._select not in form.values:
                form.values[self._select] = self._option
            return
        if not name:
            return
        form.names.add(name)
        kind = given.get("type", "text")
        if tag == "select":
            self._select = name
            form.options[name] = {}
        elif tag == "textarea":
            self._area, self._words = name, ""
        elif tag == "input" and kind in {"checkbox", "radio"}:
            if "checked" in given:
                form.values.add(name, given.get("value", "on"))
        elif tag == "input" and kind not in {"submit", "file"}:
            form.values.add(name, given.get("value", ""))

    def handle_data(self, data: str) -> None:
        self._words += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "option" and self._form is not None and self._select:
            self._form.options[self._select][self._option] = self._words.strip()
        elif tag == "textarea" and self._form is not None:
            self._form.values.add(self._area, self._words.strip())


class Walker:
    """One person with one browser."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.path = "/"
        self.text = ""
        self.status = 0
        self.body = b""
        self._read = _Reader()

    def open(self, path: str) -> Walker:
        return self._seen(self.client.get(path, follow_redirects=True))

    def send(
        self, values: Mapping[str, Any] | None = None, *, to: str = "", press: str = ""
    ) -> Walker:
        """Fill in and send the form of this page whose address ends with `to`, or the one that
        has all these names; `press` is "name=value" of the button."""
        values = dict(values or {})
        form = self._form(to, {*values, *([press.partition("=")[0]] if press else [])})
        sent = MultiDict(form.values)
        for name, value in values.items():
            sent.setlist(name, value if isinstance(value, list) else [value])
        if press:
            name, _, value = press.partition("=")
            sent.setlist(name, [value])
        return self._seen(
            self.client.post(form.action or self.path, data=sent, follow_redirects=True)
        )

    def _form(self, to: str, names: set[str]) -> Form:
        for form in self._read.forms:
            fits = urlsplit(form.action).path.endswith(to) if to else names <= form.names
            if form.method.lower() == "post" and fits:
                return form
        raise AssertionError(f"{self.path} has no form {to or sorted(names)}:\n{self.text}")

    def option(self, name: str, words: str) -> str:
        """The value of the option that says this."""
        for form in self._read.forms:
            for value, said in form.options.get(name, {}).items():
                if words in said:
                    return value
        raise AssertionError(f"{self.path}: no option of {name} says {words}")

    def link(self, pattern: str) -> str:
        """The first link whose address fits."""
        found = next((link for link in self._read.links if re.search(pattern, link)), None)
        assert found is not None, f"{self.path} has no link {pattern}:\n{self._read.links}"
        return found

    def _seen(self, answer: TestResponse) -> Walker:
        self.status = answer.status_code
        self.body = answer.get_data()
        self.path = answer.request.path
        self._read = _Reader()
        if answer.mimetype == "text/html":
            self._read.feed(self.body.decode())
        self.text = re.sub(
            r"\s+", " ", re.sub(r"<[^>]+>", " ", self.body.decode("utf-8", "replace"))
        )
        return self
