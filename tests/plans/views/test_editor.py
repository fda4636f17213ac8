"""The editor's views and panels: a page by their plain address, a part of one for htmx."""

from __future__ import annotations

import pytest
from pytest_django.asserts import assertContains, assertNotContains

import planner_core as core
from taskplanner.plans.services import set_files
from tests.plans.views.stage import Stage, answer, text_of

VIEWS = {
    "plan": '<div class="drawing-frame" id="graph"',
    "ownership": '<div class="drawing-frame" id="ownership"',
    "timeline": '<div class="timeline-frame" id="timeline"',
    "tasks": '<div id="tasks"',
    "history": '<div id="history"',
}
PANELS: dict[str, tuple[tuple[str, ...], str]] = {
    "overview": ((), 'data-panel="overview"'),
    "plan_settings": ((), 'data-panel="settings"'),
    "task": (("T003",), 'data-panel="task"'),
    "dependency_form": ((), 'data-panel="dependency-form"'),
    "dependency": (("T001", "T002"), 'data-panel="dependency"'),
    "pair": (("T002", "T003"), 'data-panel="pair"'),
    "undo_buttons": ((), 'id="undo"'),
    "figures": ((), 'id="figures"'),
}


@pytest.mark.parametrize(("route", "start"), VIEWS.items(), ids=VIEWS)
def test_a_view_is_a_page_and_a_drawing(stage: Stage, route: str, start: str) -> None:
    """The plain address gives the whole editor with the overview beside it; htmx the view alone."""
    page = stage.get("viewer", route)
    assertContains(page, start)
    assertContains(page, "<html", count=1)
    assertContains(page, 'data-panel="overview"')
    assertContains(page, 'aria-current="page"', count=1)
    assert "HX-Request" in page["Vary"]
    part = stage.get("viewer", route, htmx=True)
    assert text_of(part).lstrip().startswith(start)
    assertNotContains(part, "data-panel")
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize(("route", "about", "mark"), [(r, *a) for r, a in PANELS.items()], ids=PANELS)
def test_a_panel_is_a_page_and_a_part(stage: Stage, route: str, about: tuple[str, ...], mark: str) -> None:
    """The plain address gives the graph with that panel open; htmx the panel alone."""
    args = [stage.uid(key) for key in about]
    page = stage.get("viewer", route, *args)
    for text in (mark, "<html", VIEWS["plan"]):
        assertContains(page, text)
    part = stage.get("viewer", route, *args, htmx=True)
    assertContains(part, mark, count=1)
    assertNotContains(part, "<html")
    assertNotContains(part, VIEWS["plan"])


def test_a_page_from_the_browsers_history_is_whole(stage: Stage) -> None:
    """htmx asks for a page it has forgotten; a part of one would be all that people see."""
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assertContains(answer(stage.client("viewer").get(stage.url("tasks"), headers=headers)), "<html")


def test_the_graph_shows_tasks_dependencies_and_conflicts(stage: Stage) -> None:
    """Each as an element that scripts and styles find."""
    text = text_of(stage.get("viewer", "plan", htmx=True))
    for key in ("T001", "T002", "T003", "T004"):
        assert f'id="task-{stage.uid(key)}"' in text
        assert stage.url("task", stage.uid(key)) in text
    for first, second in (("T001", "T002"), ("T001", "T003"), ("T002", "T004")):
        assert f'id="dep-{stage.uid(first)}--{stage.uid(second)}"' in text
    assert "conflict" in text
    assert "<script" not in text
    assert "style=" not in text


def test_the_timeline_compares_one_after_the_other_with_side_by_side(stage: Stage) -> None:
    """45 + 30 + 30 (assumed) + 20 minutes; two agents save what the file conflict lets them."""
    text = text_of(stage.get("viewer", "timeline"))
    assert "<dt>One after the other</dt><dd>2h 5m</dd>" in text
    assert "<dt>2 agents</dt><dd>1h 45m</dd>" in text
    assert "<dt>Unlimited agents</dt><dd>1h 45m</dd>" in text
    assert "1 task without an estimate counts as 30m: T003" in text
    assert "<svg" in text


def test_the_table_says_what_the_drawings_show(stage: Stage) -> None:
    """For each task: duration, neighbours, claims, place in time, conflicts."""
    text = text_of(stage.get("viewer", "tasks"))
    row = text[text.index(">T002</a>") : text.index(">T003</a>")]
    for said in ("Comment repository", "1 conflict", "30m", "T001", "T004", "src/api/**", "Work", "pending"):
        assert said in row
    assert "assumed" in text[text.index(">T003</a>") : text.index(">T004</a>")]


def test_the_overview_lists_conflicts_and_assumptions(stage: Stage) -> None:
    """A conflict leads to its pair."""
    panel = stage.get("viewer", "overview", htmx=True)
    first, second = stage.uid("T002"), stage.uid("T003")
    assertContains(panel, f'data-pair="{first} {second}"')
    assertContains(panel, f'href="{stage.url("pair", first, second)}"')
    assertContains(panel, "both match <code>src/api/comments.py</code>")
    assertContains(panel, "Without an estimate, 30m each")


