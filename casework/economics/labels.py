"""Words for a family's economy."""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext

from casework.economics.rules import (
    BorrowsFrom,
    EnterpriseKind,
    Finding,
    Late,
    Licence,
    Need,
    Outcome,
    Rung,
    RungStatus,
    SalesChannel,
    SupportKind,
)
from casework.web.locale import day, number, rupiah

SUPPORT_KINDS = {
    SupportKind.ENTREPRENEURSHIP_TRAINING: lazy_gettext("Entrepreneurship training"),
    SupportKind.PRODUCTION_GUIDANCE: lazy_gettext("Production guidance"),
    SupportKind.BUSINESS_LICENCE: lazy_gettext("Business licence"),
    SupportKind.EQUIPMENT: lazy_gettext("Equipment"),
    SupportKind.DIGITAL_MARKETING: lazy_gettext("Digital marketing"),
    SupportKind.ACCESS_TO_FINANCE: lazy_gettext("Access to finance"),
}

BORROWS_FROM = {
    BorrowsFrom.NOBODY: lazy_gettext("Nobody"),
    BorrowsFrom.FAMILY: lazy_gettext("Family or neighbours"),
    BorrowsFrom.BANK: lazy_gettext("Bank"),
    BorrowsFrom.COOPERATIVE: lazy_gettext("Cooperative"),
    BorrowsFrom.MONEYLENDER: lazy_gettext("Moneylender"),
    BorrowsFrom.ONLINE_LENDER: lazy_gettext("Online lender"),
    BorrowsFrom.OTHER: lazy_gettext("Other"),
}

SALES_CHANNELS = {
    SalesChannel.HOME: lazy_gettext("At home"),
    SalesChannel.MARKET: lazy_gettext("Market or stall"),
    SalesChannel.NEIGHBOURHOOD: lazy_gettext("Around the neighbourhood"),
    SalesChannel.GOFOOD: lazy_gettext("GoFood"),
    SalesChannel.GRABFOOD: lazy_gettext("GrabFood"),
    SalesChannel.TOKOPEDIA: lazy_gettext("Tokopedia"),
    SalesChannel.SHOPEE: lazy_gettext("Shopee"),
    SalesChannel.BUKALAPAK: lazy_gettext("Bukalapak"),
    SalesChannel.WHATSAPP: lazy_gettext("WhatsApp"),
    SalesChannel.SOCIAL_MEDIA: lazy_gettext("Facebook, Instagram or TikTok"),
    SalesChannel.OTHER: lazy_gettext("Other"),
}

LICENCES = {
    Licence.NIB: lazy_gettext("NIB (business number)"),
    Licence.PIRT: lazy_gettext("PIRT (home food industry)"),
    Licence.HALAL: lazy_gettext("Halal certificate"),
    Licence.OTHER: lazy_gettext("Other"),
}

ENTERPRISE_KINDS = {
    EnterpriseKind.FOOD_STALL: lazy_gettext("Food stall"),
    EnterpriseKind.FOOD_PRODUCTION: lazy_gettext("Food production"),
    EnterpriseKind.SHOP: lazy_gettext("Shop or kiosk"),
    EnterpriseKind.FARMING: lazy_gettext("Farming"),
    EnterpriseKind.LIVESTOCK: lazy_gettext("Livestock"),
    EnterpriseKind.FISHERY: lazy_gettext("Fishery"),
    EnterpriseKind.CRAFT: lazy_gettext("Craft"),
    EnterpriseKind.TAILORING: lazy_gettext("Tailoring"),
    EnterpriseKind.SERVICES: lazy_gettext("Services"),
    EnterpriseKind.ONLINE_TRADE: lazy_gettext("Online trade"),
    EnterpriseKind.OTHER: lazy_gettext("Other"),
}

RUNGS = {
    Rung.MANAGE_MONEY: lazy_gettext("Manages money"),
    Rung.SAVE: lazy_gettext("Saves"),
    Rung.USE_BANK: lazy_gettext("Uses the bank"),
    Rung.START_BUSINESS: lazy_gettext("Runs a business"),
}

