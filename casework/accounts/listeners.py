from __future__ import annotations

from casework.accounts.queries.people import names_of
from casework.core.signals import names_asked


def connect() -> None:
    names_asked.connect(names_of)
