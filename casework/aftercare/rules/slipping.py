"""When does a family seem to be slipping back? Pure.

Every threshold but the instrument's is an example that an office has yet to confirm: no official
rule on graduates could be found (docs/decisions/0023). A sign is a reason to look, never a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from casework.aftercare.states import Livelihood, Shock, Sign
from casework.economics.rules import BorrowsFrom

#: An income that fell by more than this many percent of what was known before graduation.
#: Source: none official; example, to be confirmed.
FALL_PERCENT = 30

#: One of these alone is a reason to look.
#: Source: none official; example, to be confirmed: each takes an earner, a harvest or a house.
HEAVY = frozenset({Shock.DEATH, Shock.CROP_FAILURE, Shock.JOB_LOSS, Shock.DISASTER})

#: So many at once are, however light.
#: Source: none official; example, to be confirmed.
SEVERAL = 2

#: Lenders whom the family should not need any more.
#: Source: lesson B2 warns of them, and so does the readiness instrument before graduation.
MONEYLENDERS = frozenset({BorrowsFrom.MONEYLENDER})


@dataclass(frozen=True, slots=True)
class Told:
    """What the family told at a visit; None: not asked."""

    livelihood: Livelihood
    shocks: frozenset[Shock] = frozenset()
    income_per_month: int | None = None
    borrows_from: BorrowsFrom | None = None


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What an income is held against, in rupiah a month; None: nothing to hold it against."""

    #: The income at which the instrument's gate is not passed any more: as much, or less.
    not_above: int | None
    #: The last one known before the family graduated.
    before: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One sign with what it was told by: amounts in rupiah, shocks by their value."""

    sign: Sign
    params: Mapping[str, Any]

    def as_document(self) -> dict[str, Any]:
        return {"sign": self.sign.value, **self.params}

    @classmethod
    def of_document(cls, document: Mapping[str, Any]) -> Seen:
        return cls(
            Sign(document["sign"]),
            {name: value for name, value in document.items() if name != "sign"},
        )


def signs_of(told: Told, yardstick: Yardstick) -> tuple[Seen, ...]:
    """Why the family seems to be slipping back; nothing where it does not. What was not asked
    tells nothing."""
    found: list[Seen] = []
    income = told.income_per_month
    if income is not None:
        if yardstick.not_above is not None and income <= yardstick.not_above:
            params = {"amount": income, "limit": yardstick.not_above}
            found.append(Seen(Sign.INCOME_BELOW_LINE, params))
        if yardstick.before and income * 100 < yardstick.before * (100 - FALL_PERCENT):
            found.append(Seen(Sign.INCOME_FELL, {"amount": income, "before": yardstick.before}))
    if told.livelihood is Livelihood.STOPPED:
        found.append(Seen(Sign.BUSINESS_STOPPED, {}))
    heavy = [each.value for each in Shock if each in told.shocks & HEAVY]
    if heavy:
        found.append(Seen(Sign.HEAVY_SHOCK, {"shocks": heavy}))
    elif len(told.shocks) >= SEVERAL:
        shocks = [each.value for each in Shock if each in told.shocks]
        found.append(Seen(Sign.SEVERAL_SHOCKS, {"shocks": shocks}))
    if told.borrows_from in MONEYLENDERS:
        found.append(Seen(Sign.MONEYLENDER, {}))
    return tuple(found)