RUNG_STATUSES = {
    RungStatus.REACHED: lazy_gettext("Reached"),
    RungStatus.NOT_REACHED: lazy_gettext("Not reached"),
    RungStatus.NOT_KNOWN: lazy_gettext("Not known"),
}


#: Days from which on nobody grasps a number of days.
_IN_YEARS = 2 * 366


def late_words(late: Late | None) -> str:
    """When a record was made, where that was long after its day; "" where it was not."""
    if late is None:
        return ""
    if late.days >= _IN_YEARS:
        return gettext(
            "recorded %(day)s (more than %(years)s years later)",
            day=day(late.recorded_on),
            years=number(late.days // 366),
        )
    return gettext(
        "recorded %(day)s (%(days)s days later)",
        day=day(late.recorded_on),
        days=number(late.days),
    )


def seen_parts(row: Any) -> list[str]:
    """What one observation says, part by part; never empty, as something was asked."""
    parts = []
    if row.income_per_month is not None:
        parts.append(gettext("Income %(amount)s", amount=rupiah(row.income_per_month)))
    if row.savings_total is not None:
        parts.append(gettext("Savings %(amount)s", amount=rupiah(row.savings_total)))
    if row.saves_per_month is not None:
        parts.append(gettext("Saves %(amount)s a month", amount=rupiah(row.saves_per_month)))
    if row.keeps_budget is not None:
        parts.append(gettext("Keeps a budget") if row.keeps_budget else gettext("Keeps no budget"))
    if row.uses_bank_account is not None:
        parts.append(
            gettext("Uses the bank account")
            if row.uses_bank_account
            else gettext("Does not use the bank account")
        )
    if row.borrows_from is not None:
        parts.append(gettext("Borrows from: %(whom)s", whom=BORROWS_FROM[row.borrows_from]))
    return parts


def finding(what: Finding) -> LazyString:
    """One line of a rung's evidence, or of what it is missing, as a sentence."""
    return LazyString(_finding, what)


def _finding(what: Finding) -> str:
    if what.need is Need.LESSON:
        return _lesson(what)
    if what.need is Need.BUSINESS:
        return _business(what)
    if what.outcome is Outcome.SEEN or what.outcome is Outcome.NOT_SEEN:
        return _observed(what)
    return _to_ask(what)


def _lesson(what: Finding) -> str:
    if what.outcome is Outcome.SEEN:
        return gettext("Lesson %(no)s attended on %(day)s.", no=what.lesson, day=day(what.on))
    return gettext("Lesson %(no)s not attended yet.", no=what.lesson)


def _business(what: Finding) -> str:
    if what.outcome is not Outcome.SEEN or what.enterprise is None:
        return gettext("No running business on record.")
    return gettext(
        "Business running since %(day)s: %(kind)s.",
        day=day(what.on),
        kind=ENTERPRISE_KINDS[what.enterprise],
    )


def _observed(what: Finding) -> str:
    on = day(what.on)
    is_so = what.outcome is Outcome.SEEN
    if what.need is Need.BUDGET:
        if is_so:
            return gettext("Keeps a budget, seen on %(day)s.", day=on)
        return gettext("Keeps no budget, seen on %(day)s.", day=on)
    if what.need is Need.SAVING:
        if is_so:
            return gettext(
                "Saves %(amount)s a month, seen on %(day)s.", amount=rupiah(what.amount), day=on
            )
        return gettext("Saves nothing, seen on %(day)s.", day=on)
    if is_so:
        return gettext("Uses the bank account, seen on %(day)s.", day=on)
    return gettext("Does not use the bank account, seen on %(day)s.", day=on)


def _to_ask(what: Finding) -> str:
    topics = {
        Need.BUDGET: gettext("Budget"),
        Need.SAVING: gettext("Saving"),
        Need.BANK: gettext("Use of the bank account"),
    }
    if what.outcome is Outcome.OUT_OF_DATE:
        return gettext(
            "%(topic)s: last asked on %(day)s. Ask again.",
            topic=topics[what.need],
            day=day(what.on),
        )
    return gettext("%(topic)s: not asked yet.", topic=topics[what.need])
