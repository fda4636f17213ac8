"""A project's file list, from whatever people paste."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from taskplanner.plans.models import Project
from taskplanner.plans.selectors import file_list
from taskplanner.plans.services import BadFileList, StaleFileList, create_project, set_files
from tests.cast import Cast


@pytest.fixture
def project(cast: Cast) -> Project:
    """The cast's project “Shop”."""
    return create_project(team=cast.team, name="Shop")


def listed(project: Project, text: str) -> list[str]:
    """The file list after a text was set as it."""
    project.refresh_from_db()
    set_files(project=project, text=text, expected_revision=project.files_revision)
    project.refresh_from_db()
    return file_list(project)


def test_a_list_is_sorted_and_without_doubles(project: Project) -> None:
    """Blank lines, leading `./`, spaces around and line ends of Windows do not matter."""
    text = "./src/b.py\r\n\r\n  src/a.py\nREADME.md\nsrc/b.py\n./\n"
    assert listed(project, text) == ["README.md", "src/a.py", "src/b.py"]
    assert set_files(project=project, text=text, expected_revision=1) == 3


def test_an_empty_list_is_a_list(project: Project) -> None:
    """A project may have no files, before and after it had some."""
    assert file_list(project) == []
    assert listed(project, "a.py") == ["a.py"]
    assert listed(project, "\n \n") == []


@pytest.mark.parametrize(
    ("line", "path"),
    [
        (r'"docs/\303\251.md"', "docs/é.md"),
        (r'"\346\227\245\346\234\254.txt"', "日本.txt"),
        (r'"\360\237\232\200.py"', "🚀.py"),
        (r'"say \"hi\".md"', 'say "hi".md'),
        (r'"back\\slash.md"', "back\\slash.md"),
        (r'"back\\303.md"', r"back\303.md"),
        ('"plain.md"', "plain.md"),
        ('"./src/a.py"', "src/a.py"),
        ("docs/é.md", "docs/é.md"),
        ("app/[id]/page (1).tsx", "app/[id]/page (1).tsx"),
        (r"app\page.tsx", r"app\page.tsx"),
        ('a "quoted" word.md', 'a "quoted" word.md'),
        ('it"', 'it"'),
    ],
)
def test_paths_in_quotes_are_read_as_git_writes_them(project: Project, line: str, path: str) -> None:
    """Bytes in octal, quotes and backslashes are undone, in quotes only."""
    assert listed(project, line) == [path]


@pytest.mark.parametrize(
    "line",
    [
        "/etc/passwd",
        "../secret",
        "src/../../secret",
        "src//a.py",
        "src/",
        "C:\\work\\a.py",
        "~/notes",
        "a\tb",
        "a\x7fb",
        "a\u2028b",
        "x" * 401,
        r'"a\tb"',
        r'"a\nb"',
        r'"\001"',
        r'"../\303\251"',
        r'"\303"',
        r'"\x41"',
        r'"\8"',
        r'"\477"',
        r'"a\"',
        '"a"b"',
        '"a\\\\\\"',
    ],
)
def test_a_bad_line_is_named_and_nothing_is_stored(project: Project, line: str) -> None:
    """One line that is no path inside the project refuses the whole list, and the message says which."""
    assert listed(project, "a.py") == ["a.py"]
    with pytest.raises(BadFileList, match=r"Line 3\b"):
        listed(project, f"ok.py\n\n{line}\nfine.py")
    project.refresh_from_db()
    assert (file_list(project), project.files_revision) == (["a.py"], 1)


def test_a_list_has_an_end(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """More files than a project can show are refused with both numbers."""
    monkeypatch.setattr("taskplanner.plans.services.files.MAX_FILES", 2)
    assert listed(project, "a\nb\nb") == ["a", "b"]
    with pytest.raises(BadFileList, match="at most 2 files; this one has 3"):
        listed(project, "a\nb\nc")


def test_a_list_that_somebody_replaced_is_stale(project: Project) -> None:
    """Who looked at an older list does not overwrite the new one."""
    assert set_files(project=project, text="mine.py", expected_revision=0) == 1
    with pytest.raises(StaleFileList):
        set_files(project=project, text="theirs.py", expected_revision=0)
    project.refresh_from_db()
    assert (file_list(project), project.files_revision) == (["mine.py"], 1)


def test_what_git_lists_is_what_there_is(project: Project, tmp_path: Path) -> None:
    """The output of `git ls-files`, quoted or not, names every file of a repository."""
    names = [
        "README.md",
        "docs/é.md",
        'say "hi".md',
        "back\\slash",
        "日本/🚀 go.py",
        "[x]/a'b.txt",
        "\\303.md",
    ]
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()

    def git(*arguments: str) -> str:
        command = ["git", "-C", str(tmp_path), *arguments]
        return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout

    git("init", "--quiet")
    git("add", "--all")
    for quoted in ("true", "false"):
        printed = git("-c", f"core.quotePath={quoted}", "ls-files")
        assert listed(project, printed) == sorted(names)
