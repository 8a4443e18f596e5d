from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from casework.core.transaction import transaction
from tests.factories.places import MAASING, MOLAS, PAUDEAN, TONGKAINA, ensure_region


@pytest.fixture
def villages(db_session: Session) -> None:
    """Three villages in two districts of Kota Manado, one in Kota Bitung."""
    with transaction():
        for code in (MOLAS, TONGKAINA, MAASING, PAUDEAN):
            ensure_region(code)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    """Writes a roster file: `file(data)` or `file(data, "name.xlsx")`."""

    def write(data: bytes, name: str = "FC.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write
