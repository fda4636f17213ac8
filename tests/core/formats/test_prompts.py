"""Prompts by wave: whoever reads one knows its files, what it gets, when it is done, and when to stop."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.formats import prompts_claude, prompts_codex, prompts_cursor
from planner_core.formats.briefs import SETTLED, Briefs, in_backticks, waves_of
from planner_core.formats.document import Document
from planner_core.formats.prompts import block
from planner_core.formats.registry import Format
from planner_core.items import Artefact, TaskProgress
from planner_core.vocabulary import Status
from tests.core.short_plans import plan, task
from tests.core.strategies import plans, progress_of

FORMATS = [prompts_claude.FORMAT, prompts_cursor.FORMAT, prompts_codex.FORMAT]
FENCE = re.compile(r"^(`{3,})text\n(.*?)\n\1$", re.M | re.S)


def text_of(chosen: Format, document: Document) -> str:
    assert chosen.write is not None
    return chosen.write(document).text


def three() -> core.Plan:
    handoff = core.Handoff(
        "h",
        ("a",),
        ("b",),
        summary="The model is final",
        artefacts=(Artefact("src/model.py", symbol="Model", use="import it", avoid="a copy"),),
        criteria=("It imports",),
    )
    return plan(
        task("A", title="Model", modifies=["src/model.py"]),
        task(
            "B", title="Store", modifies=["src/store.py"], reads=["src/model.py"], acceptance=("It stores",)
        ),
        task("C", modifies=["src/api/*.py"], estimate=45),
        links=["A>B", "A>C"],
        handoffs=(handoff,),
        agent_count=2,
    )


@pytest.mark.parametrize("chosen", FORMATS, ids=lambda each: each.name)
def test_each_prompt_says_files_handoffs_criteria_and_the_stop_rule(chosen: Format) -> None:
    """All that a task needs stands in its prompt, in every tool's format."""
    text = text_of(chosen, Document(three()))
    blocks = [found[2] for found in FENCE.finditer(text)]
    [brief] = [each[each.index("# B: Store") :] for each in blocks if "# B: Store" in each]
    for words in ("src/store.py", "src/model.py", "The model is final", "Avoid: a copy", "- [ ] It imports"):
        assert words in brief
    assert "- [ ] It stores" in brief
    assert "stop at once" in brief
    assert "C owns `src/api/*.py`" in brief


def test_claude_gets_one_message_a_wave() -> None:
    """Each wave is one block, which launches all of its tasks at once and reports what stopped."""
    blocks = [found[2] for found in FENCE.finditer(text_of(prompts_claude.FORMAT, Document(three())))]
    assert len(blocks) == 2
    assert "Launch 2 subagents" in blocks[1]
    assert blocks[1].index("===== Subagent 1 of 2: B") < blocks[1].index("===== Subagent 2 of 2: C")
    assert "the task, the file and the reason" in blocks[1]


@pytest.mark.parametrize("chosen", FORMATS[1:], ids=lambda each: each.name)
def test_the_others_get_one_prompt_a_task(chosen: Format) -> None:
    """Cursor and Codex are given a block for each task."""
    assert len(FENCE.findall(text_of(chosen, Document(three())))) == 3


def test_cursor_mentions_plain_paths() -> None:
    """A path that names one file is mentioned with @, a pattern is not."""
    text = text_of(prompts_cursor.FORMAT, Document(three()))
    assert "You may change: @src/store.py" in text
    assert "You may change: `src/api/*.py`" in text


def test_more_tasks_than_agents_are_launched_in_turn() -> None:
    """A wave wider than there are agents says how many may work at once."""
    text = text_of(prompts_claude.FORMAT, Document(plan(task("A"), task("B"), task("C"), agent_count=2)))
    assert "Let at most 2 work at once" in text


def test_settled_tasks_get_no_prompt() -> None:
    """What is completed or cancelled is named, not done again."""
    progress = {"a": TaskProgress(Status.COMPLETED), "c": TaskProgress(Status.CANCELLED)}
    text = text_of(prompts_codex.FORMAT, Document(three(), progress))
    assert "Already settled, so without a prompt: A, C." in text
    assert len(FENCE.findall(text)) == 1


