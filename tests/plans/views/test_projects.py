"""Projects and plans as a whole: the lists, making, renaming, deleting."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

import planner_core as core
from taskplanner.accounts.services import create_team
from taskplanner.jobs.models import Job
from taskplanner.plans.mapping import load_plan
from taskplanner.plans.models import Change, Plan, Project
from taskplanner.plans.services import create_project
from tests.cast import Cast, Part
from tests.plans.views.stage import Stage, answer, said, text_of

HOME = "/"


def test_home_shows_the_teams_projects_and_plans(stage: Stage) -> None:
    """Of one's own teams only."""
    home = stage.client("viewer").get(HOME)
    for text in ("Crew", "Shop", "Comments feature", "4 tasks"):
        assertContains(home, text)
    assertNotContains(home, "Others")
    theirs = stage.client("outsider").get(HOME)
    assertContains(theirs, "This team has no project yet.")
    for text in ("Crew", "Shop", "Comments feature"):
        assertNotContains(theirs, text)


def test_home_without_a_team_says_what_to_do(cast: Cast) -> None:
    """Make one, or ask for an invitation."""
    client = cast.client("viewer")
    cast.membership("viewer").delete()
    assertContains(client.get(HOME), "You are in no team yet")


def test_home_shows_the_latest_plans_of_a_project(stage: Stage) -> None:
    """Five, and how many more there are."""
    for number in range(6):
        stage.post_to_project("member", "add_plan", title=f"Plan {number}")
    home = stage.client("viewer").get(HOME)
    for number in range(1, 6):
        assertContains(home, f"<span>Plan {number}</span>")
    assertNotContains(home, "<span>Plan 0</span>")
    assertContains(home, "2 more")


def test_a_project_is_made(cast: Cast) -> None:
    """In a team of which one is a member, under a name that the team has not used."""
    client = cast.client("member")
    response = client.post(reverse("add_project"), {"team": "crew", "name": "  Shop "})
    project = Project.objects.get()
    assertRedirects(response, project.get_absolute_url())
    assert (project.name, project.team) == ("Shop", cast.team)
    again = client.post(reverse("add_project"), {"team": "crew", "name": "Shop"})
    assertContains(again, "already has a project called Shop", status_code=422)
    assert Project.objects.count() == 1


@pytest.mark.parametrize("name", ["", " ", "x" * 301, "a\x00b", "two\nlines", "bell\x07", "\u2028"])
def test_a_projects_name_is_one_line(stage: Stage, name: str) -> None:
    """For a new project, another name, and a phase alike: 422, and nothing is written."""
    before = stage.state()
    client = stage.client("lead")
    assert client.post(reverse("add_project"), {"team": "crew", "name": name}).status_code == 422
    assert stage.post_to_project("lead", "rename_project", name=name).status_code == 422
    assert stage.post("lead", "add_row", "phase", name=name).status_code == 422
    assert Project.objects.get().name == "Shop"
    assert stage.state() == before


def test_nobody_makes_projects_where_they_only_look(cast: Cast) -> None:
    """The form offers only teams of which one is at least a member, and takes no other."""
    own = create_team(name="Own", owner=cast.viewer)
    client = cast.client("viewer")
    home = client.get(HOME)
    assertContains(home, f'<option value="{own.slug}">')
    assertNotContains(home, '<option value="crew">')
    for team in ("crew", "others", "none", ""):
        assert client.post(reverse("add_project"), {"team": team, "name": "Shop"}).status_code == 422
    assert not Project.objects.exists()


def test_a_project_is_renamed(stage: Stage) -> None:
    """Not to what another one of the team is called."""
    create_project(team=stage.cast.team, name="Site")
    taken = stage.post_to_project("lead", "rename_project", name="Site")
    assertContains(taken, "already has a project called Site", status_code=422)
    for _ in range(2):
        response = stage.post_to_project("lead", "rename_project", name="Store")
        assertRedirects(response, stage.project.get_absolute_url())
    assert Project.objects.get(pk=stage.project.pk).name == "Store"


def test_a_project_is_deleted_with_its_plans(stage: Stage) -> None:
    """By who leads; a second click finds nothing."""
    assert stage.post_to_project("member", "delete_project").status_code == 403
    response = stage.post_to_project("lead", "delete_project")
    assertRedirects(response, HOME)
    assert said(response) == ["The project Shop and its plans are deleted."]
    assert not Plan.objects.exists()
    assert not Change.objects.exists()
    assert stage.post_to_project("lead", "delete_project").status_code == 404


def test_a_plan_is_deleted_with_its_history(stage: Stage) -> None:
    """By who leads; its pages are gone, the project stays."""
    stage.change(core.ruling(stage.plan, stage.uid("T002"), stage.uid("T003"), True, "They agreed"))
    assert stage.post("member", "delete_plan").status_code == 403
    response = stage.post("lead", "delete_plan")
    assertRedirects(response, stage.project.get_absolute_url())
    assert said(response) == ["The plan Comments feature is deleted."]
    assert not Change.objects.exists()
    assert stage.post("lead", "delete_plan").status_code == 404
    assert stage.get("lead", "plan").status_code == 404
    assert stage.get("lead", "changes", htmx=True).status_code == 404


