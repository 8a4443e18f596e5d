"""Families that a roster leaves out."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from sqlalchemy import select

from casework.core.crypto import current_keyring
from casework.core.db import db
from casework.households.models import Household
from casework.households.queries.numbers import nik_index, no_kk_index
from casework.households.rules import IN_PROGRAMME
from casework.rosters.reading.roster import BadRow


def left_out(
    area_id: int,
    stage: str,
    *,
    villages: Collection[str],
    named: Collection[uuid.UUID],
    bad_rows: Sequence[BadRow],
) -> list[uuid.UUID]:
    """Families still in the programme, in these villages, whom only earlier stages named.

    Whom a roster of this stage has named already is in it: an office may send a regency in
    parts. A village that the file does not name at all may come in another part. A bad row
    names its family by whichever number can be read. Those missing since this stage come first,
    by village and name.
    """
    query = (
        select(Household.id, Household.nik_index, Household.no_kk_index)
        .where(
            Household.area_id == area_id,
            Household.village_code.in_(sorted(villages)),
            Household.status.in_(IN_PROGRAMME),
            Household.last_stage < stage,
        )
        .order_by(
            Household.last_stage.desc(),
            Household.village_code,
            Household.caretaker_name,
            Household.id,
        )
    )
    keyring = current_keyring()
    niks = {nik_index(keyring, row.nik) for row in bad_rows if row.nik}
    no_kks = {no_kk_index(keyring, row.no_kk) for row in bad_rows if row.no_kk}
    return [
        row.id
        for row in db.session.execute(query)
        if row.id not in named and row.nik_index not in niks and row.no_kk_index not in no_kks
    ]
