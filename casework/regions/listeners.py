from __future__ import annotations

from casework.core.signals import areas_asked
from casework.regions.queries.places import areas_of


def connect() -> None:
    areas_asked.connect(areas_of)
