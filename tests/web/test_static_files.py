"""Phones get small files once per release, and old pages keep finding theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from werkzeug.test import Client

from casework.web.static_files import serve

STATIC = Path(__file__).parent.parent.parent / "static"


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


def test_scripts_come_without_what_only_readers_need(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    script = (
        '/** Says it. */\nexport const words = "// stays";\n  // gone\nexport const n = `a\n  b`;\n'
    )
    (tmp_path / "source" / "site.js").write_text(script)
    sent = served(tmp_path, "abc").get("/static/abc/site.js", buffered=True).text
    assert "Says it" not in sent
    assert "gone" not in sent
    assert '"// stays"' in sent
    assert "`a\n  b`" in sent


def test_all_scripts_and_styles_fit_their_budget(
    tmp_path: Path, budget: Callable[..., None]
) -> None:
    """field-ux 7.2, as they are sent to a phone that knows no better compression than gzip."""
    app = Flask("release", static_folder=str(STATIC), static_url_path="/static/abc")
    app.config["DATA_DIR"] = tmp_path
    serve(app)
    release = tmp_path / "static" / "abc"
    scripts = [*asked_for_by_pages(), "js/sw/worker.js"]
    assert scripts == ["js/main.js", "js/sw/worker.js"]
    budget("all of js, compressed", sent(release, scripts), 30, "KB")
    budget("all of css, compressed", sent(release, ["css/app.css"]), 10, "KB")
    budget("signs, compressed", sent(release, ["icons/sprite.svg"]), 5, "KB")


def asked_for_by_pages() -> list[str]:
    """Scripts that templates name; whatever else a page runs is packed into them."""
    templates = (STATIC.parent / "templates").rglob("*.html")
    return sorted({name for path in templates for name in _SCRIPT.findall(path.read_text("utf-8"))})


_SCRIPT = re.compile(r'asset\("(js/[^"]+)"\)')


def sent(release: Path, names: list[str]) -> float:
    """Kilobytes."""
    return sum((release / f"{name}.gz").stat().st_size for name in names) / 1024
