"""What earlier releases kept is still there for this one."""

from __future__ import annotations

import uuid
from pathlib import Path

from flask import Flask

from casework.core.crypto import current_keyring
from casework.graduation.evidence_files import current_store


def test_evidence_that_an_earlier_release_sealed_still_opens(app: Flask) -> None:
    area, nomination, evidence = 397, uuid.uuid4(), uuid.uuid4()
    row = f"{area}/{nomination.hex}/{evidence.hex}"
    with app.app_context():
        sealed = current_keyring().seal(b"scan", table="evidence_file", row=row, field="content")
        folder = Path(app.config["DATA_DIR"]) / "evidence" / str(area) / nomination.hex
        folder.mkdir(parents=True)
        (folder / f"{evidence.hex}.sealed").write_bytes(sealed)
        assert current_store().get(area, nomination, evidence) == b"scan"
