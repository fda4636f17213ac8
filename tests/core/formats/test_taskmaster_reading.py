"""`tasks.json` in the shapes that are found: tags, bare lists, local ids, dangling dependencies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planner_core as core
from planner_core.formats import Document, Report, Source, format_named
from planner_core.formats.registry import detected_format
from planner_core.items import Claim
from planner_core.vocabulary import ClaimMode, Status

BAKERY = """\
{
  "master": {
    "tasks": [
      {"id": 1, "title": "Choose an oven", "status": "done", "priority": "critical", "dependencies": [],
       "updatedAt": "2026-02-03T04:05:06.789Z", "complexity": 7},
      {"id": "2", "title": "Bake", "description": "Bread first.", "details": "Start cold.",
       "status": "in-progress", "priority": "high", "dependencies": ["1"], "assignee": "Noor",
       "testStrategy": "- Weigh it\\n- Taste it",
       "subtasks": [
         {"id": 1, "title": "Mix", "status": "done", "dependencies": [1]},
         {"id": 2, "title": "Knead", "dependencies": [1, "2.1"]},
         {"id": 3, "title": "Prove", "dependencies": ["2"]}
       ]},
      {"id": 3, "title": "Sell", "status": "blocked", "priority": "low", "dependencies": [2, "2.3", 9],
       "relevantFiles": [
         {"path": "shop/till.py", "description": "the till", "action": "modify"},
         {"path": "shop/sign.md", "description": "", "action": "create"},
         {"path": "docs/prices.md", "description": "", "action": "reference"},
         {"path": "shop/door.py", "description": ""}
       ],
       "skills": ["counting"], "effort": "2h", "weather": "fine"}
    ],
    "metadata": {"projectName": "Bakery", "description": "Bread for the street", "created": "2026-01-01"}
  },
  "catering": {"tasks": [{"id": 1, "title": "Call", "dependencies": []}], "metadata": {}}
}
"""


def read(text: str | object, name: str = "tasks.json") -> list[Document]:
    reader = format_named("task-master").read
    assert reader is not None
    numbers = count()
    content = text if isinstance(text, str) else json.dumps(text)
    return reader(Source.of(name, content), new_uid=lambda: f"u{next(numbers)}")


def report_of(document: Document) -> Report:
    assert document.report is not None
    return document.report


def waits(document: Document) -> dict[str, list[str]]:
    """The keys that each task waits for, of those that wait."""
    plan = document.plan
    found = {task.key: [before.key for before in plan.predecessors_of(task.uid)] for task in plan.tasks}
    return {key: keys for key, keys in found.items() if keys}


def listed(*tasks: dict[str, object]) -> Document:
    """A bare list with these tasks, read."""
    (document,) = read({"tasks": [{"title": "x", "dependencies": [], **task} for task in tasks]})
    return document


def subtasks(
    number: object, waiting: Sequence[object], *parts: tuple[object, Sequence[object]]
) -> dict[str, object]:
    """A task with subtasks: their ids, and what each waits for."""
    rows = [{"id": each, "title": "y", "dependencies": list(before)} for each, before in parts]
    return {"id": number, "dependencies": list(waiting), "subtasks": rows}


def test_each_tag_becomes_a_plan() -> None:
    """Tags are documents by name; what is said about a tag titles its plan."""
    bakery, catering = read(BAKERY)
    assert (bakery.name, bakery.plan.title, bakery.plan.description) == (
        *("master", "Bakery"),
        "Bread for the street",
    )
    assert (catering.name, catering.plan.title, len(catering.plan.tasks)) == ("catering", "catering", 1)
    assert detected_format(Source.of("tasks.json", BAKERY)).name == "task-master"


def test_fields_go_where_a_plan_has_them() -> None:
    """Priorities, statuses, dates, criteria, files, skills, agents and estimates with a unit are kept."""
    bakery = read(BAKERY)[0]
    tasks = bakery.plan.task_by_key
    assert list(tasks) == ["1", "2", "2.1", "2.2", "2.3", "3"]
    assert [tasks[key].priority for key in ("1", "2", "2.1", "3")] == [1, 2, 3, 4]
    assert tasks["2"].description == "Bread first.\n\nDetails:\nStart cold."
    assert tasks["2"].acceptance == ("Weigh it", "Taste it")
    assert tasks["3"].claims == (
        Claim(ClaimMode.MODIFIES, "shop/door.py"),
        Claim(ClaimMode.MODIFIES, "shop/till.py"),
        Claim(ClaimMode.CREATES, "shop/sign.md"),
        Claim(ClaimMode.READS, "docs/prices.md"),
    )
    assert tasks["3"].description == "Relevant files:\n- shop/till.py: the till"
    assert (tasks["3"].estimate, tasks["3"].skills) == (120, ("counting",))
    assert [agent.name for agent in bakery.plan.agents] == ["Noor"]
    statuses = {
        task.key: bakery.progress[task.uid].status for task in tasks.values() if task.uid in bakery.progress
    }
    assert statuses == {
        "1": Status.COMPLETED,
        "2": Status.IN_PROGRESS,
        "2.1": Status.COMPLETED,
        "3": Status.BLOCKED,
    }
    finished = bakery.progress[tasks["1"].uid].finished
    assert finished is not None
    assert finished.isoformat() == "2026-02-03T04:05:06.789000+00:00"


def test_everything_else_is_in_the_report_with_line_and_task() -> None:
    """What is guessed, repaired and lost is told where it stands."""
    report = report_of(read(BAKERY)[0])
    assert (report.tasks, report.dependencies, report.claims) == (6, 6, 4)
    assert [(note.line, note.task) for note in report.guessed] == [(4, "1"), (14, "3")]
    assert [(note.line, note.task, note.message) for note in report.lost] == [
        (4, None, "“complexity” is left out."),
        (14, "3", "“weather” is left out: fine"),
        (14, "3", "It depends on 9, which is no task here."),
        (23, None, "“metadata.created” is left out: 2026-01-01"),
    ]


def test_a_bare_number_means_the_sibling_before_else_the_task_that_the_whole_waits_for() -> None:
    """`1` in the first subtask of 2 is task 1; in the second it is subtask 2.1."""
    assert waits(read(BAKERY)[0]) == {
        "2": ["1"],
        "2.1": ["1"],
        "2.2": ["2.1"],
        "2.3": ["2.2"],
        "3": ["2", "2.3"],
    }


def test_a_bare_number_that_is_neither_is_guessed_and_told() -> None:
    """A task outside is taken before a later sibling; its own task and itself are never meant."""
    document = listed({"id": 1}, subtasks(2, [], (1, [1, 3]), (2, [9]), (3, [2])))
    assert waits(document) == {"2.1": ["1", "2.3"], "2.3": ["2.2"]}
    report = report_of(document)
    assert [note.task for note in report.guessed] == ["2.1", "2.1"]
    assert [(note.task, "9" in note.message) for note in report.lost] == [("2.2", True)]


@pytest.mark.parametrize(
    ("said", "repairs"), [("2.1", 0), (2.1, 0), ("02", 1), ("Task 2", 1), ("#2", 1), ("task-2.1", 1)]
)
def test_ids_are_understood_in_other_clothes(said: object, repairs: int) -> None:
    """Zeros before it, a word or a sign before it: the task is found, and that is told."""
    document = listed(subtasks(2, [], (1, [])), {"id": 3, "dependencies": [said]})
    assert waits(document) == {"3": ["2.1" if "1" in str(said) else "2"]}
    assert len(report_of(document).repaired) == repairs


def test_ids_of_subtasks_may_be_fractions_names_or_missing() -> None:
    """29.10 is the tenth subtask of 29; a name that occurs once is a key; a place is a guess."""
    text = """{"tasks": [{"id": 29, "dependencies": [], "subtasks": [
        {"id": 29.1}, {"id": 29.10}, {"id": "paint"}, {"id": "dry", "dependencies": ["paint"]},
        "sand", {"title": "wax"}]},
        {"id": "shed", "dependencies": ["29.10"], "subtasks": [
        {"id": "dry"}, {"id": "lock", "dependencies": ["dry"]}]}]}"""
    (document,) = read(text)
    assert [task.key for task in document.plan.tasks] == [
        *("29", "29.1", "29.10", "paint", "29.dry", "29.5", "29.6"),
        *("shed", "shed.dry", "lock"),
    ]
    assert document.plan.task_by_key["29.5"].title == "sand"
    assert waits(document) == {"29.dry": ["paint"], "shed": ["29.10"], "lock": ["shed.dry"]}
    assert [note.task for note in report_of(document).guessed] == ["5", "6"]


def test_subtasks_nest_and_name_their_task() -> None:
    """Subtasks of subtasks are parts of parts; a task of the list may name the one that it is a part of."""
    inner = {"id": 1, "title": "y", "parentId": "undefined", "subtasks": [{"id": 2, "parentTaskId": "5.1"}]}
    document = listed({"id": 5, "subtasks": [inner]}, {"id": 6, "parentId": 5}, {"id": 7, "parentId": 99})
    plan = document.plan
    parents = {task.key: plan.task_by_uid[task.parent].key for task in plan.tasks if task.parent is not None}
    assert parents == {"5.1": "5", "5.1.2": "5.1", "6": "5"}
    assert [note.task for note in report_of(document).lost] == ["7"]


def test_clashing_ids_circles_and_doubles_are_resolved_visibly() -> None:
    """The second task of an id gets another key; of a circle the last dependency goes; once is enough."""
    document = listed({"id": 1, "dependencies": [2, 2, 1]}, {"id": 2, "dependencies": [1]}, {"id": 1})
    assert [task.key for task in document.plan.tasks] == ["1", "2", "1~2"]
    assert waits(document) == {"1": ["2"]}
    report = report_of(document)
    assert (len(report.repaired), len(report.lost)) == (3, 1)


@pytest.mark.parametrize(
    ("field", "value", "minutes", "lost"),
    [
        ("effort", "1h 30m", 90, 0),
        ("effort", 5, None, 1),
        ("effort", "5", None, 1),
        ("estimatedHours", 1.5, 90, 0),
        ("estimatedMinutes", "45", 45, 0),
        ("estimate", "3 days", 1440, 0),
        ("estimate", "a while", None, 1),
        ("metadata", {"estimate": "45m"}, 45, 0),
        ("metadata", {"estimate": 45, "ticket": "X-1"}, None, 2),
    ],
)
def test_efforts_count_only_with_a_unit(field: str, value: object, minutes: int | None, lost: int) -> None:
    """A number alone may be hours, days or points: it is no estimate, and the report says so."""
    document = listed({"id": 1, field: value})
    assert document.plan.tasks[0].estimate == minutes
    assert len(report_of(document).lost) == lost


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ({"tasks": [{"id": 1, "dependencies": []}]}, [""]),
        ([{"id": 1, "dependencies": []}], [""]),
        ({"main": [{"id": 1, "dependencies": []}], "version": "1"}, ["main"]),
        (
            {"version": "1", "a": {"tasks": [], "metadata": {}}, "b": {"tasks": [{"id": 1, "subtasks": []}]}},
            ["a", "b"],
        ),
        ({"data": {"tasks": [{"id": 1, "dependencies": [], "subtasks": []}]}}, ["data"]),
        ({"tags": {"a": {"tasks": [{"id": 1, "dependencies": [], "subtasks": []}]}}}, ["a"]),
    ],
)
def test_lists_are_found_wherever_they_stand(value: object, names: list[str]) -> None:
    """A tag, several, a bare list: each is a plan; what stands beside them is told."""
    documents = read(value)
    assert [document.name for document in documents] == names
    assert detected_format(Source.of("tasks.json", json.dumps(value))).name == "task-master"


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "3", '{"name": "x", "version": "1"}', '{"tasks": 3}', "[1, 2]"]
)
def test_what_holds_no_tasks_is_refused_and_not_taken_for_it(text: str) -> None:
    """JSON of another kind is InvalidPlan, and no task-master."""
    with pytest.raises(core.InvalidPlan):
        read(text)


def test_a_folder_is_read_by_its_tasks_json() -> None:
    """Of a project's folder the list of task-master is read, and its name titles the plan."""
    reader = format_named("task-master").read
    assert reader is not None
    task = b'{"tasks": [{"id": 1, "dependencies": []}]}'
    folder = Source("shop", {".taskmaster/config.json": b"{}", ".taskmaster/tasks/tasks.json": task})
    (document,) = reader(folder, new_uid=lambda: "u")
    assert document.plan.title == "shop"
    with pytest.raises(core.InvalidPlan, match=r"tasks\.json"):
        reader(Source("shop", {"a.json": b"{}"}), new_uid=lambda: "u")


NAMES = (
    *("id", "title", "tasks", "subtasks", "dependencies", "relevantFiles", "path", "metadata", "estimate"),
    *("status", "priority", "details", "testStrategy", "effort", "parentId", "skills", "assignee", "\ud800"),
)
ATOMS = (None, True, 0, 1, 2.5, "", "1", "1.1", "x\x00\ud800", "2h", "done", 10**400, float("nan"))
JUNK = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=40,
)


@given(JUNK)
@settings(max_examples=150, deadline=None)
def test_no_json_makes_the_reader_fail(value: object) -> None:
    """Whatever stands where: a valid plan with a report, or InvalidPlan."""
    try:
        documents = read(value)
    except core.InvalidPlan:
        return
    for document in documents:
        assert report_of(document).tasks == len(document.plan.tasks)


@pytest.mark.parametrize("cut", range(0, len(BAKERY), 97))
def test_half_a_file_is_refused_with_a_line(cut: int) -> None:
    """A file that was cut off is InvalidPlan that names a line."""
    with pytest.raises(core.InvalidPlan) as refused:
        read(BAKERY[:cut])
    assert refused.value.problems[0].line is not None
