"""The words of the screens in the language of whoever reads.

A page has a hundred of them. Flask-Babel finds out for each anew which language this is, and
Jinja makes each safe anew; together that cost more than the database. Here the language is asked
for once a word, and a word is made safe once per process: words belong to nobody.
"""

from __future__ import annotations

from typing import Any

from babel.support import NullTranslations, Translations
from flask_babel import Domain, get_locale
from jinja2 import Environment
from markupsafe import Markup


class Words(Domain):
    """Flask-Babel's domain, with its catalogues found by the bare name of a language."""

    def __init__(self) -> None:
        super().__init__()
        self._catalogues: dict[str, Translations | NullTranslations] = {}
        self._safe: dict[str, dict[str, Markup]] = {}

    def get_translations(self) -> Translations | NullTranslations:
        locale = get_locale()
        if locale is None:  # no application context: the source's own English
            return NullTranslations()
        language = locale.language
        if language not in self._catalogues:
            self._catalogues[language] = super().get_translations()
        return self._catalogues[language]

    def gettext_of_page(self, text: str, /, **values: Any) -> Markup:
        """`_()` of the templates: the words are ours, what is put into them is escaped."""
        locale = get_locale()
        language = locale.language if locale else ""
        safe = self._safe.setdefault(language, {})
        said = safe.get(text)
        if said is None:
            said = safe[text] = Markup(self.get_translations().ugettext(text))  # noqa: S704
        return said % values if "%" in said else said

    def ngettext_of_page(self, one: str, many: str, num: int, /, **values: Any) -> Markup:
        said = self.get_translations().ungettext(one, many, num)
        return Markup(said) % {"num": num, **values}  # noqa: S704

    def serve(self, pages: Environment) -> None:
        """Set in place of what Flask-Babel installs, which is called through two wrappers."""
        pages.globals["_"] = pages.globals["gettext"] = self.gettext_of_page
        pages.globals["ngettext"] = self.ngettext_of_page
