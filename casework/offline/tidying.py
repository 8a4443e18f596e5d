"""How long what phones sent is kept (docs/decisions/0018)."""

from __future__ import annotations

from datetime import timedelta

#: A command that comes again later is known by its claim, its observation or its check instead.
RECEIPTS_KEPT = timedelta(days=180)
#: Longer than any installation lets a phone tell of a meeting (366 days), and the month in which
#: phones bring again what a restore has lost.
CLAIMS_KEPT = timedelta(days=400)
