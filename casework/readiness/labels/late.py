"""Words for records that were made long after their day: when, and no more than that."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext

from casework.economics.labels import late_words
from casework.economics.rules import LATE_AFTER_DAYS
from casework.readiness.labels.reasons import evidence as evidence_words
from casework.readiness.rules import Basis, Evidence
from casework.web.locale import number


def late_tags(basis: Basis, evidence: Iterable[Evidence]) -> list[str]:
    """Of the records behind some evidence, those that were made long after their day."""
    return [late_words(each) for each in basis.late_of(evidence)]


def recorded_late(basis: Basis) -> str:
    """How many of the observations and answers behind a verdict were; "" where none was."""
    late, every = basis.late()
    if not late:
        return ""
    return gettext(
        "%(late)s of %(all)s observations and answers: recorded more than %(days)s days after"
        " their day.",
        late=number(late),
        all=number(every),
        days=LATE_AFTER_DAYS,
    )


def late_lines(basis: Basis) -> list[str]:
    """Which those are."""
    return [
        f"{evidence_words(Evidence(record.kind, record.on))}: {late_words(late)}"
        for record, late in basis.late_records()
    ]
