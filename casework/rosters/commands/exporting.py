from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from casework.access.actor import Actor, command_line
from casework.core.transaction import transaction
from casework.core.typed import one_line
from casework.households.rules import HouseholdStatus
from casework.readiness.rules import Verdict
from casework.rosters.actions import exporting
from casework.rosters.actions.exporting import Export, SharedName, Wanted
from casework.rosters.commands.files import give_name, refuse_existing, said, with_room, write_new
from casework.rosters.commands.refusals import Stop, refusals
from casework.rosters.labels import group_words
from casework.rosters.queries.exported import Filters
from casework.rosters.rules import NumbersShown, TableFormat
from casework.web.command_line import TEXT

#: In place of a code.
_NATION = "indonesia"


def _one_of(*members: str) -> click.Choice[str]:
    return click.Choice([str(member) for member in members])


@click.command("export")
@click.option(
    "--region",
    "region_code",
    type=TEXT,
    required=True,
    help="Code of a province, regency, district or village, e.g. 71.71; or: indonesia.",
)
@click.option("--format", "kind", type=_one_of(*TableFormat), required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A file that is new.")
@click.option("--status", type=_one_of(*HouseholdStatus), help="Only families of this status.")
@click.option(
    "--stage", type=TEXT, default="", help="Only families last named by this stage's roster."
)
@click.option("--readiness", type=_one_of(*Verdict), help="Only families with this verdict.")
@click.option("--village", type=TEXT, help="Only this village of the region, by its code.")
@click.option(
    "--group",
    type=TEXT,
    default="",
    help="Only the group of this name; or of this id, where a name is shared.",
)
@click.option(
    "--numbers",
    type=_one_of(NumbersShown.MASKED, NumbersShown.FULL),
    default=NumbersShown.MASKED.value,
    help="NIK and No KK: masked unless given.",
)
@click.option(
    "--reason", type=TEXT, default="", help="Why full numbers are needed; kept in the trail."
)
@with_appcontext
def export_roster(
    region_code: str,
    kind: str,
    out: Path,
    status: str | None,
    stage: str,
    readiness: str | None,
    village: str | None,
    group: str,
    numbers: str,
    reason: str,
) -> None:
    """Write the households of a region to a file.

    Names of columns and words are Indonesian in any language. Each export is recorded in the
    audit trail before its file gets its name.

    \b
    Examples:
        flask roster export --region 71.71 --format xlsx --out manado.xlsx
        flask roster export --region 71.71 --format csv --out siap.csv --readiness ready
        flask roster export --region 71.71 --format csv --out penuh.csv \\
            --numbers full --reason "Pemadanan dengan Dukcapil, surat 12/2026"

    \b
    Exit status:
        0  the file is written
        2  it is not; the message says why
    """
    with refusals():
        refuse_existing(out)
        actor = command_line()
        within = None if region_code == _NATION else region_code
        if village is not None:
            _place, seeing = exporting.narrowed(actor, within)
            within = exporting.narrowed(seeing, village)[1].region_code
        group_id = _id_in(group)
        export = _begin(
            actor,
            Wanted(
                region_code=within,
                format=TableFormat(kind),
                numbers=NumbersShown(numbers),
                filters=Filters(
                    status=HouseholdStatus(status) if status else None,
                    stage=stage,
                    verdict=Verdict(readiness) if readiness else None,
                    group="" if group_id else group,
                    group_id=group_id,
                ),
                reason=reason,
            ),
        )
        _write(actor, export, out)
        words = ngettext(
            "%(rows)s family: %(path)s",
            "%(rows)s families: %(path)s",
            export.count,
            rows=format_decimal(export.count),
            path=said(out),
        )
        click.echo(words)


def _id_in(group: str) -> uuid.UUID | None:
    with suppress(ValueError):
        return uuid.UUID(group)
    return None


def _begin(actor: Actor, wanted: Wanted) -> Export:
    try:
        return exporting.begin(actor, wanted)
    except SharedName as error:
        lines = [f"  {each.id}  {one_line(group_words(each))}" for each in error.groups]
        how = _("Give the id of the one that is meant: --group %(id)s", id=error.groups[0].id)
        raise Stop("\n".join([one_line(str(error)), *lines, how])) from None


def _write(actor: Actor, export: Export, out: Path) -> None:
    part = out.with_name(f"{with_room(out.name)}.part")
    write_new(part, _watched(export))
    try:
        with transaction():
            exporting.record_export(actor, export)
        give_name(part, out)
    finally:
        part.unlink(missing_ok=True)


def _watched(export: Export) -> Iterator[bytes]:
    """The blocks; moves along on one line, for somebody who watches."""
    click.echo(_("Writing") + " …", err=True)
    for block in export.blocks():
        yield block
        if sys.stderr.isatty():
            click.echo(f"\r{format_decimal(export.count)}", nl=False, err=True)
    if sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
