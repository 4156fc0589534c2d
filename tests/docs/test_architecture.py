"""docs/architecture.md is true: the packages import as its table says, and its tests exist.

Every import counts: at the top, inside functions, under TYPE_CHECKING.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from support import ROOT

PACKAGE = ROOT / "newsspider"
DOCUMENT = (ROOT / "docs/architecture.md").read_text("utf-8")
TABLE = re.findall(r"^\| `(\w+)` \|.*\| (yes)? ?\|$", DOCUMENT, re.M)
FLOORS = {name: floor for floor, (name, _) in enumerate(TABLE)}
SCRAPY_FLOORS = {name for name, scrapy in TABLE if scrapy}
SCRAPY = ("scrapy", "twisted")
# `newsspider` is the door for programs; `__main__` starts the commands.
FLOORS |= {"newsspider": len(TABLE), "__main__": len(TABLE)}

# Imports that break the table until they are mended; an entry that is mended must go.
UPWARD: set[tuple[str, str]] = set()
# Modules that import each other.
CYCLES: set[frozenset[str]] = set()
WITH_SCRAPY: set[tuple[str, str]] = {
    ("newsspider.commands.options", "scrapy.settings"),  # Scrapy's own settings of --set
}


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def _imports(path: Path) -> Iterator[str]:
    """The modules that a module imports; of `from package import name` the module `name`."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, f"{path}: a relative import"
            # Every module may ask for the version.
            for alias in (each for each in node.names if each.name != "__version__"):
                module = f"{node.module}.{alias.name}"
                yield module if module in MODULES else node.module


IMPORTS = {name: set(_imports(path)) for name, path in MODULES.items()}


def _floor(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else parts[0]


def test_the_table_has_every_package() -> None:
    assert {_floor(module) for module in MODULES} == set(FLOORS)


def test_imports_keep_to_the_table() -> None:
    upward = {
        (module, imported)
        for module, imports in IMPORTS.items()
        for imported in imports & set(MODULES)
        if _floor(imported) != _floor(module) and FLOORS[_floor(imported)] > FLOORS[_floor(module)]
    }
    assert upward == UPWARD


def test_only_the_marked_packages_import_scrapy() -> None:
    with_scrapy = {
        (module, imported)
        for module, imports in IMPORTS.items()
        for imported in imports
        if imported.partition(".")[0] in SCRAPY and _floor(module) not in SCRAPY_FLOORS
    }
    assert with_scrapy == WITH_SCRAPY


def test_modules_form_no_cycle() -> None:
    imports = {module: IMPORTS[module] & set(MODULES) - {module} for module in MODULES}
    for module, imported in UPWARD:
        imports[module].discard(imported)
    for cycle in CYCLES:
        first, second = sorted(cycle)
        assert second in imports[first] and first in imports[second], f"mended: {cycle}"
        imports[first].discard(second)
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(error.args[1]))


@pytest.mark.parametrize("test", sorted(set(re.findall(r"`(tests/[^`]+::\w+)`", DOCUMENT))))
def test_a_test_that_the_document_names_exists(test: str) -> None:
    file, _, name = test.partition("::")
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    assert name in {getattr(node, "name", "") for node in tree.body}


def test_every_invariant_names_its_test_and_every_path_exists() -> None:
    table = DOCUMENT.partition("| invariant | held by |\n|---|---|\n")[2].partition("\n\n")[0]
    assert table
    for row in table.splitlines():
        assert re.search(r"\| `tests/\S+::test_\w+`", row), row
    for path in re.findall(r"`((?:\w+/)+(?:\w+\.py)?)`", DOCUMENT):
        assert any((root / path).exists() for root in (ROOT, PACKAGE)) or path == "sites/", path


def test_the_names_of_the_table_of_changes_are_in_the_files_of_their_rows() -> None:
    table = DOCUMENT.partition("| to add | do |\n|---|---|\n")[2].partition("\n\n")[0]
    assert table
    for row in table.splitlines():
        paths = re.findall(r"`((?:\w+/)*\w+\.(?:py|yml|md))`", row)
        files = [
            root / path for path in paths for root in (ROOT, PACKAGE) if (root / path).exists()
        ]
        assert len(files) == len(paths), row
        text = "".join(file.read_text("utf-8") for file in files)
        names = set(re.findall(r"`([A-Za-z_]+)`", row)) - {"shares"}  # a key of site files
        assert all(re.search(rf"\b{name}\b", text) for name in names if text), row


def test_each_dependency_has_a_row_in_the_table_of_dependencies() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    table = text.partition("\n## Dependencies\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([\w., -]+) \|", table, re.M)[1:]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = [re.match(r"[\w.-]+", dependency) for dependency in project["dependencies"]]
    assert sorted(", ".join(rows).split(", ")) == sorted(name[0] for name in names if name)


def test_each_extra_is_listed_with_its_package() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    listed = text.partition("\nWhat few people need is an extra:")[2].partition("\n\n")[0]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].keys() - {"test", "lint"}  # of a clone
    assert set(re.findall(r"`(\w+)`", listed)) == extras
    for extra in extras:
        for package in project["optional-dependencies"][extra]:
            assert re.split(r"[\[>]", package)[0] in listed.lower()
