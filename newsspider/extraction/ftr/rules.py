"""Files of the ftr-site-config format → Rules.

In: the user's folder, with `example.com.txt` and `.example.com.txt` (for subdomains). Out: Rules;
lines that cannot be used are listed in `faults` and raise nothing. Called by the spiders (--ftr).

The format is Full-Text RSS's (help.fivefilters.org/full-text-rss/site-patterns.html): a directive
and its value on each line; several lines of a directive are tried in order; `#` starts a comment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path

from lxml import etree

from newsspider.text.characters import one_line

_LONGEST_FILE, _LONGEST_VALUE, _MOST_LINES = 300_000, 4_000, 2_000
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+")
_LINE = re.compile(r"([a-z_]+)\s*(?:\((.*?)\))?\s*:(.*)", re.IGNORECASE)
_TAG = re.compile(r"[a-z][a-z0-9]{0,19}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,40}")

_PATHS = ("title", "body", "date", "author", "strip", "strip_attr", "dissolve")
_TEXTS = ("strip_id_or_class", "strip_image_src", "src_lazy_load_attr", "test_url")
_LINKS = ("next_page_link", "single_page_link")
# Known directives that are not needed: the cleaning profile tidies and prunes, generic extraction
# detects what is missing, and newsspider never logs in.
_PASSED_OVER = re.compile(
    r"tidy|prune|parser|test_contains|test_urls|test_content|requires_login|not_logged_in_xpath"
    r"|login_\w+|native_ad_clue|insert_detected_image|skip_json_ld|skip_id_or_class|footnotes"
    r"|strip_comments|single_page_link_in_feed|autodetect_next_page|convert_double_br_tags"
    r"|post_strip_attr"
)


@dataclass(frozen=True, slots=True)
class LinkRule:
    """The XPath of a link; `only_if` is an XPath that must match for the link to count, or ""."""

    path: str
    only_if: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules of a file. XPaths are checked but not compiled.

    A directive's alternatives are in the order of the file.
    `autodetect` allows generic extraction to look for what no rule finds. `headers` are request
    headers that the file asks for. `faults` name the lines that cannot be used:
    `example.com.txt:7: …`.
    """

    title: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    strip_attr: tuple[str, ...] = ()
    strip_id_or_class: tuple[str, ...] = ()
    strip_image_src: tuple[str, ...] = ()
    dissolve: tuple[str, ...] = ()
    src_lazy_load_attr: tuple[str, ...] = ()
    wrap_in: tuple[tuple[str, str], ...] = ()
    next_page_link: tuple[LinkRule, ...] = ()
    single_page_link: tuple[LinkRule, ...] = ()
    replaced: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    test_url: tuple[str, ...] = ()
    autodetect: bool = True
    faults: tuple[str, ...] = ()

    def then(self, other: Rules) -> Rules:
        """Return these rules followed by another file's."""
        joined = {
            info.name: getattr(self, info.name) + getattr(other, info.name)
            for info in fields(self)
            if info.name not in ("headers", "autodetect", "test_url")
        }
        return replace(self, **joined, headers={**other.headers, **self.headers})


def rules_for(host: str, folder: Path) -> Rules | None:
    """Return the rules for a host, followed by those of `global.txt`; None if it has no file.

    The file is the host's own or the nearest parent domain's for its subdomains. A file that cannot
    be read becomes a fault of the rules.
    """
    for name in _file_names(host):
        if (own := _load(folder / name)) is not None:
            every = _load(folder / "global.txt") if own.autodetect else None
            return own.then(every) if every else own
    return None


def _file_names(host: str) -> list[str]:
    """Return the names to try for `news.example.com`: `news.example.com.txt`,
    `www.news.example.com.txt`, `.news.example.com.txt`, `.example.com.txt`."""
    host = host.partition(":")[0].strip().lower().rstrip(".").removeprefix("www.")
    # The name becomes a path, so only a host is accepted.
    if len(host) > 253 or not _HOST.fullmatch(host):
        return []
    labels = host.split(".")
    parents = [".".join(labels[at:]) for at in range(len(labels) - 1)]
    return [f"{host}.txt", f"www.{host}.txt", *(f".{parent}.txt" for parent in parents)]


