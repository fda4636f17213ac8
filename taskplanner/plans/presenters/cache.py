"""Results kept by the digest of what they were computed from, so that a result is never out of date."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache

Result = TypeVar("Result")


def by_content(kind: str, content: Any, compute: Callable[[], Result]) -> Result:
    """What `compute` gives for this content, computed once while the cache keeps it.

    `content` is a text, or frozen dataclasses, tuples, numbers and texts, whose `repr` says all of them.
    """
    text = content if isinstance(content, str) else repr(content)
    key = f"{kind}:{hashlib.blake2b(text.encode(errors='surrogatepass'), digest_size=20).hexdigest()}"
    kept = cache.get(key)
    if kept is None:
        kept = (compute(),)
        cache.set(key, kept)
    result: Result = kept[0]
    return result
