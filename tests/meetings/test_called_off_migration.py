"""Going back before registers were called off, with such a one there, and forward again."""

from __future__ import annotations

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from casework.core.db import db
from casework.meetings.models import CalledOff
from casework.meetings.rules import MeetingStatus
from tests.meetings.conftest import arrange, rows
from tests.meetings.test_calling_off import YESTERDAY, marks, of, off
from tests.meetings.test_recording import HERE, everybody, save


def test_what_was_called_off_counts_nowhere_without_the_table_either(own_app: Flask) -> None:
    with own_app.app_context():
        group = arrange(households=2)
        save(group, everybody(group))
        off(group, to=YESTERDAY)
        db.session.rollback()
        downgrade(revision="0022")
        assert "meeting_called_off" not in inspect(db.engine).get_table_names()
        assert of(group).status is MeetingStatus.DRAFT
        assert of(group, YESTERDAY).status is MeetingStatus.SENT
        db.session.rollback()
        upgrade()
        assert rows(CalledOff) == []
        assert marks(group) == everybody(group, HERE)
        # A draft like any other: gone on with, or called off once more.
        off(group, base=2)
        assert of(group).status is MeetingStatus.CALLED_OFF
