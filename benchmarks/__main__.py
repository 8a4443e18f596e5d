"""`python -m benchmarks [NAME ...]`: run every benchmark, or those named.

`python -m benchmarks NAME --OPTION ...` hands the options to the one named.
A benchmark is a module beside this one with a `main()` that prints what it measured beside
the goal and returns whether the goal was reached. Each runs in a process of its own, so that
none is measured with the memory and the caches of another.
"""

from __future__ import annotations

import pkgutil
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
#: Modules that benchmarks share begin with an underscore.
NAMES = sorted(
    module.name for module in pkgutil.iter_modules([str(HERE)]) if not module.name.startswith("_")
)


def run_one(name: str, options: list[str]) -> None:
    sys.exit(0 if import_module(f"benchmarks.{name}").main(*options) else 1)


def run_all(words: list[str]) -> None:
    first = next((at for at, word in enumerate(words) if word.startswith("-")), len(words))
    names, options = words[:first], words[first:]
    if options and len(names) != 1:
        sys.exit("Options are for one benchmark: python -m benchmarks NAME --OPTION ...")
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        sys.exit(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
    missed = []
    for name in names or NAMES:
        print(f"== {name}", flush=True)
        started = time.monotonic()
        command = [sys.executable, "-m", "benchmarks", "--only", name, *options]
        done = subprocess.run(command, check=False)
        if done.returncode:
            missed.append(name)
        print(f"   {time.monotonic() - started:.0f} s\n", flush=True)
    if missed:
        sys.exit(f"Goals not reached: {', '.join(missed)}")
    print("All goals reached.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        run_one(sys.argv[2], sys.argv[3:])
    else:
        run_all(sys.argv[1:])
