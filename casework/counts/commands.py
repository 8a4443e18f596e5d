from __future__ import annotations

import sys
from collections.abc import Iterator

import click
from click.termui import progressbar
from flask.cli import AppGroup

from casework.access.actor import command_line
from casework.core import clock
from casework.core.errors import NotFound
from casework.core.transaction import snapshot, transaction
from casework.counts import actions
from casework.counts.queries import figures, proof
from casework.ledger.queries import counted_areas, differences
from casework.ledger.rules import GROUPS, ExitGroup, ExitKind
from casework.regions.rules import WIB
from casework.web.command_line import TEXT

counts = AppGroup("counts", help="Counted graduations and other exits: show, prove, rebuild.")


@counts.command("show")
@click.option("--year", type=int, help="Counted year; this year unless given.")
@click.option(
    "--region", "region_code", type=TEXT, help="Code of a province or regency, e.g. 71.71."
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in ExitKind]),
    default=ExitKind.INDEPENDENT.value,
    show_default=True,
    help="Kind of exit; kinds are never added up.",
)
def show(year: int | None, region_code: str | None, kind: str) -> None:
    """Print what was counted, against the target.

    Example: flask counts show --year 2026 --region 71 --kind natural
    """
    asked = ExitKind(kind)
    what = figures.What.in_first_state(asked)
    try:
        place = figures.place(region_code)
    except NotFound:
        raise click.BadParameter(
            f"{region_code} is neither a province nor a regency", param_hint="--region"
        ) from None
    year = year or clock.today(WIB).year
    click.echo(
        f"{place.name}, {year}: {what.kind.value} {_NOUNS[GROUPS[what.kind]]}, {what.state.value},"
        f" counted to {clock.now():%Y-%m-%d %H:%M} UTC"
    )
    total = figures.of_year(place, what, year)
    click.echo(_line("in all", total.counted, total.target))
    for region in figures.by_region(place, what, year):
        if region.progress.counted or region.progress.target:
            click.echo(
                _line(
                    f"{region.code} {region.name}", region.progress.counted, region.progress.target
                )
            )


_NOUNS = {
    ExitGroup.GRADUATION: "graduations",
    ExitGroup.FORCED: "exits",
    ExitGroup.NO_GRADUATION: "(no graduations)",
}


def _line(name: str, counted: int, target: int | None) -> str:
    return f"{name:<40} {counted:>10,}" + (f" of {target:,}" if target is not None else "")


@counts.command("verify")
def verify() -> None:
    """Prove that tally, ledger, decisions and exits say the same; print where they do not.

    Exit status 0 when all agree, 1 otherwise. Example: flask counts verify
    """
    wrong = 0
    areas = sorted({*counted_areas(), *proof.areas_with_cases()})
    with progressbar(areas, label="Regencies", file=sys.stderr) as bar:
        for area_id in bar:
            # One moment of each regency: people decide meanwhile.
            with snapshot():
                lines = list(_wrong_in(area_id))
            wrong += len(lines)
            for line in lines:
                click.echo(line)
    if wrong:
        click.echo(f"{wrong} differences in {len(areas)} regencies.")
        raise SystemExit(1)
    click.echo(f"Tally, ledger, decisions and exits agree in {len(areas)} regencies.")


def _wrong_in(area_id: int) -> Iterator[str]:
    for row in differences(area_id):
        yield (
            f"area {area_id}, {_when(row.year, row.month)}, {row.kind.value}, {row.state.value}:"
            f" ledger {row.ledger}, tally {row.tally}"
        )
    for decision in proof.uncounted_decisions(area_id):
        yield (
            f"area {area_id}, nomination {decision.nomination_id}"
            f" ({decision.status.value if decision.status else 'unknown'})"
            f" by {decision.nominated_by}: {decision.state.value}"
            f" counted {decision.ledger}, expected {decision.expected}"
        )
    for left in proof.uncounted_exits(area_id):
        yield (
            f"area {area_id}, exit {left.exit_id} ({left.kind.value}):"
            f" counted {left.ledger}, expected {left.expected}"
        )


def _when(year: int, month: int | None) -> str:
    return f"{year}" if month is None else f"{year}-{month:02}"


@counts.command("rebuild")
def rebuild() -> None:
    """Set the tally to the sums of the ledger, regency by regency; safe while people work.

    Example: flask counts rebuild
    """
    actor = command_line()
    corrected = 0
    areas = counted_areas()
    with progressbar(areas, label="Regencies", file=sys.stderr) as bar:
        for area_id in bar:
            with transaction():
                corrected += actions.rebuild_area(actor, area_id)
    click.echo(f"{corrected} rows corrected in {len(areas)} regencies.")


COMMANDS = (counts,)
