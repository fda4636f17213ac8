"""What leaves the app: YAML for people and programs, its schema, drawings as files."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import lxml.etree
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains

import planner_core as core
from planner_core.vocabulary import Role
from taskplanner.accounts import services as accounts
from taskplanner.accounts.models import Scope
from taskplanner.jobs.models import Job, JobState
from taskplanner.jobs.runner import run_job
from taskplanner.plans.models import Plan
from taskplanner.plans.services import set_progress
from tests.plans.views.stage import Stage, answer, text_of


def test_the_yaml_is_a_file(stage: Stage) -> None:
    """Named after the plan."""
    response = stage.get("viewer", "export_yaml")
    assert response["Content-Type"] == "application/yaml; charset=utf-8"
    assert 'filename="comments-feature.yaml"' in response["Content-Disposition"]
    assert response["Content-Disposition"].startswith("attachment;")
    assert "T002:" in text_of(response)


@pytest.mark.parametrize("title", ['Quo"te; x=1', "Größe", "计划", "a/../b", "‮evil"])
def test_any_title_makes_a_safe_file_name(stage: Stage, title: str) -> None:
    """Letters, digits and hyphens, whatever the plan is called."""
    stage.change(core.setting_plan_field(stage.plan, "title", title))
    disposition = stage.get("viewer", "export_yaml")["Content-Disposition"]
    name = disposition.split('"')[1]
    assert disposition.isascii()
    assert name.removesuffix(".yaml").replace("-", "").isalnum()


def test_a_plan_from_the_export_exports_the_same_bytes(stage: Stage) -> None:
    """Out, in as a new plan, out again: progress, verdicts and handoffs included."""
    stage.change(core.ruling(stage.plan, stage.uid("T002"), stage.uid("T003"), True, "They agreed"))
    before = core.TaskProgress()
    after = core.TaskProgress(core.Status.COMPLETED)
    task = stage.plan.tasks[0]
    now = datetime(2026, 1, 31, 12, 30, 15, 123456, tzinfo=UTC)
    set_progress(plan=stage.row, task_uid=task.uid, before=before, after=after, now=now)
    exported = stage.get("viewer", "export_yaml").content
    made = stage.add_document("member", text=exported.decode())
    assert made.status_code == 302
    other = Plan.objects.latest("pk")
    assert other.pk != stage.row.pk
    again = stage.client("viewer").get(reverse("export_yaml", args=[other.pk]))
    assert again.content == exported


def test_the_page_shows_the_same_text(stage: Stage) -> None:
    """Escaped, beside the ways to have it."""
    stage.change(core.setting_plan_field(stage.plan, "title", "<b>Comments</b>"))
    page = stage.get("viewer", "export")
    assertContains(page, "&lt;b&gt;Comments&lt;/b&gt;")
    assertContains(page, stage.url("export_yaml"))
    assertContains(page, stage.url("api_export_yaml"))


def test_programs_get_the_same_bytes(stage: Stage) -> None:
    """By a token of the team that may read; for another team's the plan is not there."""
    cast = stage.cast
    texts = [
        accounts.create_token(team=team, created_by=cast.owner, name="CI", scope=scope).text
        for team, scope in ((cast.team, Scope.READ), (cast.team, Scope.WRITE), (cast.other_team, Scope.READ))
    ]
    url, expected = stage.url("api_export_yaml"), stage.get("viewer", "export_yaml").content
    answers = [Client().get(url, headers={"Authorization": f"Bearer {text}"}) for text in texts]
    assert [each.status_code for each in answers] == [200, 200, 404]
    assert answers[0].content == answers[1].content == expected
    assert json.loads(answers[2].content)["error"]
    missing = Client().get(
        reverse("api_export_yaml", args=[10**6]), headers={"Authorization": f"Bearer {texts[0]}"}
    )
    assert missing.status_code == 404


def test_the_schema_is_for_everybody() -> None:
    """As JSON that says which draft it follows."""
    response = Client().get(reverse("schema"))
    assert response["Content-Type"] == "application/schema+json"
    assert json.loads(response.content) == json.loads(json.dumps(core.json_schema()))


SIGNS = {"svg": b"<svg", "png": b"\x89PNG\r\n", "pdf": b"%PDF-"}
TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf"}


@pytest.mark.parametrize("view", ["timeline", "graph", "ownership"])
@pytest.mark.parametrize("file_format", SIGNS)
def test_a_drawing_is_made_by_a_job_and_downloaded(stage: Stage, view: str, file_format: str) -> None:
    """The answer leads to the job's page, which leads to the file once the job has run."""
    sizes = []
    for theme in ("light", "dark"):
        response = stage.post("viewer", "export_drawing", view=view, format=file_format, theme=theme)
        job = Job.objects.latest("created")
        assert response["Location"] == job.get_absolute_url()
        file_url = reverse("download_job_file", args=[job.pk])
        client = stage.client("viewer")
        assert client.get(file_url).status_code == 404, "there is none yet"
        run_job(job.pk)
        assertContains(client.get(response["Location"]), file_url)
        file = answer(client.get(file_url))
        assert file["Content-Type"] == TYPES[file_format]
        assert f'filename="comments-feature-{view}.{file_format}"' in file["Content-Disposition"]
        assert SIGNS[file_format] in file.content[:300]
        sizes.append(file.content)
    assert sizes[0] != sizes[1], "the themes differ"
    if file_format == "svg":
        for content in sizes:
            assert b"T003" in content
            assert not lxml.etree.fromstring(content).xpath("//*[local-name()='script']")


@pytest.mark.parametrize("view", ["timeline", "graph", "ownership"])
def test_an_empty_plan_is_a_drawing_too(stage: Stage, view: str) -> None:
    """With nothing on it; the job does not fail."""
    stage.change(core.removing_tasks(stage.plan, [task.uid for task in stage.plan.tasks]))
    stage.post("viewer", "export_drawing", view=view, format="svg", theme="light")
    job = Job.objects.latest("created")
    run_job(job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.DONE, "")


def test_the_job_of_a_deleted_plan_fails_with_a_reason(stage: Stage) -> None:
    """And makes no file."""
    stage.post("viewer", "export_drawing", view="graph", format="svg", theme="light")
    stage.post("lead", "delete_plan")
    job = Job.objects.latest("created")
    for _ in range(job.max_attempts):
        run_job(job.pk)
    job.refresh_from_db()
    assert job.file_content is None
    assert job.error


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"view": "graph", "format": "svg"},
        {"view": "graph", "format": "exe", "theme": "light"},
        {"view": "history", "format": "svg", "theme": "light"},
        {"view": "graph", "format": "svg", "theme": "blue"},
    ],
)
def test_an_unknown_drawing_is_refused(stage: Stage, fields: dict[str, str]) -> None:
    """422, and no job."""
    response = stage.post("viewer", "export_drawing", **fields)
    assertContains(response, "Choose a drawing, a format and a theme", status_code=422)
    assert not Job.objects.exists()


def test_a_job_belongs_to_the_team(stage: Stage) -> None:
    """Another member of the team may see it and download its file, an outsider not."""
    stage.post("viewer", "export_drawing", view="graph", format="svg", theme="light")
    job = Job.objects.latest("created")
    run_job(job.pk)
    file_url = reverse("download_job_file", args=[job.pk])
    assert job.team == stage.cast.team
    assert stage.cast.membership("member").role == Role.MEMBER
    assert stage.client("member").get(file_url).status_code == 200
    assert stage.client("outsider").get(file_url).status_code == 404
