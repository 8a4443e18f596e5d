"""What several devices said of one meeting, put together; pure.

A phone tells what it was told while it had no signal, and may reach us days later, after another
phone, or after its own later word. So each save is kept as a claim beside what its author had
seen, and what stands is worked out from all the claims: in whatever order they come, the same
stands in the end (docs/decisions/0011).
"""

from __future__ import annotations

import uuid
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from casework.meetings.rules.epochs import epoch_of
from casework.meetings.rules.registers import (
    NOTE_LENGTH,
    Head,
    Mark,
    MarkedHow,
    Presence,
    Understanding,
)

#: The device of what was saved on the page itself, by whichever browser: a page is saved only
#: over what it showed, so these are in one order anyhow.
THE_PAGE = uuid.UUID(int=0)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one save said: of the meeting itself, of some families, or of both."""

    id: uuid.UUID
    device: uuid.UUID
    #: Counts the claims of its device; that is how its author knew of her own earlier ones.
    seq: int
    #: Version of the meeting that its author had seen; 0: none.
    base_version: int
    #: Version that the meeting got when this came.
    version: int
    said_by: uuid.UUID
    #: None: it says nothing of the meeting itself.
    head: Head | None
    marks: Mapping[uuid.UUID, Mark]
    #: Versions that the meeting got when this came before, each in an epoch that is over: a
    #: backup then took it away, and the phone sent it again.
    before: tuple[int, ...] = ()
    #: Of these marks, those that say nothing of the note: it was not on the phone.
    keeps_note: frozenset[uuid.UUID] = frozenset()
    #: With it the meeting was sent when it came before. So it is again, as soon as all that it was
    #: said to is here again.
    was_sent: bool = False

    @property
    def source(self) -> tuple[uuid.UUID, uuid.UUID]:
        """Whoever has seen all that came from there before: a person at one device of hers."""
        return self.device, self.said_by

    def knew(self, other: Claim) -> bool:
        """Whether its author had the other claim before her, and so means this one instead."""
        if self.source == other.source:
            return self.seq > other.seq
        return other.was_there(self.base_version)

    def was_there(self, version: int) -> bool:
        """Whether that version of the meeting had this in it."""
        if self.version <= version:
            return True
        epoch = epoch_of(version)
        return any(epoch_of(each) == epoch and each <= version for each in self.before)


def page_claim(
    meeting_id: uuid.UUID,
    version: int,
    said_by: uuid.UUID,
    head: Head | None,
    marks: Mapping[uuid.UUID, Mark],
) -> Claim:
    """What the save that made this version on the page said. The page had shown whatever had been
    said before. Of one save it is one claim, whenever it is made."""
    return Claim(
        id=uuid.uuid5(meeting_id, str(version)),
        device=THE_PAGE,
        seq=version,
        base_version=version - 1,
        version=version,
        said_by=said_by,
        head=head,
        marks=marks,
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What claims come to."""

    #: Where the claims differ over it, only what all of them say.
    head: Head
    #: The claims about it.
    heads: Sequence[Claim]
    marks: Mapping[uuid.UUID, Mark]
    #: Of families whose mark differs: the claims that say so. They have no mark.
    differing: Mapping[uuid.UUID, Sequence[Claim]]

    @property
    def is_head_differing(self) -> bool:
        return len({claim.head for claim in self.heads}) > 1


def standing(claims: Iterable[Claim]) -> Standing:
    """What stands after these claims, whatever order they came in. Where none has a head, that
    is empty: what it stood for was lost with a backup, and may come again."""
    # In one order, so that the notes joined below and the list of who differs are always alike.
    claims = sorted(claims, key=lambda claim: (claim.device, claim.seq, claim.id))
    heads = latest([claim for claim in claims if claim.head])
    marks: dict[uuid.UUID, Mark] = {}
    differing: dict[uuid.UUID, Sequence[Claim]] = {}
    for household in {key for claim in claims for key in claim.marks}:
        mark, who = agreed([claim for claim in claims if household in claim.marks], household)
        if mark is None:
            differing[household] = who
        else:
            marks[household] = mark
    head = _common([claim.head for claim in heads if claim.head])
    return Standing(head, heads, marks, differing)