def test_a_change_of_a_deleted_plan_is_refused(stage: Stage) -> None:
    """Whoever still has it open is told 404."""
    stage.post("lead", "delete_plan")
    assert stage.post("member", "add_task", htmx=True, title="Docs").status_code == 404


def test_the_project_page_offers_what_the_role_may(stage: Stage) -> None:
    """Viewers see plans; members make some; leads rename and delete."""
    new, delete = (reverse(name, args=[stage.project.pk]) for name in ("add_plan", "delete_project"))
    offers: dict[Part, tuple[bool, bool]] = {
        "viewer": (False, False),
        "member": (True, False),
        "lead": (True, True),
    }
    for part, offered in offers.items():
        text = text_of(answer(stage.client(part).get(stage.project.get_absolute_url())))
        assert "Comments feature" in text
        assert (f'action="{new}"' in text, f'action="{delete}"' in text) == offered


def test_a_plan_from_nothing(stage: Stage) -> None:
    """Has its title and opens."""
    response = stage.post_to_project("member", "add_plan", title="  Next   release ")
    plan = Plan.objects.latest("pk")
    assertRedirects(response, plan.get_absolute_url())
    assert load_plan(plan) == core.Plan(title="Next   release")
    assertContains(stage.client("member").get(plan.get_absolute_url()), "This plan has no tasks yet")


@pytest.mark.parametrize("title", ["x" * 301, "a\x00b", "bell\x07", "two\nlines"])
def test_a_title_that_will_not_do(stage: Stage, title: str) -> None:
    """422, with the reason; no plan is made."""
    page = stage.post_to_project("member", "add_plan", title=title)
    assertContains(page, 'class="errors"', status_code=422)
    assert Plan.objects.count() == 1


@pytest.mark.parametrize("starter", core.STARTERS, ids=lambda starter: starter.name)
def test_a_plan_from_a_starter(stage: Stage, starter: core.starters.Starter) -> None:
    """It opens with the starter's tasks, without an error, and exports to a document that is read again."""
    page = stage.client("member").get(stage.project.get_absolute_url())
    assertContains(page, f'name="starter" value="{starter.name}"')
    response = stage.post_to_project("member", "add_plan", starter=starter.name)
    plan = Plan.objects.latest("pk")
    assertRedirects(response, plan.get_absolute_url())
    assert [task.key for task in load_plan(plan).tasks] == [task.key for task in starter.tasks]
    for route in ("plan", "ownership", "timeline", "tasks", "history", "export"):
        assert stage.client("viewer").get(reverse(route, args=[plan.pk])).status_code == 200
    text = text_of(answer(stage.client("viewer").get(reverse("export_yaml", args=[plan.pk]))))
    assert core.read_plan(text, new_uid=iter(f"n{n}" for n in range(1000)).__next__).plan.title == plan.title


def test_an_unknown_starter_is_refused(stage: Stage) -> None:
    """422; no plan is made."""
    assert stage.post_to_project("member", "add_plan", starter="nope").status_code == 422
    assert Plan.objects.count() == 1


def test_a_plan_from_a_broken_document(stage: Stage) -> None:
    """422 with every error in its place, and the text as it was pasted; no plan is made."""
    text = "taskplanner: 1\ntasks:\n  A: {estimate: soon}\n  B: {depends_on: [X]}\n"
    page = text_of(stage.add_document("member", text=text))
    assert [int(line) for line in re.findall(r"Line (\d+), column", page)] == [3, 4]
    assert "estimate: soon" in page
    assert Plan.objects.count() == 1


def test_the_examples_are_loaded_once(cast: Cast) -> None:
    """Into a fresh installation: each opens in every view; a second run changes nothing."""
    for _ in range(2):
        call_command("load_examples")
    assert Project.objects.get().name == "Examples"
    plans = list(Plan.objects.order_by("pk"))
    assert [plan.title for plan in plans] == [title for _, title in core.EXAMPLES]
    client = cast.client("owner")
    team = Project.objects.get().team
    client.force_login(team.memberships.get(role="owner").user)
    assertContains(client.get(HOME), "Examples")
    for plan in plans:
        for route in ("plan", "ownership", "timeline", "tasks", "history", "export"):
            assert client.get(reverse(route, args=[plan.pk])).status_code == 200
    assert not Job.objects.exists()


def test_examples_do_not_disturb(stage: Stage) -> None:
    """Where there is a project already, nothing is loaded."""
    call_command("load_examples")
    assert Plan.objects.count() == 1


@pytest.mark.parametrize("name", [name for name, _ in core.EXAMPLES])
def test_an_example_survives_the_way_out_and_in(stage: Stage, name: str) -> None:
    """As a document posted to a project: exported, posted, exported again, the bytes are the same."""
    document = core.read_example(name, new_uid=iter(f"n{n}" for n in range(1000)).__next__)
    texts = [core.write_plan(document.plan, document.progress)]
    for _ in range(2):
        assert stage.add_document("member", text=texts[-1], format="yaml").status_code == 302
        url = reverse("export_yaml", args=[Plan.objects.latest("pk").pk])
        texts.append(answer(stage.client("viewer").get(url)).content.decode())
    assert texts[0] == texts[1] == texts[2]
