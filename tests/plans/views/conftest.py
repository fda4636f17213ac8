"""Fixtures of the tests of views."""

from __future__ import annotations

import pytest

from tests.cast import Cast
from tests.plans.views.stage import Stage


@pytest.fixture
def stage(cast: Cast) -> Stage:
    """The cast's project with one small plan."""
    return Stage(cast)
