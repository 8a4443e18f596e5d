"""Pages cross a weak line compressed, and tell nobody by their length what stands in them."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator

import brotli
import pytest
from flask import Flask, Response, jsonify
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from casework.web import compression, headers

PAGE = "<!doctype html><title>Melati</title>" + "<p>Ibu Aminah</p>" * 200
OURS = {"Accept-Encoding": "gzip, deflate, br, zstd", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    headers.init_app(app)
    compression.init_app(app)
    answers: dict[str, Callable[[], ResponseReturnValue]] = {
        "page": lambda: PAGE,
        "short": lambda: "<p>ok",
        "data": lambda: jsonify(names=["Aminah"] * 300),
        "picture": lambda: Response(PAGE, mimetype="image/png"),
        "stream": lambda: Response(in_pieces(), mimetype="text/html"),
    }
    for name, view in answers.items():
        app.add_url_rule(f"/{name}", name, view)
    return app.test_client()


def in_pieces() -> Iterator[str]:
    yield PAGE
    yield PAGE


def test_a_page_comes_as_small_as_the_browser_can_read_it(client: FlaskClient) -> None:
    for accepted, encoding, unpacked in (
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
    ):
        answer = client.get("/page", headers=OURS | {"Accept-Encoding": accepted})
        assert answer.headers["Content-Encoding"] == encoding
        assert unpacked(answer.data).decode().startswith(PAGE)
        assert len(answer.data) < len(PAGE) / 10
        assert int(answer.headers["Content-Length"]) == len(answer.data)
        assert {"Accept-Encoding", "Sec-Fetch-Site"} <= set(answer.vary)


def test_whoever_reads_no_compression_gets_the_page_as_it_is(client: FlaskClient) -> None:
    for accepted in ("", "identity", "br;q=0"):
        answer = client.get("/page", headers=OURS | {"Accept-Encoding": accepted})
        assert "Content-Encoding" not in answer.headers
        assert answer.text.startswith(PAGE)


@pytest.mark.parametrize("site", ["cross-site", "same-site", "", None])
def test_what_another_site_has_asked_for_is_not_compressed(
    client: FlaskClient, site: str | None
) -> None:
    """Its guesses would come back in the length (BREACH). A browser that does not say where a
    request began gets the page as it is, too."""
    given = {name: value for name, value in (OURS | {"Sec-Fetch-Site": site}).items() if value}
    answer = client.get("/page", headers=given)
    assert "Content-Encoding" not in answer.headers
    assert len(answer.data) == len(PAGE)


def test_the_same_page_has_another_length_each_time(client: FlaskClient) -> None:
    lengths = {len(client.get("/page", headers=OURS).data) for _time in range(40)}
    assert len(lengths) > 10
    whole = brotli.decompress(client.get("/page", headers=OURS).data).decode()
    assert re.fullmatch(r"<!--[0-9a-f]*-->", whole.removeprefix(PAGE))


def test_what_gains_nothing_is_left_alone(client: FlaskClient) -> None:
    for path in ("/short", "/picture", "/stream"):
        assert "Content-Encoding" not in client.get(path, headers=OURS).headers
    assert "Sec-Fetch-Site" not in client.get("/short", headers=OURS).vary


def test_data_is_compressed_and_left_as_it_is(client: FlaskClient) -> None:
    answer = client.get("/data", headers=OURS)
    assert brotli.decompress(answer.data) == client.get("/data").data


def test_only_data_that_a_script_asked_for_is_without_the_policies_of_documents(
    client: FlaskClient,
) -> None:
    """The worker fetches the shell as a script does, and it is shown as a document."""
    fetched = {"Sec-Fetch-Dest": "empty"}
    policy = "Content-Security-Policy"
    assert policy in client.get("/page", headers=fetched).headers
    assert policy in client.get("/data").headers
    assert policy in client.get("/data", headers={"Sec-Fetch-Dest": "document"}).headers
    data = client.get("/data", headers=fetched).headers
    assert policy not in data
    assert data["X-Content-Type-Options"] == "nosniff"
    assert data["Cross-Origin-Resource-Policy"] == "same-origin"
    assert data["Cache-Control"] == "no-store"
