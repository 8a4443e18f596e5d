from __future__ import annotations

import uuid

from sqlalchemy import select

from casework.accounts.models import User
from casework.core.db import db


def hold(user_id: uuid.UUID) -> None:
    """Let other acts of the same person that ask for this wait until the transaction ends:
    what is counted for each person must not be counted by several at once."""
    db.session.execute(select(User.id).where(User.id == user_id).with_for_update(key_share=True))
