"""`python -m benchmarks [NAME ...]`: run every benchmark, or those named.

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


def run_one(name: str) -> None:
    sys.exit(0 if import_module(f"benchmarks.{name}").main() else 1)


def run_all(names: list[str]) -> None:
    unknown = sorted(set(names) - set(NAMES))
    if unknown:
        sys.exit(f"No such benchmark: {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
    missed = []
    for name in names or NAMES:
        print(f"== {name}", flush=True)
        started = time.monotonic()
        done = subprocess.run([sys.executable, "-m", "benchmarks", "--only", name], check=False)
        if done.returncode:
            missed.append(name)
        print(f"   {time.monotonic() - started:.0f} s\n", flush=True)
    if missed:
        sys.exit(f"Goals not reached: {', '.join(missed)}")
    print("All goals reached.")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--only"]:
        run_one(sys.argv[2])
    else:
        run_all(sys.argv[1:])
