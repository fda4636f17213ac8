"""The files and folders that a task's text names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_FILE_NAME = re.compile(
    r"Dockerfile|Makefile|Justfile|justfile|Procfile|Gemfile|Rakefile|Vagrantfile|Jenkinsfile|"
    r"Caddyfile|Brewfile|Podfile|Fastfile|LICENSE|CODEOWNERS|CMakeLists\.txt|go\.mod|go\.sum"
)
_TOP_FOLDER = re.compile(
    r"src|lib|app|apps|api|test|tests|docs|doc|backend|frontend|server|client|packages|pkg|cmd|"
    r"internal|public|scripts|config|migrations|components|pages|contracts|spec|specs|infrastructure|"
    r"infra|mobile|web|core|services|models|utils|ios|android|crates|modules|resources|assets|static|"
    r"templates|examples|tools|e2e|__tests__|deploy|supabase|prisma|terraform|helm|k8s|\.github|"
    r"\.vscode|\.specify|db|database|sql"
)
_LONGEST = 400
# Names of libraries and products that end like files.
_NO_FILES = re.compile(
    r"(?:node|next|vue|nuxt|react|express|three|d3|chart|socket|nest|ember|backbone|moment|day|discord|"
    r"bull|alpine|"
    r"p5|pdf|fuse|lit|video|hls|plotly|mapbox|tensorflow|brain|solid|svelte|passport|sequelize|knex|"
    r"stripe)\.(?:js|io)"
    r"|[ei]\.[eg]\.?|asp\.net|(?:console|math|process|object|array|json|promise)\.\w+|\d[\d.x]*(?:\.\w)?|v\d[\d.]*",
    re.I,
)
_ENDING = re.compile(
    r"\.(?:"
    r"ada|adoc|asm|astro|avsc|bash|bat|bicep|bzl|c|cc|cfg|cjs|clj|cljs|cmake|cmd|cpp|cs|csproj|css|"
    r"csv|cts|cue|cxx|dart|db|dts|edn|ejs|elm|erb|erl|ex|exs|feature|fish|fs|fsx|fxml|gd|gleam|glsl|"
    r"go|gql|gradle|graphql|groovy|h|haml|hbs|hcl|heex|hpp|hrl|htm|html|http|hxx|ico|ics|ini|ipynb|"
    r"iss|j2|jade|java|jinja|jinja2|jpeg|jpg|js|json|json5|jsonc|jsonl|jsx|kt|kts|less|lhs|liquid|"
    r"lock|lua|m|mako|markdown|md|mdc|mdx|mermaid|mjs|mk|ml|mli|mm|mod|mts|mustache|nim|nix|nomad|odt|"
    r"pem|pdf|php|pl|plist|pm|png|po|pro|prisma|properties|proto|ps1|psd1|psm1|puml|pug|py|pyi|pyx|"
    r"qml|qss|r|rake|razor|rb|resx|rs|rst|rules|sass|sbt|scala|scss|sh|sln|snap|sol|sql|sqlite|st|"
    r"storyboard|styl|sum|sv|svelte|svg|swift|tcl|tera|tex|tf|tfvars|thrift|toml|tpl|ts|tsv|tsx|ttf|"
    r"twig|txt|v|vb|vhd|vue|wasm|webp|wgsl|wsdl|xaml|xcconfig|xcodeproj|xhtml|xib|xlsx|xml|xsd|xsl|"
    r"xslt|yaml|yml|zig|zsh|log"
    r")$",
    re.I,
)
_DOT_FILE = re.compile(r"\.[a-z][\w-]*(?:\.[\w-]+){0,3}$")
_LINK = re.compile(r"\[([^\[\]\n]{1,300})\]\(([^()\s]{1,300})\)")
_CODE = re.compile(r"`([^`\n]{1,300})`")
_WORD = re.compile(r"[^\s,;`\"“”‘’«»<>|=]+")
_DESIGN_DOCUMENT = re.compile(
    r"(?:.*/)?(?:plan|spec|research|data-model|quickstart|tasks|constitution|design|requirements|"
    r"checklist|clarifications)"
    r"\.md$|(?:.*/)?contracts(?:/.*)?$",
    re.I,
)
_WRITING = re.compile(
    r"(?:update|updating|write|edit|add|create|draft|document|revise|refresh|sync|extend|append|finalize|"
    r"generate|"
    r"rewrite|in|to|into|met à jour|mettre à jour|작성|수정|업데이트)\W{0,3}(?:the |`|\w{1,20} ){0,2}`?$",
    re.I,
)
_REFERRING = re.compile(
    r"(?:\bper|\bsee|\bcf\.?|\breference|\baccording to|\bfollowing|\bas in|\bmirrors?|\bbased on|\bmatching|"
    r"\bspecified in|\bdescribed in|\bdefined in|\bdocumented in|\bselon|참조|"
    r"참고)[ \t:]{0,3}(?:the )?[\[`(]{0,3}$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class NamedFiles:
    """The patterns that a task modifies, and those that it only reads; each in the order of the text."""

    modifies: tuple[str, ...]
    reads: tuple[str, ...]


def named_files(texts: Iterable[str]) -> NamedFiles:
    """What the texts of a task name: paths with a known ending, folders with a slash behind them, dot files.

    A design document of the feature (`plan.md`, `contracts/`) is read unless the text says that it is
    written, and so is any file behind words such as “see” and “according to”.
    """
    modifies: dict[str, None] = {}
    reads: dict[str, None] = {}
    for text in texts:
        for path, before in _mentions(text):
            design = _DESIGN_DOCUMENT.match(path) and not _WRITING.search(before)
            (reads if design or _REFERRING.search(before) else modifies)[path] = None
    return NamedFiles(tuple(modifies), tuple(path for path in reads if path not in modifies))


def _mentions(text: str) -> Iterator[tuple[str, str]]:
    """Each path with some of the text before it."""
    for start, word, marked in _words(text):
        for path in _paths(word, marked):
            yield path, text[max(0, start - 40) : start]


def _words(text: str) -> Iterator[tuple[int, str, bool]]:
    """Whatever may be a path: links (the text, or else the address), code, bare words."""
    rest = list(text)

    def blank(start: int, end: int) -> None:
        rest[start:end] = " " * (end - start)

    for link in _LINK.finditer(text):
        label, address = link[1].strip("`* "), link[2].split("#")[0]
        named = label if "/" in label or _ENDING.search(label) else address
        if "://" not in named:
            yield link.start(), re.sub(r"^(?:\.\./)+", "", named), True
        blank(link.start(), link.end())
    for code in _CODE.finditer("".join(rest)):
        if " " not in code[1].strip() or "{" in code[1]:
            yield code.start(), code[1].strip(), True
        else:
            yield from ((code.start() + at, word, False) for at, word, _ in _words(code[1].replace("`", " ")))
        blank(code.start(), code.end())
    for word in _WORD.finditer(_joined_braces("".join(rest))):
        yield word.start(), word[0], False


def _joined_braces(text: str) -> str:
    """Alternatives in braces on one word: the commas and spaces in them would part it."""
    return re.sub(
        r"(?<=[/\w.-])\{[^{}\n]{1,200}\}",
        lambda found: re.sub(r",\s*", "\ue000", found[0]).replace(" ", ""),
        text,
    )


def _paths(word: str, marked: bool) -> Iterator[str]:
    if len(word) > _LONGEST:
        return
    word = word.replace("\ue000", ",")
    if "://" in word or "@" in word.split("/")[0] or word.startswith(("/api", "//", "$", "-", "~", "#")):
        return
    word = _trimmed(re.sub(r":\d+(?:[-:]\d+)?$", "", word))
    if "," in word and "{" not in word:
        for part in word.split(","):
            yield from _paths(part, marked)
        return
    # `a.ts/b.ts` names two files, and so does `a.ts+b.ts`.
    parts = re.split(r"(?<=\.\w)[/+&](?=\w)|(?<=\.\w\w)[/+&](?=\w)|(?<=\.\w\w\w)[/+&](?=\w)", word)
    if len(parts) > 1 and all(_ENDING.search(part) for part in parts):
        for part in parts:
            yield from _paths(part, marked)
        return
    path = re.sub(r"<[^<>/]*>|\$\{[^{}/]*\}", "*", word)
    path = "/".join("**" if name == "..." or name == "…" else name for name in path.split("/"))
    if _is_path(path, marked):
        yield re.sub(r"\*\*(?:/\*\*)+", "**", path)


def _trimmed(word: str) -> str:
    """A word without the punctuation around it; brackets that open inside it stay."""
    start = word.lstrip("([{'*_:…→<")
    if start.startswith("/") and start.count("/") > 1:
        start = (
            start[1:] if re.match(r"/[\w.-]+/", start) and not start.startswith(("/etc", "/usr")) else start
        )
    end = start.rstrip("'*:.!?,…→")
    while (
        end
        and end[-1] in ")]}>"
        and end.count(end[-1]) > end.count({")": "(", "]": "[", "}": "{", ">": "<"}[end[-1]])
    ):
        end = end[:-1].rstrip("'*:.!?,…")
    return start[: len(end) + 2] if start[len(end) :].startswith("**") and end.endswith("/") else end


def _is_path(path: str, marked: bool) -> bool:
    if not path or re.search(r"[()\s\"'=;|&%^]", re.sub(r"\([\w.-]+\)(?=/)", "", path)):
        return False
    name = path.rstrip("/").rpartition("/")[2]
    if "/" not in path.strip("/"):
        if path.endswith("/"):
            return bool(re.fullmatch(r"\.?[\w-]+/", path)) and not path[:-1].isdigit()
        if _NO_FILES.fullmatch(path):
            return False
        return (
            bool(_FILE_NAME.fullmatch(path))
            or bool(_ENDING.search(path) and len(path) > path.rfind(".") > 0)
            or (bool(_DOT_FILE.match(path)) and (marked or path.startswith((".env", ".git", ".docker"))))
        )
    first = path.lstrip("./").split("/")[0]
    if _ENDING.search(name) or _FILE_NAME.fullmatch(name) or (_DOT_FILE.match(name) and name != "."):
        return not _NO_FILES.fullmatch(path)
    if path.endswith("/"):
        return (
            bool(re.fullmatch(r"[\w.@+\[\](){},*~-]+(?:/[\w.@+\[\](){},*-]+)*/", path))
            and path[0] not in "{[("
        )
    if "*" in path:
        return bool(re.fullmatch(r"[\w.@+\[\](){},*/-]+", path))
    return (
        bool(_TOP_FOLDER.fullmatch(first))
        and bool(re.fullmatch(r"[\w.@+\[\](){},-]+(?:/[\w.@+\[\](){},-]+)+", path))
        and (marked or path.count("/") > 1)
    )
