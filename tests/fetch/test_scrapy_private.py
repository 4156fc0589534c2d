"""The private names of Scrapy and Twisted: all in one module, and each as it is expected."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
from support.fetching import Server, http

import newsspider
from newsspider.fetch.handler import MAX_HEAD

ROOT = Path(newsspider.__file__).parent
LIBRARIES = ("scrapy", "twisted")
# Without an underscore, and documented nowhere.
UNDOCUMENTED = {"slots", "slot", "downloader", "latercall", "lastseen", "scraper", "getConnection"}
MODULES = [
    path
    for path in sorted(ROOT.rglob("*.py"))
    if path.name != "scrapy_private.py" and re.search(r"\b(scrapy|twisted)\b", path.read_text())
]


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _library_imports(tree: ast.AST) -> Iterator[str]:
    """`scrapy.core.engine` and `scrapy.crawler.Crawler`, for each name that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (name for name in names if name.split(".")[0] in LIBRARIES)


def _defined(tree: ast.AST) -> set[str]:
    """The names of functions, classes and attributes that a module defines."""
    named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = {node.name for node in ast.walk(tree) if isinstance(node, named)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
                names.add(node.attr)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def private_names(source: str, inherited: Collection[str] = ()) -> list[str]:
    """The private names of the two libraries that a module imports or asks an object for.
    `inherited` are names that a class may have from parents of ours."""
    tree = ast.parse(source)
    found = [
        name
        for name in _library_imports(tree)
        if name.startswith("scrapy.core") or any(map(_is_private, name.split(".")))
    ]
    own = _defined(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            known = node.attr in own or (_is_own_object(node.value) and node.attr in inherited)
            if not known and (_is_private(node.attr) or node.attr in UNDOCUMENTED):
                found.append(node.attr)
    return found


def _is_own_object(node: ast.expr) -> bool:
    """`self`, `cls` and `super()`."""
    node = node.func if isinstance(node, ast.Call) else node
    return isinstance(node, ast.Name) and node.id in ("self", "cls", "super")


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from scrapy.core.engine import ExecutionEngine", ["scrapy.core.engine.ExecutionEngine"]),
        ("import scrapy.core.engine", ["scrapy.core.engine"]),
        ("from twisted.web._newclient import STATUS", ["twisted.web._newclient.STATUS"]),
        ("from scrapy.x import _y", ["scrapy.x._y"]),
        ("from scrapy.crawler import Crawler", []),
        ("crawler._engine.close()", ["_engine"]),
        ("engine.downloader.fetch()", ["downloader"]),
        ("class A(B):\n def f(self): return super()._f(self._g)", ["_f", "_g"]),
        ("class A:\n def f(self): self._g = 1; return self._g", []),
        ("class A:\n _g: int = 1\n def f(self): return self._g", []),
        ("object.__setattr__", []),
    ],
)
def test_a_private_name_is_seen(source: str, found: list[str]) -> None:
    assert sorted(private_names(source)) == sorted(found)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_other_module_uses_a_private_name(path: Path) -> None:
    ours = set().union(*(_defined(ast.parse(path.read_text("utf-8"))) for path in MODULES))
    assert private_names(path.read_text("utf-8"), ours) == []


def _classes() -> list[type]:
    """The classes of newsspider that are also classes of one of the libraries."""
    modules = [
        importlib.import_module(".".join(path.relative_to(ROOT.parent).with_suffix("").parts))
        for path in MODULES
        if path.name not in ("__init__.py", "__main__.py")
    ]
    return [
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and value.__module__ == module.__name__
        if any(base.__module__.split(".")[0] in LIBRARIES for base in value.__mro__)
    ]


def _defined_by(kind: type) -> set[str]:
    return _defined(ast.parse(textwrap.dedent(inspect.getsource(kind))))


@pytest.mark.parametrize("child", _classes(), ids=lambda child: child.__name__)
def test_no_class_takes_a_private_name_of_its_parents(child: type) -> None:
    """To override one, or to keep something of its own under it by accident."""
    theirs: set[str] = set()
    for base in child.__mro__:
        if base.__module__.split(".")[0] in LIBRARIES:
            theirs |= set(vars(base)) | _defined(
                ast.parse(textwrap.dedent(inspect.getsource(base)))
            )
    own = _defined(ast.parse(textwrap.dedent(inspect.getsource(child))))
    assert {name for name in own & theirs if _is_private(name)} == set()


def test_each_function_on_the_installed_versions() -> None:
    large = {f"X-{number}": "x" * 8000 for number in range(4 * MAX_HEAD // 8000)}
    replies = {"queue.example/0": http(b"a"), "large.example/head": http(b"b", headers=large)}
    with Server(replies) as server:
        ran = subprocess.run(
            [sys.executable, "-m", "support.private_probe"],
            input=server.address,
            capture_output=True,
            text=True,
            timeout=300,
            cwd=Path(__file__).parents[1],
        )
    assert ran.returncode == 0, ran.stderr
    seen = json.loads(ran.stdout)
    assert seen["before"] == [None, None, [], True]
    assert seen["engine"] == "ExecutionEngine"
    assert seen["head"] == f"TooLarge: a head of over {MAX_HEAD} bytes"
    assert not seen["stopping before"] and seen["stopping after"]
    assert 300 < seen["queued"]["queue.example"] <= 600
    assert seen["queued after"]["queue.example"] <= 0
    assert {host for _, host, _ in server.asked} == {"queue.example", "large.example"}
    assert seen["1"].startswith("CalledBack") and seen["2"].startswith("CalledBack")


def test_the_import_asks_for_no_stack() -> None:
    """Each `inspect.stack()` reads the source of sixty modules, while a person waits."""
    code = (
        "import inspect\n"
        "def stack(*_): raise AssertionError\n"
        "inspect.stack = stack\n"
        "import newsspider.fetch.scrapy_private\n"
        "from scrapy.core.downloader import contextfactory, tls\n"
        "from scrapy.utils import deprecate\n"
        "print(tls.ScrapyClientTLSOptions.__module__)\n"
        "print(contextfactory.ScrapyClientContextFactory.__module__, deprecate.inspect is inspect)"
    )
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=300
    )
    assert ran.stdout.split() == [
        "scrapy.core.downloader.tls",
        "scrapy.core.downloader.contextfactory",
        "True",
    ], ran.stderr
