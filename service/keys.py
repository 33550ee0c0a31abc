"""Keys: random files in DATA_DIR/keys (0600), made on first start. Encryption of contact data and signing of tokens.

The key never stands in the database, so a stolen database file shows no phone number.
"""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.errors import Invalid

NAMES = ("contact", "session", "audit")


@dataclass(frozen=True)
class Keys:
    """Three independent 256-bit keys."""

    contact: bytes
    session: bytes
    audit: bytes

    def encrypt(self, value: object, bound_to: str) -> bytes:
        """AES-256-GCM of JSON; `bound_to` (a row's id) must be the same to read it back."""
        nonce = secrets.token_bytes(12)
        text = json.dumps(value, ensure_ascii=False).encode()
        return nonce + AESGCM(self.contact).encrypt(nonce, text, bound_to.encode())

    def decrypt(self, sealed: bytes, bound_to: str) -> object:
        """Reverse of `encrypt`, or Invalid when the key, the row or the bytes do not fit."""
        try:
            return json.loads(AESGCM(self.contact).decrypt(sealed[:12], sealed[12:], bound_to.encode()))
        except (InvalidTag, ValueError):
            raise Invalid("this cannot be decrypted with the present key") from None


def load(data_dir: Path) -> Keys:
    """The keys of this installation; missing ones are made. The folder is 0700, files are 0600."""
    folder = data_dir / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Keys(**{name: _read_or_make(folder / f"{name}.key") for name in NAMES})


def _read_or_make(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text().strip())
    with os.fdopen(handle, "w") as file:
        key = secrets.token_bytes(32)
        file.write(key.hex())
        file.flush()
        os.fsync(file.fileno())
    return key
