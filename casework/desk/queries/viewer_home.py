"""Where somebody who only reads figures begins."""

from __future__ import annotations

from dataclasses import dataclass

from casework.access.actor import Actor
from casework.regions.rules import regency_of


@dataclass(frozen=True, slots=True)
class ViewerHome:
    #: The region whose figures there are: the nation (None), a province or a regency.
    region: str | None


def viewer_home(actor: Actor) -> ViewerHome:
    code = actor.region_code
    return ViewerHome(code if code is None else regency_of(code) or code)
