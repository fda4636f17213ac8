"""Results kept by the digest of what they were computed from, so that a result is never out of date.

Each process keeps its own, as objects: they are frozen, and packing them for a shared cache would cost more
than most of them take to compute.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from cachetools import LRUCache

Result = TypeVar("Result")

KEPT = {"findings": 16, "comparison": 64, "drawing": 128}

_kept: dict[str, LRUCache[bytes, Any]] = {kind: LRUCache(maxsize=size) for kind, size in KEPT.items()}
_lock = threading.Lock()


def by_content(kind: str, content: Any, compute: Callable[[], Result]) -> Result:
    """What `compute` gives for this content; of each kind the latest `KEPT` are kept.

    `content` is a text, or frozen dataclasses, tuples, numbers and texts, whose `repr` says all of them.
    """
    text = content if isinstance(content, str) else repr(content)
    key = hashlib.blake2b(text.encode(errors="surrogatepass"), digest_size=20).digest()
    with _lock:
        if key in _kept[kind]:
            found: Result = _kept[kind][key]
            return found
    # Two requests may compute the same at once; holding the lock meanwhile would make all others wait.
    result = compute()
    with _lock:
        _kept[kind][key] = result
    return result
