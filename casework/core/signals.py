"""How a lower feature tells of a change without knowing who listens; `wiring` connects."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

#: Sent inside the transaction that changed something readiness is computed from.
#: Sender: the actor. Keywords: area_id (int), household_ids (collection of UUID).
household_facts_changed = _signals.signal("household-facts-changed")
