"""Bring the table of regions in line with the official list."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, insert, select, update

from casework.access.actor import Actor
from casework.audit.actions import record
from casework.audit.tags import Tag
from casework.core.bulk import insert_many
from casework.core.db import db
from casework.core.errors import Conflict
from casework.regions import rules
from casework.regions.models import Area, Region
from casework.regions.official import OfficialList

#: Rows per statement: large enough for speed, small enough for a bar that moves.
_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class Loaded:
    added: int
    renamed: int
    retired: int
    reopened: int
    #: All regions that are valid now.
    valid: int

    @property
    def nothing_changed(self) -> bool:
        return not (self.added or self.renamed or self.retired or self.reopened)


def load_regions(
    actor: Actor, official: OfficialList, *, progress: Callable[[int], None] = lambda _done: None
) -> Loaded:
    """Add what is new, rename what was renamed, retire what is gone, re-open what came back.

    A regency keeps its area number for ever, also while it is retired; a new one gets the
    next free number. `progress` is told how many regions each step has seen to.

    Raises: Conflict when the list lacks so much that it must be damaged, and when it has a
    province whose time zone is not known; nothing is changed then.
    """
    known = _known()
    changes = rules.compare(known, official.names)
    loaded = Loaded(
        added=len(changes.added),
        renamed=len(changes.renamed),
        retired=len(changes.retired),
        reopened=len(changes.reopened),
        valid=len(official.names),
    )
    if rules.retires_too_many(known, changes):
        raise Conflict(
            _(
                "The list lacks %(missing)d regions that are in use: it must be damaged."
                " Nothing was changed.",
                missing=len(changes.retired),
            )
        )
    areas = _bring_areas_up_to_date(official.names)
    unchanged = len(official.names) - loaded.added - loaded.renamed - loaded.reopened
    progress(max(unchanged, 0))
    for chunk in _chunks(changes.added):
        insert_many(Region, (_new_row(code, official, areas) for code in chunk))
        progress(len(chunk))
    _rename(changes.renamed, official.names)
    _set_valid_to(changes.retired, official.decided_on)
    _set_valid_to(changes.reopened, None)
    progress(loaded.renamed + loaded.reopened)
    if changes:
        record(
            actor,
            Tag.REGIONS_LOADED,
            subject_type="regions",
            subject_id=official.decree,
            area_id=None,
            added=loaded.added,
            changed=loaded.renamed,
            retired=loaded.retired,
            reopened=loaded.reopened,
        )
    return loaded


def _known() -> dict[str, rules.Known]:
    rows = db.session.execute(select(Region.code, Region.name, Region.valid_to))
    return {code: rules.Known(name, valid_to is not None) for code, name, valid_to in rows}


def _bring_areas_up_to_date(official: Mapping[str, str]) -> dict[str, int]:
    """Area number of every regency there is or was, by code."""
    wanted = {}
    for code, name in official.items():
        if rules.level_of(code) is rules.RegionLevel.REGENCY:
            wanted[code] = (name, _time_zone(code))
    there = {
        code: (number, name, time_zone)
        for code, number, name, time_zone in db.session.execute(
            select(Area.code, Area.id, Area.name, Area.time_zone)
        )
    }
    highest = db.session.scalar(select(func.max(Area.id))) or 0
    new = {code: highest + offset for offset, code in enumerate(_new_codes(wanted, there), 1)}
    if new:
        rows = [_area_row(number, code, *wanted[code]) for code, number in new.items()]
        db.session.execute(insert(Area), rows)
    changed = [code for code in wanted.keys() & there.keys() if wanted[code] != there[code][1:]]
    if changed:
        rows = [_area_row(there[code][0], code, *wanted[code]) for code in changed]
        db.session.execute(update(Area), rows)
    return {code: row[0] for code, row in there.items()} | new


def _new_codes(wanted: Collection[str], there: Collection[str]) -> list[str]:
    return sorted(set(wanted) - set(there))


def _area_row(number: int, code: str, name: str, time_zone: str) -> dict[str, Any]:
    return {
        "id": number,
        "code": code,
        "province_code": code[:2],
        "name": name,
        "time_zone": time_zone,
    }


def _time_zone(code: str) -> str:
    try:
        return rules.time_zone_of(code)
    except KeyError:
        raise Conflict(
            _(
                "The time zone of province %(code)s is not known. Update the program first."
                " Nothing was changed.",
                code=code[:2],
            )
        ) from None


def _new_row(code: str, official: OfficialList, areas: Mapping[str, int]) -> dict[str, Any]:
    regency = rules.regency_of(code)
    return {
        "code": code,
        "level": rules.level_of(code),
        "parent_code": rules.parent_of(code),
        "name": official.names[code],
        "area_id": areas[regency] if regency else None,
        "valid_from": official.decided_on,
        "valid_to": None,
    }


def _rename(codes: Sequence[str], names: Mapping[str, str]) -> None:
    if codes:
        rows = [{"code": code, "name": names[code]} for code in codes]
        db.session.execute(update(Region), rows)


def _set_valid_to(codes: Sequence[str], day: date | None) -> None:
    for chunk in _chunks(codes):
        db.session.execute(update(Region).where(Region.code.in_(chunk)).values(valid_to=day))


def _chunks(codes: Sequence[str]) -> list[Sequence[str]]:
    return [codes[start : start + _CHUNK] for start in range(0, len(codes), _CHUNK)]
