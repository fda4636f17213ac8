"""Sources: every encoding that is text, folders and ZIPs, and nothing that a hostile file could gain."""

from __future__ import annotations

import io
import random
import stat
import zipfile
from collections.abc import Callable, Mapping

import pytest

import planner_core as core
from planner_core.formats import Source, source_of
from planner_core.formats.archive import MAX_FILES
from planner_core.formats.source import MAX_TEXT_BYTES


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def refusal(name: str, content: bytes) -> core.Problem:
    with pytest.raises(core.InvalidPlan) as refused:
        source_of(name, content).text()
    (problem,) = refused.value.problems
    return problem


@pytest.mark.parametrize(
    "content",
    [
        "é\nb\n".encode(),
        b"\xef\xbb\xbf" + "é\r\nb\r\n".encode(),
        "\ufeffé\rb\r".encode("utf-16-le"),
        "\ufeffé\nb\n".encode("utf-16-be"),
    ],
)
def test_text_is_read_in_every_usual_encoding(content: bytes) -> None:
    """UTF-8 with and without a mark, UTF-16 with one; lines end with a line feed."""
    source = source_of("some/where/plan.txt", content)
    assert (source.name, source.suffix, source.is_folder) == ("plan.txt", ".txt", False)
    assert source.text() == source.text("plan.txt") == "é\nb\n"


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        (b"a\nb\xff\xfe", 2, "neither UTF-8"),
        (b"a\n\x00\n", 2, "zero bytes"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "no text"),
        (b"\xff\xfe\x00\x00a", 1, "UTF-32"),
        (b"\xff\xfea", 1, "neither UTF-8"),
        (b"a" * (MAX_TEXT_BYTES + 1), None, "larger than"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(content: bytes, line: int | None, said: str) -> None:
    """The message names the file and says what it is."""
    problem = refusal("plan.txt", content)
    assert problem.line == line
    assert problem.message.startswith("plan.txt ")
    assert said in problem.message


def test_a_folder_is_no_single_text() -> None:
    """Its files are read by their paths; asking for the text, or for a file that is not there, is refused."""
    source = Source("plans", {"a/b.yaml": b"x"})
    assert source.is_folder
    assert source.suffix == ""
    assert source.text("a/b.yaml") == "x"
    for path in (None, "c.yaml"):
        with pytest.raises(core.InvalidPlan):
            source.text(path)


def test_a_zip_is_the_folder_in_it_without_junk() -> None:
    """Files that no reader could read, and those that systems leave behind, are not in it."""
    junk = {
        "__MACOSX/._a.yaml": b"",
        "x/.git/config.yaml": b"",
        "x/._b.yaml": b"",
        "x/logo.png": b"",
        "x/": b"",
    }
    source = source_of("plans.zip", zipped({"x/a.yaml": b"# A", **junk}))
    assert source == Source("plans", {"x/a.yaml": b"# A"})


def test_a_zip_of_one_file_is_this_file() -> None:
    """Where it lies in no folder."""
    assert source_of("upload.zip", zipped({"plan.yaml": b"tasks: {}"})) == Source.of("plan.yaml", "tasks: {}")


@pytest.mark.parametrize(
    "name",
    [
        "../a.yaml",
        "/etc/a.yaml",
        "x/../../a.yaml",
        "C:/a.yaml",
        "..\\a.yaml",
        "a/./b.yaml",
        "x\x01.yaml",
        "a//b.yaml",
    ],
)
def test_a_zip_with_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    """Whatever else is in it."""
    problem = refusal("plans.zip", zipped({"fine/a.yaml": b"", name: b""}))
    assert "an entry" in problem.message


def test_a_zip_with_a_link_is_refused() -> None:
    """A link could lead anywhere."""
    link = zipfile.ZipInfo("x/a.yaml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "a link" in refusal("plans.zip", out.getvalue()).message


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (zipped({f"x/{number}.yaml": b"\0" * 4_000_000 for number in range(3)}), "too much"),
        (zipped({"x/a.yaml": b" " * (MAX_TEXT_BYTES + 1)}), "larger than"),
        (zipped({f"x/{number}.yaml": b"" for number in range(MAX_FILES + 1)}), "more than"),
        (zipped({"x/a.yaml": b"a", "x/b.yaml": b"b"}, zipfile.ZIP_LZMA), "Use a plain ZIP"),
        (zipped({"x/a.yaml": b"abc" * 50})[:40], "cannot be read"),
    ],
    ids=["ratio", "one large file", "many files", "method", "cut off"],
)
def test_bombs_and_broken_zips_are_refused(content: bytes, said: str) -> None:
    """Before they take more memory than a plan may."""
    assert said in refusal("plans.zip", content).message


def test_entries_that_stand_twice_are_refused() -> None:
    """It would not be clear which one is meant."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x/a.yaml", "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("x/a.yaml", "2")
    assert "twice" in refusal("plans.zip", out.getvalue()).message


def test_mutated_zips_are_read_or_refused(count: Callable[[int, int], int]) -> None:
    """However the bytes of an archive are damaged, it is a source or it is refused."""
    chance = random.Random(3)
    whole = zipped({"x/a.yaml": b"- A\n" * 40, "x/b.yaml": b"# B\n", "x/c/d.yaml": b"tasks: {}\n"})
    refused = 0
    for _ in range(count(300, 5_000)):
        broken = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            place = chance.randrange(4, len(broken))
            broken[place] = chance.choice([0, 1, 255, broken[place] ^ 1, chance.randrange(256)])
        try:
            source_of("plans.zip", bytes(broken))
        except core.InvalidPlan:
            refused += 1
    assert refused
