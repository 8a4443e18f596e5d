"""What a phone opens without signal: one page for all, and the worker that keeps it."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Response, current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.economics.labels import BORROWS_FROM
from casework.households.rules import PROGRAMME_BEGAN
from casework.meetings.labels import DIFFERS, PRESENCES, UNDERSTANDINGS
from casework.meetings.rules import BACKDATING_DAYS, Presence
from casework.offline.views import blueprint
from casework.readiness.labels import VERDICTS
from casework.readiness.queries.questions import answers_valid_days
from casework.web.guard import public, require
from casework.web.login import by_itself

#: Folders of scripts that pages without signal are made of.
_SCRIPTS = ("offline", "outbox")
_OTHERS = (
    "css/app.css",
    "icons/favicon.svg",
    "icons/sprite.svg",
    "js/main.js",
    "js/pages/evidence.js",
    "js/pages/line.js",
    "js/pages/send.js",
    "js/pages/sheet.js",
    "js/pages/shell.js",
)


@blueprint.get("/offline")
@public
@by_itself
def shell() -> ResponseReturnValue:
    """The same for everybody but for the language: whatever is somebody's, the phone puts in."""
    return _page()


@blueprint.get("/outbox")
@require(Permission.WORK_OFFLINE)
def outbox() -> ResponseReturnValue:
    return _page()


def _page() -> str:
    presences = {each.value: str(words) for each, words in PRESENCES.items()}
    grasps = {each.value: str(words) for each, words in UNDERSTANDINGS.items()}
    presence_words = presences | {Presence.NOT_MARKED.value: str(DIFFERS)}
    del presences[Presence.NOT_MARKED.value]
    return render_template(
        "offline/shell.html",
        presences=list(presences.items()),
        presence_words=presence_words,
        grasps=[("", _("Understanding?")), *grasps.items()],
        lenders=[(each.value, words) for each, words in BORROWS_FROM.items()],
        answers_valid_days=answers_valid_days(),
        earliest=PROGRAMME_BEGAN.isoformat(),
        backdating_days=current_app.config.get("MEETING_BACKDATING_DAYS", BACKDATING_DAYS),
        verdicts={each.value: str(words) for each, words in VERDICTS.items()},
    )


@blueprint.get("/sw.js")
@public
def worker() -> Response:
    """The service worker with the list of all it may keep. A new release is a new worker."""
    folder, root = current_app.static_url_path or "", Path(current_app.static_folder or "")
    scripts = sorted(
        path.relative_to(root).as_posix()
        for name in _SCRIPTS
        for path in (root / "js" / name).glob("*.js")
    )
    shell = {
        "release": folder.rsplit("/", 1)[-1],
        "page": "/offline",
        "files": [f"{folder}/{name}" for name in (*_OTHERS, *scripts)],
    }
    code = (root / "js" / "sw" / "worker.js").read_text(encoding="utf-8")
    return Response(
        f"self.SHELL = {json.dumps(shell)};\n{code}",
        mimetype="text/javascript",
        # The browser asks each time; what it keeps otherwise is in its own store.
        headers={"Cache-Control": "no-cache"},
    )
