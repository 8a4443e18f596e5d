"""Amounts about which whoever types them is asked once more, since a zero too many is likelier than
they are; pure. Nothing is refused for it: a family may well earn so much."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Amount(StrEnum):
    """By the name of the field in which it is typed."""

    INCOME = "income_per_month"
    SAVES = "saves_per_month"
    SAVINGS = "savings_total"
    TURNOVER = "turnover_per_month"


#: Rupiah a month.
#: Source: Keputusan Gubernur Sulawesi Utara 685/2024 (UMP 2025), as `minimum_wage` of the
#: readiness instrument that ships; a test holds the two together.
MINIMUM_WAGE = 3_775_425

#: Rupiah.
#: Source: `three_months` of the same instrument, which an indicator asks for.
THREE_MONTHS = 4_500_000

#: The largest amount of each kind that is taken without a word: what few families of the programme
#: have, and most would with a zero too many.
#: Source: none official; product default, docs/decisions/0005.
LARGEST_UNASKED: Mapping[Amount, int] = {
    # Two earners, each with a whole wage.
    Amount.INCOME: 2 * MINIMUM_WAGE,
    Amount.SAVES: MINIMUM_WAGE,
    Amount.SAVINGS: 2 * THREE_MONTHS,
    # Before costs: a stall that leaves one wage sells for several.
    Amount.TURNOVER: 5 * MINIMUM_WAGE,
}


def is_doubtful(amount: Amount, rupiah: int) -> bool:
    return rupiah > LARGEST_UNASKED[amount]
