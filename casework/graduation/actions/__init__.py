"""Everything that changes a nomination."""

from casework.graduation.actions.deciding import check_decision, decide, withdraw
from casework.graduation.actions.evidence import add_evidence, open_evidence, remove_evidence
from casework.graduation.actions.preparing import draft, record_consent, submit, write_note

__all__ = [
    "add_evidence",
    "check_decision",
    "decide",
    "draft",
    "open_evidence",
    "record_consent",
    "remove_evidence",
    "submit",
    "withdraw",
    "write_note",
]
