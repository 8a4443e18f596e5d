"""What a command refuses, in words."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from casework.web.command_line import Stop, refusals


def test_what_the_database_does_not_take_is_refused_in_words(db_session: Session) -> None:
    if db_session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite takes it")
    with pytest.raises(Stop) as stop, refusals():
        db_session.execute(select(literal({"name": "Rina\udce9"}, JSONB)))
    db_session.rollback()
    assert stop.value.exit_code == 2
    assert "Basis data tidak menerima isian ini: " in stop.value.message
    assert "Rina" not in stop.value.message
