"""The questions that only a visit can answer."""

from __future__ import annotations

from casework.readiness.instruments import current


def questions(locale: str) -> list[tuple[str, str]]:
    """Id and words of each, in the order of the instrument in force."""
    return [(each.id, each.text(locale)) for each in current().questions]


def answers_valid_days() -> int:
    """For so many days an answer counts."""
    return current().thresholds.answers_valid_days
