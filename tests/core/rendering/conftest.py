"""Every test that draws runs once with each engine."""

from __future__ import annotations

import pytest

from planner_core.rendering import graphviz


@pytest.fixture(params=["dot", "pygraphviz"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of the engine that draws, forced through the environment."""
    name: str = request.param
    monkeypatch.setenv(graphviz.FORCE, name)
    if graphviz.available_engine() is None:
        pytest.skip(f"{name} is not usable on this machine")
    return name
