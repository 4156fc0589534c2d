"""A YAML file, read and checked: each fault is reported with its line, its key and what to write.

In: the path of a site file, or of another file and its model. Out: a `Site` or a value of the
model, or SiteError. Called by `sites.load_file`, and by `crawling.project` for newsspider.yml.
"""

from __future__ import annotations

import re
import reprlib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from newsspider.errors import SiteError
from newsspider.sites.limits import check_events, read_bounded
from newsspider.sites.schema import Site
from newsspider.sites.types import Misplaced
from newsspider.text.slugs import close_names

_Model = TypeVar("_Model", bound=BaseModel)
_MOST_FAULTS = 20  # that are reported of a file
_TEXT, _MERGE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """Reports the line of an invalid value: for `2022-13-45` PyYAML raises a bare ValueError."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (ValueError, LookupError, AttributeError, ArithmeticError) as error:
            problem = f"{reprlib.repr(node.value)} cannot be read"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark) from error


@lru_cache(maxsize=256)
def read_file(path: Path, _changed: int) -> Site:
    """Return the site of a file, cached until the file changes. Raises SiteError and OSError."""
    root, values = _parsed(path)
    if not isinstance(values, dict):
        raise SiteError(f"{path}:1: is not a mapping of keys; start with `name: {path.stem}`")
    if values.setdefault("name", path.stem) != path.stem:
        line = next((line for _, line in _walk(root, ("name",))), 1)
        raise SiteError(
            f"{path}:{line}: name: {values['name']!r} differs from the file name, {path.stem}"
        )
    return _validated(path, root, values, Site)


def read_model(path: Path, model: type[_Model]) -> _Model:
    """Return the value of a file with the keys of a model. Raises SiteError and OSError."""
    root, values = _parsed(path)
    if not isinstance(values, dict | None):
        raise SiteError(f"{path}:1: is not a mapping of keys")
    return _validated(path, root, values or {}, model)


def place_of(path: Path, *loc: str | int) -> str:
    """Return where a value is in a file that was read before: `newsspider.yml:3: alerts.0`."""
    try:
        where = list(_walk(_parsed(path)[0], loc))
    except (SiteError, OSError):  # somebody has changed the file since
        where = []
    if not where:
        return f"{path}: {'.'.join(map(str, loc))}"
    return f"{path}:{where[-1][1]}: {'.'.join(str(part) for part, _ in where)}"


def _validated(path: Path, root: Any, values: object, model: type[_Model]) -> _Model:
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise SiteError("\n".join(_messages(path, root, error, model))) from error


def _parsed(path: Path) -> tuple[Any, Any]:
    """Return the nodes of a file, which know their lines, and its values."""
    data = read_bounded(path)
    try:
        text = data.decode("utf-8")
        check_events(path, yaml.parse(text, Loader=_SafeLoader))
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            _check_keys(path, root)
            return root, root and loader.construct_document(root)
        finally:
            loader.dispose()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SiteError(f"{path}:{line}: is not UTF-8 ({error.reason})") from error
    except yaml.MarkedYAMLError as error:
        last = text.rstrip().count("\n") + 1  # what is never closed is reported beyond the end
        line = min(error.problem_mark.line + 1, last) if error.problem_mark else 1
        problem = ", ".join(filter(None, (error.context, error.problem)))
        raise SiteError(f"{path}:{line}: not YAML: {problem}") from error
    except yaml.YAMLError as error:  # a character that YAML does not allow
        line = text.count("\n", 0, getattr(error, "position", 0)) + 1
        raise SiteError(f"{path}:{line}: not YAML: {str(error).splitlines()[0]}") from error


def _messages(
    path: Path, root: Any, error: ValidationError, model: type[BaseModel]
) -> Iterator[str]:
    """Yield a line for each fault, up to _MOST_FAULTS."""
    faults = _faults(path, root, error, model)
    yield from islice(faults, _MOST_FAULTS)
    if next(faults, None) is not None:
        yield f"{path}: has more faults; mend these first"


def _faults(path: Path, root: Any, error: ValidationError, model: type[BaseModel]) -> Iterator[str]:
    # A list that several keys share by an anchor is reported once.
    reported: set[tuple[object, ...]] = set()
    for detail in error.errors(include_url=False):
        context = detail.get("ctx", {})
        loc = _untagged(detail["loc"])
        misplaced = context.get("error")
        if detail["type"] in ("union_tag_invalid", "union_tag_not_found"):
            loc = (*loc, context["discriminator"].strip("'"))
        elif isinstance(misplaced, Misplaced):
            loc = (*loc, *misplaced.place)
        where = list(_walk(root, loc))
        keys = [str(part) for part, _ in where]
        absent = isinstance(misplaced, Misplaced) and misplaced.place[-1:] == ("step",)
        if absent or detail["type"] in ("missing", "union_tag_not_found"):
            keys.append(str(loc[-1]))
        line, reason = where[-1][1] if where else 1, _reason(detail, model)
        if (line, *keys[-1:], reason) not in reported:
            yield f"{path}:{line}: {'.'.join(keys)}: {reason}"
        reported.add((line, *keys[-1:], reason))


_FEW = 4  # names that can be told apart at a glance
# Fields by the names that feeds, metadata and other programs give them.
_FIELDS_ELSEWHERE = {
    **dict.fromkeys(("published", "publishedat", "pubdate", "date", "datetime"), "time"),
    **dict.fromkeys(("datepublished", "timestamp", "created", "dcdate"), "time"),
    **dict.fromkeys(("updated", "updatedat", "datemodified", "lastmodified"), "modified"),
    **dict.fromkeys(("headline", "heading", "name"), "title"),
    **dict.fromkeys(("content", "text", "articlebody", "fulltext"), "body"),
    **dict.fromkeys(("description", "teaser", "lead", "abstract", "excerpt"), "summary"),
    **dict.fromkeys(("byline", "writer", "creator", "authors"), "author"),
    **dict.fromkeys(("publisher", "media", "outlet"), "source"),
    **dict.fromkeys(("keywords", "categories", "topics"), "tags"),
    **dict.fromkeys(("picture", "thumbnail", "photo", "img"), "image"),
    **dict.fromkeys(("href", "address", "uri"), "url"),
    "lang": "language",
    "guid": "id",
}

# Pydantic's names for a value of the wrong type, in the words of a site file.
_WRONG = {
    "string_type": "is not text; put it in quotes",
    "tuple_type": "is not a list",
    "dict_type": "is not a mapping of keys",
    "mapping_type": "is not a mapping of keys",
    "model_type": "is not a mapping of keys",
    "model_attributes_type": "is not a mapping of keys",
    "too_short": "is empty",
    "string_too_short": "is empty",
}


def _reason(detail: Mapping[str, Any], model: type[BaseModel]) -> str:
    kind, value, context = detail["type"], detail.get("input"), detail.get("ctx", {})
    if kind == "missing":
        return "is missing"
    if value is None:
        return "is empty"
    if context.get("class_name") in ("HtmlPick", "JsonPick"):
        pick = "a selector, {select: …, pattern: …} or a list of them"
        return f"{reprlib.repr(value)} is not {pick}"
    if kind in _WRONG:
        return f"{reprlib.repr(value)} {_WRONG[kind]}"
    if kind == "extra_forbidden":
        return "no such key" + _allowed_keys(detail["loc"], model)
    if kind in ("literal_error", "union_tag_invalid"):
        expected = str(context.get("expected") or context.get("expected_tags", ""))
        names = expected.replace("'", "").replace(" or ", ", ")
        wrong = context.get("tag", value)
        return f"{reprlib.repr(wrong)} is not one of {names}{_meant(wrong, names.split(', '))}"
    if kind == "union_tag_not_found":
        kinds = "html or json" if detail["loc"][0] == "pages" else "html, json, feed or sitemap"
        return f"is missing ({kinds})"
    if kind == "value_error":
        return str(context["error"])
    return f"{detail['msg'][0].lower()}{detail['msg'][1:]} (given {reprlib.repr(value)})"


def _meant(wrong: object, names: Sequence[str]) -> str:
    """Return the hint for a value that is not one of many names."""
    word = str(wrong)
    name = _FIELDS_ELSEWHERE.get(re.sub(r"[^a-z]", "", word.lower()))
    near = (
        [name] if name and name in names else close_names(word, names) if len(names) > _FEW else []
    )
    return f"; did you mean {' or '.join(near)}?" if near else ""


def _allowed_keys(loc: Sequence[Hashable], model: type[BaseModel]) -> str:
    word, names = str(loc[-1]), _names_of_keys(model)
    schema = "newsspider schema" if model is Site else f"newsspider schema {model.__name__.lower()}"
    if word in names:
        return f" here; see `{schema}`"
    near = close_names(word, names)
    return f"; did you mean {' or '.join(near)}?" if near else f"; see `{schema}`"


@lru_cache(maxsize=2)
def _names_of_keys(model: type[BaseModel]) -> frozenset[str]:
    """Return the names of all keys of the files of a model."""
    schema = model.model_json_schema()
    models = (schema, *schema.get("$defs", {}).values())
    return frozenset(key for model in models for key in model.get("properties", {}))


def _untagged(loc: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a location without the kind that pydantic adds after the index of a listing: `json` is
    a key, too, and a mistake elsewhere in the listing would be reported for its line."""
    return tuple(
        part
        for at, part in enumerate(loc)
        if at < 2 or loc[at - 2] != "listing" or not isinstance(loc[at - 1], int)
    )


