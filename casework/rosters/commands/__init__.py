"""`flask roster`: rosters in and out."""

from __future__ import annotations

from flask.cli import AppGroup

from casework.rosters.commands.exporting import export_roster
from casework.rosters.commands.importing import import_roster
from casework.rosters.commands.numbers import numbers

roster = AppGroup("roster", help="Payment rosters in, household rosters out.")
roster.add_command(import_roster)
roster.add_command(export_roster)
roster.add_command(numbers)

COMMANDS = (roster,)
