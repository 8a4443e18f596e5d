"""Meetings that differed before there was a moment for it get the latest it can have been."""

from __future__ import annotations

from datetime import timedelta

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from casework.core import clock
from casework.core.db import db
from casework.meetings.models import Meeting
from tests.architecture.sources import ROOT
from tests.meetings.conftest import NOON, arrange, rows
from tests.meetings.test_taking_words import AWAY, OTHER, everybody, take, word


def test_what_differs_already_differs_since_its_last_claim(own_app: Flask) -> None:
    scripts = ScriptDirectory(str(ROOT / "migrations")).walk_revisions()
    (ours,) = [each for each in scripts if each.path.endswith("_differs_since.py")]
    with own_app.app_context():
        settled, contested = arrange(households=2), arrange(households=2)
        for group in (settled, contested):
            take(group, word(everybody(group)))
        later = NOON + timedelta(hours=5)
        with clock.at(later):
            take(contested, word({contested.households[0]: AWAY}, device=OTHER, head=None))
        db.session.rollback()
        downgrade(revision=ours.down_revision)
        upgrade()
        found = {meeting.group_id: meeting.differs_since for meeting in rows(Meeting)}
    assert found == {settled.group_id: None, contested.group_id: later}
