"""Making the secrets that are handed out, and the digests by which they are known again."""

from __future__ import annotations

import secrets
from typing import Literal

from django.utils.crypto import constant_time_compare, salted_hmac

Purpose = Literal["invitation", "sign-in link", "API token"]

TOKEN_MARK = "tp"  # noqa: S105  # what every token starts with, so that scanners of leaked secrets know it


def make_secret() -> str:
    """A fresh secret of 256 random bits, in letters that need no quoting in a URL."""
    return secrets.token_urlsafe(32)


def make_prefix() -> str:
    """The part of an API token that finds its row: 12 hexadecimal digits."""
    return secrets.token_hex(6)


def digest_of(secret: str, purpose: Purpose) -> str:
    """The HMAC-SHA-256 of a secret under the site's key, 64 hexadecimal digits.

    The purpose is part of the key: a secret made for one thing proves nothing elsewhere.
    """
    return salted_hmac(f"taskplanner.accounts {purpose}", secret, algorithm="sha256").hexdigest()


def proves(secret: str, digest: str, purpose: Purpose) -> bool:
    """Whether the digest was made of this secret; takes the same time whether it was or not."""
    return constant_time_compare(digest_of(secret, purpose), digest)


def join_token(prefix: str, secret: str) -> str:
    """The text of an API token: `tp_<prefix>_<secret>`."""
    return f"{TOKEN_MARK}_{prefix}_{secret}"


def split_token(text: str) -> tuple[str, str] | None:
    """The prefix and the secret of an API token's text, or None when it is no such text."""
    mark, _, rest = text.partition("_")
    prefix, _, secret = rest.partition("_")
    return (prefix, secret) if mark == TOKEN_MARK and prefix and secret else None
