"""What a count is made of; pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ExitKind(StrEnum):
    """Ways out of the programme. A family leaves in one of them, and kinds never mix in a
    figure (domain 5.1, docs/decisions/0022)."""

    #: Graduasi mandiri: the family can stand on its own and leaves willingly. By a nomination
    #: only.
    INDEPENDENT = "independent"
    #: Graduasi alamiah: no member makes the family eligible any more; produced by the ministry's
    #: system, not nominated.
    NATURAL = "natural"
    #: Graduasi kepesertaan: more than five years on the programme (Kepdirjen 9/3/HK.01/01/2025).
    TENURE = "tenure"
    #: PPSE or PENA: with capital or training to live on. Of a family that was nominated, it is
    #: support received and no kind of exit.
    EMPOWERMENT = "empowerment"
    #: Graduasi paksa: commitments not kept after warnings, or the village's letter that the
    #: family is able.
    FORCED = "forced"
    #: Nobody is left to stand for the family.
    DIED = "died"
    #: Where no regency's roster names it, or where nobody knows. To another regency a family
    #: moves by a roster (docs/decisions/0010).
    MOVED_AWAY = "moved_away"
    #: Stands on the roster twice: this row ends, the other one stays.
    DUPLICATE = "duplicate"
    #: Not entitled: civil service, army, police or state company, NIK that does not match, aid
    #: declined.
    INELIGIBLE = "ineligible"


class ExitGroup(StrEnum):
    """What may be said of the kinds together."""

    GRADUATION = "graduation"
    #: Called a graduation in some offices; nobody chose it.
    FORCED = "forced"
    NO_GRADUATION = "no_graduation"


GROUPS: Mapping[ExitKind, ExitGroup] = {
    ExitKind.INDEPENDENT: ExitGroup.GRADUATION,
    ExitKind.NATURAL: ExitGroup.GRADUATION,
    ExitKind.TENURE: ExitGroup.GRADUATION,
    ExitKind.EMPOWERMENT: ExitGroup.GRADUATION,
    ExitKind.FORCED: ExitGroup.FORCED,
    ExitKind.DIED: ExitGroup.NO_GRADUATION,
    ExitKind.MOVED_AWAY: ExitGroup.NO_GRADUATION,
    ExitKind.DUPLICATE: ExitGroup.NO_GRADUATION,
    ExitKind.INELIGIBLE: ExitGroup.NO_GRADUATION,
}

#: Every kind that no nomination leads to, in the order in which they are offered.
OTHER_EXITS = tuple(kind for kind in ExitKind if kind is not ExitKind.INDEPENDENT)


class CountedState(StrEnum):
    """What exactly is counted: every figure says which."""

    #: Disetujui: a supervisor approved; the ministry has not spoken yet.
    APPROVED = "approved"
    #: Ditetapkan: the ministry established it, from a payment stage.
    ESTABLISHED = "established"
    #: Dicatat: an office wrote down that the family has left; nobody approved or established it
    #: here.
    RECORDED = "recorded"


_OF_NOMINATIONS = (CountedState.APPROVED, CountedState.ESTABLISHED)


def states_of(kind: ExitKind) -> tuple[CountedState, ...]:
    """In which states a kind is counted, the usual one first. Those of nominations are no other
    kind's, and the other way round: so no exit ever adds to a figure of graduasi mandiri."""
    return _OF_NOMINATIONS if kind is ExitKind.INDEPENDENT else (CountedState.RECORDED,)
