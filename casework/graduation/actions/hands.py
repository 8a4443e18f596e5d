"""Who had a hand in a nomination is written down with what they did."""

from __future__ import annotations

import uuid

from casework.core import clock
from casework.core.db import db
from casework.core.upsert import insert_into
from casework.graduation.models import Nomination, NominationHand
from casework.graduation.states import HandIn


def note_hand(nomination: Nomination, hand_in: HandIn, *user_ids: uuid.UUID) -> None:
    """Once for each person and kind, however often they do it."""
    if not user_ids:
        return
    rows = [
        {
            "area_id": nomination.area_id,
            "nomination_id": nomination.id,
            "user_id": user_id,
            "hand_in": hand_in,
            "since": clock.now(),
        }
        for user_id in user_ids
    ]
    db.session.execute(insert_into(NominationHand).values(rows).on_conflict_do_nothing())
