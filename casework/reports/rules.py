"""The texts of official documents; pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

_STATEMENT = Path(__file__).with_name("data") / "statement.toml"


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
    return read_statement(tomllib.loads(_STATEMENT.read_text(encoding="utf-8")))
