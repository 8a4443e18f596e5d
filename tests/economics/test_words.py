"""The lines of the ladder come out as sentences."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import Enum
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel, force_locale

import casework.translations
from casework.economics import labels
from casework.economics.rules import (
    BorrowsFrom,
    EnterpriseKind,
    Finding,
    Licence,
    Need,
    Outcome,
    Rung,
    RungStatus,
    SalesChannel,
    SupportKind,
)

ON = date(2026, 11, 12)


@pytest.fixture(autouse=True)
def _languages() -> Iterator[None]:
    app = Flask(__name__)
    folder = str(Path(casework.translations.__file__).parent)
    Babel(app, default_translation_directories=folder)
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("finding", "english", "indonesian"),
    [
        (
            Finding(Need.LESSON, Outcome.SEEN, ON, lesson=5),
            "Lesson 5 attended on 12 Nov 2026.",
            "Hadir di sesi 5 pada 12 Nov 2026.",
        ),
        (
            Finding(Need.LESSON, Outcome.NOT_SEEN, lesson=5),
            "Lesson 5 not attended yet.",
            "Belum hadir di sesi 5.",
        ),
        (
            Finding(Need.BUDGET, Outcome.SEEN, ON),
            "Keeps a budget, seen on 12 Nov 2026.",
            "Mencatat keuangan, diamati 12 Nov 2026.",
        ),
        (
            Finding(Need.BUDGET, Outcome.NOT_SEEN, ON),
            "Keeps no budget, seen on 12 Nov 2026.",
            "Tidak mencatat keuangan, diamati 12 Nov 2026.",
        ),
        (
            Finding(Need.SAVING, Outcome.SEEN, ON, amount=30_000),
            "Saves Rp 30,000 a month, seen on 12 Nov 2026.",
            "Menabung Rp 30.000 per bulan, diamati 12 Nov 2026.",
        ),
        (
            Finding(Need.SAVING, Outcome.NOT_SEEN, ON, amount=0),
            "Saves nothing, seen on 12 Nov 2026.",
            "Belum menabung, diamati 12 Nov 2026.",
        ),
        (
            Finding(Need.BANK, Outcome.SEEN, ON),
            "Uses the bank account, seen on 12 Nov 2026.",
            "Memakai rekening bank, diamati 12 Nov 2026.",
        ),
        (
            Finding(Need.BANK, Outcome.NOT_SEEN, ON),
            "Does not use the bank account, seen on 12 Nov 2026.",
            "Tidak memakai rekening bank, diamati 12 Nov 2026.",
        ),
        (
            Finding(Need.BANK, Outcome.OUT_OF_DATE, ON),
            "Use of the bank account: last asked on 12 Nov 2026. Ask again.",
            "Pemakaian rekening bank: terakhir ditanyakan 12 Nov 2026. Tanyakan lagi.",
        ),
        (
            Finding(Need.SAVING, Outcome.NOT_OBSERVED),
            "Saving: not asked yet.",
            "Tabungan: belum ditanyakan.",
        ),
        (
            Finding(Need.BUSINESS, Outcome.SEEN, ON, enterprise=EnterpriseKind.LIVESTOCK),
            "Business running since 12 Nov 2026: Livestock.",
            "Usaha berjalan sejak 12 Nov 2026: Peternakan.",
        ),
        (
            Finding(Need.BUSINESS, Outcome.NOT_SEEN),
            "No running business on record.",
            "Belum ada usaha berjalan yang tercatat.",
        ),
    ],
)
def test_a_finding_is_a_sentence_in_both_languages(
    finding: Finding, english: str, indonesian: str
) -> None:
    sentence = labels.finding(finding)
    with force_locale("en"):
        assert str(sentence).replace("\xa0", " ") == english
    with force_locale("id"):
        assert str(sentence).replace("\xa0", " ") == indonesian


@pytest.mark.parametrize(
    ("words", "members"),
    [
        (labels.SUPPORT_KINDS, SupportKind),
        (labels.BORROWS_FROM, BorrowsFrom),
        (labels.SALES_CHANNELS, SalesChannel),
        (labels.LICENCES, Licence),
        (labels.ENTERPRISE_KINDS, EnterpriseKind),
        (labels.RUNGS, Rung),
        (labels.RUNG_STATUSES, RungStatus),
    ],
)
def test_every_kind_has_its_word(words: dict[Enum, object], members: type[Enum]) -> None:
    assert set(words) == set(members)
