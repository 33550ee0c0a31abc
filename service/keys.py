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
    spare: tuple[bytes, ...] = ()  # contact keys that may still be needed to read, while one is replaced

    def encrypt(self, value: object, bound_to: str) -> bytes:
        """AES-256-GCM of JSON; `bound_to` (a row's id) must be the same to read it back."""
        nonce = secrets.token_bytes(12)
        text = json.dumps(value, ensure_ascii=False).encode()
        return nonce + AESGCM(self.contact).encrypt(nonce, text, bound_to.encode())

    def decrypt(self, sealed: bytes, bound_to: str) -> object:
        """Reverse of `encrypt`, or Invalid when the key, the row or the bytes do not fit."""
        for key in (self.contact, *self.spare):
            try:
                return json.loads(AESGCM(key).decrypt(sealed[:12], sealed[12:], bound_to.encode()))
            except (InvalidTag, ValueError):
                continue
        raise Invalid("this cannot be decrypted with the present key")


def load(data_dir: Path) -> Keys:
    """The keys of this installation; missing ones are made. The folder is 0700, files are 0600."""
    folder = data_dir / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    spare = tuple(bytes.fromhex(path.read_text().strip()) for path in _beside(folder) if path.exists())
    return Keys(**{name: _read_or_make(folder / f"{name}.key") for name in NAMES}, spare=spare)


def _beside(folder: Path) -> tuple[Path, Path]:
    """Where the next contact key waits, and the old one is kept until nothing needs it."""
    return folder / "contact.key.next", folder / "contact.key.old"


def rotating(data_dir: Path) -> bool:
    """Whether a change of the contact key was begun and not finished."""
    return any(path.exists() for path in _beside(data_dir / "keys"))


def begin(data_dir: Path) -> bytes:
    """The next contact key, on the disk before anything is sealed with it; the one of an unfinished change if there is one."""
    folder = data_dir / "keys"
    upcoming, _ = _beside(folder)
    key = _read_or_make(upcoming)
    _sync(folder)
    return key


def change_over(data_dir: Path) -> None:
    """The next key becomes the key at one stroke; the old one is kept beside it. There is a contact key at every moment."""
    folder = data_dir / "keys"
    upcoming, old = _beside(folder)
    if upcoming.exists():
        if not old.exists():
            os.link(folder / "contact.key", old)
        _sync(folder)
        os.replace(upcoming, folder / "contact.key")
        _sync(folder)


def forget_old(data_dir: Path) -> None:
    """Nothing is sealed with the old key any more."""
    _, old = _beside(data_dir / "keys")
    old.unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


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
