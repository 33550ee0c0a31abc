"""Passwords: argon2id in a thread, two at a time, and what a password must be.

Hashing costs 64 MiB and about 0.1 s, so more than a few at once are refused rather than queued for ever.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.errors import Invalid, TooMany

SHORTEST, LONGEST = 10, 200
AT_A_TIME, IN_LINE = 2, 20
COMMON = frozenset(
    [
        "1234567890",
        "0123456789",
        "0987654321",
        "1111111111",
        "0000000000",
        "8888888888",
        "6666666666",
        "qwertyuiop",
        "1qaz2wsx3edc",
        "password12",
        "password123",
        "passw0rd123",
        "woaini1314",
        "woaini520",
        "5201314520",
        "abcd123456",
        "abc1234567",
        "a123456789",
        "123456789a",
        "1234567890a",
        "q123456789",
        "qq123456789",
        "1q2w3e4r5t",
        "147258369a",
        "12345678910",
        "123123123a",
        "iloveyou123",
        "administrator",
        "admin12345",
        "admin123456",
        "qingyuan123",
        "yichun12345",
    ]
)

hasher = PasswordHasher()
# Checked when there is no such user, so that the answer takes as long. Nobody knows its password.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$U5Pbj78ub/qkFcjtElxxHw$GAX3Hl6yUE9ch8p7+jr6HRH9QVArf+Qi8cifFGsZty4"
_threads = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="argon2")
_waiting = 0
T = TypeVar("T")


def check_rules(password: str, name: str) -> str:
    """The password in its normal form, or Invalid with a `code` that says what is wrong with it."""
    password = unicodedata.normalize("NFKC", password)
    if len(password) < SHORTEST:
        raise Invalid(f"a password has at least {SHORTEST} characters", code="password_too_short")
    if len(password) > LONGEST:
        raise Invalid(f"a password has at most {LONGEST} characters", code="password_too_long")
    plain = password.lower()
    if plain in COMMON or len(set(plain)) < 4 or (name and name.lower() in plain):
        raise Invalid("this password is easy to guess", code="password_too_common")
    return password


async def hash_password(password: str) -> str:
    """The argon2id hash of a password that passed `check_rules`."""
    return await _in_turn(hasher.hash, password)


async def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long when there is no hash (no such user)."""
    normal = unicodedata.normalize("NFKC", password[: LONGEST + 1])
    right = await _in_turn(_verify, password_hash or _NOBODY, normal)
    return right and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


async def _in_turn(work: Callable[..., T], *args: object) -> T:
    global _waiting
    if _waiting >= IN_LINE:
        raise TooMany(retry_after=5)
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_threads, work, *args)
    finally:
        _waiting -= 1
