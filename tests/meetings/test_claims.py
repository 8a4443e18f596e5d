"""What several devices say of one meeting, put together; no database."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.meetings.rules import (
    Claim,
    Head,
    Mark,
    MarkedHow,
    Presence,
    Standing,
    Understanding,
    standing,
    together,
)

PHONE, OTHER, THIRD = (uuid.UUID(int=number) for number in (1, 2, 3))
ANI, BUDI = (uuid.UUID(int=number) for number in (101, 102))
HEAD = Head(0b1, "", None, None, "Balai")

HERE = Mark(Presence.PRESENT)
GOOD = Mark(Presence.PRESENT, Understanding.GOOD, assessed_how=MarkedHow.SINGLE)
POOR = Mark(Presence.PRESENT, Understanding.POOR, assessed_how=MarkedHow.SINGLE)
IN_BULK = Mark(Presence.PRESENT, marked_how=MarkedHow.BULK)
SICK = Mark(Presence.SICK, Understanding.NOT_ASSESSABLE)


def claim(
    device: uuid.UUID,
    marks: Mapping[uuid.UUID, Mark],
    *,
    seq: int = 1,
    base: int = 0,
    version: int = 1,
    head: Head | None = HEAD,
    keeps: frozenset[uuid.UUID] = frozenset(),
) -> Claim:
    claim_id = uuid.uuid5(device, str(seq))
    return Claim(claim_id, device, seq, base, version, device, head, marks, keeps_note=keeps)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([HERE], HERE),
        ([HERE, HERE], HERE),
        ([HERE, SICK], None),
        ([GOOD, POOR], None),
        # Nobody has assessed it yet: that contradicts nothing.
        ([HERE, GOOD], GOOD),
        ([HERE, GOOD, POOR], None),
        # Somebody looked at the family itself.
        ([HERE, IN_BULK], HERE),
        ([IN_BULK, IN_BULK], IN_BULK),
        # Notes are all kept, each once.
        (
            [replace(HERE, note="terlambat"), replace(HERE, note="anak sakit")],
            replace(HERE, note="terlambat / anak sakit"),
        ),
        ([replace(HERE, note="terlambat"), replace(HERE, note="terlambat")],
         replace(HERE, note="terlambat")),
        # They would not fit.
        ([replace(HERE, note="a" * 120), replace(HERE, note="b" * 120)], None),
    ],
)  # fmt: skip
def test_marks_together(marks: Sequence[Mark], expected: Mark | None) -> None:
    assert together(marks, [mark.note for mark in marks]) == expected


def test_a_phone_s_later_word_stands_though_it_comes_first() -> None:
    later = claim(PHONE, {ANI: SICK}, seq=2, version=1)
    earlier = claim(PHONE, {ANI: HERE, BUDI: HERE}, seq=1, version=2)
    assert standing([later, earlier]).marks == {ANI: SICK, BUDI: HERE}


@pytest.mark.parametrize("came", [(1, 2), (2, 1)])
def test_a_note_stands_until_somebody_says_another(came: tuple[int, int]) -> None:
    """The phone that wrote it cannot read it again; its correction leaves it as it is."""
    noted = claim(PHONE, {ANI: replace(SICK, note="demam")}, seq=1, version=came[0])
    kept = claim(PHONE, {ANI: HERE}, seq=2, version=came[1], keeps=frozenset([ANI]))
    assert standing([noted, kept]).marks == {ANI: replace(HERE, note="demam")}
    anew = claim(PHONE, {ANI: replace(HERE, note="sembuh")}, seq=3, version=3)
    assert standing([noted, anew, kept]).marks == {ANI: replace(HERE, note="sembuh")}
    taken_back = claim(PHONE, {ANI: HERE}, seq=3, version=3)
    assert standing([taken_back, noted, kept]).marks == {ANI: HERE}


def test_notes_that_do_not_fit_together_differ_by_whoever_wrote_them() -> None:
    one = claim(PHONE, {ANI: replace(HERE, note="a" * 120)}, version=1)
    two = claim(OTHER, {ANI: replace(HERE, note="b" * 120)}, version=2)
    kept = claim(THIRD, {ANI: SICK}, base=2, version=3, keeps=frozenset([ANI]))
    now = standing([one, two, kept])
    assert (now.marks, now.differing) == ({}, {ANI: [one, two]})


def test_two_who_knew_nothing_of_each_other_differ() -> None:
    one = claim(PHONE, {ANI: HERE, BUDI: HERE}, version=1)
    two = claim(OTHER, {ANI: SICK, BUDI: HERE}, version=2)
    now = standing([one, two])
    assert now.marks == {BUDI: HERE}
    assert now.differing == {ANI: [one, two]}


def test_who_had_seen_both_settles_it() -> None:
    one = claim(PHONE, {ANI: HERE}, version=1)
    two = claim(OTHER, {ANI: SICK}, version=2)
    settled = claim(THIRD, {ANI: SICK}, base=2, version=3)
    now = standing([one, two, settled])
    assert (now.marks, now.differing) == ({ANI: SICK}, {})


def test_a_correction_of_what_has_changed_meanwhile_differs() -> None:
    sent = claim(PHONE, {ANI: HERE}, version=1)
    first = claim(OTHER, {ANI: SICK}, base=1, version=2)
    stale = claim(THIRD, {ANI: GOOD}, base=1, version=3)
    now = standing([sent, first, stale])
    assert now.differing == {ANI: [first, stale]}


def test_a_correction_of_another_family_stands_beside_it() -> None:
    sent = claim(PHONE, {ANI: HERE, BUDI: HERE}, version=1)
    first = claim(OTHER, {ANI: SICK}, base=1, version=2)
    stale = claim(THIRD, {BUDI: SICK}, base=1, version=3)
    assert standing([sent, first, stale]).marks == {ANI: SICK, BUDI: SICK}


def test_where_heads_differ_only_what_all_say_stands() -> None:
    one = claim(PHONE, {}, head=Head(0b011, "", None, None, "Balai"))
    two = claim(OTHER, {}, version=2, head=Head(0b110, "", None, None, "Rumah Ibu Sarah"))
    now = standing([one, two])
    assert now.is_head_differing
    assert now.head == Head(0b010, "", None, None, "")


def test_claims_that_each_know_the_other_are_shown_and_not_lost() -> None:
    """No honest phone makes them; a broken counter might."""
    one = claim(PHONE, {ANI: HERE}, base=9, version=1)
    two = claim(OTHER, {ANI: SICK}, base=9, version=2)
    assert standing([one, two]).differing == {ANI: [one, two]}


# ---- Whatever the order ----

_MARKS = st.dictionaries(
    st.sampled_from([ANI, BUDI]),
    st.sampled_from([HERE, GOOD, POOR, SICK, IN_BULK, replace(SICK, note="demam"),
                     replace(HERE, note="terlambat")]),
)  # fmt: skip
_KEPT = st.frozensets(st.sampled_from([ANI, BUDI]))
_HEADS = st.sampled_from([None, HEAD, Head(0b11, "", None, None, "Balai")])


@st.composite
def _words(draw: st.DrawFn) -> tuple[list[Claim], list[Claim]]:
    """Some that nobody had seen, and later ones whose authors had seen all of these or none."""
    counters = dict.fromkeys((PHONE, OTHER, THIRD), 0)

    def word(bases: Sequence[int]) -> Claim:
        device = draw(st.sampled_from(sorted(counters)))
        counters[device] += 1
        return claim(
            device,
            draw(_MARKS),
            seq=counters[device],
            base=draw(st.sampled_from(bases)),
            head=draw(_HEADS),
            keeps=draw(_KEPT),
        )

    first = [
        claim(PHONE, draw(_MARKS), seq=0),
        *(word([0]) for _ in range(draw(st.integers(0, 3)))),
    ]
    return first, [word([0, len(first)]) for _ in range(draw(st.integers(0, 4)))]


def _came(claims: Sequence[Claim], before: int = 0) -> list[Claim]:
    return [replace(each, version=before + place) for place, each in enumerate(claims, 1)]


def _what(now: Standing) -> object:
    """But for the versions, which say when a claim came."""
    return (
        now.head,
        [each.id for each in now.heads],
        now.marks,
        {key: [each.id for each in claims] for key, claims in now.differing.items()},
    )


@given(_words(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_decides_nothing(
    words: tuple[list[Claim], list[Claim]], chance: random.Random
) -> None:
    first, later = words
    in_order = standing([*_came(first), *_came(later, len(first))])
    chance.shuffle(first)
    chance.shuffle(later)
    shuffled = [*_came(first), *_came(later, len(first))]
    chance.shuffle(shuffled)
    assert _what(standing(shuffled)) == _what(in_order)


@given(_words())
def test_no_mark_is_swallowed(words: tuple[list[Claim], list[Claim]]) -> None:
    """Each family that anybody marked has a mark that somebody gave, or is shown as differing;
    and who was overruled was known to somebody."""
    claims = [*_came(words[0]), *_came(words[1], len(words[0]))]
    now = standing(claims)
    for each in claims:
        for family, mark in each.marks.items():
            if family in now.differing:
                continue
            stands = now.marks[family]
            known = any(other.knew(each) for other in claims if family in other.marks)
            assert known or stands.presence is mark.presence