def test_a_task_without_files_is_told_so() -> None:
    """A task that claims nothing may change nothing until it is given a file."""
    assert "No file is yours to change yet" in Briefs(plan(task("A"))).text(task("A"))


def test_parts_of_a_summary_task_get_what_it_gets() -> None:
    """Predecessors and handoffs of a summary task hold for its parts."""
    content = plan(
        task("A"),
        task("S", title="Sum"),
        task("B", parent="s"),
        links=["A>S"],
        handoffs=(core.Handoff("h", ("a",), ("s",), summary="Mind the gap"),),
    )
    brief = Briefs(content).text(content.task_by_key["B"])
    for words in ("Part of: S (Sum)", "Finished before you start: A", "Mind the gap"):
        assert words in brief


def test_many_neighbours_are_counted_not_listed() -> None:
    """In a very wide wave a brief names a few of the others and counts the rest."""
    others = [task(f"T{number}", modifies=[f"{number}.py"]) for number in range(30)]
    brief = Briefs(plan(task("A"), *others)).text(task("A"), others)
    assert "10 more tasks are at work beside you" in brief


@given(st.data(), plans())
@settings(max_examples=100, deadline=None)
def test_every_open_task_stands_in_one_block_of_each_format(data: st.DataObject, content: core.Plan) -> None:
    """Whatever people typed, blocks stay closed, and each task that is not settled is in exactly one."""
    progress = data.draw(progress_of(content))
    document = Document(content, progress)
    left = [each for each in content.leaves if progress.get(each.uid, TaskProgress()).status not in SETTLED]
    for chosen in FORMATS:
        text = text_of(chosen, document)
        blocks = [found[2] for found in FENCE.finditer(text)]
        first = 1 if content.description.strip() else 0
        mention = prompts_cursor._mention if chosen is prompts_cursor.FORMAT else in_backticks
        heads = [Briefs(content, mention).text(each).split("\n")[0] for each in left]
        assert sum("Stop rule:" in each for each in blocks[first:]) == (
            len(left) if chosen is not prompts_claude.FORMAT else len(blocks) - first
        )
        assert all(any(head in each for each in blocks[first:]) for head in heads)


@given(plans())
@settings(max_examples=60, deadline=None)
def test_waves_hold_each_task_once_in_order_and_no_excluded_pair(content: core.Plan) -> None:
    """Waves keep dependencies and exclusions, and name every scheduled task once."""
    waves = waves_of(content)
    assert sorted(each.uid for wave in waves for each in wave) == sorted(content.leaf_index)
    wave_of = {each.uid: number for number, wave in enumerate(waves) for each in wave}
    uids = [each.uid for each in content.leaves]
    assert all(wave_of[uids[before]] < wave_of[uids[after]] for before, after in content.leaf_graph.edges)
    apart = core.find_conflicts(content).exclusion_pairs
    assert all(wave_of[first] != wave_of[second] for first, second in apart)


@given(st.text("`ab\n", max_size=20))
def test_blocks_cannot_be_closed_from_inside(text: str) -> None:
    """However many backticks a text holds, its block ends where it ends."""
    found = FENCE.fullmatch(block(text))
    assert found is not None
    assert found[2] == text


def test_what_no_prompt_says_is_reported() -> None:
    """Verdicts, settings and dates are named as lost; a plain plan loses nothing."""
    assert prompts_claude.FORMAT.write is not None
    assert prompts_claude.FORMAT.write(Document(three())).lost == ()
    content = plan(task("A"), task("B"), verdicts=(core.Verdict("a", "b", False),), threshold=1.0)
    lost = prompts_claude.FORMAT.write(Document(content, {"a": TaskProgress(Status.FAILED)})).lost
    assert [note.message for note in lost] == [
        "Its progress (failed) is left out.",
        "The verdict on A and B is kept in the waves alone.",
        "The plan's threshold and weights are left out.",
    ]
