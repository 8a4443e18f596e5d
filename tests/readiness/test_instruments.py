from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casework.core.errors import Invalid, NotFound
from casework.readiness import instruments
from casework.readiness.instruments.parsing import parse
from casework.readiness.rules import SignalCondition

FILE = Path(instruments.__file__).parent / "example-2026.toml"


def data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def test_the_weights_of_the_example_are_its_hundred_points() -> None:
    assert sum(each.weight for each in instruments.current().indicators) == 100


def test_every_indicator_says_where_it_comes_from_and_what_to_do() -> None:
    for each in instruments.current().indicators:
        assert each.source
        for locale in ("id", "en"):
            assert each.text(locale)
            assert each.advice(locale)


def test_values_of_a_place_are_marked_as_examples_with_year_and_source() -> None:
    for each in instruments.current().parameters:
        assert each.is_example
        assert each.year >= 2025
        assert each.source


def test_a_limit_may_be_a_parameter() -> None:
    found = {each.id: each.any_of[0] for each in instruments.current().indicators}["income"]
    assert isinstance(found, SignalCondition)
    assert found.parameter is not None
    assert found.limit == found.parameter.value == 609_160 * 5


def test_an_unknown_instrument_is_not_found() -> None:
    with pytest.raises(NotFound):
        instruments.instrument("official-2027")


def test_a_file_under_another_name_than_its_id_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / "other.toml"
    copy.write_bytes(FILE.read_bytes())
    with pytest.raises(Invalid, match="other"):
        instruments.read(copy)


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe\x00"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_bytes(content)
    with pytest.raises(Invalid, match="no TOML"):
        instruments.read(broken)


def put(*path: str | int, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(whole: dict[str, Any]) -> None:
        place: Any = whole
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return spoil


def drop(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def spoil(whole: dict[str, Any]) -> None:
        place: Any = whole
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return spoil


def no_gates(whole: dict[str, Any]) -> None:
    for each in whole["indicators"]:
        each["gate"] = False


@pytest.mark.parametrize(
    ("spoil", "place", "words"),
    [
        (drop("title_id"), "title_id", "is missing"),
        (put("version", value=0), "version", "at least 1"),
        (put("version", value="1"), "version", "a whole number"),
        (put("version", value=True), "version", "a whole number"),
        (put("official", value=0), "official", "true or false"),
        (put("notice_en", value="  "), "notice_en", "must not be empty"),
        (put("colour", value="red"), "colour", "is not known here"),
        (put("id", value="x" * 60), "id", "too long"),
        (drop("thresholds"), "thresholds", "must be a table"),
        (put("thresholds", "ready_score", value=101), "thresholds.ready_score", "from 0 to 100"),
        (put("thresholds", "nearly_score", value=76), "thresholds.nearly_score", "above ready"),
        (put("indicators", value={}), "indicators", "a list of tables"),
        (put("indicators", 0, "weight", value=0), "indicators.0.weight", "from 1 to 100"),
        (put("indicators", 0, "weight", value=11), "indicators", "add up to 101"),
        (put("indicators", 0, "id", value="income"), "indicators", "two have the id 'income'"),
        (put("indicators", 0, "any_of", value=[]), "indicators.0.any_of", "at least one"),
        (no_gates, "indicators", "must be a gate"),
        (
            put("indicators", 0, "any_of", value=[{"signal": "mood", "at_least": 1}]),
            "indicators.0.any_of.0.signal",
            "'mood' is none of",
        ),
        (
            put("indicators", 0, "any_of", value=[{"signal": "income"}]),
            "indicators.0.any_of.0",
            "must have one of",
        ),
        (
            put("indicators", 0, "any_of", value=[{"signal": "income", "above": "luck"}]),
            "indicators.0.any_of.0.above",
            "none of the parameters",
        ),
        (
            put("indicators", 0, "any_of", value=[{"signal": "income", "above": 1.5}]),
            "indicators.0.any_of.0.above",
            "a whole number",
        ),
        (
            put("indicators", 0, "any_of", value=[{"question": "why"}]),
            "indicators.0.any_of.0.question",
            "none of the questions",
        ),
        (
            put("indicators", 0, "any_of", value=[{"question": "why", "signal": "income"}]),
            "indicators.0.any_of.0",
            "either a signal or a question",
        ),
        (
            put("indicators", 11, "any_of", value=[{"question": "steady_work"}]),
            "questions",
            "no indicator uses 'family_is_ready'",
        ),
        (
            put("questions", 4, "caution", value="leaking_roof"),
            "questions.4.caution",
            "'leaking_roof' is none of",
        ),
        (
            put("indicators", 7, "any_of", value=[{"signal": "savings", "at_least": 1}]),
            "parameters",
            "no indicator uses 'three_months'",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_place_and_reason(
    spoil: Callable[[dict[str, Any]], None], place: str, words: str
) -> None:
    whole = data()
    spoil(whole)
    with pytest.raises(Invalid) as refused:
        parse(whole)
    assert words in " ".join(str(each) for each in refused.value.fields[place])


def test_every_mistake_is_named_at_once() -> None:
    whole = data()
    drop("title_id")(whole)
    put("version", value=0)(whole)
    put("indicators", 3, "gate", value="yes")(whole)
    with pytest.raises(Invalid) as refused:
        parse(whole)
    assert set(refused.value.fields) == {"title_id", "version", "indicators.3.gate"}
