"""Sealed values open at their own place only, and numbers are found without being stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core.crypto import KeyMissing, Keyring, Tampered

MADE_AT = datetime(2026, 11, 2, tzinfo=UTC)
RING = Keyring.generate(MADE_AT)
PLACE = {"table": "household", "row": "018f0000-0000-7000-8000-000000000001", "field": "nik"}
NIK = "9971014501900001"

words = st.text(max_size=40)


def rotated(ring: Keyring) -> Keyring:
    """The ring after a rotation: a new active key, the old ones kept."""
    fresh = Keyring.generate(MADE_AT)
    return replace(
        ring, active=fresh.active, encryption_keys={**ring.encryption_keys, **fresh.encryption_keys}
    )


@given(plaintext=st.binary(max_size=300), table=words, row=words, field=words)
def test_what_is_sealed_opens_again_at_its_place(
    plaintext: bytes, table: str, row: str, field: str
) -> None:
    sealed = RING.seal(plaintext, table=table, row=row, field=field)
    assert RING.open(sealed, table=table, row=row, field=field) == plaintext


@given(text=st.text(max_size=100))
def test_text_comes_back_letter_by_letter(text: str) -> None:
    assert RING.open_text(RING.seal_text(text, **PLACE), **PLACE) == text


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"table": "household_member"},
        {"row": "018f0000-0000-7000-8000-000000000002"},
        {"field": "no_kk"},
    ],
)
def test_a_value_copied_to_another_place_does_not_open(elsewhere: dict[str, str]) -> None:
    sealed = RING.seal_text(NIK, **PLACE)
    with pytest.raises(Tampered):
        RING.open(sealed, **{**PLACE, **elsewhere})


@given(one=st.tuples(words, words, words), other=st.tuples(words, words, words))
def test_no_two_places_are_taken_for_each_other(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    sealed = RING.seal(b"x", table=one[0], row=one[1], field=one[2])
    if one == other:
        return
    with pytest.raises(Tampered):
        RING.open(sealed, table=other[0], row=other[1], field=other[2])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("ab", "x", "c"), ("a", "x", "bc")),
        (("a", "bx", "c"), ("a", "b", "xc")),
        (("", "a", "b"), ("a", "", "b")),
    ],
)
def test_names_that_run_together_the_same_way_are_different_places(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    sealed = RING.seal(b"x", table=one[0], row=one[1], field=one[2])
    with pytest.raises(Tampered):
        RING.open(sealed, table=other[0], row=other[1], field=other[2])


@given(data=st.data())
def test_one_changed_bit_anywhere_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(RING.seal_text(NIK, **PLACE))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    sealed[bit // 8] ^= 1 << bit % 8
    with pytest.raises((Tampered, KeyMissing)):
        RING.open(bytes(sealed), **PLACE)


@pytest.mark.parametrize("length", [0, 1, 5, 17, 32, 33])
def test_a_cut_value_is_noticed(length: int) -> None:
    sealed = RING.seal_text(NIK, **PLACE)
    with pytest.raises(Tampered):
        RING.open(sealed[:length], **PLACE)


def test_the_same_number_is_sealed_differently_each_time() -> None:
    assert RING.seal_text(NIK, **PLACE) != RING.seal_text(NIK, **PLACE)


def test_a_sealed_number_does_not_contain_the_number() -> None:
    assert NIK.encode() not in RING.seal_text(NIK, **PLACE)


def test_a_value_sealed_before_a_rotation_still_opens() -> None:
    sealed = RING.seal_text(NIK, **PLACE)
    ring = rotated(RING)
    assert ring.open_text(sealed, **PLACE) == NIK
    assert not ring.sealed_with_active_key(sealed)
    assert ring.sealed_with_active_key(ring.seal_text(NIK, **PLACE))


def test_a_rotation_keeps_look_ups_working() -> None:
    assert rotated(RING).blind_index("nik", NIK) == RING.blind_index("nik", NIK)


def test_a_value_under_a_key_that_is_gone_names_the_key() -> None:
    sealed = RING.seal_text(NIK, **PLACE)
    with pytest.raises(KeyMissing, match=RING.active):
        Keyring.generate(MADE_AT).open(sealed, **PLACE)


def test_a_blind_index_is_stable_and_16_bytes_long() -> None:
    assert RING.blind_index("nik", NIK) == RING.blind_index("nik", NIK)
    assert len(RING.blind_index("nik", NIK)) == 16


def test_a_blind_index_differs_per_kind_per_key_and_per_number() -> None:
    index = RING.blind_index("nik", NIK)
    assert index != RING.blind_index("no_kk", NIK)
    assert index != Keyring.generate(MADE_AT).blind_index("nik", NIK)
    assert index != RING.blind_index("nik", "9971014501900002")


def test_kind_and_number_do_not_run_together_in_a_blind_index() -> None:
    assert RING.blind_index("nik1", "23") != RING.blind_index("nik", "123")


@pytest.mark.parametrize(("kind", "value"), [("", NIK), ("nik", "")])
def test_nothing_has_no_blind_index(kind: str, value: str) -> None:
    with pytest.raises(ValueError, match="needs"):
        RING.blind_index(kind, value)


def test_a_fingerprint_is_no_blind_index_of_the_same_words() -> None:
    assert RING.fingerprint("nik", NIK) != RING.blind_index("nik", NIK).hex()
    assert RING.fingerprint("username", "siti") != RING.fingerprint("network", "siti")


def test_a_keyring_survives_its_file_form() -> None:
    ring = rotated(RING)
    assert Keyring.from_json(ring.to_json()) == ring


def test_a_keyring_shows_no_key_when_printed() -> None:
    shown = repr(RING)
    assert RING.index_key.hex() not in shown
    assert all(key.hex() not in shown for key in RING.encryption_keys.values())
    assert str(RING.index_key) not in shown


@pytest.mark.parametrize(
    "change",
    [
        {"active": "00000000"},
        {"encryption_keys": {}},
        {"encryption_keys": {"main": b"k" * 32}, "active": "main"},
        {"encryption_keys": {"00000000": b"k" * 31}, "active": "00000000"},
        {"index_key": b"short"},
        {"index_key": RING.encryption_keys[RING.active]},
        {"created_at": datetime(2026, 11, 2)},  # noqa: DTZ001 - that is what is refused
    ],
)
def test_a_keyring_that_cannot_be_meant_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the cases have different words
        replace(RING, **change)  # type: ignore[arg-type]