def _load(path: Path) -> Rules | None:
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    return _loaded(path, changed)


@lru_cache(maxsize=256)
def _loaded(path: Path, changed: int) -> Rules:
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST_FILE).decode("utf-8", "replace")
    except OSError as error:
        return Rules(faults=(f"{path.name}: cannot be read ({error.strerror})",))
    return read(text, name=path.name)


def read(text: str, name: str = "rules") -> Rules:
    """Return the rules in the text of a file. `name` and the line's number begin each fault."""
    reader = _Reader(name)
    for number, line in enumerate(text.lstrip("\ufeff").splitlines()[:_MOST_LINES], 1):
        line = line.strip()
        # In old files, a line that starts like an XPath is a rule that was switched off.
        if line and not line.startswith(("#", "//")):
            reader.take(number, line)
    return reader.rules()


class _Reader:
    """The directives of one file, line by line."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lists: dict[str, list[str]] = {}
        self._links: dict[str, list[LinkRule]] = {}
        self._wraps: list[tuple[str, str]] = []
        self._replaced: list[tuple[str, str]] = []
        self._find: list[str] = []
        self._replace: list[str] = []
        self._headers: dict[str, str] = {}
        self._autodetect = True
        self._last = ""
        self._faults: list[str] = []

    def take(self, number: int, line: str) -> None:
        try:
            self._take(line)
        except ValueError as error:
            self._faults.append(one_line(f"{self._name}:{number}: {error}"))

    def _take(self, line: str) -> None:
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"{line[:60]!r} is not `directive: value`")
        directive, argument, value = match[1].lower(), match[2], match[3].strip()
        if len(value) > _LONGEST_VALUE:
            raise ValueError(f"the value of {directive} is longer than {_LONGEST_VALUE} characters")
        if _PASSED_OVER.fullmatch(directive):
            return
        if not value:
            raise ValueError(f"{directive} has no value")
        if argument is not None:
            self._with_argument(directive, argument.strip(), value)
        else:
            self._plain(directive, value)
        self._last = directive

    def _with_argument(self, directive: str, argument: str, value: str) -> None:
        if directive == "replace_string" and argument:
            self._replaced.append((argument, value))
        elif directive == "http_header" and _HEADER.fullmatch(argument):
            self._headers[argument.lower()] = one_line(value)
        elif directive == "wrap_in" and _TAG.fullmatch(argument):
            self._wraps.append((argument, _path(value)))
        else:
            raise ValueError(f"{directive}({argument[:40]}) is not known")

    def _plain(self, directive: str, value: str) -> None:
        if directive in _PATHS:
            self._lists.setdefault(directive, []).append(_path(value))
        elif directive in _TEXTS:
            self._lists.setdefault(directive, []).append(value.strip("\"' "))
        elif directive in _LINKS:
            self._links.setdefault(directive, []).append(LinkRule(_path(value)))
        elif directive == "if_page_contains" and self._last in _LINKS:
            links = self._links[self._last]
            links[-1] = replace(links[-1], only_if=_path(value))
        elif directive == "autodetect_on_failure":
            self._autodetect = value.lower() in ("yes", "true")
        elif directive == "find_string":
            self._find.append(value)
        elif directive == "replace_string":
            self._replace.append(value)
        else:
            raise ValueError(f"{directive} is not known")

    def rules(self) -> Rules:
        if len(self._find) != len(self._replace):
            self._faults.append(f"{self._name}: find_string and replace_string do not pair up")
            self._find = []
        pairs = list(zip(self._find, self._replace, strict=False))
        return Rules(
            **{name: tuple(values) for name, values in self._lists.items()},
            next_page_link=tuple(self._links.get("next_page_link", ())),
            single_page_link=tuple(self._links.get("single_page_link", ())),
            wrap_in=tuple(self._wraps),
            replaced=(*pairs, *self._replaced),
            headers=self._headers,
            autodetect=self._autodetect,
            faults=tuple(self._faults),
        )


def _path(value: str) -> str:
    try:
        etree.XPath(value)
    except (etree.XPathError, ValueError) as error:
        raise ValueError(f"{value[:80]!r} is not an XPath ({error})") from None
    return value
