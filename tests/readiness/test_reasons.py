"""Reasons come out as sentences, in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

import casework.translations
from casework.economics.rules import LessonAttended
from casework.readiness.labels import CAUTIONS, SIGNALS, STATUSES, VERDICTS, evidence, reason
from casework.readiness.rules import (
    Answer,
    AttendanceYear,
    Caution,
    ReasonCode,
    Signal,
    Status,
    Verdict,
)
from tests.readiness.families import BUSINESS, PROSPEROUS, TODAY, assessed, indicator, observed, yes

TRANSLATIONS = str(Path(casework.translations.__file__).parent)


@pytest.fixture(autouse=True)
def _languages() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app, default_translation_directories=TRANSLATIONS)
    with app.test_request_context():
        yield


OLD = date(2025, 11, 11)
NO_ANSWER: dict[str, Answer] = {}

ROWS: list[tuple[str, dict[str, Any], ReasonCode, str, str]] = [
    (
        "attendance",
        {},
        ReasonCode.MONTHS_ATTENDED,
        "Present in 11 of the 12 months with a meeting (91%). Asked: at least 80%.",
        "Hadir di 11 dari 12 bulan yang ada P2K2-nya (91%). Syarat: paling sedikit 80%.",
    ),
    (
        "attendance",
        {"attendance": AttendanceYear(2, 2)},
        ReasonCode.TOO_FEW_MONTHS,
        "Months with a meeting, of twelve: 2; 6 are needed to tell.",
        "Bulan yang ada P2K2-nya, dari 12 bulan: 2; perlu 6 untuk menilai.",
    ),
    (
        "economics_lessons",
        {},
        ReasonCode.LESSONS_ATTENDED,
        "Economics lessons attended: 3. Asked: at least 3.",
        "Sesi ekonomi yang diikuti: 3. Syarat: paling sedikit 3.",
    ),
    (
        "economics_lessons",
        {"lessons": (LessonAttended(6, TODAY),)},
        ReasonCode.LESSONS_MISSED,
        "Economics lessons attended: 1; missing: 5, 7. Asked: at least 3.",
        "Sesi ekonomi yang diikuti: 1; terlewat: sesi 5, 7. Syarat: paling sedikit 3.",
    ),
    (
        "economics_understood",
        {},
        ReasonCode.LESSONS_UNDERSTOOD,
        "Economics lessons understood well: 3. Asked: at least 2.",
        "Sesi ekonomi yang dipahami baik: 3. Syarat: paling sedikit 2.",
    ),
    (
        "economics_understood",
        {"lessons": (LessonAttended(5, TODAY), LessonAttended(6, TODAY))},
        ReasonCode.UNDERSTANDING_NOT_ASSESSED,
        "Economics lessons understood well: 0; not assessed: 5, 6. Asked: at least 2.",
        "Sesi ekonomi yang dipahami baik: 0; belum dinilai: sesi 5, 6. Syarat: paling sedikit 2.",
    ),
    (
        "ladder",
        {},
        ReasonCode.RUNGS_REACHED,
        "Reached 4 of 4 steps of the ladder. Asked: at least 3.",
        "Tercapai 4 dari 4 langkah tangga. Syarat: paling sedikit 3.",
    ),
    (
        "ladder",
        {"observations": ()},
        ReasonCode.RUNGS_NOT_OBSERVED,
        "Reached 1 of 4 steps of the ladder; up to 4 once the family is asked. Asked: at least 3.",
        (
            "Tercapai 1 dari 4 langkah tangga; bisa sampai 4 setelah keluarga ditanya. "
            "Syarat: paling sedikit 3."
        ),
    ),
    (
        "livelihood",
        {},
        ReasonCode.BUSINESS_RUNNING,
        "Business running for 34 months, since 1 Jan 2024. Asked: at least 12 months.",
        "Usaha berjalan 34 bulan, sejak 1 Jan 2024. Syarat: paling sedikit 12 bulan.",
    ),
    (
        "livelihood",
        {"enterprises": ()},
        ReasonCode.NO_BUSINESS,
        "No running business on record.",
        "Belum ada usaha berjalan yang tercatat.",
    ),
    (
        "licence",
        {},
        ReasonCode.LICENCES_HELD,
        "Kinds of licence of the business: 1. Asked: at least 1.",
        "Jenis izin usaha: 1. Syarat: paling sedikit 1.",
    ),
    (
        "income",
        {},
        ReasonCode.INCOME_SEEN,
        "Income Rp 4,000,000 a month, seen on 12 Nov 2026. Asked: more than Rp 3,045,800.",
        "Penghasilan Rp 4.000.000 per bulan, diamati 12 Nov 2026. Syarat: lebih dari Rp 3.045.800.",
    ),
    (
        "income",
        {"observations": ()},
        ReasonCode.INCOME_NOT_ASKED,
        "Income not asked yet.",
        "Penghasilan belum ditanyakan.",
    ),
    (
        "income",
        {"observations": (observed(OLD, **PROSPEROUS),)},
        ReasonCode.INCOME_OUT_OF_DATE,
        "Income last asked on 11 Nov 2025, more than a year ago. Ask again.",
        "Penghasilan terakhir ditanyakan 11 Nov 2025, lebih dari setahun lalu. Tanyakan lagi.",
    ),
    (
        "savings",
        {},
        ReasonCode.SAVINGS_SEEN,
        "Savings Rp 6,000,000, seen on 12 Nov 2026. Asked: at least Rp 4,500,000.",
        "Tabungan Rp 6.000.000, diamati 12 Nov 2026. Syarat: paling sedikit Rp 4.500.000.",
    ),
    (
        "savings",
        {"observations": ()},
        ReasonCode.SAVINGS_NOT_ASKED,
        "Savings not asked yet.",
        "Tabungan belum ditanyakan.",
    ),
    (
        "savings",
        {"observations": (observed(OLD, **PROSPEROUS),)},
        ReasonCode.SAVINGS_OUT_OF_DATE,
        "Savings last asked on 11 Nov 2025, more than a year ago. Ask again.",
        "Tabungan terakhir ditanyakan 11 Nov 2025, lebih dari setahun lalu. Tanyakan lagi.",
    ),
    (
        "years",
        {},
        ReasonCode.MEMBER_FOR_YEARS,
        "On the programme since 2019 (7 years). Asked: more than 5 years.",
        "Peserta PKH sejak 2019 (7 tahun). Syarat: lebih dari 5 tahun.",
    ),
    (
        "years",
        {"member_since_year": None},
        ReasonCode.MEMBER_SINCE_UNKNOWN,
        "Year of entry not recorded.",
        "Tahun masuk belum tercatat.",
    ),
    (
        "asset",
        {},
        ReasonCode.ANSWERED_YES,
        "Answered yes on 12 Nov 2026.",
        "Dijawab ya pada 12 Nov 2026.",
    ),
    (
        "asset",
        {"answers": yes() | {"productive_asset": Answer(False, TODAY)}},
        ReasonCode.ANSWERED_NO,
        "Answered no on 12 Nov 2026.",
        "Dijawab tidak pada 12 Nov 2026.",
    ),
    (
        "asset",
        {"answers": NO_ANSWER},
        ReasonCode.NOT_ANSWERED,
        "Question not answered yet.",
        "Pertanyaan belum dijawab.",
    ),
    (
        "asset",
        {"answers": yes(OLD)},
        ReasonCode.ANSWER_OUT_OF_DATE,
        "Answered on 11 Nov 2025, too long ago. Ask again.",
        "Dijawab 11 Nov 2025, sudah terlalu lama. Tanyakan lagi.",
    ),
]


@pytest.mark.parametrize(("indicator_id", "changes", "code", "english", "indonesian"), ROWS)
def test_a_reason_is_a_sentence_in_both_languages(
    indicator_id: str, changes: dict[str, Any], code: ReasonCode, english: str, indonesian: str
) -> None:
    result = indicator(assessed(**changes), indicator_id).conditions[0]
    assert result.code is code
    sentence = reason(result)
    with force_locale("en"):
        assert str(sentence).replace("\xa0", " ") == english
    with force_locale("id"):
        assert str(sentence).replace("\xa0", " ") == indonesian


@pytest.mark.parametrize(
    ("code", "params", "sentence"),
    [
        (
            ReasonCode.ATTENDED,
            {"attended": 11, "held": 12, "percent": 91, "limit": 80},
            "Hadir 11 dari 12 pertemuan dalam 12 bulan (91%). Syarat: paling sedikit 80%.",
        ),
        (
            ReasonCode.TOO_FEW_MEETINGS,
            {"held": 2, "minimum": 6},
            "Pertemuan tercatat dalam 12 bulan: 2; perlu 6 untuk menilai.",
        ),
    ],
)
def test_what_was_frozen_when_meetings_were_counted_is_still_read(
    code: ReasonCode, params: dict[str, int], sentence: str
) -> None:
    attendance = indicator(assessed(), "attendance").conditions[0]
    with force_locale("id"):
        assert str(reason(replace(attendance, code=code, params=params))) == sentence


def test_every_reason_has_its_sentence() -> None:
    of_old = {ReasonCode.ATTENDED, ReasonCode.TOO_FEW_MEETINGS}
    assert {row[2] for row in ROWS} | of_old == set(ReasonCode)


def test_evidence_is_named_in_a_few_words() -> None:
    result = assessed()
    with force_locale("id"):
        lesson = evidence(indicator(result, "economics_lessons").conditions[0].evidence[0])
        income = evidence(indicator(result, "income").conditions[0].evidence[0])
        business = evidence(indicator(result, "livelihood").conditions[0].evidence[0])
        answer = evidence(indicator(result, "asset").conditions[0].evidence[0])
        assert [str(each) for each in (lesson, income, business, answer)] == [
            "Sesi 5 pada 5 Mar 2026",
            "Pengamatan 12 Nov 2026",
            f"Usaha sejak 1 Jan {BUSINESS.since_on.year}",
            "Jawaban pendamping 12 Nov 2026",
        ]


def test_every_word_a_person_sees_is_there() -> None:
    assert set(VERDICTS) == set(Verdict)
    assert set(STATUSES) == set(Status)
    assert set(SIGNALS) == set(Signal)
    assert set(CAUTIONS) == set(Caution)
