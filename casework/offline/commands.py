"""`flask outbox`: what phones could not send, and what they are to send again."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext
from flask_babel import gettext as _
from flask_babel import ngettext

from casework.access.actor import Actor, command_line
from casework.access.permissions import Permission
from casework.core.transaction import transaction
from casework.core.typed import writable
from casework.meetings.actions.epochs import begin_epoch
from casework.meetings.queries.meetings import areas_with_meetings
from casework.offline.actions import rescue_files, tidying
from casework.offline.actions.rescue_files import Rescued
from casework.offline.queries.receipts import areas_with_receipts, receipts
from casework.offline.queries.rescue_files import WAITING, Owner, owner_of
from casework.offline.rules import MOST_FILE_BYTES
from casework.web.command_line import Stop, refusals

outbox = AppGroup("outbox", help="What phones record without signal.")

#: Exit status: the file was kept, and something in it cannot be read.
UNREADABLE = 1


@outbox.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what is in it; keep nothing.")
@with_appcontext
def import_file(file: Path, dry_run: bool) -> None:
    """Take in a rescue file from a phone that cannot send (kiriman-pkh.json).

    Nothing in it is carried out here: anybody can write such a file. It waits, sealed, for the
    person whose work it is. She finds it under Outbox, Send from a file, looks at it, and sends
    it herself. The same file again changes nothing.

    \b
    Examples:
        flask outbox import kiriman-pkh.json --dry-run
        flask outbox import kiriman-pkh.json

    \b
    Exit status:
        0  the file waits for its owner, or all that is in it was received before
        1  the same, and something in it cannot be read
        2  the file cannot be taken in; the message says why
    """
    with refusals():
        rescued = rescue_files.read(_load(file))
        owner, actor = _owner(rescued)
        waiting = _say_what_is_in_it(owner, actor, rescued)
        if dry_run:
            click.echo(_("Nothing was kept."))
        elif waiting:
            with transaction():
                rescue_files.keep(command_line(), actor, rescued, writable(file.name))
            click.echo(
                _(
                    "The file waits for %(name)s. She sends it herself: Outbox, Send from a file.",
                    name=owner.name,
                )
            )
        else:
            click.echo(_("There is nothing left to send."))
    if rescued.unreadable:
        raise SystemExit(UNREADABLE)


def _load(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MOST_FILE_BYTES + 1)
    except OSError as error:
        raise Stop(
            _("%(path)s cannot be read: %(reason)s.", path=str(file), reason=error.strerror)
        ) from None


def _owner(rescued: Rescued) -> tuple[Owner, Actor]:
    """Raises: Stop."""
    ids = {each.owner for each in rescued.commands}
    if not ids:
        raise Stop(str(rescue_files.nothing_of_hers(rescued)))
    if len(ids) > 1:
        raise Stop(_("This file holds work of several people. No phone makes such a file."))
    owner = owner_of(ids.pop())
    if owner is None:
        raise Stop(_("Nobody here has made this. It is from another installation."))
    if owner.actor is None or not owner.actor.may(Permission.WORK_OFFLINE):
        raise Stop(
            _(
                "%(name)s (%(username)s) cannot send it: the account is disabled, or has another"
                " role now.",
                name=owner.name,
                username=owner.username,
            )
        )
    return owner, owner.actor


def _say_what_is_in_it(owner: Owner, actor: Actor, rescued: Rescued) -> int:
    """Gives how many have no answer yet."""
    known = receipts(actor, [each.id for each in rescued.commands])
    waiting = len({each.id for each in rescued.commands} - known.keys())
    click.echo(
        _(
            "From the phone of %(name)s (%(username)s): %(all)s in all, %(waiting)s not received"
            " yet, %(received)s received before.",
            name=owner.name,
            username=owner.username,
            all=len(rescued.commands),
            waiting=waiting,
            received=len(known),
        )
    )
    if rescued.unreadable:
        click.echo(
            ngettext("%(num)s cannot be read.", "%(num)s cannot be read.", rescued.unreadable)
        )
    return waiting


@outbox.command("restored")
@with_appcontext
def restored() -> None:
    """Tell the server, and through it the phones, that it was put back to a backup.

    Run it after a restore and before serving again. Each phone then sends once more what it has
    sent in the last 30 days; what the backup holds is not doubled.

    \b
    Example:
        flask outbox restored
    """
    with refusals():
        with transaction():
            epoch = begin_epoch(command_line())
        click.echo(_("A new epoch has begun: %(epoch)s", epoch=str(epoch)))
        click.echo(_("Phones send again what they have sent in the last 30 days."))


@outbox.command("tidy")
@with_appcontext
def tidy_up() -> None:
    """Remove what is kept of what phones sent and nobody needs any more; monthly.

    Receipts go after 180 days, and after 400 days what each phone said of a meeting, unless
    something in it still differs. Rescue files that nobody sent in 90 days are emptied. What
    stands of meetings and families stays as it is. Safe while people work, and when it is
    stopped. On PostgreSQL as the role that owns the tables: that of the service may not delete.

    \b
    Example:
        DATABASE_URL=postgresql://casework_owner@localhost/casework flask outbox tidy
    """
    with refusals():
        actor = command_line()
        receipts_gone = claims_gone = 0
        areas = sorted({*areas_with_receipts(), *areas_with_meetings()})
        with click.progressbar(areas, label=_("Regencies"), file=sys.stderr) as shown:
            for area_id in shown:
                for removed in tidying.tidy(actor, area_id):
                    receipts_gone += removed.receipts
                    claims_gone += removed.claims
        with transaction():
            emptied = WAITING.empty_old()
        click.echo(
            _(
                "Removed: %(receipts)s receipts, %(claims)s words of phones. Emptied: %(files)s"
                " rescue files.",
                receipts=receipts_gone,
                claims=claims_gone,
                files=emptied,
            )
        )


COMMANDS = (outbox,)
