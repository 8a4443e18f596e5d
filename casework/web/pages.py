"""The environment that the templates are rendered in."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class PageEnvironment(Environment):
    """Jinja's, with one mapping of globals for all templates.

    Jinja lays a mapping of its own over it for each template, for globals that are given with a
    template. Nobody gives any, and every import of a component compares all names through both.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals
