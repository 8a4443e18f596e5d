"""Personal numbers, addresses and evidence files: sealed, looked up and fingerprinted by key;
and the key pairs to which phones seal.

The keys live outside the database (a key file in `DATA_DIR`, or the environment), so that a
stolen copy of the database or of the evidence files is of no use by itself.
"""

from casework.core.crypto.current import current_keyring, current_phone_keys
from casework.core.crypto.errors import KeyMissing, Tampered
from casework.core.crypto.key_change import add_phone_keys, rotate_phone_keys
from casework.core.crypto.key_source import (
    KeyFileExists,
    load_keyring,
    new_key_file,
    read_key_file,
)
from casework.core.crypto.keyring import Keyring
from casework.core.crypto.phone_keys import PhoneKeys

__all__ = [
    "KeyFileExists",
    "KeyMissing",
    "Keyring",
    "PhoneKeys",
    "Tampered",
    "add_phone_keys",
    "current_keyring",
    "current_phone_keys",
    "load_keyring",
    "new_key_file",
    "read_key_file",
    "rotate_phone_keys",
]
