"""Personal numbers, addresses and evidence files: sealed, looked up and fingerprinted by key.

The keys live outside the database (a key file in `DATA_DIR`, or the environment), so that a
stolen copy of the database or of the evidence files is of no use by itself.
"""

from casework.core.crypto.current import current_keyring
from casework.core.crypto.errors import KeyMissing, Tampered
from casework.core.crypto.key_source import (
    KeyFileExists,
    load_keyring,
    new_key_file,
    read_key_file,
)
from casework.core.crypto.keyring import Keyring

__all__ = [
    "KeyFileExists",
    "KeyMissing",
    "Keyring",
    "Tampered",
    "current_keyring",
    "load_keyring",
    "new_key_file",
    "read_key_file",
]
