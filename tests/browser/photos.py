"""Photos of a meeting on a phone: what is sent of them, and what the server then has."""

from __future__ import annotations

import base64

from flask import Flask

from casework.core.ids import meeting_id
from casework.meetings.models import MeetingPhoto
from casework.meetings.photo_files import current_store
from tests.browser.outbox import Handset, today
from tests.meetings.conftest import Arranged


def photos_of(app: Flask, group: Arranged) -> list[tuple[int, int, bytes]]:
    """Width, height and bytes of what the server has of the meeting of today."""
    from sqlalchemy import select

    from casework.core.db import db

    with app.app_context():
        meeting = meeting_id(group.group_id, today())
        rows = db.session.scalars(
            select(MeetingPhoto)
            .where(MeetingPhoto.meeting_id == meeting)
            .order_by(MeetingPhoto.added_at)
        ).all()
        store = current_store()
        return [
            (each.width, each.height, store.get(each.area_id, meeting, each.id)) for each in rows
        ]


#: What the browser tells of requests lacks the bodies that are blobs.
_TELL = """
  if (!window.told_of) {
    window.told_of = true;
    const real = window.fetch;
    window.fetch = (address, how) => {
      if (String(address).startsWith("/sync") && how?.method === "POST") {
        window.sends(address, new Blob([how.body]).size);
      }
      return real(address, how);
    };
  }
"""


def sendings(phone: Handset) -> list[tuple[str, int]]:
    """Address and bytes of all that is sent from now on."""
    seen: list[tuple[str, int]] = []
    phone.context.expose_function("sends", lambda path, size: seen.append((path, size)))
    phone.context.add_init_script(_TELL)
    phone.is_altered = True
    for page in phone.context.pages:
        page.evaluate(f"() => {{ {_TELL} }}")
    return seen


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()
