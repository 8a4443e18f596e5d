"""From what somebody typed to the one region that is meant."""

from __future__ import annotations

from flask_babel import lazy_gettext

from casework.access.actor import Actor
from casework.core.errors import Invalid
from casework.regions.queries import lookup
from casework.regions.rules import RegionLevel

#: More names in a message than this are not read.
_MOST_NAMED = 6


def region_meant(
    actor: Actor, text: str, *, level: RegionLevel | None = None, field: str = "region"
) -> str | None:
    """Code of the region: by its code ("71.71.01", "71.71.01 Bunaken", "717101"), or by a name
    that only one region in the actor's own has. Nothing typed means the whole nation. Names
    are looked for at one `level` only, where it is given.

    Raises: Invalid on `field`, naming the regions it might be.
    """
    text = text.strip()
    if not text:
        return None
    by_code = lookup.region(text.split()[0])
    if by_code is not None and by_code.valid_to is None:
        return by_code.code
    hits = lookup.search(text, level=level, within=actor.region_code)
    exact = [hit for hit in hits if hit.name.lower() == text.lower()]
    candidates = exact or hits
    if len(candidates) == 1:
        return candidates[0].code
    if not candidates:
        raise Invalid.field(field, lazy_gettext("There is no such region within your own."))
    named = ", ".join(f"{hit.code} {hit.name}" for hit in candidates[:_MOST_NAMED])
    raise Invalid.field(
        field,
        lazy_gettext(
            "More than one region is called so. Type its code: %(regions)s", regions=named
        ),
    )


def suggestions(actor: Actor) -> list[str]:
    """The own region and those directly below it, as the field takes them."""
    own = lookup.region(actor.region_code) if actor.region_code else None
    rows = ([own] if own else []) + lookup.children(actor.region_code)
    return [f"{row.code} {row.name}" for row in rows]


def as_typed(code: str | None) -> str:
    """A region as the field shows it; empty for the nation."""
    found = lookup.region(code) if code else None
    return f"{found.code} {found.name}" if found else ""
