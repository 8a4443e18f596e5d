"""The way out of a phone that cannot send: its rescue file, sent by whose work it is."""

from __future__ import annotations

import io
import uuid
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from casework.access.actor import Actor
from casework.access.permissions import Permission
from casework.core.transaction import transaction
from casework.core.typed import writable
from casework.offline import paces
from casework.offline.actions import rescue_files
from casework.offline.actions.rescue_files import Rescued
from casework.offline.forms.rescue import RescueForm, SendForm
from casework.offline.labels import KINDS
from casework.offline.queries.receipts import Receipt, receipts
from casework.offline.queries.rescue_files import content, names_of_groups, own_file, own_files
from casework.offline.rules import (
    MOST_FILE_BYTES,
    Command,
    Kind,
    NotACommand,
    Outcome,
    identifier,
    receipt_number,
)
from casework.offline.views import blueprint
from casework.offline.views.taking import answered, known_outcome
from casework.web import uploads
from casework.web.flashes import Kind as Flash
from casework.web.flashes import flash
from casework.web.forms import file_refusals_on
from casework.web.guard import require
from casework.web.locale import day
from casework.web.login import current_actor

#: Not saved, and sending it again would change nothing.
_NOT_TAKEN = {Outcome.REFUSED, Outcome.REUSED, Outcome.UNREADABLE}


@blueprint.route("/outbox/file", methods=["GET", "POST"])
@require(Permission.WORK_OFFLINE)
def files() -> ResponseReturnValue:
    """Bring a file; nothing is sent yet."""
    actor = current_actor()
    form = RescueForm()
    if form.validate_on_submit():
        file_id = _keep(actor, form)
        if file_id is not None:
            return redirect(url_for("offline.file", file_id=file_id), 303)
    return render_template(
        "offline/files.html",
        form=form,
        files=own_files(actor),
        most_megabytes=MOST_FILE_BYTES // 2**20,
    ), form.status


def _keep(actor: Actor, form: RescueForm) -> uuid.UUID | None:
    """None when it is not taken, which the form says."""
    file: FileStorage = form.file.data
    data = file.stream.read(MOST_FILE_BYTES + 1)
    file_id = None
    with file_refusals_on(form, "file"):
        uploads.spend(actor, io.BytesIO(data))
        rescued = rescue_files.read(data)
        with transaction():
            file_id = rescue_files.keep(actor, actor, rescued, writable(file.filename or ""))
    return file_id


@blueprint.route("/outbox/file/<uuid:file_id>", methods=["GET", "POST"])
@require(Permission.WORK_OFFLINE)
def file(file_id: uuid.UUID) -> ResponseReturnValue:
    """What is in a file, and what became of it."""
    actor = current_actor()
    found = own_file(actor, file_id)
    rescued = None
    if found.has_content:
        rescued = rescue_files.read(content(actor, file_id).encode())
    form = SendForm()
    if request.method == "POST":
        if form.validate() and rescued is not None:
            _send(actor, file_id, rescued, found.brought_by_name)
        return redirect(url_for("offline.file", file_id=file_id), 303)
    lines = _lines(actor, rescued) if rescued else []
    return render_template(
        "offline/file.html",
        form=form,
        file=found,
        is_by_herself=found.brought_by == actor.user_id,
        lines=lines,
        waiting=sum(each.outcome is None for each in lines),
        not_taken=sum(each.outcome in _NOT_TAKEN for each in lines),
    )


def _send(actor: Actor, file_id: uuid.UUID, rescued: Rescued, brought_by: str) -> None:
    commands = rescue_files.next_to_send(actor, rescued)
    if commands:
        paces.SENDING.spend(actor, paces.A_SENDING + len(commands))
        with transaction():
            rescue_files.note_sending(actor, file_id, rescued.sha256, brought_by, commands)
    answers = [answered(actor, each, {}) for each in commands]
    left = len(rescue_files.next_to_send(actor, rescued))
    if not left:
        with transaction():
            rescue_files.note_sent(actor, file_id)
    _say(Counter(each["outcome"] for each in answers), left)


def _say(outcomes: Counter[str], left: int) -> None:
    later, refused = outcomes[Outcome.LATER], sum(outcomes[each] for each in _NOT_TAKEN)
    done = outcomes.total() - later - refused
    words = [ngettext("%(num)s received.", "%(num)s received.", done)]
    if refused:
        words.append(
            ngettext("%(num)s not received, see why.", "%(num)s not received, see why.", refused)
        )
    if left:
        words.append(_("Some are not sent yet. Press again to go on."))
    kind = Flash.PROBLEM if refused or later else Flash.NOTICE if left else Flash.DONE
    flash(kind, " ".join(words))


@dataclass(frozen=True, slots=True)
class Line:
    """One command of the file, as it is shown."""

    title: str
    number: str
    made_at: datetime | None
    #: None: not sent yet.
    outcome: Outcome | None
    message: str = ""


def _lines(actor: Actor, rescued: Rescued) -> list[Line]:
    hers = rescued.of(actor.user_id)
    known = receipts(actor, [each.id for each in hers])
    groups = names_of_groups(actor, {key for each in hers if (key := _group(each))})
    return [_line(actor, each, known, groups) for each in rescued.all]


def _line(
    actor: Actor,
    command: Command | NotACommand,
    known: Mapping[uuid.UUID, Receipt],
    groups: Mapping[uuid.UUID, str],
) -> Line:
    outcome, message = known_outcome(actor, command, known) or (None, "")
    if isinstance(command, NotACommand):
        # Why is for whoever mends the app.
        return Line("–", writable(receipt_number(command.id)), None, outcome)
    return Line(
        _title(command, groups) if command.owner == actor.user_id else str(KINDS[command.kind]),
        receipt_number(str(command.id)),
        command.made_at,
        outcome,
        message,
    )


def _title(command: Command, groups: Mapping[uuid.UUID, str]) -> str:
    """What it is about, as far as that is not sealed."""
    kind = str(KINDS[command.kind])
    group, held_on = _group(command), _held_on(command)
    if command.kind is not Kind.ATTENDANCE or group is None or held_on is None:
        return kind
    name = groups.get(group) or _("another group")
    return f"{kind}: {name}, {day(held_on)}"


def _group(command: Command) -> uuid.UUID | None:
    with suppress(ValueError, TypeError):
        return identifier(command.body.get("group", ""))
    return None


def _held_on(command: Command) -> date | None:
    with suppress(ValueError, TypeError):
        return date.fromisoformat(command.body.get("held_on", ""))
    return None
