"""Figures that others have published, quoted with source and cut-off."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

_PUBLISHED = Path(__file__).parent.with_name("data") / "published.toml"


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """What somebody published, to be quoted with its source and cut-off, never to be summed."""

    label_id: str
    label_en: str
    households: int
    #: "achieved" or "target"
    kind: str
    #: A year, or a day where the publication named one.
    cut_off: str
    source: str
    note_id: str
    note_en: str

    @property
    def cut_off_day(self) -> date | None:
        """The day counted to; None where only a year is known."""
        return date.fromisoformat(self.cut_off) if len(self.cut_off) > 4 else None

    def label(self, locale: str) -> str:
        return self.label_id if locale == "id" else self.label_en

    def note(self, locale: str) -> str:
        return self.note_id if locale == "id" else self.note_en


@lru_cache
def published_figures() -> tuple[PublishedFigure, ...]:
    """The figures of data/published.toml, oldest first."""
    document = tomllib.loads(_PUBLISHED.read_text(encoding="utf-8"))
    return tuple(PublishedFigure(**figure) for figure in document["figure"])
