"""Four commands from nothing to households, each in a process of its own."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import create_engine, text

from tests import nursery
from tests.factories.rosters import as_csv
from tests.rosters.files import families


def test_keys_database_and_regions_are_all_that_a_roster_needs(
    blank_database_url: str, tmp_path: Path
) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": blank_database_url,
        "FLASK_APP": "wsgi",
    }
    roster = tmp_path / "FC.csv"
    roster.write_bytes(as_csv(families(5)))

    def flask(*words: str) -> nursery.Said:
        return nursery.run(environment, "flask", *words)

    unprepared = flask("roster", "import", str(roster), "--stage", "2026-1")
    assert (unprepared.returncode, "flask keys init" in unprepared.stderr) == (2, True)
    for words in (["keys", "init"], ["db", "upgrade"], ["regions", "load"]):
        done = flask(*words)
        assert done.returncode == 0, done.stderr
    done = flask("roster", "import", str(roster), "--stage", "2026-1")
    assert done.returncode == 0, done.stderr
    assert "5 baris: 5 baru" in done.stdout
    engine = create_engine(blank_database_url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM household")) == 5
    engine.dispose()
