"""Key pairs: what a phone seals to the public half, only the server opens again.

A key that stays in a browser lies on the phone's disk in clear (docs/decisions/0013), so a phone
has none. For each command it draws a 256-bit key, seals with it (AES-256-GCM), wraps it for the
server (RSA-OAEP with SHA-256, no label) and forgets it.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from flask_babel import lazy_gettext as _

from casework.core.crypto.errors import KeyMissing, Tampered

KEY_ID = re.compile(r"[0-9a-f]{8}")
#: 128 bits of security, as the rest has; NIST SP 800-57 takes it beyond 2030.
RSA_BITS = 3072
WRAPPED_BYTES = RSA_BITS // 8
_SECRET_BYTES = 32

_OAEP = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


@dataclass(frozen=True, slots=True, repr=False)
class PhoneKeys:
    """One active pair that phones are given, every older one for what phones still hold."""

    active: str
    #: PKCS #8, DER.
    private_keys: Mapping[str, bytes]
    _pairs: Mapping[str, rsa.RSAPrivateKey] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        for key_id in self.private_keys:
            if not KEY_ID.fullmatch(key_id):
                raise ValueError("the id of a phone key is 8 hexadecimal digits")
        if self.active not in self.private_keys:
            raise ValueError("the active phone key is not among the phone keys")
        # Testing the primes takes a tenth of a second a key, for a file that only we write.
        pairs = {key_id: _loaded(key_id, der) for key_id, der in self.private_keys.items()}
        object.__setattr__(self, "_pairs", pairs)

    def __repr__(self) -> str:
        # Never the keys: a repr ends up in logs and tracebacks.
        return f"<PhoneKeys active={self.active} of {len(self.private_keys)}>"

    @classmethod
    def generate(cls) -> PhoneKeys:
        """Takes 0.1 to 0.5 seconds."""
        return cls(*_one_more({}))

    def rotated(self) -> PhoneKeys:
        """A new active pair beside the old ones: a phone may come weeks late."""
        return PhoneKeys(*_one_more(self.private_keys))

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> PhoneKeys:
        """Raises: ValueError, KeyError, TypeError or AttributeError when it is no such content."""
        return cls(
            active=content["active"],
            private_keys={
                key_id: base64.b64decode(key, validate=True)
                for key_id, key in content["private_keys"].items()
            },
        )

    def content(self) -> dict[str, Any]:
        """As it stands in the key file."""
        return {
            "active": self.active,
            "private_keys": {
                key_id: base64.b64encode(der).decode() for key_id, der in self.private_keys.items()
            },
        }

    def check(self) -> None:
        """Whether every pair is one, down to its primes. Raises: ValueError naming the pair."""
        for key_id, der in self.private_keys.items():
            _loaded(key_id, der, is_tested=True)

    def public_key(self) -> bytes:
        """What phones seal to now: SubjectPublicKeyInfo, DER."""
        public = self._pairs[self.active].public_key()
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    def open(
        self, key_id: str, *, wrapped: bytes, nonce: bytes, data: bytes, belongs_to: bytes
    ) -> bytes:
        """Raises: KeyMissing when it was sealed to a pair that is not here; Tampered when it was
        changed, cut, or sealed for something else than `belongs_to`."""
        pair = self._pairs.get(key_id)
        if pair is None:
            raise KeyMissing(
                _("The key %(key)s that protects this value is not in the key file.", key=key_id),
                code="unknown-phone-key",
            )
        try:
            secret = pair.decrypt(wrapped, _OAEP)
            if len(secret) != _SECRET_BYTES:
                raise ValueError("not a 256-bit key")
            return AESGCM(secret).decrypt(nonce, data, belongs_to)
        except (ValueError, InvalidTag):
            # One answer for all of it: which part failed is a hint to whoever tries.
            raise Tampered(code="phone") from None


def _one_more(keys: Mapping[str, bytes]) -> tuple[str, dict[str, bytes]]:
    key_id = secrets.token_hex(4)
    while key_id in keys:
        key_id = secrets.token_hex(4)
    pair = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    der = pair.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return key_id, {**keys, key_id: der}


def _loaded(key_id: str, der: bytes, *, is_tested: bool = False) -> rsa.RSAPrivateKey:
    try:
        pair = load_der_private_key(der, None, unsafe_skip_rsa_key_validation=not is_tested)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # Not the library's words: they may quote what they read.
        raise ValueError(f"phone key {key_id} is damaged") from None
    if not isinstance(pair, rsa.RSAPrivateKey) or pair.key_size != RSA_BITS:
        raise ValueError(f"phone key {key_id} is no RSA key of {RSA_BITS} bits")
    return pair
