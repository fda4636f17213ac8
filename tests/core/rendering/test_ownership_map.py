"""The ownership map: patterns, tasks, lines between them, and what is contested."""

from __future__ import annotations

from planner_core.items import Claim, Dependency, Task
from planner_core.plan import Plan
from planner_core.ranks import ranks
from planner_core.rendering.ownership_map import MOST_CLAIMS, ownership_map_dot
from planner_core.vocabulary import ClaimMode
from tests.core.rendering.drawings import by_id, classes_by_id, draw, lines_of, name_of

RANKS = ranks(5)
MODIFIES, CREATES, READS = ClaimMode.MODIFIES, ClaimMode.CREATES, ClaimMode.READS
PLAN = Plan(
    tasks=(
        Task("a", "T1", RANKS[0], "Model", claims=(Claim(MODIFIES, "core/models/**"),)),
        Task("b", "T2", RANKS[1], "Page", claims=(Claim(MODIFIES, "web/**"), Claim(READS, "core/models/**"))),
        Task("c", "T3", RANKS[2], "Form", claims=(Claim(CREATES, "web/form.html"),)),
        Task("d", "T4", RANKS[3], "Guide", claims=(Claim(MODIFIES, "web/**"),)),
        Task("e", "T5", RANKS[4], "Talk"),
    ),
    dependencies=(Dependency("a", "b"), Dependency("b", "d"), Dependency("c", "d")),
)


def test_every_pattern_claim_and_task_is_there(engine: str) -> None:
    """Modes are classes; only claims that may clash at once are contested; a task may have no claim yet."""
    assert classes_by_id(draw(ownership_map_dot(PLAN))) == {
        "path-0": {"node", "folder"},
        "path-1": {"node", "folder", "contested"},
        "path-2": {"node", "folder", "contested"},
        "owner-a": {"node", "task"},
        "owner-b": {"node", "task", "conflict"},
        "owner-c": {"node", "task", "conflict"},
        "owner-d": {"node", "task"},
        "owner-e": {"node", "task"},
        "claim-0--a": {"edge", "claim", "modifies"},
        "claim-0--b": {"edge", "claim", "reads"},
        "claim-1--b": {"edge", "claim", "modifies", "contested"},
        "claim-1--d": {"edge", "claim", "modifies"},
        "claim-2--c": {"edge", "claim", "creates", "contested"},
    }


def test_says_it_in_words(engine: str) -> None:
    """Boxes show patterns and tasks; names say what the lines and colours mean."""
    root = draw(ownership_map_dot(PLAN, link="/t/{uid}"))
    assert lines_of(by_id(root, "path-0")) == ["core/models/**"]
    assert lines_of(by_id(root, "owner-b"))[0] == "T2 Page"
    assert name_of(by_id(root, "path-1")) == "web/** · contested"
    assert name_of(by_id(root, "claim-2--c")) == "T3 creates web/form.html"
    assert [e.get("href") for e in by_id(root, "owner-a").iter() if e.get("href")] == ["/t/a"]


def test_long_patterns_keep_their_end(engine: str) -> None:
    """A long path is cut at its start: the file's name says most."""
    long = Claim(MODIFIES, "packages/server/source/features/comments/templates/comment_list.html")
    plan = Plan(tasks=(Task("a", "T1", RANKS[0], claims=(long,)),))
    (shown,) = lines_of(by_id(draw(ownership_map_dot(plan)), "path-0"))
    assert shown.startswith("…")
    assert shown.endswith("/comment_list.html")


def test_many_claims_are_pinned(engine: str) -> None:
    """Above the limit positions are pinned, and nothing is missing."""
    count = MOST_CLAIMS + 5
    places = ranks(count)
    tasks = tuple(
        Task(f"t{n}", f"T{n}", places[n], claims=(Claim(READS, f"src/part{n % 50}/**"),))
        for n in range(count)
    )
    source = ownership_map_dot(Plan(tasks=tasks))
    assert 'layout="nop2"' in source
    assert len(classes_by_id(draw(source))) == 50 + count + count


def test_a_plan_without_claims_is_drawn(engine: str) -> None:
    """Without claims the map is empty."""
    assert classes_by_id(draw(ownership_map_dot(Plan()))) == {}
