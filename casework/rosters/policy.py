"""Whether a roster may be taken in, or numbers given out, now and by this person."""

from __future__ import annotations

from flask_babel import lazy_gettext
from flask_babel.speaklater import LazyString

from casework.access.actor import Actor
from casework.access.roles import Role
from casework.regions.rules import RegionLevel, level_of
from casework.rosters.rules import NumbersShown


def why_not_import(actor: Actor) -> LazyString | None:
    """A roster is compared with all households of a regency: whoever may see only a part of
    them would learn of the others, or change them."""
    if actor.region_code is None:
        return None
    if level_of(actor.region_code) in {RegionLevel.PROVINCE, RegionLevel.REGENCY}:
        return None
    return lazy_gettext("A roster is for a whole regency or city. Your region is smaller.")


def numbers_for(actor: Actor) -> tuple[NumbersShown, ...]:
    """What this person may be shown of NIK and No KK, the usual first (design.md, section 6)."""
    if actor.role is Role.ADMINISTRATOR:
        return (NumbersShown.MASKED, NumbersShown.FULL)
    if actor.role is Role.SUPERVISOR:
        return (NumbersShown.MASKED,)
    return (NumbersShown.NONE,)
