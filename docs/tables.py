"""Writes docs/permissions.md, docs/states.md and docs/roster-file.md from the code: `make docs`.

A test compares them (tests/architecture/test_docs.py), so they cannot fall behind.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from casework.access.permissions import Permission
from casework.access.roles import ROLES, Role
from casework.graduation.states import STEPS, NominationStatus, open_statuses
from casework.rosters.reading.columns import ALIASES, HEADER_WITHIN, Column, Need, need
from casework.rosters.reading.example import EXAMPLE
from casework.web.guard import PUBLIC, declared

DOCS = Path(__file__).resolve().parent
_MADE = "<!-- Written by docs/tables.py; change the code and run `make docs`. -->\n"


def permissions(app: Flask) -> str:
    """Which role has which permission, and which permission opens which address."""
    roles = list(Role)
    lines = [
        "# Who may do what",
        "",
        _MADE,
        "Scope is separate: whatever lies outside a person's households or region does not exist",
        "for that person, and answers 404 like what never was (`households/scope/`).",
        "",
        "| permission | " + " | ".join(role.value for role in roles) + " |",
        "|---|" + "---|" * len(roles),
    ]
    for permission in Permission:
        marks = ["yes" if permission in ROLES[role].permissions else "" for role in roles]
        lines.append(f"| `{permission.value}` | " + " | ".join(marks) + " |")
    lines += [
        "",
        "| login ends | " + " | ".join(role.value for role in roles) + " |",
        "|---|" + "---|" * len(roles),
        "| when unused for | " + " | ".join(str(ROLES[role].idle) for role in roles) + " |",
        "| in any case after | " + " | ".join(str(ROLES[role].absolute) for role in roles) + " |",
        "",
        "## Addresses",
        "",
        "| address | methods | needs |",
        "|---|---|---|",
        *_addresses(app),
    ]
    return "\n".join(lines) + "\n"


def _addresses(app: Flask) -> Iterator[str]:
    with app.app_context():
        for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
            if rule.endpoint == "static" or rule.build_only:
                continue
            methods = ", ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
            needs = declared(rule.endpoint)
            word = "open to everybody" if needs == PUBLIC else f"`{needs}`"
            yield f"| `{rule.rule}` | {methods} | {word} |"


def states() -> str:
    """The way of a nomination, as a table and as a diagram."""
    lines = [
        "# The states of a nomination",
        "",
        _MADE,
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {NominationStatus.DRAFT.value}",
        *(
            f"    {start.value} --> {way.to.value}: {step.value}"
            for (start, step), way in STEPS.items()
        ),
        "```",
        "",
        "| from | step | to | reason in own words |",
        "|---|---|---|---|",
        *(
            "| "
            + " | ".join((start.value, step.value, way.to.value, "yes" if way.needs_reason else ""))
            + " |"
            for (start, step), way in STEPS.items()
        ),
        "",
        "While a nomination is "
        + ", ".join(status.value for status in open_statuses())
        + ", its household has no second one beside it.",
    ]
    return "\n".join(lines) + "\n"


def roster_file() -> str:
    """The columns of a Final Closing file that are read, with one invented row."""
    needs = {
        Need.ALWAYS: "yes",
        Need.WITHOUT_CODE: f"unless there is {ALIASES[Column.VILLAGE_CODE][0]}",
        Need.OPTIONAL: "",
    }
    header, values = (
        ",".join(f'"{cell}"' if "," in cell else cell for cell in row)
        for row in (
            [names[0] for names in ALIASES.values()],
            [EXAMPLE[column] for column in ALIASES],
        )
    )
    lines = [
        "# The roster file",
        "",
        _MADE,
        "A roster is read from CSV or XLSX ([0007](decisions/0007-reading-roster-files.md)): one",
        f"household per row, under a header within the first {HEADER_WITHIN} rows. The order does",
        "not matter, nor do case, blanks and punctuation of the names; other columns are not read.",
        "NIK and No KK have 16 digits and stand there as text, or a spreadsheet cuts them.",
        "",
        "| column | obligatory | also read as | example (invented) |",
        "|---|---|---|---|",
        *(
            f"| {names[0]} | {needs[need(column)]} | {', '.join(names[1:])} | {EXAMPLE[column]} |"
            for column, names in ALIASES.items()
        ),
        "",
        "The same row as CSV:",
        "",
        "```csv",
        header,
        values,
        "```",
    ]
    return "\n".join(lines) + "\n"


def write(app: Flask) -> None:
    (DOCS / "permissions.md").write_text(permissions(app), encoding="utf-8")
    (DOCS / "states.md").write_text(states(), encoding="utf-8")
    (DOCS / "roster-file.md").write_text(roster_file(), encoding="utf-8")


if __name__ == "__main__":
    from casework import create_app

    write(create_app())
