from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import select

from casework.core.among import among, portions
from casework.core.db import db
from casework.graduation.models import Nomination, NominationHand
from casework.graduation.states import HandIn


def did(user_id: uuid.UUID, hand_in: HandIn, nomination: Nomination) -> bool:
    """Whether this person did that for the nomination at any time."""
    key = (nomination.area_id, nomination.id, user_id, hand_in)
    return db.session.get(NominationHand, key) is not None


def had_hand_in(
    user_id: uuid.UUID, area_id: int, nomination_ids: Collection[uuid.UUID]
) -> set[uuid.UUID]:
    """Those of the nominations that this person made, sent or documented at any time."""
    return {
        nomination_id
        for portion in portions(sorted(nomination_ids))
        for nomination_id in db.session.scalars(
            select(NominationHand.nomination_id)
            .where(
                NominationHand.area_id == area_id,
                among(NominationHand.nomination_id, "ids"),
                NominationHand.user_id == user_id,
            )
            .distinct(),
            {"ids": portion},
        )
    }
