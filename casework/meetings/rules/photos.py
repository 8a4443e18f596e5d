from __future__ import annotations

#: Of one meeting. The monthly report takes one to three; the rest is for the signed sheet, for what
#: a second phone sends, and for choosing (docs/decisions/0015).
MOST_PHOTOS = 6
#: Of one meeting ever: what is removed stays sealed on the disk, and that has an end.
MOST_PHOTOS_EVER = 30
