from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from casework.access.actor import command_line
from casework.core.transaction import transaction
from casework.meetings.actions.recount import Figures, differences, repair
from casework.meetings.queries.meetings import areas_with_meetings

meetings = AppGroup("meetings", help="Meetings and their registers.")


@meetings.command("recount")
@click.option("--area", type=int, help="Number of one regency; all of them without it.")
@click.option("--repair", "repairs", is_flag=True, help="Write the counted totals.")
def recount(area: int | None, repairs: bool) -> None:
    """Count present and total of every meeting anew from the marks.

    Names each meeting whose stored totals differ. Exit status 1 when there was a difference
    and it was not repaired.

    Example: flask meetings recount --area 7171 --repair
    """
    areas = [area] if area is not None else areas_with_meetings()
    wrong = 0
    with click.progressbar(areas, label="Recounting", file=sys.stderr) as shown:
        for each in shown:
            found = _found(each, repairs)
            wrong += len(found)
            for difference in found:
                click.echo(
                    f"area {each} meeting {difference.meeting_id} of {difference.held_on}: "
                    f"stored {_in_words(difference.stored)}, "
                    f"counted {_in_words(difference.counted)}"
                )
    click.echo(f"{wrong} differences" + (" repaired" if wrong and repairs else ""))
    if wrong and not repairs:
        sys.exit(1)


def _in_words(figures: Figures) -> str:
    words = f"{figures.present} of {figures.total} and {figures.differing} different"
    return words if figures.since is None else f"{words} since {figures.since:%Y-%m-%d %H:%M} UTC"


def _found(area_id: int, repairs: bool) -> list:
    if not repairs:
        return differences(area_id)
    with transaction():
        return list(repair(command_line(), area_id))


COMMANDS = (meetings,)
