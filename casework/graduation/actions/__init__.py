"""Everything that changes a nomination, or lets a family leave without one."""

from casework.graduation.actions.deciding import Decision, check_decision, decide, withdraw
from casework.graduation.actions.evidence import add_evidence, open_evidence, remove_evidence
from casework.graduation.actions.exits import check_exit, record_exit, reverse_exit
from casework.graduation.actions.forwarding import make_batch
from casework.graduation.actions.outcomes import Answer, check_outcome, record_outcomes, reverse
from casework.graduation.actions.preparing import draft, record_consent, submit, write_note
from casework.graduation.actions.steps import Weighed

__all__ = [
    "Answer",
    "Decision",
    "Weighed",
    "add_evidence",
    "check_decision",
    "check_exit",
    "check_outcome",
    "decide",
    "draft",
    "make_batch",
    "open_evidence",
    "record_consent",
    "record_exit",
    "record_outcomes",
    "remove_evidence",
    "reverse",
    "reverse_exit",
    "submit",
    "withdraw",
    "write_note",
]
