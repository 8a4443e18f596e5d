"""The texts of official documents; pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

_TEXTS = Path(__file__).with_name("data")


class StatementReason(StrEnum):
    """Why a family leaves by its own will: the four variants that offices print."""

    BETTER_OFF = "better_off"
    FIVE_YEARS = "five_years"
    ABOVE_MINIMUM_WAGE = "above_minimum_wage"
    PUBLIC_POST = "public_post"


@dataclass(frozen=True, slots=True)
class StatementText:
    """The wording of the Surat Pernyataan Graduasi Mandiri."""

    title: str
    opening: str
    #: By the reason; whole sentences.
    declares: Mapping[StatementReason, str]
    understands: str
    clauses: tuple[str, ...]
    closing: str
    stamp: str
    #: Above whose name: declarer, known, facilitator, village_head.
    signs: Mapping[str, str]


def read_statement(document: Mapping[str, Any]) -> StatementText:
    """Raises: KeyError where the wording of something is missing."""
    reasons = document["reasons"]
    return StatementText(
        title=document["title"],
        opening=document["opening"],
        declares={
            reason: document["declares"].replace("{reason}", reasons[reason.value])
            for reason in StatementReason
        },
        understands=document["understands"],
        clauses=tuple(document["clauses"]),
        closing=document["closing"],
        stamp=document["stamp"],
        signs={
            who: document["signs"][who]
            for who in ("declarer", "known", "facilitator", "village_head")
        },
    )


@lru_cache
def statement_text() -> StatementText:
    """The wording of this installation (`data/statement.toml`)."""
    return read_statement(_document("statement"))


@dataclass(frozen=True, slots=True)
class CertificateText:
    """The wording of the piagam of a graduation."""

    title: str
    subtitle: str
    given_to: str
    #: Whole sentences, with {village}, {district}, {regency} and {stage}.
    declares: str
    wish: str
    #: With {number} and {year}.
    stage: str

    def says(self, *, village: str, district: str, regency: str, stage: str) -> str:
        """What stands below the family's name; `stage` as "2026-4"."""
        year, number = stage.split("-")
        return self.declares.format(
            village=village,
            district=district,
            regency=regency,
            stage=self.stage.format(number=number, year=year),
        )


def read_certificate(document: Mapping[str, Any]) -> CertificateText:
    """Raises: KeyError where the wording of something is missing, or where it asks for more than
    is known of a family."""
    text = CertificateText(**{each.name: document[each.name] for each in fields(CertificateText)})
    text.says(village="", district="", regency="", stage="2026-1")
    return text


@lru_cache
def certificate_text() -> CertificateText:
    """The wording of this installation (`data/certificate.toml`)."""
    return read_certificate(_document("certificate"))


def _document(name: str) -> Mapping[str, Any]:
    return tomllib.loads((_TEXTS / f"{name}.toml").read_text(encoding="utf-8"))
