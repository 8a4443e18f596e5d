"""What a person must weigh beside the verdict; lowers no score and shuts no gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from casework.economics.rules import BorrowsFrom, Economy
from casework.readiness.rules.facts import Answer, Components
from casework.readiness.rules.instrument import Caution, Instrument


def cautions_of(
    instrument: Instrument,
    components: Components | None,
    known: Economy,
    answers: Mapping[str, Answer],
    as_of: date,
) -> Iterator[Caution]:
    """Each once, those of the roster first."""
    if components is not None:
        if components.elderly and not (
            components.pregnant or components.disability or components.others
        ):
            yield Caution.ONLY_ELDERLY
        if components.disability:
            yield Caution.DISABILITY
        if components.pregnant:
            yield Caution.PREGNANT
        if components == Components():
            yield Caution.NO_COMPONENT
    if known.borrows_from is not None and known.borrows_from.value is BorrowsFrom.MONEYLENDER:
        yield Caution.BORROWS_FROM_MONEYLENDER
    for question in instrument.questions:
        if question.caution is None:
            continue
        answer = answers.get(question.id)
        # However long ago it was seen: a house does not mend itself.
        if answer is not None and answer.on <= as_of and answer.value:
            yield question.caution
