"""Times as pages show them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.core import clock
from casework.core.transaction import transaction
from tests.factories.accounts import UserFactory, sign_in
from tests.factories.places import DENPASAR, MANADO, ensure_region

#: 1.30 in the morning in Manado, half past midnight in Jakarta.
NOW = datetime(2026, 11, 11, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("region", "locale", "shows"),
    [
        (MANADO, "id", "12 Nov 2026 01.30 WITA"),
        (DENPASAR, "en", "12 Nov 2026 01.30 WITA"),
        ("91.03", "id", "12 Nov 2026 02.30 WIT"),
        ("31.71", "en", "12 Nov 2026 00.30 WIB"),
        (None, "id", "12 Nov 2026 00.30 WIB"),
    ],
)
def test_a_time_is_the_readers_and_names_its_zone(
    client: FlaskClient, db_session: Session, region: str | None, locale: str, shows: str
) -> None:
    with transaction():
        reader = UserFactory(viewer=True, region=region, locale=locale)
    with clock.at(NOW):
        sign_in(client, reader)
        assert shows in client.get("/national").text


def test_the_public_reads_the_nations_time(client: FlaskClient, db_session: Session) -> None:
    with transaction():
        ensure_region(MANADO)
    with clock.at(NOW):
        page = client.get(f"/national?region={MANADO}").text
    assert "Dibuka 12 Nov 2026 00.30 WIB" in page
