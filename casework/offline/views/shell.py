"""What a phone opens without signal: one page for all, and the worker that keeps it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import rjsmin
from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.economics.labels import BORROWS_FROM
from casework.economics.rules.doubts import LARGEST_UNASKED
from casework.households.rules import PROGRAMME_BEGAN
from casework.meetings.backdating import backdating_days
from casework.meetings.labels import DIFFERS, PRESENCES, UNDERSTANDINGS
from casework.meetings.rules import Presence
from casework.offline.labels import KINDS, OUTCOMES
from casework.offline.views import blueprint
from casework.readiness.labels import VERDICTS
from casework.readiness.queries.questions import answers_valid_days
from casework.web.guard import public, require
from casework.web.locale import chosen_locale
from casework.web.login import by_itself

#: Pages that a phone has too: the name of the script, and the pages of the server whose place it
#: takes where there is no signal.
_PAGES = {
    "today": ("desk.home", "offline.shell"),
    "outbox": ("offline.outbox",),
    "groups": ("desk.groups",),
    "group": ("desk.group",),
    "sheet": ("meetings.new",),
    "family": ("desk.household",),
    "observation": ("economics.observe",),
    "readiness": ("readiness.show",),
}
#: What the page asks for; one script, so that it is all of one release.
_FILES = ("css/app.css", "icons/sprite.svg", "js/main.js")

_KEPT = "casework_shell"


@blueprint.get("/offline")
@public
@by_itself
def shell() -> ResponseReturnValue:
    """The same for everybody but for the language: whatever is somebody's, the phone puts in."""
    return _page()


@blueprint.get("/outbox")
@require(Permission.WORK_OFFLINE)
def outbox() -> ResponseReturnValue:
    return _page(has_own_menu=False)


def _page(*, has_own_menu: bool = True) -> str:
    presences = {each.value: str(words) for each, words in PRESENCES.items()}
    grasps = {each.value: str(words) for each, words in UNDERSTANDINGS.items()}
    known = {
        "presences": presences | {Presence.NOT_MARKED.value: str(DIFFERS)},
        "verdicts": {each.value: str(words) for each, words in VERDICTS.items()},
        "kinds": {each.value: str(words) for each, words in KINDS.items()},
        "outcomes": {each.value: str(words) for each, words in OUTCOMES.items()},
    }
    del presences[Presence.NOT_MARKED.value]
    return render_template(
        "offline/shell.html",
        has_own_menu=has_own_menu,
        presences=list(presences.items()),
        known=known,
        grasps=[("", _("Understanding?")), *grasps.items()],
        lenders=[(each.value, words) for each, words in BORROWS_FROM.items()],
        answers_valid_days=answers_valid_days(),
        earliest=PROGRAMME_BEGAN.isoformat(),
        limits={each.value: rupiah for each, rupiah in LARGEST_UNASKED.items()},
        backdating_days=backdating_days(),
        pages=_shown(),
    )


def _shown() -> list[tuple[str, str]]:
    """Addresses that a phone has a page for, as patterns that scripts read, with its script."""
    rules = current_app.url_map
    return [
        (f"^{re.sub('<[^>]+>', '([0-9a-f-]{36})', rule.rule)}$", name)
        for name, endpoints in _PAGES.items()
        for endpoint in endpoints
        for rule in rules.iter_rules(endpoint)
    ]


@blueprint.get("/sw.js")
@public
@by_itself
def worker() -> Response:
    """The service worker with the list of all it may keep. Another release of the scripts or of
    the page, or another language, is another worker."""
    folder = current_app.static_url_path or ""
    shell = {
        "release": f"{folder.rpartition('/')[2]}-{_version_of_page()}",
        "page": "/offline",
        "files": [f"{folder}/{name}" for name in _FILES],
        "shown": [pattern for pattern, _name in _shown()],
    }
    source = Path(current_app.static_folder or "") / "js" / "sw" / "worker.js"
    code = rjsmin.jsmin(source.read_text(encoding="utf-8"))
    response = Response(
        f"self.SHELL = {json.dumps(shell, separators=(',', ':'))};\n{code}",
        mimetype="text/javascript",
        # The browser asks at each page, and mostly there is nothing new.
        headers={"Cache-Control": "no-cache"},
    )
    response.vary.add("Cookie")
    response.add_etag(weak=True)
    response.make_conditional(request)
    return response


def _version_of_page() -> str:
    """It changes where templates and words do, which are no part of the release of the files."""
    versions: dict[str, str] = current_app.extensions.setdefault(_KEPT, {})
    language = chosen_locale()
    if language not in versions:
        versions[language] = hashlib.sha256(_page().encode()).hexdigest()[:8]
    return versions[language]
