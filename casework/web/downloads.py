"""Files that are for one person and kept by nobody on the way."""

from __future__ import annotations

import io
from typing import BinaryIO

from flask import Response, send_file


def attachment(file: BinaryIO, *, name: str, media_type: str) -> Response:
    """The file from its beginning, to be saved; closed once it is sent."""
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    response = send_file(file, mimetype=media_type, as_attachment=True, download_name=name)
    response.content_length = size
    return _kept_by_nobody(response)


def shown(content: bytes, *, name: str, media_type: str) -> Response:
    """Bytes that a page shows. No name of a person may stand in `name`."""
    response = send_file(
        io.BytesIO(content),
        mimetype=media_type,
        download_name=name,
        conditional=False,
        etag=False,
        max_age=None,
    )
    return _kept_by_nobody(response)


def _kept_by_nobody(response: Response) -> Response:
    # Instead of `no-cache`, which lets proxies and browsers keep a copy.
    response.headers["Cache-Control"] = "no-store"
    return response