def agreed(about: Sequence[Claim], household: uuid.UUID) -> tuple[Mark | None, Sequence[Claim]]:
    """The one mark that all these claims about a household come to, and whose word it is; None
    where they differ, and then who does."""
    last, noted = latest(about), latest(noting(about, household))
    mark = together(
        [claim.marks[household] for claim in last],
        [claim.marks[household].note for claim in noted],
    )
    # Where it is only that all notes together are too long, who wrote them.
    return mark, last if mark or len(last) > 1 else noted


def noting(claims: Iterable[Claim], household: uuid.UUID) -> list[Claim]:
    """Those that say something of its note. A note is a word of its own: a mark that leaves it
    as it is does not stand in its place."""
    return [
        claim for claim in claims if household in claim.marks and household not in claim.keeps_note
    ]


def latest(about: Iterable[Claim]) -> Sequence[Claim]:
    """Of the claims about something, those whose author's later word or whose reader's word
    on the same does not stand instead."""
    found = Latest()
    for claim in about:
        found.add(claim)
    return found.claims


class Latest:
    """`latest` of claims that are added one by one, without looking at all of them again for
    each."""

    def __init__(self) -> None:
        self._all: list[Claim] = []
        #: With the number of its source.
        self._last: list[tuple[Claim, int]] = []
        self._numbers: dict[_Source, int] = {}
        #: Of each source its highest count, and of each version the sources that had seen it.
        self._seqs: dict[int, int] = {}
        self._seen: dict[int, set[int]] = {}

    def add(self, claim: Claim) -> None:
        """As `Claim.knew` says, each with each."""
        source = self._numbers.setdefault(claim.source, len(self._numbers))
        is_known = self._seqs.get(source, 0) > claim.seq or any(
            claim.was_there(version) and sources != {source}
            for version, sources in self._seen.items()
        )
        # Who had seen nothing and said nothing before knows of none of them.
        if claim.base_version or source in self._seqs:
            self._last = [
                (each, of)
                for each, of in self._last
                if (
                    each.seq >= claim.seq
                    if of == source
                    else not each.was_there(claim.base_version)
                )
            ]
        if not is_known:
            self._last.append((claim, source))
        self._all.append(claim)
        self._seqs[source] = max(claim.seq, self._seqs.get(source, 0))
        self._seen.setdefault(claim.base_version, set()).add(source)

    @property
    def claims(self) -> Sequence[Claim]:
        # A broken counter could make claims that each know the other; then all are shown.
        return [each for each, _source in self._last] or self._all


def together(marks: Sequence[Mark], notes: Iterable[str]) -> Mark | None:
    """One mark that says what all of these say, with all of the notes; None where they differ.

    An understanding that nobody has assessed yet contradicts none.
    """
    presence = _one({mark.presence for mark in marks})
    if presence is None:
        return None
    assessed = {mark.understanding for mark in marks} - {None}
    note = joined_notes(notes)
    if len(assessed) > 1 or len(note) > NOTE_LENGTH:
        return None
    understanding: Understanding | None = next(iter(assessed), None)
    is_chosen = presence is Presence.PRESENT and understanding is not None
    return Mark(
        presence,
        understanding,
        note,
        _how(mark.marked_how for mark in marks),
        _how(each for mark in marks if (each := mark.assessed_how)) if is_chosen else None,
    )


def joined_notes(notes: Iterable[str]) -> str:
    """Each note once; it may be too long to be one."""
    return " / ".join(dict.fromkeys(filter(None, notes)))


def _how(ways: Iterable[MarkedHow]) -> MarkedHow:
    """In bulk only where nobody looked at the one family."""
    return MarkedHow.BULK if set(ways) == {MarkedHow.BULK} else MarkedHow.SINGLE


def _common(heads: Sequence[Head]) -> Head:
    if not heads:
        return Head(0)
    mask = heads[0].lesson_mask
    for head in heads:
        mask &= head.lesson_mask
    return Head(
        mask,
        _one({head.topic for head in heads}) or "",
        _one({head.starts_at for head in heads}),
        _one({head.ends_at for head in heads}),
        _one({head.place for head in heads}) or "",
    )


_Source = tuple[uuid.UUID, uuid.UUID]
_Value = TypeVar("_Value", bound=Hashable)


def _one(values: set[_Value]) -> _Value | None:
    return next(iter(values)) if len(values) == 1 else None
