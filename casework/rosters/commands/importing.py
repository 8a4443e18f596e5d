from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from casework.access.actor import Actor, command_line
from casework.core.crypto import current_keyring
from casework.core.tables.reading.sources import load
from casework.core.transaction import transaction
from casework.core.typed import one_line, writable
from casework.rosters.actions import importing, uploads
from casework.rosters.actions.importing import Check, RowsRefused
from casework.rosters.bad_rows import bad_rows_csv, bad_rows_name
from casework.rosters.commands.files import free_name, refuse_existing, said, with_room, write_new
from casework.rosters.commands.refusals import Stop, refusals
from casework.rosters.labels import problem_words
from casework.rosters.reading.roster import Roster
from casework.web.command_line import TEXT

#: Exit status: nothing was applied because of them.
BAD_ROWS = 1


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--stage", type=TEXT, required=True, help="Payment stage as year and quarter, e.g. 2026-1."
)
@click.option("--dry-run", is_flag=True, help="Check only; change nothing.")
@click.option("--skip-bad", is_flag=True, help="Apply the fine rows, hand the bad ones back.")
@click.option(
    "--bad-rows",
    type=click.Path(path_type=Path),
    help="Where to write the bad rows, with a reason each. With --skip-bad: FILE-salah.csv"
    " unless given. Never overwrites a file.",
)
@with_appcontext
def import_roster(
    file: Path, stage: str, dry_run: bool, skip_bad: bool, bad_rows: Path | None
) -> None:
    """Take in a payment roster (Final Closing), CSV or XLSX.

    A household known by NIK or No KK is updated, any other is added. All rows are applied or
    none, unless --skip-bad is given. The same file again changes nothing.

    \b
    Examples:
        flask roster import FC-manado.xlsx --stage 2026-1 --dry-run
        flask roster import FC-manado.xlsx --stage 2026-1
        flask roster import FC-manado.csv --stage 2026-1 --skip-bad --bad-rows salah.csv

    \b
    Exit status:
        0  every row is fine; or, with --skip-bad, the fine rows were applied
        1  there are bad rows, nothing was applied
        2  the file cannot be read, or the command was not given rightly
    """
    with refusals():
        if bad_rows is not None:
            refuse_existing(bad_rows)
        importing.check_stage(stage)
        current_keyring()
        actor = command_line()
        data = _load(file)
        roster = _read(actor, data, file)
        if dry_run:
            _say_step(_("Comparing with the households already known"))
            done = _Outcome(importing.check(roster, stage), applied=False)
        else:
            _say_step(_("Applying"))
            done = _apply(actor, roster, stage, data, file, skip_bad, bad_rows)
        if not done.applied and done.checked.bad_rows and bad_rows is not None:
            write_new(bad_rows, bad_rows_csv(done.checked))
            done = replace(done, handed_back=bad_rows)
        _say_outcome(done)
    if done.checked.bad_rows and not done.applied:
        raise SystemExit(BAD_ROWS)


@dataclass(frozen=True)
class _Outcome:
    checked: Check
    applied: bool
    handed_back: Path | None = None


def _load(file: Path) -> bytes:
    try:
        return load(file)
    except OSError as error:
        raise Stop(
            _("%(path)s cannot be read: %(reason)s.", path=said(file), reason=error.strerror)
        ) from None


def _read(actor: Actor, data: bytes, file: Path) -> Roster:
    _say_step(_("Reading %(name)s", name=said(Path(file.name))))
    roster = importing.read(actor, data, progress=_say_rows)
    count = len(roster.rows) + len(roster.bad_rows)
    words = ngettext("%(rows)s row", "%(rows)s rows", count, rows=format_decimal(count))
    click.echo(f"\r{words}" if sys.stderr.isatty() else words, err=True)
    return roster


def _apply(
    actor: Actor,
    roster: Roster,
    stage: str,
    data: bytes,
    file: Path,
    skip_bad: bool,
    bad_rows: Path | None,
) -> _Outcome:
    sha256 = importing.fingerprint(data)
    target = None
    try:
        with transaction():
            checked = importing.apply(actor, roster, stage, sha256=sha256, skip_bad=skip_bad)
            uploads.record_applied(actor, checked, sha256=sha256, file_name=writable(file.name))
            if checked.bad_rows:
                # Within the transaction: without the file, nothing is applied either.
                target = bad_rows or free_name(file.with_name(bad_rows_name(with_room(file.name))))
                write_new(target, bad_rows_csv(checked))
    except RowsRefused as refusal:
        return _Outcome(refusal.checked, applied=False)
    return _Outcome(checked, applied=True, handed_back=target)


def _say_step(words: str) -> None:
    click.echo(f"{words} …", err=True)


def _say_rows(count: int) -> None:
    """Moves along on one line, for somebody who watches."""
    if sys.stderr.isatty():
        click.echo(f"\r{format_decimal(count)}", nl=False, err=True)


def _say_outcome(done: _Outcome) -> None:
    for problem in done.checked.problems:
        # Quotes the file, which may be anybody's: nothing in it steers the terminal.
        click.echo(one_line(str(problem_words(problem).sentence)))
    found = done.checked.summary
    click.echo(
        _(
            "Stage %(stage)s, %(rows)s rows: %(added)s new, %(changed)s changed,"
            " %(unchanged)s unchanged, %(outdated)s known from a later stage, %(bad)s bad.",
            stage=done.checked.stage,
            rows=format_decimal(found.rows),
            added=format_decimal(found.added),
            changed=format_decimal(found.changed),
            unchanged=format_decimal(found.unchanged),
            outdated=format_decimal(found.outdated),
            bad=format_decimal(found.bad),
        )
    )
    if found.moved_here:
        moved = format_decimal(found.moved_here)
        click.echo(_("Of these, %(moved)s moved here from another regency or city.", moved=moved))
    if found.missing:
        words = ngettext(
            "Not in this list: %(count)s family in its villages that an earlier stage named."
            " Nothing is changed about it.",
            "Not in this list: %(count)s families in its villages that an earlier stage named."
            " Nothing is changed about them.",
            found.missing,
            count=format_decimal(found.missing),
        )
        click.echo(words)
    if not done.applied:
        click.echo(_("Nothing was applied."))
    elif found.bad:
        click.echo(_("The fine rows were applied, the bad ones were not."))
    else:
        click.echo(_("Applied."))
    if done.handed_back:
        click.echo(_("Bad rows with reasons: %(path)s", path=said(done.handed_back)))
