"""One row per boundary of each indicator of the example instrument."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from casework.economics.rules import (
    BorrowsFrom,
    EnterpriseFacts,
    EnterpriseKind,
    LessonAttended,
    Licence,
)
from casework.readiness.instruments import current
from casework.readiness.rules import (
    Answer,
    AttendanceYear,
    Caution,
    Check,
    Components,
    ReasonCode,
    Status,
    latest_answers,
)
from casework.readiness.rules.standing import whole_months
from tests.readiness.families import (
    BUSINESS,
    LESSONS,
    PROSPEROUS,
    TODAY,
    YEAR_AGO,
    assessed,
    indicator,
    observed,
    yes,
)

MET, NOT_MET, UNKNOWN = Status.MET, Status.NOT_MET, Status.UNKNOWN
DAY = timedelta(days=1)


def lesson(number: int, understood: bool | None = True, on: date = TODAY) -> LessonAttended:
    return LessonAttended(number, on, understood)


def seen(on: date = TODAY, **values: Any) -> dict[str, Any]:
    return {"observations": (observed(on, **(PROSPEROUS | values)),)}


def business(since: date, ended: date | None = None, *licences: Licence) -> dict[str, Any]:
    facts = EnterpriseFacts(EnterpriseKind.CRAFT, since, ended, frozenset(licences))
    return {"enterprises": (facts,)}


@pytest.mark.parametrize(
    ("indicator_id", "changes", "status", "code"),
    [
        ("attendance", {"attendance": AttendanceYear(10, 8)}, MET, ReasonCode.MONTHS_ATTENDED),
        ("attendance", {"attendance": AttendanceYear(11, 8)}, NOT_MET, ReasonCode.MONTHS_ATTENDED),
        ("attendance", {"attendance": AttendanceYear(6, 6)}, MET, ReasonCode.MONTHS_ATTENDED),
        ("attendance", {"attendance": AttendanceYear(5, 5)}, UNKNOWN, ReasonCode.TOO_FEW_MONTHS),
        ("attendance", {"attendance": AttendanceYear(0, 0)}, UNKNOWN, ReasonCode.TOO_FEW_MONTHS),
        ("economics_lessons", {}, MET, ReasonCode.LESSONS_ATTENDED),
        ("economics_lessons", {"lessons": LESSONS[:2]}, NOT_MET, ReasonCode.LESSONS_MISSED),
        (
            "economics_lessons",
            {"lessons": (*LESSONS[:2], lesson(7, on=TODAY + DAY))},
            NOT_MET,
            ReasonCode.LESSONS_MISSED,
        ),
        (
            "economics_lessons",
            {"lessons": (*LESSONS[:2], lesson(8), lesson(5))},
            NOT_MET,
            ReasonCode.LESSONS_MISSED,
        ),
        (
            "economics_understood",
            {"lessons": (lesson(5), lesson(6), lesson(7, False))},
            MET,
            ReasonCode.LESSONS_UNDERSTOOD,
        ),
        (
            "economics_understood",
            {"lessons": (lesson(5), lesson(6, False), lesson(7, False))},
            NOT_MET,
            ReasonCode.LESSONS_UNDERSTOOD,
        ),
        (
            "economics_understood",
            {"lessons": (lesson(5), lesson(6, None), lesson(7, False))},
            UNKNOWN,
            ReasonCode.UNDERSTANDING_NOT_ASSESSED,
        ),
        (
            "economics_understood",
            {"lessons": (lesson(5, False), lesson(6, None), lesson(7, False))},
            NOT_MET,
            ReasonCode.LESSONS_UNDERSTOOD,
        ),
        (
            "economics_understood",  # poor at first, good when repeated
            {"lessons": (lesson(5, False), lesson(5, True), lesson(6))},
            MET,
            ReasonCode.LESSONS_UNDERSTOOD,
        ),
        ("ladder", seen(uses_bank_account=False), MET, ReasonCode.RUNGS_REACHED),
        (
            "ladder",
            seen(uses_bank_account=False, saves_per_month=0),
            NOT_MET,
            ReasonCode.RUNGS_REACHED,
        ),
        (
            "ladder",
            seen(uses_bank_account=False, saves_per_month=None),
            UNKNOWN,
            ReasonCode.RUNGS_NOT_OBSERVED,
        ),
        ("income", seen(income_per_month=3_045_801), MET, ReasonCode.INCOME_SEEN),
        ("income", seen(income_per_month=3_045_800), NOT_MET, ReasonCode.INCOME_SEEN),
        ("income", seen(income_per_month=None), UNKNOWN, ReasonCode.INCOME_NOT_ASKED),
        ("income", seen(YEAR_AGO), MET, ReasonCode.INCOME_SEEN),
        ("income", seen(YEAR_AGO - DAY), UNKNOWN, ReasonCode.INCOME_OUT_OF_DATE),
        ("income", seen(TODAY + DAY), UNKNOWN, ReasonCode.INCOME_NOT_ASKED),
        ("income_wage", seen(income_per_month=3_775_425), MET, ReasonCode.INCOME_SEEN),
        ("income_wage", seen(income_per_month=3_775_424), NOT_MET, ReasonCode.INCOME_SEEN),
        ("savings", seen(savings_total=4_500_000), MET, ReasonCode.SAVINGS_SEEN),
        ("savings", seen(savings_total=4_499_999), NOT_MET, ReasonCode.SAVINGS_SEEN),
        ("savings", seen(savings_total=None), UNKNOWN, ReasonCode.SAVINGS_NOT_ASKED),
        ("savings", seen(YEAR_AGO - DAY), UNKNOWN, ReasonCode.SAVINGS_OUT_OF_DATE),
        ("licence", {}, MET, ReasonCode.LICENCES_HELD),
        ("licence", business(date(2024, 1, 1)), NOT_MET, ReasonCode.LICENCES_HELD),
        (
            "licence",
            business(date(2024, 1, 1), TODAY, Licence.NIB),
            NOT_MET,
            ReasonCode.NO_BUSINESS,
        ),
        ("licence", {"enterprises": ()}, NOT_MET, ReasonCode.NO_BUSINESS),
        ("years", {"member_since_year": 2020}, MET, ReasonCode.MEMBER_FOR_YEARS),
        ("years", {"member_since_year": 2021}, NOT_MET, ReasonCode.MEMBER_FOR_YEARS),
        ("years", {"member_since_year": None}, UNKNOWN, ReasonCode.MEMBER_SINCE_UNKNOWN),
        ("years", {"member_since_year": 2027}, UNKNOWN, ReasonCode.MEMBER_SINCE_UNKNOWN),
    ],
)
def test_an_indicator_is_met_from_its_boundary_on(
    indicator_id: str, changes: dict[str, Any], status: Status, code: ReasonCode
) -> None:
    result = indicator(assessed(**changes), indicator_id)
    assert (result.status, result.conditions[0].code) == (status, code)
    assert result.points == (result.indicator.weight if status is MET else 0)


NO_STEADY_WORK = yes() | {"steady_work": Answer(False, TODAY)}
NOT_ASKED = {key: answer for key, answer in yes().items() if key != "steady_work"}


@pytest.mark.parametrize(
    ("since", "answers", "status"),
    [
        (date(2025, 11, 12), NO_STEADY_WORK, MET),
        (date(2025, 11, 13), NO_STEADY_WORK, NOT_MET),
        (date(2025, 11, 13), NOT_ASKED, UNKNOWN),
        (date(2025, 11, 13), yes(), MET),
        (date(2025, 11, 12), NOT_ASKED, MET),
    ],
)
def test_a_business_of_a_year_or_steady_work_is_a_livelihood(
    since: date, answers: dict[str, Answer], status: Status
) -> None:
    result = indicator(assessed(answers, **business(since)), "livelihood")
    assert result.status is status
    assert len(result.conditions) == 2


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (Answer(True, TODAY), MET, ReasonCode.ANSWERED_YES),
        (Answer(False, TODAY), NOT_MET, ReasonCode.ANSWERED_NO),
        (Answer(True, TODAY - 180 * DAY), MET, ReasonCode.ANSWERED_YES),
        (Answer(True, TODAY - 181 * DAY), UNKNOWN, ReasonCode.ANSWER_OUT_OF_DATE),
        (Answer(False, TODAY - 181 * DAY), UNKNOWN, ReasonCode.ANSWER_OUT_OF_DATE),
        (Answer(True, TODAY + DAY), UNKNOWN, ReasonCode.NOT_ANSWERED),
        (None, UNKNOWN, ReasonCode.NOT_ANSWERED),
    ],
)
@pytest.mark.parametrize(
    ("indicator_id", "question"),
    [
        ("mental_readiness", "family_is_ready"),
        ("asset", "productive_asset"),
        ("commitments", "school_and_health"),
    ],
)
def test_a_question_is_met_by_a_yes_that_is_not_too_old(
    indicator_id: str, question: str, answer: Answer | None, status: Status, code: ReasonCode
) -> None:
    answers = {key: value for key, value in yes().items() if key != question}
    if answer is not None:
        answers[question] = answer
    result = indicator(assessed(answers), indicator_id)
    assert (result.status, result.conditions[0].code) == (status, code)


@pytest.mark.parametrize(
    ("since", "until", "months"),
    [
        (date(2026, 1, 31), date(2026, 2, 28), 0),
        (date(2026, 1, 31), date(2026, 3, 1), 1),
        (date(2026, 1, 15), date(2026, 2, 14), 0),
        (date(2026, 1, 15), date(2026, 2, 15), 1),
        (date(2024, 2, 29), date(2025, 2, 28), 11),
        (date(2024, 2, 29), date(2025, 3, 1), 12),
        (date(2026, 1, 1), date(2026, 1, 1), 0),
    ],
)
def test_only_completed_months_count(since: date, until: date, months: int) -> None:
    assert whole_months(since, until) == months


@pytest.mark.parametrize(
    ("components", "cautions"),
    [
        (None, ()),
        (Components(others=1), ()),
        (Components(elderly=1), (Caution.ONLY_ELDERLY,)),
        (Components(elderly=1, others=1), ()),
        (Components(elderly=1, disability=1), (Caution.DISABILITY,)),
        (Components(disability=1), (Caution.DISABILITY,)),
        (Components(pregnant=1, others=1), (Caution.PREGNANT,)),
        (Components(), (Caution.NO_COMPONENT,)),
    ],
)
def test_vulnerable_families_are_pointed_out_without_changing_the_verdict(
    components: Components | None, cautions: tuple[Caution, ...]
) -> None:
    result = assessed(components=components)
    assert result.cautions == cautions
    assert (result.verdict, result.score) == (assessed().verdict, assessed().score)


@pytest.mark.parametrize(
    ("answer", "cautions"),
    [
        (None, ()),
        (Answer(False, TODAY), ()),
        (Answer(True, TODAY), (Caution.UNFIT_HOUSE,)),
        # A house does not mend itself: the warning stands until somebody says otherwise.
        (Answer(True, TODAY - timedelta(days=900)), (Caution.UNFIT_HOUSE,)),
        (Answer(True, TODAY + timedelta(days=1)), ()),
    ],
)
def test_an_unfit_house_is_pointed_out_without_changing_the_verdict(
    answer: Answer | None, cautions: tuple[Caution, ...]
) -> None:
    answers = yes() | ({} if answer is None else {"house_unfit": answer})
    result = assessed(answers)
    assert result.cautions == cautions
    assert (result.verdict, result.score) == (assessed().verdict, assessed().score)


def test_a_debt_with_a_moneylender_is_pointed_out() -> None:
    result = assessed(**seen(borrows_from=BorrowsFrom.MONEYLENDER))
    assert result.cautions == (Caution.BORROWS_FROM_MONEYLENDER,)


def test_a_value_can_be_followed_back_to_its_records() -> None:
    result = assessed()
    lessons = indicator(result, "economics_lessons").conditions[0].evidence
    assert [(each.lesson, each.on) for each in lessons] == [
        (each.running_no, each.on) for each in LESSONS
    ]
    assert indicator(result, "income").conditions[0].evidence[0].on == TODAY
    assert indicator(result, "livelihood").conditions[0].evidence[0].on == BUSINESS.since_on


def test_what_is_missing_names_gates_first_then_by_weight() -> None:
    result = assessed({}, **seen(income_per_month=0), member_since_year=None)
    assert [each.indicator.id for each in result.missing] == [
        "income",
        "asset",
        "commitments",
        "mental_readiness",
        "income_wage",
        "years",
    ]
    assert [each.indicator.id for each in result.open_gates] == [
        "income",
        "asset",
        "commitments",
        "mental_readiness",
    ]


def check(on: date, minute: int, **answers: bool) -> Check:
    return Check(on, datetime(2026, 11, 12, 8, minute, tzinfo=UTC), answers)


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(
    ("checks", "expected"),
    [
        ([], {}),
        ([check(TODAY + DAY, 0, a=True)], {}),
        (
            [check(TODAY - DAY, 1, a=True, b=True), check(TODAY, 0, a=False)],
            {"a": Answer(False, TODAY), "b": Answer(True, TODAY - DAY)},
        ),
        ([check(TODAY, 0, a=False), check(TODAY, 1, a=True)], {"a": Answer(True, TODAY)}),
        ([check(TODAY, 0, a=True), check(TODAY, 0, a=False)], {"a": Answer(False, TODAY)}),
    ],
)
def test_the_last_answer_to_each_question_counts(
    checks: list[Check], expected: dict[str, Answer], backwards: bool
) -> None:
    assert latest_answers(checks[::-1] if backwards else checks, TODAY) == expected


@pytest.mark.parametrize(("held", "attended"), [(1, 2), (1, -1)])
def test_more_attended_than_held_is_refused(held: int, attended: int) -> None:
    with pytest.raises(ValueError, match="attended"):
        AttendanceYear(held, attended)


def test_a_result_names_the_rules_it_was_computed_by() -> None:
    assert assessed().rule_version == "example-2026.3/2"
    assert not current().is_official
    assert current().notice("en").startswith("An example, not the official instrument")
    assert current().notice("id").startswith("Contoh, bukan instrumen resmi")
