"""What is sealed to the public half opens with the private one, for what it belongs to only."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_public_key,
)
from hypothesis import given
from hypothesis import strategies as st

from casework.core.crypto import KeyMissing, Keyring, PhoneKeys, Tampered
from tests.sealing import new_keyring, phone_keys, raw_of, seal

HERS = "018f0000-0000-7000-8000-000000000001|018f0000-0000-7000-8000-000000000002"
KEYS = phone_keys()
PLAIN = b'{"income_per_month": 1250000}'


def sealed_to(keys: PhoneKeys, plain: bytes = PLAIN, **other: Any) -> dict[str, str]:
    given = {"key_id": keys.active, "spki": keys.public_key(), "belongs_to": HERS}
    return seal(plain, **(given | other))


def opened(keys: PhoneKeys, sealed: dict[str, str], belongs_to: str = HERS) -> bytes:
    return keys.open(
        sealed["key"],
        wrapped=raw_of(sealed["wrapped"]),
        nonce=raw_of(sealed["nonce"]),
        data=raw_of(sealed["data"]),
        belongs_to=belongs_to.encode(),
    )


@given(st.binary(max_size=2000))
def test_what_a_phone_sealed_is_opened(plain: bytes) -> None:
    assert opened(KEYS, sealed_to(KEYS, plain)) == plain


def test_the_public_half_is_what_browsers_import() -> None:
    public = load_der_public_key(KEYS.public_key())
    assert isinstance(public, rsa.RSAPublicKey)
    assert public.key_size == 3072


def test_what_belongs_elsewhere_does_not_open() -> None:
    with pytest.raises(Tampered):
        opened(KEYS, sealed_to(KEYS), HERS[:-1] + "3")


def test_what_was_sealed_before_a_rotation_still_opens_and_the_new_key_is_given_out() -> None:
    sealed = sealed_to(KEYS)
    rotated = KEYS.rotated()
    assert opened(rotated, sealed) == PLAIN
    assert rotated.active != KEYS.active
    assert opened(rotated, sealed_to(rotated)) == PLAIN
    with pytest.raises(Tampered):  # the id of the old one, but sealed to the new
        opened(rotated, sealed_to(rotated, key_id=KEYS.active))


def test_a_key_that_is_not_there_is_named() -> None:
    with pytest.raises(KeyMissing, match="00000000") as caught:
        opened(KEYS, sealed_to(KEYS, key_id="00000000"))
    assert caught.value.code == "unknown-phone-key"


@given(st.data())
def test_one_changed_bit_anywhere_is_noticed(data: st.DataObject) -> None:
    sealed = sealed_to(KEYS)
    part = data.draw(st.sampled_from(["wrapped", "nonce", "data"]))
    raw = bytearray(raw_of(sealed[part]))
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Tampered):
        opened(KEYS, sealed | {part: base64.urlsafe_b64encode(raw).decode()})


@pytest.mark.parametrize("part", ["wrapped", "nonce", "data"])
def test_a_part_cut_short_is_noticed(part: str) -> None:
    sealed = sealed_to(KEYS)
    for length in (0, 1, len(raw_of(sealed[part])) - 1):
        cut = base64.urlsafe_b64encode(raw_of(sealed[part])[:length]).decode()
        with pytest.raises(Tampered):
            opened(KEYS, sealed | {part: cut})


@pytest.mark.parametrize("length", [16, 24])
def test_a_shorter_secret_is_not_taken(length: int) -> None:
    with pytest.raises(Tampered):
        opened(KEYS, sealed_to(KEYS, secret=b"k" * length))


def test_phone_keys_survive_the_form_of_the_key_file() -> None:
    ring = new_keyring()
    assert Keyring.from_json(ring.to_json()) == ring
    assert ring.phone_keys is not None
    assert PhoneKeys.from_content(KEYS.rotated().content()).active != KEYS.active


def test_phone_keys_show_no_key_when_printed() -> None:
    shown = repr(KEYS) + repr(new_keyring())
    assert shown.count(KEYS.active) == 1
    assert base64.b64encode(KEYS.private_keys[KEYS.active]).decode()[:40] not in shown
    assert "b'" not in shown


def der_of(pair: Any) -> bytes:
    return bytes(pair.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


@pytest.mark.parametrize(
    ("active", "private_keys", "words"),
    [
        ("00000000", KEYS.private_keys, "active"),
        ("00000000", {}, "active"),
        ("phone", {"phone": KEYS.private_keys[KEYS.active]}, "8 hexadecimal"),
        ("00000000", {"00000000": b""}, "damaged"),
        ("00000000", {"00000000": KEYS.private_keys[KEYS.active][:-1]}, "damaged"),
        ("00000000", {"00000000": der_of(ec.generate_private_key(ec.SECP256R1()))}, "no RSA"),
        ("00000000", {"00000000": der_of(rsa.generate_private_key(65537, 2048))}, "3072"),
    ],
)
def test_phone_keys_that_cannot_be_meant_are_refused(
    active: str, private_keys: dict[str, bytes], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        PhoneKeys(active, private_keys)


def test_a_key_damaged_inside_is_found_when_it_is_looked_for() -> None:
    KEYS.check()
    der = bytearray(KEYS.private_keys[KEYS.active])
    der[len(der) // 2] ^= 1
    with pytest.raises(ValueError, match=f"{KEYS.active} is damaged"):
        PhoneKeys(KEYS.active, {KEYS.active: bytes(der)}).check()
