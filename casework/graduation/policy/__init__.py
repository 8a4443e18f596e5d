"""May this person do this, now, on this nomination; and if not, why not, in words.

`check_can_...` raises the reason; `reason_not_to_...` gives it to the page, which shows it
instead of the button.
"""

from casework.graduation.policy.conflicts import (
    AlreadyNominated,
    EvidenceUnopened,
    moved_on,
)
from casework.graduation.policy.consent import check_consent_day, earliest_consent
from casework.graduation.policy.deciding import (
    check_can_decide,
    check_may_ever_decide,
    check_weighs,
    reason_never_to_decide,
    unopened_evidence,
    whose_own,
)
from casework.graduation.policy.doubles import check_is_no_double
from casework.graduation.policy.exits import (
    Leaving,
    NominationUnderWay,
    check_can_leave,
    check_can_reverse_exit,
    check_leaving,
    exit_kinds_for,
    problems_of_leaving,
    reason_not_to_leave,
    reason_not_to_reverse_exit,
)
from casework.graduation.policy.making import (
    check_can_change_evidence,
    check_can_draft,
    check_can_edit,
    check_can_submit,
    check_can_withdraw,
    hindrances_to_submit,
    reason_not_to_draft,
    reason_not_to_edit,
    reason_not_to_withdraw,
)
from casework.graduation.policy.ministry import (
    check_can_answer,
    check_can_forward,
    check_can_record_outcome,
    check_can_reverse,
    check_stage,
    not_the_own_outcome,
    possible_stages,
    reason_not_to_answer,
    reason_not_to_forward,
    reason_not_to_reverse,
    stages_of,
)
from casework.graduation.policy.words import (
    check_own_words,
)

__all__ = [
    "AlreadyNominated",
    "EvidenceUnopened",
    "Leaving",
    "NominationUnderWay",
    "check_can_answer",
    "check_can_change_evidence",
    "check_can_decide",
    "check_can_draft",
    "check_can_edit",
    "check_can_forward",
    "check_can_leave",
    "check_can_record_outcome",
    "check_can_reverse",
    "check_can_reverse_exit",
    "check_can_submit",
    "check_can_withdraw",
    "check_consent_day",
    "check_is_no_double",
    "check_leaving",
    "check_may_ever_decide",
    "check_own_words",
    "check_stage",
    "check_weighs",
    "earliest_consent",
    "exit_kinds_for",
    "hindrances_to_submit",
    "moved_on",
    "not_the_own_outcome",
    "possible_stages",
    "problems_of_leaving",
    "reason_never_to_decide",
    "reason_not_to_answer",
    "reason_not_to_draft",
    "reason_not_to_edit",
    "reason_not_to_forward",
    "reason_not_to_leave",
    "reason_not_to_reverse",
    "reason_not_to_reverse_exit",
    "reason_not_to_withdraw",
    "stages_of",
    "unopened_evidence",
    "whose_own",
]
