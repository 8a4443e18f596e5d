from __future__ import annotations

#: Of one meeting. The monthly report takes one to three; the rest is for the signed sheet, for what
#: a second phone sends, and for choosing (docs/decisions/0016).
MOST_PHOTOS = 6