def _walk(root: Any, loc: Sequence[Hashable]) -> Iterator[tuple[Hashable, int]]:
    """Yield the parts of an error's location that are in the file, each with its line (1-based).
    The names that pydantic adds for the members of a union have no node and are skipped."""
    node = root
    for part in loc:
        step = _child(node, part)
        if step is None:
            continue
        line, node = step
        yield part, line


def _child(node: Any, part: Hashable) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in reversed(node.value):  # keys from `<<` come before the mapping's own
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item = node.value[part]
        return item.start_mark.line + 1, item
    return None


def _check_keys(path: Path, root: Any) -> None:
    """Raise SiteError for keys that surprise users: YAML does not read `on:` and `163:` as text,
    and silently keeps the last of two equal keys."""
    for mapping in _mappings(root):
        lines: dict[str, int] = {}
        for key, _ in mapping.value:
            line = key.start_mark.line + 1
            if key.tag not in (_TEXT, _MERGE):
                kind = key.tag.rpartition(":")[2]
                word = key.value if isinstance(key, yaml.ScalarNode) else f"a {kind}"
                raise SiteError(
                    f"{path}:{line}: {word}: is not text to YAML; put the key in quotes"
                )
            if key.value in lines:
                raise SiteError(f"{path}:{line}: {key.value}: is in line {lines[key.value]}, too")
            lines[key.value] = line


def _mappings(root: Any) -> Iterator[Any]:
    """Yield all mappings of a file in its order, each once: an anchor may contain itself."""
    left, visited = [root], set()
    while left:
        node = left.pop()
        if id(node) in visited:
            continue
        visited.add(id(node))
        if isinstance(node, yaml.MappingNode):
            yield node
            left += [value for _, value in reversed(node.value)]
        elif isinstance(node, yaml.SequenceNode):
            left += reversed(node.value)
