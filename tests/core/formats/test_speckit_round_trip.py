"""What is written as `tasks.md` is read back, but for what the writer names."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.formats import Document
from tests.core.formats.round_trip import assert_named_exactly, round_trip
from tests.core.strategies import plans, progress_of


@given(st.data(), plans())
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_notes_name_exactly_what_is_missing(data: st.DataObject, plan: core.Plan) -> None:
    """Import of export gives the plan and its progress, without what the notes say of just these tasks."""
    document = Document(plan, data.draw(progress_of(plan)))
    if plan.tasks:
        assert_named_exactly(round_trip("spec-kit", document, "tasks.md"))
