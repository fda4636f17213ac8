"""Takes what a person gives for what it is: a ZIP becomes the folder in it, read safely; else one file."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from planner_core.errors import InvalidPlan, Problem
from planner_core.formats.mending import shown
from planner_core.formats.registry import readable_extensions
from planner_core.formats.source import MAX_TEXT_BYTES, Source
from planner_core.paths import check_path

MAX_FILES = 10_000
MAX_FOLDER_BYTES = 40_000_000
MAX_RATIO = 200

_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
JUNK_FOLDERS = frozenset({"__MACOSX", ".git", ".hg", ".svn", "node_modules", "__pycache__", ".venv", "venv"})
# What a broken archive makes the library raise; encrypted ones raise a RuntimeError.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, OverflowError)


def source_of(name: str, content: bytes) -> Source:
    """The source that a file's bytes are: the folder in a ZIP, else the file itself.

    A ZIP of a single file that lies in no folder is this file. What no reader could read is left out: other
    extensions, and the folders of version control and of installed packages. Raises InvalidPlan for a ZIP
    that is broken, encrypted or too large, that unpacks to more than `MAX_RATIO` times its size, or in which
    any entry is a link, leads out of its folder or stands twice.
    """
    if not content.startswith(_ZIP_STARTS):
        return Source.of(name, content)
    folder = PurePosixPath(name).name.removesuffix(".zip") or "archive"
    try:
        files = dict(_entries(name, content))
    except _BROKEN as error:
        raise _refused(f"{name} cannot be read as a ZIP: {shown(str(error)) or 'it is broken'}.") from error
    if len(files) == 1 and "/" not in (only := next(iter(files))):
        return Source(only, files)
    return Source(folder, files)


def is_read(path: str) -> bool:
    """Whether a file of a folder is one that a reader may want."""
    parts = PurePosixPath(path)
    ours = not JUNK_FOLDERS.intersection(parts.parts[:-1]) and not parts.name.startswith("._")
    return ours and parts.suffix.lower() in readable_extensions()


def _refused(message: str) -> InvalidPlan:
    return InvalidPlan((Problem(message),))


def _entries(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.count(_ENTRY) > MAX_FILES:
        raise _refused(f"{name} holds more than {MAX_FILES:,} files.")
    seen: set[str] = set()
    total = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            path = info.orig_filename.replace("\\", "/")
            if reason := check_path(path.removesuffix("/")):
                raise _refused(f"{name} holds an entry “{shown(path)}”. {reason}")
            if stat.S_ISLNK(info.external_attr >> 16):
                raise _refused(f"{name} holds a link, “{shown(path)}”. Put the file itself in it.")
            if path in seen:
                raise _refused(f"{name} holds “{shown(path)}” twice.")
            seen.add(path)
            if path.endswith("/") or not is_read(path):
                continue
            unpacked = _unpacked(archive, info, path)
            total += len(unpacked)
            if total > MAX_FOLDER_BYTES or total > MAX_RATIO * max(len(content), 1_000):
                raise _refused(f"{name} unpacks to too much.")
            yield path, unpacked


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: str) -> bytes:
    if info.compress_type not in _METHODS:
        raise _refused(f"{shown(path)} is compressed in a way that is not read. Use a plain ZIP.")
    with archive.open(info) as file:
        unpacked = file.read(MAX_TEXT_BYTES + 1)
    if len(unpacked) > MAX_TEXT_BYTES:
        raise _refused(f"{shown(path)} is larger than {MAX_TEXT_BYTES:,} bytes. Split it.")
    return unpacked
