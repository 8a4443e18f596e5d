"""How a lower feature tells of a change without knowing who listens; `wiring` connects."""

from __future__ import annotations

from blinker import Namespace

_signals = Namespace()

#: Sent inside the transaction that changed something readiness is computed from.
#: Sender: the actor. Keywords: area_id (int), household_ids (collection of UUID).
household_facts_changed = _signals.signal("household-facts-changed")

#: Asked, not told: in how many groups' care is a person, and how many of them lie outside the
#: region she has now? Sender: the actor who asks. Keyword: user_id. Each receiver answers with
#: (all, outside).
care_asked = _signals.signal("care-asked")

#: Asked: which regencies lie in the actor's region? Sender: the actor. The one receiver answers
#: with their numbers; with none where the region is only a part of one.
areas_asked = _signals.signal("areas-asked")

#: Asked: what are these people called? Sender: the actor. Keyword: user_ids (collection of UUID).
#: The one receiver answers with id -> name; whoever has no account any more is not among them.
names_asked = _signals.signal("names-asked")
