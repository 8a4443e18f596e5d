"""The keys, and what is done with them.

Sealing is AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D, 8.2.2) and the place of
the value (table, row, field) as associated data: a sealed NIK copied to another row, or an
address put where a NIK belongs, does not open (OWASP ASVS 5.0, 11.3.3 and 11.3.4).

Look-up is by HMAC-SHA256 under a second key: a NIK is region + birth date + four digits, so
a plain hash of every NIK in the country is computed in minutes.
"""

from __future__ import annotations

import hmac
import json
import secrets
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask_babel import lazy_gettext as _

from casework.core.crypto.errors import KeyMissing, Tampered
from casework.core.crypto.phone_keys import KEY_ID, PhoneKeys

#: First byte of every sealed value: the layout that follows it.
VERSION = 1
KEY_BYTES = 32
#: 96 bits, drawn at random: fine for 2**32 values a key (SP 800-38D, 8.3), and the country has
#: ten million households; `keys rotate` begins a new count.
NONCE_BYTES = 12
TAG_BYTES = 16
#: Half of SHA-256: no two of 10**7 numbers collide by chance, and the index stays small.
BLIND_INDEX_BYTES = 16

#: version (1) + key id (4), then nonce, then ciphertext with its tag.
_HEADER_BYTES = 5


_LENGTH = struct.Struct(">I").pack


def _joined(*parts: str) -> bytes:
    """Parts behind their lengths, so that ("ab", "c") and ("a", "bc") stay different."""
    return b"".join([_alone(part) for part in parts])


def _alone(part: str) -> bytes:
    encoded = part.encode()
    return _LENGTH(len(encoded)) + encoded


@lru_cache(maxsize=256)
def _place(table: str, field_name: str) -> bytes:
    """Also of a use and a kind: few of them, asked for again and again."""
    return _joined(table, field_name)


