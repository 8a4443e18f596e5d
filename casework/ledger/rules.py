"""What a count is made of; pure."""

from __future__ import annotations

from enum import StrEnum


class ExitKind(StrEnum):
    """Ways out of the programme. Kinds never mix in a figure (domain: kinds of exit)."""

    #: Graduasi mandiri: the family can stand on its own and leaves willingly.
    INDEPENDENT = "independent"


class CountedState(StrEnum):
    """What exactly is counted: every figure says which."""

    #: Disetujui: a supervisor approved; the ministry has not spoken yet.
    APPROVED = "approved"
    #: Ditetapkan: the ministry established it, from a payment stage.
    ESTABLISHED = "established"
