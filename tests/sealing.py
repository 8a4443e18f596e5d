"""What a phone does before it keeps money, an answer or a note: it seals it to the server's key."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from casework.core import clock
from casework.core.crypto.keyring import Keyring
from casework.core.crypto.phone_keys import PhoneKeys
from casework.core.ids import short_id


@cache
def phone_keys() -> PhoneKeys:
    """One pair for all tests of a process: each takes up to half a second to make."""
    return PhoneKeys.generate()


def new_keyring() -> Keyring:
    """As `flask keys init` makes it, but for the pair, which is always the same."""
    return replace(Keyring.generate(clock.now()), phone_keys=phone_keys())


def current_key(keys: PhoneKeys | None = None) -> dict[str, str]:
    """What `/sync/key` answers."""
    keys = keys or phone_keys()
    return {"id": keys.active, "spki": base64.b64encode(keys.public_key()).decode()}


def seal(
    plain: bytes, *, key_id: str, spki: bytes, belongs_to: str, secret: bytes | None = None
) -> dict[str, str]:
    """`belongs_to`: owner and command, with a bar between. `secret`: instead of a fresh one."""
    public = load_der_public_key(spki)
    assert isinstance(public, RSAPublicKey)
    secret, nonce = secret or secrets.token_bytes(32), secrets.token_bytes(12)
    oaep = OAEP(mgf=MGF1(SHA256()), algorithm=SHA256(), label=None)
    return {
        "key": key_id,
        "wrapped": base64url(public.encrypt(secret, oaep)),
        "nonce": base64url(nonce),
        "data": base64url(AESGCM(secret).encrypt(nonce, plain, belongs_to.encode())),
    }


def sealed_command(
    command: Mapping[str, Any], key: Mapping[str, str], **other: Any
) -> dict[str, Any]:
    """The command with its body sealed to `key`. `other`: to do it wrongly."""
    given = {
        "key_id": key["id"],
        "spki": base64.b64decode(key["spki"]),
        "belongs_to": f"{command['owner']}|{command['id']}",
        "plain": json.dumps(command["body"]).encode(),
    }
    return {**command, "body": {"sealed": seal(**(given | other))}}


def with_notes(
    command: Mapping[str, Any],
    key: Mapping[str, str],
    notes: Mapping[uuid.UUID, str],
    **other: Any,
) -> dict[str, Any]:
    """A register with these notes sealed, by family. `other`: as above."""
    body = dict(command["body"])
    said = {short_id(family): note for family, note in notes.items()}
    body["marks"] = {
        family: [*mark[:2], f"{mark[2]}n", None] if family in said else mark
        for family, mark in body["marks"].items()
    }
    # As a browser writes it, each letter as itself.
    plain = json.dumps(said, ensure_ascii=False).encode()
    given: dict[str, Any] = {"plain": plain} | other
    return {**command, "body": body | sealed_command(command, key, **given)["body"]}


def sealed_photo(
    command: Mapping[str, Any], picture: bytes, key: Mapping[str, str] | None = None, **other: Any
) -> tuple[dict[str, Any], bytes]:
    """The command with what a photo's command says of its seal, and the sealed bytes. `other`: to
    do it wrongly."""
    key = key or current_key()
    given = {
        "key_id": key["id"],
        "spki": base64.b64decode(key["spki"]),
        "belongs_to": f"{command['owner']}|{command['id']}",
    }
    sealed = seal(picture, **(given | other))
    data = raw_of(sealed.pop("data"))
    sealed["tag"] = base64url(data[-16:])
    sealed["sha256"] = base64url(hashlib.sha256(data).digest())
    return {**command, "body": {**command["body"], "sealed": sealed}}, data


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def raw_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
