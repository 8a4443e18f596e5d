"""Phones get small files once per release, and old pages keep finding theirs."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.test import Client

from casework.web.static_files import serve


def served(root: Path, release: str) -> Client:
    app = Flask("release", static_folder=str(root / "source"), static_url_path=f"/static/{release}")
    app.config["DATA_DIR"] = root / "data"
    return Client(serve(app))


def test_files_come_compressed_and_are_kept_for_ever(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "site.css").write_text("body { margin: 0 }\n" * 200)
    answer = served(tmp_path, "abc").get(
        "/static/abc/site.css", headers={"Accept-Encoding": "gzip, br"}, buffered=True
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) < 200


def test_the_files_of_an_earlier_release_stay(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "site.css").write_text("old")
    served(tmp_path, "one")
    (tmp_path / "source" / "site.css").write_text("new")
    client = served(tmp_path, "two")
    assert client.get("/static/one/site.css", buffered=True).data == b"old"
    assert client.get("/static/two/site.css", buffered=True).data == b"new"
    assert not list((tmp_path / "data" / "static").glob("part-*"))
