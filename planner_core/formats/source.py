"""What a person gives to be read: one file, a folder, or a ZIP of one."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from planner_core.errors import InvalidPlan, Problem

MAX_TEXT_BYTES = 5_000_000

_UTF_32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Source:
    """The content of a file, or of the files of a folder, by their relative POSIX paths.

    `name` is the file's or the folder's own name, without the folders above it. A single file has one entry,
    under its name.
    """

    name: str
    files: Mapping[str, bytes]
    _texts: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, name: str, content: str | bytes) -> Source:
        """A single file."""
        name = PurePosixPath(name.replace("\\", "/")).name or "plan"
        return cls(name, {name: content.encode("utf-8", "replace") if isinstance(content, str) else content})

    @property
    def is_folder(self) -> bool:
        """Whether this is a folder, be it with one file."""
        return tuple(self.files) != (self.name,)

    @property
    def suffix(self) -> str:
        """What a single file's name ends with, lower case with its dot; nothing for a folder."""
        return "" if self.is_folder else PurePosixPath(self.name).suffix.lower()

    def text(self, path: str | None = None) -> str:
        r"""A file's text; without a path that of the only file.

        UTF-8, or UTF-16 where it starts with a byte order mark; every line ends with `\n` alone: split it
        there, not by `splitlines`, which knows more ends and would count lines differently from an editor.
        Raises InvalidPlan, naming the file, where it is missing, too large, binary or otherwise undecodable.
        """
        if path is None:
            if self.is_folder:
                raise InvalidPlan((Problem(f"{self.name} is a folder. A single file is expected."),))
            path = self.name
        if path not in self._texts:
            if path not in self.files:
                raise InvalidPlan((Problem(f"There is no file {path} in {self.name}."),))
            self._texts[path] = _decoded(path, self.files[path])
        return self._texts[path]


def _decoded(path: str, content: bytes) -> str:
    if len(content) > MAX_TEXT_BYTES:
        raise InvalidPlan((Problem(f"{path} is larger than {MAX_TEXT_BYTES:,} bytes. Split it."),))
    if content.startswith(_UTF_32):
        raise InvalidPlan((Problem(f"{path} is UTF-32. Save it as UTF-8.", line=1, column=1),))
    encoding = "utf-16" if content.startswith(_UTF_16) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        what = "is no text" if b"\0" in content else "is neither UTF-8 nor UTF-16 with a byte order mark"
        raise InvalidPlan((Problem(f"{path} {what}. Save it as UTF-8.", line=line),)) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise InvalidPlan((Problem(f"{path} is no text: it holds zero bytes.", line=line),))
    return text.replace("\r\n", "\n").replace("\r", "\n")
