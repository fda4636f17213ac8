"""Fixtures of the accounts' tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Attempts to sign in are counted in the cache: no test starts with those of another."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _quick_hashing(settings: Settings) -> None:
    """Passwords are hashed slowly on purpose; tests need not wait."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
