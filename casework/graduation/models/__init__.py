from casework.graduation.models.exits import HouseholdExit
from casework.graduation.models.ministry import BatchEntry, MinistryBatch, OutcomeFile
from casework.graduation.models.nominations import (
    Evidence,
    EvidenceOpening,
    Nomination,
    NominationEvent,
    NominationHand,
)

__all__ = [
    "BatchEntry",
    "Evidence",
    "EvidenceOpening",
    "HouseholdExit",
    "MinistryBatch",
    "Nomination",
    "NominationEvent",
    "NominationHand",
    "OutcomeFile",
]
