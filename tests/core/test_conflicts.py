"""Conflicts: which unordered tasks collide, why, and what the lead's word changes."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner_core import conflicts as module
from planner_core.conflicts import Findings, find_conflicts
from planner_core.items import Claim, Dependency, Task, Verdict
from planner_core.ownership import unordered
from planner_core.paths import patterns_overlap
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode, ConflictKind
from tests.core.short_plans import plan, task

MODIFIES, CREATES, READS = ClaimMode.MODIFIES, ClaimMode.CREATES, ClaimMode.READS
PATTERNS = ("src/a.py", "src/b.py", "src/*.py", "docs/**", "*.md", "docs/a.md")


def kinds(found: Findings) -> list[tuple[str, str, str]]:
    """The conflicts as keys and kind."""
    keys = {each.uid: each.key for each in found.plan.tasks}
    return [(keys[each.first], keys[each.second], each.kind.value) for each in found.conflicts]


@pytest.mark.parametrize(
    ("first", "second", "kind", "suggestion"),
    [
        ("modifies", "modifies", "file", None),
        ("modifies", "creates", "file", ("b", "a")),
        ("creates", "modifies", "file", ("a", "b")),
        ("creates", "creates", "creation", None),
        ("modifies", "reads", "hidden_dependency", ("a", "b")),
        ("creates", "reads", "hidden_dependency", ("a", "b")),
        ("reads", "modifies", "hidden_dependency", ("b", "a")),
        ("reads", "creates", "hidden_dependency", ("b", "a")),
    ],
)
def test_the_modes_of_two_claims_decide_the_kind(
    first: str, second: str, kind: str, suggestion: tuple[str, str] | None
) -> None:
    """Claims on one path conflict by their modes; the creator, else the writer, is suggested to go first."""
    found = find_conflicts(plan(task("A", **{first: ["src/*"]}), task("B", **{second: ["src/a.py"]})))
    assert kinds(found) == [("A", "B", kind)]
    assert found.conflicts[0].suggestion == suggestion
    assert found.conflicts[0].excludes
    assert found.exclusion_pairs == {("a", "b")}


def test_two_readers_do_not_collide() -> None:
    """Tasks that read one file may run at once."""
    found = find_conflicts(plan(task("A", reads=["src/a.py"]), task("B", reads=["src/*"])))
    assert found.conflicts == ()
    assert found.exclusion_pairs == frozenset()


def test_the_evidence_names_both_claims_and_a_path_that_both_match() -> None:
    """A file conflict says which patterns collide and where."""
    found = find_conflicts(plan(task("A", modifies=["src/models/*"]), task("B", reads=["src/**/user.py"])))
    (evidence,) = found.conflicts[0].evidence
    assert evidence.first == Claim(MODIFIES, "src/models/*")
    assert evidence.second == Claim(READS, "src/**/user.py")
    assert evidence.path == "src/models/user.py"
    assert evidence.text == (
        "A modifies src/models/* and B reads src/**/user.py: both match src/models/user.py"
    )
    assert found.conflicts[0].as_json(found.plan) == {
        "tasks": ["A", "B"],
        "kind": "hidden_dependency",
        "evidence": [
            {
                "text": evidence.text,
                "first": {"mode": "modifies", "pattern": "src/models/*"},
                "second": {"mode": "reads", "pattern": "src/**/user.py"},
                "path": "src/models/user.py",
            }
        ],
    }


def test_the_evidence_reads_well_where_the_patterns_are_the_same() -> None:
    """One pattern is named once."""
    found = find_conflicts(plan(task("A", modifies=["a.py"]), task("B", modifies=["a.py"])))
    assert found.conflicts[0].evidence[0].text == "A and B modify a.py"
    found = find_conflicts(plan(task("A", modifies=["a.py"]), task("B", creates=["a.py"])))
    assert found.conflicts[0].evidence[0].text == "A modifies and B creates a.py"


def test_reading_what_one_also_writes_adds_no_conflict() -> None:
    """A task that reads and modifies the same pattern only counts as modifying it."""
    both = {"modifies": ["a.py"], "reads": ["a.py"]}
    assert kinds(find_conflicts(plan(task("A", **both), task("B", **both)))) == [("A", "B", "file")]


def test_an_order_settles_a_conflict() -> None:
    """Tasks that a chain of dependencies orders never conflict."""
    tasks = [task("A", modifies=["a.py"]), task("B"), task("C", modifies=["a.py"])]
    assert kinds(find_conflicts(plan(*tasks, links=["A>B"]))) == [("A", "C", "file")]
    assert find_conflicts(plan(*tasks, links=["A>B", "B>C"])).conflicts == ()


def test_reading_each_other_suggests_no_order() -> None:
    """Where each reads what the other writes, no order is better than the other."""
    found = find_conflicts(
        plan(task("A", modifies=["a.py"], reads=["b.py"]), task("B", modifies=["b.py"], reads=["a.py"]))
    )
    assert [each.suggestion for each in found.conflicts] == [None]
    assert len(found.conflicts[0].evidence) == 2


def test_the_same_design_question_must_not_be_settled_twice() -> None:
    """Unordered tasks that decide the same thing conflict, however it is written."""
    tasks = plan(task("A", decides=("Soft  delete", "paging")), task("B", decides=("soft delete",)))
    found = find_conflicts(tasks)
    assert kinds(found) == [("A", "B", "design")]
    assert found.conflicts[0].evidence[0].text == "A and B decide: Soft  delete"


def test_parallel_safe_silences_hidden_dependencies_only() -> None:
    """A task that is safe to run in parallel may read what others write, but owns its files all the same."""
    reader = task("A", reads=["a.py"], parallel_safe=True)
    assert find_conflicts(plan(reader, task("B", modifies=["a.py"]))).conflicts == ()
    writer = task("A", modifies=["a.py"], parallel_safe=True, decides=("x",))
    found = find_conflicts(plan(writer, task("B", modifies=["a.py"], decides=("x",))))
    assert kinds(found) == [("A", "B", "file"), ("A", "B", "design")]


def test_a_task_that_is_not_parallel_safe_runs_beside_nothing() -> None:
    """It excludes every unordered task, and no ordered one."""
    found = find_conflicts(plan(task("A"), task("B", parallel_safe=False), task("C"), links=["A>B"]))
    assert kinds(found) == [("B", "C", "never_parallel")]
    assert found.exclusion_pairs == {("b", "c")}
    assert found.conflicts[0].evidence[0].text == "B is never to run beside another task"


def test_a_verdict_of_together_outranks_everything() -> None:
    """What the lead allows is no conflict any more; it is listed as ruled, with the verdict."""
    verdict = Verdict("a", "b", True, "one editor")
    tasks = [task("A", modifies=["a.py"], parallel_safe=False, decides=("x",))]
    tasks += [task("B", modifies=["a.py"], decides=("x",))]
    found = find_conflicts(plan(*tasks, verdicts=(verdict,)))
    assert found.conflicts == ()
    assert [(each.conflict.kind.value, each.verdict) for each in found.ruled] == [
        ("file", verdict),
        ("design", verdict),
        ("never_parallel", verdict),
    ]
    assert not any(each.conflict.excludes for each in found.ruled)
    assert found.exclusion_pairs == frozenset()


def test_a_verdict_of_never_together_is_a_conflict() -> None:
    """What the lead forbids is excluded, with the lead's reason as evidence."""
    found = find_conflicts(plan(task("A"), task("B"), verdicts=(Verdict("a", "b", False, "one database"),)))
    assert kinds(found) == [("A", "B", "verdict")]
    assert found.conflicts[0].evidence[0].text == "one database"
    ordered = plan(task("A"), task("B"), links=["A>B"], verdicts=(Verdict("a", "b", False),))
    assert find_conflicts(ordered).conflicts == ()


