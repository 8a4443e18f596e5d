"""As much of JSON Schema as `data/openapi.json` uses; a word that it does not know fails."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}
_SAID_ONLY = {"description", "default"}


def breaches(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[str]:
    """What in a value is not as the schema says."""
    for word, says in schema.items():
        if word in _SAID_ONLY:
            continue
        check = _CHECKS.get(word)
        assert check is not None, f"teach this test the word {word}"
        yield from check(value, says, schema, whole)


def _ref(value: Any, says: str, _schema: Any, whole: Mapping[str, Any]) -> Iterator[str]:
    part: Any = whole
    for step in says.removeprefix("#/").split("/"):
        part = part[step]
    yield from breaches(value, part, whole)


def _type(value: Any, says: str | list[str], _schema: Any, _whole: Any) -> Iterator[str]:
    names = [says] if isinstance(says, str) else says
    if isinstance(value, bool) or not isinstance(value, sum((_TYPES[n] for n in names), ())):
        yield f"{value!r} is not {says}"


def _enum(value: Any, says: list[Any], _schema: Any, _whole: Any) -> Iterator[str]:
    if value not in says:
        yield f"{value!r} is none of {says}"


def _number(value: Any, word: str, says: float) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return
    holds = {"minimum": operator.ge, "maximum": operator.le, "multipleOf": _is_multiple}
    if not holds[word](value, says):
        yield f"{value}: {word} {says}"


def _is_multiple(value: float, says: float) -> bool:
    return value % says == 0


def _pattern(value: Any, says: str, _schema: Any, _whole: Any) -> Iterator[str]:
    if isinstance(value, str) and not re.search(says, value):
        yield f"{value!r} does not match {says}"


def _length(value: Any, says: int, _schema: Any, _whole: Any) -> Iterator[str]:
    if isinstance(value, str) and len(value) < says:
        yield f"{value!r} is shorter than {says}"


def _format(value: Any, says: str, _schema: Any, _whole: Any) -> Iterator[str]:
    assert says == "date"
    try:
        date.fromisoformat(value)
    except ValueError:
        yield f"{value!r} is no date"


def _required(value: Any, says: list[str], _schema: Any, _whole: Any) -> Iterator[str]:
    yield from (f"{name} is missing" for name in says if name not in value)


def _properties(value: Any, says: Mapping[str, Any], schema: Any, whole: Any) -> Iterator[str]:
    for name, part in value.items():
        if name in says:
            for breach in breaches(part, says[name], whole):
                yield f"{name}: {breach}"
        elif schema.get("additionalProperties") is False:
            yield f"{name} is not described"


def _items(value: Any, says: Mapping[str, Any], _schema: Any, whole: Any) -> Iterator[str]:
    for number, part in enumerate(value):
        for breach in breaches(part, says, whole):
            yield f"{number}: {breach}"


_CHECKS: Mapping[str, Any] = {
    "$ref": _ref,
    "type": _type,
    "enum": _enum,
    "minimum": lambda value, says, *_: _number(value, "minimum", says),
    "maximum": lambda value, says, *_: _number(value, "maximum", says),
    "multipleOf": lambda value, says, *_: _number(value, "multipleOf", says),
    "pattern": _pattern,
    "minLength": _length,
    "format": _format,
    "required": _required,
    "properties": _properties,
    "additionalProperties": lambda *_: iter(()),
    "items": _items,
}
