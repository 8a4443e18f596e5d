"""Words for readiness."""

from __future__ import annotations

from flask_babel import lazy_gettext

from casework.readiness.labels.late import late_lines, late_tags, recorded_late
from casework.readiness.labels.reasons import evidence, reason
from casework.readiness.rules import Caution, Signal, Status, Verdict

__all__ = [
    "CAUTIONS",
    "SIGNALS",
    "STATUSES",
    "VERDICTS",
    "evidence",
    "late_lines",
    "late_tags",
    "reason",
    "recorded_late",
]

VERDICTS = {
    Verdict.READY: lazy_gettext("Ready"),
    Verdict.NEARLY_READY: lazy_gettext("Nearly ready"),
    Verdict.NOT_YET: lazy_gettext("Not yet ready"),
    Verdict.TOO_LITTLE_KNOWN: lazy_gettext("Too little known"),
}

STATUSES = {
    Status.MET: lazy_gettext("Met"),
    Status.NOT_MET: lazy_gettext("Not met"),
    Status.UNKNOWN: lazy_gettext("Not known"),
}

#: Where a computed value comes from.
SIGNALS = {
    Signal.ATTENDANCE: lazy_gettext("Attendance at meetings"),
    Signal.ECONOMICS_LESSONS: lazy_gettext("Economics lessons attended"),
    Signal.ECONOMICS_UNDERSTOOD: lazy_gettext("Understanding of the economics lessons"),
    Signal.LADDER_RUNGS: lazy_gettext("Ladder of economics progress"),
    Signal.ENTERPRISE_MONTHS: lazy_gettext("Business on record"),
    Signal.INCOME: lazy_gettext("Income observed"),
    Signal.SAVINGS: lazy_gettext("Savings observed"),
    Signal.YEARS_ON_PROGRAMME: lazy_gettext("Year of entry"),
    Signal.LICENCES: lazy_gettext("Licences of the business"),
}

CAUTIONS = {
    Caution.ONLY_ELDERLY: lazy_gettext(
        "Only elderly members make this family eligible. Think twice before proposing it."
    ),
    Caution.DISABILITY: lazy_gettext(
        "A member has a severe disability. Make sure that care stays paid for."
    ),
    Caution.PREGNANT: lazy_gettext(
        "A member is pregnant. Make sure that her check-ups go on without the benefit."
    ),
    Caution.NO_COMPONENT: lazy_gettext(
        "Nobody in this family makes it eligible any more. That is a natural exit, not a "
        "graduation of its own will."
    ),
    Caution.BORROWS_FROM_MONEYLENDER: lazy_gettext(
        "The family borrows from a moneylender. Talk about the debt first."
    ),
    Caution.UNFIT_HOUSE: lazy_gettext(
        "The house is unfit to live in. Find out who helps to mend it."
    ),
}
