"""Pages and JSON as few bytes on a weak line; static files are compressed once, elsewhere.

How long a compressed page is tells whether a guess that somebody put into it also stands in it
already (BREACH). Whoever guesses has to have our pages opened, with her cookie, from a page of
their own; the browser says where a request began, and only what began with us or with the person
herself is compressed. A length that differs by chance is the second line.
"""

from __future__ import annotations

import gzip
import secrets

import brotli
from flask import Flask, Response, request

#: Below this, what is won is less than what is said about it.
SMALLEST = 1024

_HTML = "text/html"
_KINDS = {_HTML, "application/json", "text/javascript"}
#: Also through our service worker, which does not hide where a navigation began.
_OURS = {"same-origin", "none"}
#: Of a page that is made anew each time: the next better one takes twice as long.
_BROTLI_QUALITY = 5
_MOST_PADDING = 64


def init_app(app: Flask) -> None:
    @app.after_request
    def compress(response: Response) -> Response:
        if not _may_be(response):
            return response
        data = response.get_data()
        if len(data) < SMALLEST:
            return response
        response.vary.update(("Accept-Encoding", "Sec-Fetch-Site"))
        if request.headers.get("Sec-Fetch-Site") not in _OURS:
            return response
        if response.mimetype == _HTML:
            data += f"<!--{secrets.token_hex(secrets.randbelow(_MOST_PADDING))}-->".encode()
        if request.accept_encodings["br"] > 0:
            response.headers["Content-Encoding"] = "br"
            response.set_data(brotli.compress(data, quality=_BROTLI_QUALITY))
        elif request.accept_encodings["gzip"] > 0:
            response.headers["Content-Encoding"] = "gzip"
            response.set_data(gzip.compress(data, compresslevel=6, mtime=0))
        return response


def _may_be(response: Response) -> bool:
    """Whole in memory, of a kind that gets smaller, and not compressed yet."""
    is_whole = not response.is_streamed and not response.direct_passthrough
    is_said = response.status_code == 200 or response.status_code >= 400
    return (
        is_whole
        and is_said
        and response.mimetype in _KINDS
        and "Content-Encoding" not in response.headers
    )
