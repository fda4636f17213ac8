"""Environment variables: read as what they are, refused where they are not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from taskplanner import env


@pytest.mark.parametrize(
    ("raw", "value"), [("1", True), ("TRUE", True), ("on", True), ("no", False), ("0", False)]
)
def test_yes_and_no_are_read(monkeypatch: pytest.MonkeyPatch, raw: str, value: bool) -> None:
    """The usual words for true and false mean just that, in any case."""
    monkeypatch.setenv("FLAG", raw)
    assert env.read_bool("FLAG", not value) is value


def test_unset_and_empty_mean_the_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every reader falls back to its default."""
    monkeypatch.setenv("EMPTY", " ")
    for name in ("EMPTY", "UNSET"):
        assert env.read_bool(name, True) is True
        assert env.read_int(name, 7, least=0, most=9) == 7
        assert env.read_float(name, 0.5, least=0, most=1) == 0.5
        assert env.read_text(name, "text") == "text"
        assert env.read_list(name, ["a"]) == ["a"]
        assert env.read_choice(name, "b", ("a", "b")) == "b"
        assert env.read_path(name, tmp_path) == tmp_path


@pytest.mark.parametrize("raw", ["yes!", "2", "maybe"])
def test_other_words_are_no_truth_values(monkeypatch: pytest.MonkeyPatch, raw: str) -> None:
    """A misspelled flag stops the start, naming the variable."""
    monkeypatch.setenv("FLAG", raw)
    with pytest.raises(ImproperlyConfigured, match=r"FLAG is .*: write true or false"):
        env.read_bool("FLAG", True)


def test_numbers_and_choices_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no number, out of bounds or not on the list stops the start."""
    monkeypatch.setenv("PORT", "80a")
    with pytest.raises(ImproperlyConfigured, match="PORT is '80a': write a whole number"):
        env.read_int("PORT", 8000, least=0, most=65535)
    with pytest.raises(ImproperlyConfigured, match="PORT is '80a': write a number"):
        env.read_float("PORT", 1.0, least=0, most=9)
    with pytest.raises(ImproperlyConfigured, match="PORT is '80a': write one of a, b"):
        env.read_choice("PORT", "a", ("a", "b"))
    monkeypatch.setenv("PORT", "70000")
    with pytest.raises(ImproperlyConfigured, match="write a number from 0 to 65535"):
        env.read_int("PORT", 8000, least=0, most=65535)


def test_lists_are_split_at_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spaces and empty entries are dropped, the order is kept."""
    monkeypatch.setenv("HOSTS", "b.example, a.example ,,")
    assert env.read_list("HOSTS", []) == ["b.example", "a.example"]


def test_a_file_adds_what_is_not_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Variables of the environment win over the file; quotes and comments are understood."""
    file = tmp_path / ".env"
    file.write_text("# comment\n\nTP_ONE=from file\nTP_TWO = 'quoted # text'\n", encoding="utf-8")
    monkeypatch.setenv("TP_ONE", "from environment")
    monkeypatch.delenv("TP_TWO", raising=False)
    env.load_env_file(file)
    monkeypatch.delenv("TP_THREE", raising=False)
    assert os.environ["TP_ONE"] == "from environment"
    assert os.environ.pop("TP_TWO") == "quoted # text"
    file.write_text("export TP_THREE=1\n", encoding="utf-8")
    with pytest.raises(ImproperlyConfigured, match="line 1: expected NAME=value"):
        env.load_env_file(file)
    env.load_env_file(tmp_path / "missing")


def test_the_secret_is_made_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It stays the same from start to start, only its owner can read it, and no draft is left behind."""
    path = tmp_path / "var" / "secret-key"
    monkeypatch.delenv("SECRET", raising=False)
    first = env.read_secret("SECRET", path)
    assert len(first) >= 50
    assert env.read_secret("SECRET", path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    monkeypatch.setenv("SECRET", "given")
    assert env.read_secret("SECRET", path) == "given"


def test_an_empty_secret_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that lost its content does not become an empty key."""
    monkeypatch.delenv("SECRET", raising=False)
    (tmp_path / "key").touch()
    with pytest.raises(ImproperlyConfigured, match="is empty"):
        env.read_secret("SECRET", tmp_path / "key")
