"""Readiness follows the facts, in the transaction that changes them."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from casework.access.actor import Actor
from casework.core.signals import household_facts_changed
from casework.readiness.actions import refresh


def connect() -> None:
    household_facts_changed.connect(_follow)


def _follow(sender: Actor, *, area_id: int, household_ids: Collection[uuid.UUID]) -> None:
    refresh(sender, area_id, household_ids)
