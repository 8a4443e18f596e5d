"""Words for the time after graduation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from casework.aftercare.rules import Seen
from casework.aftercare.rules.slipping import FALL_PERCENT
from casework.aftercare.states import (
    Livelihood,
    NextStep,
    Shock,
    Sign,
    Unable,
    VisitState,
)
from casework.web.locale import day, rupiah

VISIT_STATES = {
    VisitState.AHEAD: lazy_gettext("Not yet"),
    VisitState.DUE: lazy_gettext("To visit"),
    VisitState.LATE: lazy_gettext("Late"),
    VisitState.DONE: lazy_gettext("Visited"),
    VisitState.NOT_POSSIBLE: lazy_gettext("Not spoken with"),
    VisitState.MISSED: lazy_gettext("Not visited"),
    VisitState.NOT_ASKED: lazy_gettext("Before the outcome was known"),
}

LIVELIHOODS = {
    Livelihood.RUNNING: lazy_gettext("Runs as before, or better"),
    Livelihood.SMALLER: lazy_gettext("Runs, but smaller"),
    Livelihood.STOPPED: lazy_gettext("Stopped, nothing in its place"),
    Livelihood.ANOTHER: lazy_gettext("Another business or steady work in its place"),
    Livelihood.NO_BUSINESS: lazy_gettext("Never had a business, lives by its work"),
}

SHOCKS = {
    Shock.ILLNESS: lazy_gettext("Serious illness"),
    Shock.DEATH: lazy_gettext("A death in the family"),
    Shock.CROP_FAILURE: lazy_gettext("Crop failure, or livestock died"),
    Shock.JOB_LOSS: lazy_gettext("Somebody lost work"),
    Shock.DISASTER: lazy_gettext("Flood, fire or another disaster"),
    Shock.DEBT: lazy_gettext("A debt it can hardly repay"),
    Shock.OTHER: lazy_gettext("Something else"),
}

UNABLE = {
    Unable.MOVED: lazy_gettext("The family has moved away"),
    Unable.NOT_FOUND: lazy_gettext("Nobody was found"),
    Unable.DECLINES: lazy_gettext("The family does not want to be visited"),
}

NEXT_STEPS = {
    NextStep.NOTHING: lazy_gettext("Nothing more is needed"),
    NextStep.VISIT_AGAIN: lazy_gettext("Come again soon"),
    NextStep.BUSINESS_SUPPORT: lazy_gettext("Link with training, equipment or credit"),
    NextStep.HEALTH_OR_SCHOOL: lazy_gettext("Go along to the health centre or the school"),
    NextStep.VILLAGE_PROPOSAL: lazy_gettext("Help the family apply at the village (musdes, DTSEN)"),
}

#: In lists; the family's page says each in a sentence (`signs_in_words`).
SIGNS = {
    Sign.INCOME_BELOW_LINE: lazy_gettext("Income below the limit"),
    Sign.INCOME_FELL: lazy_gettext("Income fell"),
    Sign.BUSINESS_STOPPED: lazy_gettext("Business stopped"),
    Sign.HEAVY_SHOCK: lazy_gettext("Hit hard"),
    Sign.SEVERAL_SHOCKS: lazy_gettext("Hit several times"),
    Sign.MONEYLENDER: lazy_gettext("Moneylender again"),
}

_Params = Mapping[str, Any]


def _shocks(params: _Params) -> str:
    return ", ".join(str(SHOCKS[Shock(each)]) for each in params["shocks"])


_SENTENCES: Mapping[Sign, Callable[[_Params], str]] = {
    Sign.INCOME_BELOW_LINE: lambda p: gettext(
        "Income %(amount)s a month, not above %(limit)s, which the readiness check asks.",
        amount=rupiah(p["amount"]),
        limit=rupiah(p["limit"]),
    ),
    Sign.INCOME_FELL: lambda p: gettext(
        "Income fell from %(before)s to %(amount)s a month, by more than %(percent)s percent.",
        before=rupiah(p["before"]),
        amount=rupiah(p["amount"]),
        percent=FALL_PERCENT,
    ),
    Sign.BUSINESS_STOPPED: lambda _p: gettext("The business stopped, nothing in its place."),
    Sign.HEAVY_SHOCK: lambda p: gettext("Hit hard: %(shocks)s.", shocks=_shocks(p)),
    Sign.SEVERAL_SHOCKS: lambda p: gettext("Hit several times: %(shocks)s.", shocks=_shocks(p)),
    Sign.MONEYLENDER: lambda _p: gettext("Borrows from a moneylender again."),
}


def signs_in_words(documents: list[dict[str, Any]]) -> list[str]:
    """Each sign as it is kept with its visit, in a sentence."""
    return [
        _SENTENCES[seen.sign](seen.params)
        for seen in (Seen.of_document(each) for each in documents)
    ]


def signs_in_short(documents: list[dict[str, Any]]) -> str:
    return ", ".join(str(SIGNS[Seen.of_document(each).sign]) for each in documents)


def too_early(opens_on: date) -> LazyString:
    """Why a day counts for no visit."""
    return LazyString(lambda: gettext("The first visit counts from %(day)s.", day=day(opens_on)))


def too_late(closes_on: date) -> LazyString:
    return LazyString(
        lambda: gettext("The time of the visits was over on %(day)s.", day=day(closes_on))
    )


def visit_name(months: int) -> str:
    return ngettext("Visit after %(num)d month", "Visit after %(num)d months", months)