def test_the_line_of_figures(stage: Stage) -> None:
    """Counts, durations, the version."""
    text = " ".join(text_of(stage.get("viewer", "figures", htmx=True)).split())
    for said in (
        "<strong>4</strong> tasks",
        "<strong>3</strong> dependencies",
        "<strong>1</strong> conflict<",
    ):
        assert said in text
    assert f"version {stage.version}" in text


def test_ownership_shows_the_files_and_who_claims_them(stage: Stage) -> None:
    """The tree's top level, folders closed, and how many files are claimed."""
    text = text_of(stage.get("viewer", "ownership"))
    assert "2 of 4 files claimed, 1 contested" in text
    assert "<span>src</span>" in text
    assert "<span>README.md</span>" in text
    assert "comment.py</span>" not in text
    assert 'data-pattern="/src/**"' in text or 'data-pattern="src/**"' in text


def test_a_folder_opens_by_itself(stage: Stage) -> None:
    """What lies directly in it: folders with their counts, files with their owners."""
    assertContains(stage.get("viewer", "folder", htmx=True, path="src"), "<span>api</span>")
    models = text_of(stage.get("viewer", "folder", htmx=True, path="src/models"))
    assert "<span>comment.py</span>" in models
    assert "T001" in models
    user = models[models.index("user.py: ") :]
    assert user.startswith("user.py: nobody claims it")
    contested = text_of(stage.get("viewer", "folder", htmx=True, path="src/api"))
    assert "file contested" in contested
    assert "T002 modifies it; T003 modifies it" in contested


@pytest.mark.parametrize("path", ["lib", "src/", "/src", "src/api/comments.py", "../x", "src//api"])
def test_an_unknown_folder_answers_404(stage: Stage, path: str) -> None:
    """Also for what is a file, and for paths that no list holds."""
    assert stage.get("viewer", "folder", htmx=True, path=path).status_code == 404


def test_odd_names_of_files_are_shown_and_opened(stage: Stage) -> None:
    """What a folder's name holds survives its address."""
    text = "a b&c/d?e=f/x#y.py\n<i>/é.py\n100%/z.py\n"
    set_files(project=stage.project, text=text, expected_revision=stage.project.files_revision)
    page = text_of(stage.get("viewer", "ownership"))
    assert "<i>" not in page
    assert "?path=a%20b%26c" in page
    for path, name in (("a b&c/d?e=f", "x#y.py"), ("<i>", "é.py"), ("100%", "z.py")):
        assertContains(stage.get("viewer", "folder", htmx=True, path=path), f"<span>{name}</span>")


def test_an_empty_plan_says_how_to_begin(stage: Stage) -> None:
    """In every view, for who may edit; nothing is drawn and nothing fails."""
    stage.change(core.removing_tasks(stage.plan, [task.uid for task in stage.plan.tasks]))
    for route in VIEWS:
        assert stage.get("member", route).status_code == 200
    assertContains(stage.get("member", "plan"), "This plan has no tasks yet")
    assertContains(stage.get("member", "plan"), "import a document")
    assertNotContains(stage.get("viewer", "plan"), "import a document")
    assertContains(stage.get("member", "timeline"), "nothing to schedule yet")
    assertContains(stage.get("member", "dependency_form"), "A dependency needs two tasks")


@pytest.mark.parametrize("route", VIEWS)
def test_who_only_looks_is_offered_nothing_to_change(stage: Stage, route: str) -> None:
    """No form of a viewer's page would be refused, but for signing out and the number that is disabled."""
    text = text_of(stage.get("viewer", route))
    for action in ("add_task", "add_dependency", "add_claim", "undo", "redo", "delete_plan", "import"):
        assert f'"{stage.url(action)}"' not in text, action


def test_what_people_typed_is_no_markup(stage: Stage) -> None:
    """Not in drawings, tables or panels, nor in the address of a pattern."""
    evil = "<img src=x onerror=alert(1)>\"'&"
    uid = stage.uid("T003")
    stage.change(core.editing_task(stage.plan, uid, {}, {"title": evil, "key": evil, "decides": (evil,)}))
    stage.change(core.adding_phase(stage.plan, uid="evil", name=evil))
    for route in VIEWS:
        assert "<img src=x" not in text_of(stage.get("member", route)), route
    for route, args in (("task", (uid,)), ("overview", ()), ("plan_settings", ()), ("dependency_form", ())):
        assert "<img src=x" not in text_of(stage.get("member", route, *args)), route


def test_where_nothing_can_draw_there_are_words(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Graphviz the views say why, and lead to the table."""

    def refuse(dot: str) -> str:
        raise core.PlannerError("Graphviz is not installed.")

    monkeypatch.setattr(core, "render_svg", refuse)
    stage.change(core.editing_task(stage.plan, stage.uid("T003"), {}, {"title": "Never drawn before"}))
    for route in ("plan", "ownership", "timeline"):
        page = stage.get("viewer", route)
        assertContains(page, "Graphviz is not installed.")
        assertContains(page, f'class="button" href="{stage.url("tasks")}"')
    assertContains(stage.get("viewer", "tasks"), "Never drawn before")
