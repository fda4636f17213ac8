"""The child process that draws with pygraphviz: DOT comes in on its standard input, drawings go out.

Graphviz inside the process can neither be interrupted nor be trusted with its memory, so it never runs in the
server itself. Run as a script, this file imports nothing but pygraphviz: it starts in some 50 ms.

A request is a format (8 bytes, padded with spaces), a number of seconds and a length (unsigned integers of
4 bytes, big-endian), then that many bytes of DOT. An answer is a status byte (0 drawn, 1 refused), a length
of 4 bytes and the drawing or the reason. The first answer comes unasked: the version of pygraphviz, or why
it cannot be imported.
"""

from __future__ import annotations

import os
import struct
import sys
from typing import IO

REQUEST = struct.Struct(">8sII")
ANSWER = struct.Struct(">BI")
DRAWN, REFUSED = 0, 1
MEMORY_LIMIT = 1 << 30
PNG_DPI = "144"


def main() -> None:
    """Answer requests until the standard input ends."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever Graphviz prints must not mix with the answers
    limit_memory()
    try:
        import pygraphviz  # here, so that a machine without its libraries gets the reason as an answer
    except ImportError as error:
        reply(answers, REFUSED, str(error).encode())
        return
    reply(answers, DRAWN, str(pygraphviz.__version__).encode())
    while header := requests.read(REQUEST.size):
        format_name, seconds, length = REQUEST.unpack(header)
        limit_processor(seconds)
        try:
            graph = pygraphviz.AGraph(string=requests.read(length).decode())
            if format_name == b"png     ":
                graph.graph_attr["dpi"] = PNG_DPI
            drawing = graph.draw(format=format_name.decode().strip(), prog="dot")
            graph.close()
        except (ValueError, TypeError, pygraphviz.DotError) as error:
            reply(answers, REFUSED, str(error).encode())
        else:
            reply(answers, DRAWN, drawing)


def reply(answers: IO[bytes], status: int, body: bytes) -> None:
    """Send one answer."""
    answers.write(ANSWER.pack(status, len(body)) + body)
    answers.flush()


def limit_memory() -> None:
    """Let this process hold at most MEMORY_LIMIT bytes, where the system can limit that."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))


def limit_processor(seconds: int) -> None:
    """End this process if one drawing takes longer: a server that was killed cannot do it any more."""
    if sys.platform == "linux":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        allowed = int(used.ru_utime + used.ru_stime) + seconds + 2
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
