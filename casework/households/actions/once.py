"""A form that is sent twice is one record: its id is made with the form."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from casework.access.actor import Actor
from casework.core.db import Base, db
from casework.core.errors import Conflict, SavedOtherwise


def was_saved(
    model: type[Base],
    actor: Actor,
    area_id: int,
    household_id: uuid.UUID,
    row_id: uuid.UUID,
    said: object,
    read: Callable[[Any], object] | None = None,
) -> bool:
    """Whether this very form was saved before: a bad network sends twice.

    `said` is what it says, as columns; or as `read` gives it from the row.

    Raises: Conflict for a form of somebody else, or of another family; SavedOtherwise for one that
    was saved and says something else now, as after going back in the browser.
    """
    row: Any = db.session.get(model, (area_id, row_id), populate_existing=True)
    if row is None:
        return False
    if row.household_id != household_id or row.recorded_by != actor.user_id:
        raise Conflict(_("This form was used already. Open the page again."))
    if read is not None:
        stands = read(row)
    elif isinstance(said, Mapping):
        stands = {name: getattr(row, name) for name in said}
    else:
        raise TypeError("columns, or a way to read the row")
    if stands != said:
        raise saved_otherwise()
    return True


def saved_otherwise() -> SavedOtherwise:
    return SavedOtherwise(
        _(
            "This form was saved before, with other content, and that stays. To save what"
            " stands here as well, save once more."
        )
    )
