"""Typed readers of environment variables, which refuse a value that they cannot read instead of guessing.

An unset variable and an empty one are the same: the default.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


def load_env_file(path: Path) -> None:
    """Add the `NAME=value` lines of a file to the environment; variables that are already set win.

    Blank lines and lines that start with `#` are skipped; a value may stand in single or double quotes.
    Does nothing where the file does not exist. Raises ImproperlyConfigured for any other line.
    """
    if not path.is_file():
        return
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not name.isidentifier():
            raise ImproperlyConfigured(f"{path}, line {number}: expected NAME=value")
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        os.environ.setdefault(name, value)


def read_text(name: str, default: str) -> str:
    """Return the variable's text, stripped."""
    return os.environ.get(name, "").strip() or default


def read_bool(name: str, default: bool) -> bool:
    """Return True for 1, true, yes, on and False for 0, false, no, off; refuse anything else."""
    raw = os.environ.get(name, "").strip().lower()
    if not raw:
        return default
    if raw in YES:
        return True
    if raw in NO:
        return False
    raise ImproperlyConfigured(f"{name} is {raw!r}: write true or false")


def read_int(name: str, default: int, *, least: int, most: int) -> int:
    """Return a whole number from `least` to `most`; refuse anything else."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        value = int(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {raw!r}: write a whole number") from error
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name} is {value}: write a number from {least} to {most}")
    return value


def read_float(name: str, default: float, *, least: float, most: float) -> float:
    """Return a number from `least` to `most`; refuse anything else."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {raw!r}: write a number") from error
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name} is {value}: write a number from {least:g} to {most:g}")
    return value


def read_list(name: str, default: list[str]) -> list[str]:
    """Return the comma-separated entries, stripped, in their order, without empty ones."""
    raw = os.environ.get(name, "").strip()
    if not raw:
        return default
    return [entry.strip() for entry in raw.split(",") if entry.strip()]


def read_choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """Return one of `choices`; refuse anything else."""
    value = read_text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} is {value!r}: write one of {', '.join(choices)}")
    return value


def read_path(name: str, default: Path) -> Path:
    """Return an absolute path; a relative one counts from the current directory, `~` is the home."""
    raw = os.environ.get(name, "").strip()
    return Path(raw).expanduser().absolute() if raw else default


def read_secret(name: str, path: Path) -> str:
    """Return the variable, else what the file holds, else a new random secret written to the file for good.

    The file is readable by its owner only. It appears whole or not at all, so that processes which start
    together agree on one secret. Raises ImproperlyConfigured where the file is empty.
    """
    given = os.environ.get(name, "").strip()
    if given:
        return given
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(50) + "\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its secret is the one
        finally:
            draft.unlink()
    secret = path.read_text(encoding="ascii").strip()
    if not secret:
        raise ImproperlyConfigured(f"{path} is empty: delete it to get a new secret, or set {name}")
    return secret
