from __future__ import annotations

from casework.core.signals import care_asked
from casework.households.queries.care import groups_in_care


def connect() -> None:
    care_asked.connect(groups_in_care)
