"""Of all scripts one is made, which does what they did; what is not understood is refused."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from casework.web.packing import NotPacked, packed

STATIC = Path(__file__).parent.parent.parent / "static"
SHAPES = {
    "main.js": """
// @ts-check
/** Entry. */
import { double as twice } from "./sums/double.js";
const found = await import(`./sums/${"lazy"}.js`);
console.log(twice(4), found.words, new found.Counter().next(), await found.later());
export {};
""",
    "sums/double.js": """
import { FACTOR } from "./factor.js";
/** @param {import("./lazy.js").Nothing} nothing
 * export function hidden() */
export function double(number) {
  return number * FACTOR;
}
""",
    "sums/factor.js": """
const hidden = 2;
export const FACTOR = hidden;
console.log("once");
""",
    "sums/lazy.js": """
import {
  double,
} from "./double.js";
import { FACTOR } from "./factor.js";

const hidden = "// stays";
export const words = `${hidden}
 ${FACTOR}`;
export class Counter {
  #at = FACTOR;
  next() {
    return double(this.#at);
  }
}
export async function later() {
  return FACTOR;
}
export { FACTOR };
""",
    "sums/never.js": 'throw new Error("nobody asked");',
}


def written(folder: Path, scripts: dict[str, str]) -> Path:
    for name, source in scripts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(source)
    return folder


def run(script: Path) -> str:
    if shutil.which("node") is None:
        pytest.skip("NO NODE: what packing makes was not run")
    return subprocess.run(
        ["node", script], capture_output=True, text=True, check=True, timeout=60
    ).stdout


def test_the_whole_does_what_the_modules_did(tmp_path: Path) -> None:
    scripts = written(tmp_path / "js", SHAPES)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    whole = tmp_path / "whole.mjs"
    whole.write_text(packed(scripts))
    assert run(whole) == run(scripts / "main.js") == "once\n8 // stays\n 2 4 2\n"


def test_the_product_s_own_scripts_are_understood_and_are_a_program(tmp_path: Path) -> None:
    whole = tmp_path / "main.mjs"
    whole.write_text(packed(STATIC / "js", apart=("sw",)))
    assert '"offline/sheet.js"' in whole.read_text()
    assert "worker.SHELL" not in whole.read_text()
    if shutil.which("node"):
        subprocess.run(["node", "--check", whole], check=True, timeout=60)


@pytest.mark.parametrize(
    "line",
    [
        'import * as all from "./other.js";',
        'import one from "./other.js";',
        'import "./other.js";',
        'import { one } from "elsewhere";',
        "export default 1;",
        "export let changing = 1;",
        'export * from "./other.js";',
        "export { one as two };",
        'const found = import("./other.js");',
        "console.log(import.meta.url);",
    ],
)
def test_whatever_else_a_module_says_is_refused(tmp_path: Path, line: str) -> None:
    scripts = written(tmp_path, {"main.js": "", "one.js": line, "other.js": ""})
    with pytest.raises(NotPacked, match=r"^one\.js: "):
        packed(scripts)


def test_modules_that_ask_for_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    circle = {
        "main.js": "",
        "one.js": 'import { two } from "./two.js";',
        "two.js": 'import { one } from "./one.js";',
    }
    with pytest.raises(NotPacked, match="asks for itself by way of one.js, two.js"):
        packed(written(tmp_path, circle))


def test_a_module_that_is_not_there_is_refused(tmp_path: Path) -> None:
    lost = {"main.js": "", "one.js": 'import { two } from "./two.js";'}
    with pytest.raises(NotPacked, match="there is no two.js"):
        packed(written(tmp_path, lost))
