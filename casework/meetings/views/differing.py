"""What devices say differently of a meeting, in words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext

from casework.curriculum.rules import from_mask
from casework.meetings.labels import PRESENCES, UNDERSTANDINGS
from casework.meetings.queries.claims import Said, differing
from casework.meetings.queries.register import Register
from casework.meetings.rules import Head, Mark, Presence
from casework.web.locale import moment


@dataclass(frozen=True, slots=True)
class Told:
    #: By family: who says what.
    families: Mapping[uuid.UUID, str] = field(default_factory=dict)
    #: What is to be settled, for the top of the page; empty: nothing.
    notice: str = ""


def what_differs(found: Register) -> Told:
    """Asks the database only where something differs."""
    now = differing(found)
    notice = []
    if number := len(found.differing):
        notice.append(
            ngettext(
                "%(num)s family was marked differently.",
                "%(num)s families were marked differently.",
                number,
            )
        )
    if now.head:
        notice.append(
            _(
                "Lesson, time or place differ: %(who)s.",
                who="; ".join(_who(head_in_words(said.claim.head), said) for said in now.head.said),
            )
        )
    families = {
        key: _("Differs: %(who)s", who="; ".join(_marks(key, each.said)))
        for key, each in now.families.items()
    }
    return Told(families, " ".join(notice))


def _marks(family: uuid.UUID, said: Iterable[Said]) -> Iterable[str]:
    return (_who(mark_in_words(each.claim.marks[family]), each) for each in said)


def _who(words: str, said: Said) -> str:
    return f"{words} ({said.name}, {moment(said.received_at)})"


def mark_in_words(mark: Mark) -> str:
    words = [str(PRESENCES[mark.presence])]
    if mark.presence is Presence.PRESENT and mark.understanding:
        words.append(str(UNDERSTANDINGS[mark.understanding]).lower())
    if mark.note:
        words.append(f"“{mark.note}”")
    return ", ".join(words)


def head_in_words(head: Head | None) -> str:
    if head is None:
        return "–"
    lessons = ", ".join(str(each.running_no) for each in from_mask(head.lesson_mask))
    words = [_("lesson %(numbers)s", numbers=lessons)] if lessons else []
    # 09.00–11.00
    words.append("–".join(at.strftime("%H.%M") for at in (head.starts_at, head.ends_at) if at))
    return ", ".join(word for word in (*words, head.topic, head.place) if word)
