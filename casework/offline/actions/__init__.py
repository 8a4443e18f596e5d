"""Carrying out what phones sent, and what is kept of it."""

from casework.offline.actions.carrying_out import (
    Answer,
    AnsweredMeanwhile,
    Answers,
    Body,
    Observed,
    Photographed,
    RegisterSaid,
    carry_out,
    refuse,
)

__all__ = [
    "Answer",
    "AnsweredMeanwhile",
    "Answers",
    "Body",
    "Observed",
    "Photographed",
    "RegisterSaid",
    "carry_out",
    "refuse",
]