def test_a_verdict_on_a_summary_task_holds_for_its_children() -> None:
    """The nearest verdict holds: one on a child outranks one on its summary task."""
    tasks = [task("S"), task("A", parent="s"), task("B", parent="s"), task("C")]
    ruled = (Verdict("c", "s", False), Verdict("a", "c", True))
    assert kinds(find_conflicts(plan(*tasks, verdicts=ruled))) == [("B", "C", "verdict")]


def test_claims_of_summary_tasks_do_not_count() -> None:
    """Only tasks that are scheduled can collide."""
    tasks = [task("S", modifies=["a.py"]), task("A", parent="s"), task("B", modifies=["a.py"])]
    assert find_conflicts(plan(*tasks)).conflicts == ()


def test_the_evidence_of_a_pair_is_limited() -> None:
    """Two tasks with many files in common are not listed file by file."""
    files = [f"src/f{n}.py" for n in range(20)]
    found = find_conflicts(plan(task("A", modifies=files), task("B", modifies=files)))
    assert len(found.conflicts[0].evidence) == module.MAX_EVIDENCE


def test_a_long_list_is_cut_but_nothing_is_allowed_by_that(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit conflicts are only counted; the exclusions stay complete, other kinds come first."""
    monkeypatch.setattr(module, "MAX_LISTED", 4)
    tasks = [task(f"T{n}", parallel_safe=False) for n in range(5)]
    tasks += [task("A", modifies=["a.py"]), task("B", modifies=["a.py"])]
    found = find_conflicts(plan(*tasks))
    assert len(found.conflicts) == 4
    assert [each.kind for each in found.conflicts if each.first == "a"] == [ConflictKind.FILE]
    assert found.unlisted == 20 + 1 - 4
    assert len(found.exclusion_pairs) == 21


def claim_kind(first: Claim, second: Claim) -> ConflictKind | None:
    """The table of modes, written once more."""
    modes = {first.mode, second.mode}
    if modes == {READS} or not patterns_overlap(first.pattern, second.pattern):
        return None
    if READS in modes:
        return ConflictKind.HIDDEN_DEPENDENCY
    return ConflictKind.CREATION if modes == {CREATES} else ConflictKind.FILE


def lasting(one: Task) -> list[Claim]:
    """The claims that count: not the reading of what is written."""
    written = {claim.pattern for claim in one.claims if claim.mode is not READS}
    return [claim for claim in one.claims if claim.mode is not READS or claim.pattern not in written]


def expected(found: Plan) -> set[tuple[str, str, ConflictKind]]:
    """The conflicts of a plan without summary tasks, pair by pair."""
    result = set()
    free = unordered(found)
    said = {(each.first, each.second): each.together for each in found.verdicts}
    for i, j in combinations(range(len(found.leaves)), 2):
        one, two = found.leaves[i], found.leaves[j]
        word = said.get((min(one.uid, two.uid), max(one.uid, two.uid)))
        if not free[i] >> j & 1 or word:
            continue
        kinds_of_pair = {claim_kind(a, b) for a in lasting(one) for b in lasting(two)} - {None}
        if one.parallel_safe or two.parallel_safe:
            kinds_of_pair.discard(ConflictKind.HIDDEN_DEPENDENCY)
        if set(one.decides) & set(two.decides):
            kinds_of_pair.add(ConflictKind.DESIGN)
        if False in (one.parallel_safe, two.parallel_safe):
            kinds_of_pair.add(ConflictKind.NEVER_PARALLEL)
        if word is False:
            kinds_of_pair.add(ConflictKind.VERDICT)
        result |= {(one.uid, two.uid, kind) for kind in kinds_of_pair if kind}
    return result


@st.composite
def crowded_plans(draw: st.DrawFn) -> Plan:
    """A plan of a few tasks without families that get in each other's way."""
    claims = st.builds(Claim, st.sampled_from(ClaimMode), st.sampled_from(PATTERNS))
    tasks = [
        replace(
            task(f"T{number}"),
            claims=tuple(draw(st.lists(claims, max_size=3))),
            decides=tuple(draw(st.lists(st.sampled_from(["x", "y"]), max_size=1))),
            parallel_safe=draw(st.sampled_from([None, None, True, False])),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    pairs = list(combinations([each.uid for each in tasks], 2))
    some = st.sets(st.sampled_from(pairs), max_size=3) if pairs else st.just(set())
    return replace(
        plan(*tasks),
        dependencies=tuple(Dependency(*pair) for pair in draw(some)),
        verdicts=tuple(Verdict(*pair, draw(st.booleans())) for pair in sorted(draw(some))),
    )


@given(crowded_plans())
def test_all_conflicts_are_found_and_no_others(drawn: Plan) -> None:
    """The search finds what comparing all pairs finds, once each, in order, and excludes just that."""
    found = find_conflicts(drawn)
    listed = [(each.first, each.second, each.kind) for each in found.conflicts]
    assert set(listed) == expected(drawn)
    assert len(set(listed)) == len(listed)
    place = drawn.leaf_index
    order = [(place[a], place[b], module.KIND_ORDER[kind]) for a, b, kind in listed]
    assert order == sorted(order)
    assert found.exclusion_pairs == {(a, b) for a, b, _ in listed}
    assert all(place[a] < place[b] for a, b, _ in listed)
    assert all(each.evidence for each in found.conflicts)