@dataclass(frozen=True, slots=True, repr=False)
class Keyring:
    """One active key to seal with, every older one to open with, one key for look-ups.

    Key ids are 8 hexadecimal digits and stand in front of each sealed value: after a
    rotation old values still say which key opens them.
    """

    active: str
    encryption_keys: Mapping[str, bytes]
    index_key: bytes
    created_at: datetime
    #: For what phones seal; a key file of before there were any has none.
    phone_keys: PhoneKeys | None = None
    _ciphers: Mapping[str, AESGCM] = field(init=False, compare=False)
    #: What every value sealed now begins with.
    _header: bytes = field(init=False, compare=False)

    def __post_init__(self) -> None:
        for key_id, key in self.encryption_keys.items():
            if not KEY_ID.fullmatch(key_id):
                raise ValueError("a key id is 8 hexadecimal digits")
            if len(key) != KEY_BYTES:
                raise ValueError(f"encryption key {key_id} is not {KEY_BYTES} bytes long")
        if self.active not in self.encryption_keys:
            raise ValueError("the active key is not among the encryption keys")
        if len(self.index_key) != KEY_BYTES:
            raise ValueError(f"the index key is not {KEY_BYTES} bytes long")
        if self.index_key in self.encryption_keys.values():
            raise ValueError("the index key must not be an encryption key")
        if self.created_at.tzinfo is None:
            raise ValueError("created_at has no time zone")
        ciphers = {key_id: AESGCM(key) for key_id, key in self.encryption_keys.items()}
        object.__setattr__(self, "_ciphers", ciphers)
        object.__setattr__(self, "_header", bytes((VERSION,)) + bytes.fromhex(self.active))

    def __repr__(self) -> str:
        # Never the keys: a repr ends up in logs and tracebacks.
        return f"<Keyring active={self.active} of {len(self.encryption_keys)}>"

    @classmethod
    def generate(cls, created_at: datetime) -> Keyring:
        """Without phone keys, which take their time: `new_key_file` adds them."""
        active = secrets.token_hex(4)
        return cls(
            active=active,
            encryption_keys={active: secrets.token_bytes(KEY_BYTES)},
            index_key=secrets.token_bytes(KEY_BYTES),
            created_at=created_at,
        )

    @classmethod
    def from_json(cls, text: str) -> Keyring:
        """Raises: ValueError when it is not a key file; the message names no key."""
        try:
            content = json.loads(text)
            return cls(
                active=content["active"],
                encryption_keys={
                    key_id: bytes.fromhex(key) for key_id, key in content["encryption_keys"].items()
                },
                index_key=bytes.fromhex(content["index_key"]),
                created_at=datetime.fromisoformat(content["created_at"]),
                phone_keys=(
                    PhoneKeys.from_content(content["phone_keys"])
                    if "phone_keys" in content
                    else None
                ),
            )
        except KeyError as error:
            raise ValueError(f"{error.args[0]!r} is missing") from None
        except (TypeError, AttributeError, json.JSONDecodeError):
            raise ValueError("not a JSON object with the fields of a key file") from None

    def to_json(self) -> str:
        content: dict[str, Any] = {
            "active": self.active,
            "created_at": self.created_at.astimezone(UTC).isoformat(),
            "encryption_keys": {key_id: key.hex() for key_id, key in self.encryption_keys.items()},
            "index_key": self.index_key.hex(),
        }
        if self.phone_keys is not None:
            content["phone_keys"] = self.phone_keys.content()
        return json.dumps(content, indent=2) + "\n"

    def seal(self, plaintext: bytes, *, table: str, row: str, field: str) -> bytes:
        """`plaintext`, readable only with this keyring and only at this place."""
        return self.sealer(table, row)(field, plaintext)

    def sealer(self, table: str, row: str) -> Callable[[str, bytes], bytes]:
        """`seal` for several fields of one row: called with the field and what stands there."""
        header, encrypt = self._header, self._ciphers[self.active].encrypt
        end = _alone(row)

        def seal(field: str, plaintext: bytes) -> bytes:
            nonce = secrets.token_bytes(NONCE_BYTES)
            place = header + _place(table, field) + end
            return header + nonce + encrypt(nonce, plaintext, place)

        return seal

    def open(self, sealed: bytes, *, table: str, row: str, field: str) -> bytes:
        """Raises: Tampered when it was sealed for another place, changed or cut; KeyMissing
        when it was sealed with a key this ring does not hold."""
        if len(sealed) < _HEADER_BYTES + NONCE_BYTES + TAG_BYTES or sealed[0] != VERSION:
            raise Tampered(code="layout")
        header = sealed[:_HEADER_BYTES]
        cipher = self._ciphers.get(header[1:].hex())
        if cipher is None:
            raise KeyMissing(
                _(
                    "The key %(key)s that protects this value is not in the key file.",
                    key=header[1:].hex(),
                ),
                code="unknown-key",
            )
        nonce = sealed[_HEADER_BYTES : _HEADER_BYTES + NONCE_BYTES]
        place = header + _place(table, field) + _alone(row)
        try:
            return cipher.decrypt(nonce, sealed[_HEADER_BYTES + NONCE_BYTES :], place)
        except InvalidTag:
            raise Tampered(code="tag") from None

    def seal_text(self, text: str, *, table: str, row: str, field: str) -> bytes:
        return self.seal(text.encode(), table=table, row=row, field=field)

    def open_text(self, sealed: bytes, *, table: str, row: str, field: str) -> str:
        return self.open(sealed, table=table, row=row, field=field).decode()

    def sealed_with_active_key(self, sealed: bytes) -> bool:
        """Whether a rotation has reached this value already."""
        return sealed[1:_HEADER_BYTES].hex() == self.active

    def blind_index(self, kind: str, value: str) -> bytes:
        """What a number is found by without being stored: 16 bytes, equal for equal numbers
        of one kind ("nik", "no_kk"), unrelated across kinds.

        The caller brings the value into its one form first (16 digits, no blanks).
        """
        if not kind or not value:
            raise ValueError("a blind index needs a kind and a value")
        return self._mac("blind-index", kind, value)[:BLIND_INDEX_BYTES]

    def fingerprint(self, purpose: str, value: str) -> str:
        """A name for something that must not be written down as it is (a user name or network
        in the throttle table); 32 hexadecimal digits."""
        return self._mac("fingerprint", purpose, value)[:16].hex()

    def _mac(self, use: str, kind: str, value: str) -> bytes:
        # One after the other is the same as all joined; what stays the same is kept.
        return hmac.digest(self.index_key, _place(use, kind) + _alone(value), "sha256")
