"""Ownership: the claims of a plan seen from the files."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from planner_core.items import Claim
from planner_core.ownership import Coverage, FileNode, FolderNode, Ownership, places
from planner_core.paths import pattern_matches
from planner_core.plan import Plan
from planner_core.vocabulary import ClaimMode
from tests.core.short_plans import plan, task
from tests.core.strategies import plans

FILES = ["src/a.py", "src/b.py", "src/deep/c.py", "docs/a.md", "docs/more/b.md", "README.md", "setup.cfg"]


def test_owners_of_a_file_are_named_with_their_claims() -> None:
    """Each claim that matches the file is given, in the order of the tasks, strongest mode first."""
    ownership = Ownership(
        plan(task("A", reads=["src/*"]), task("B", modifies=["src/"], reads=["*.py"]), task("C"))
    )
    assert [(owner.task.key, owner.claim) for owner in ownership.owners_of("src/a.py")] == [
        ("A", Claim(ClaimMode.READS, "src/*")),
        ("B", Claim(ClaimMode.MODIFIES, "src/")),
        ("B", Claim(ClaimMode.READS, "*.py")),
    ]
    assert ownership.owners_of("docs/a.md") == ()


def test_a_pattern_is_contested_where_two_unordered_tasks_can_write_one_file() -> None:
    """Both patterns of a collision are contested; an order between the tasks settles it."""
    tasks = [task("A", modifies=["src/*"]), task("B", creates=["src/a.py"]), task("C", reads=["src/a.py"])]
    assert Ownership(plan(*tasks)).contested == ("src/*", "src/a.py")
    assert Ownership(plan(*tasks, links=["A>B"])).contested == ()


def test_the_files_that_nobody_touches_are_unowned() -> None:
    """A file that a task only reads is not unowned."""
    ownership = Ownership(plan(task("A", modifies=["src/a.py"]), task("B", reads=["docs/"])))
    assert ownership.unowned(FILES) == ("README.md", "setup.cfg", "src/b.py", "src/deep/c.py")


def test_coverage_counts_each_file_once() -> None:
    """Owned, only read and unowned files add up; contested ones are among the owned."""
    ownership = Ownership(
        plan(task("A", modifies=["src/*"]), task("B", modifies=["src/b.py"]), task("C", reads=["docs/"]))
    )
    assert ownership.coverage([*FILES, *FILES]) == Coverage(
        total=7, owned=3, only_read=2, unowned=2, contested=1
    )


def test_the_tree_nests_files_in_folders_with_their_coverage() -> None:
    """Folders hold what is directly in them, by name, and count all that lies below."""
    tree = Ownership(plan(task("A", modifies=["src/a.py"]))).file_tree(FILES)
    assert [folder.path for folder in tree.folders] == ["docs", "src"]
    assert [file.path for file in tree.files] == ["README.md", "setup.cfg"]
    src = tree.folders[1]
    assert [(file.name, [owner.task.key for owner in file.owners]) for file in src.files] == [
        ("a.py", ["A"]),
        ("b.py", []),
    ]
    assert [folder.path for folder in src.folders] == ["src/deep"]
    assert src.coverage == Coverage(total=3, owned=1, only_read=0, unowned=2, contested=0)
    assert tree.coverage.total == len(FILES)


def test_an_empty_list_has_an_empty_tree() -> None:
    """A project without files has a top folder and nothing in it."""
    assert Ownership(Plan()).file_tree([]) == FolderNode("", "", (), (), Coverage(0, 0, 0, 0, 0))


def all_files(folder: FolderNode) -> list[FileNode]:
    """The files in a folder and below it."""
    return [*folder.files, *(file for inner in folder.folders for file in all_files(inner))]


@given(plans(), st.sets(st.sampled_from(FILES)))
def test_tree_coverage_and_lookup_agree(drawn: Plan, files: set[str]) -> None:
    """The tree holds every file once, with the owners that matching each pattern alone gives."""
    ownership = Ownership(drawn)
    tree = ownership.file_tree(files)
    assert sorted(file.path for file in all_files(tree)) == sorted(files)
    assert tree.coverage == ownership.coverage(files)
    for file in all_files(tree):
        assert {(owner.task.uid, owner.claim) for owner in file.owners} == {
            (each.uid, claim)
            for each in drawn.leaves
            for claim in each.claims
            if pattern_matches(claim.pattern, file.path)
        }
    unowned = {file.path for file in all_files(tree) if not file.owners}
    assert set(ownership.unowned(files)) == unowned


@given(st.sets(st.integers(0, 200)))
def test_places_are_the_bits_that_are_set(bits: set[int]) -> None:
    """A bitset is read back in ascending order."""
    assert list(places(sum(1 << bit for bit in bits))) == sorted(bits)
