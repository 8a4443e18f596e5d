"""Processes of the product, without the two seconds in which each reads what it is made of.

`python -m tests.nursery` has imported every module of the product and used none. It lends that to
the processes that it is asked for: each is forked from there, leads a session of its own, has the
environment that it was given and no other, and goes on as `python -m MODULE WORD...` would.
"""

from __future__ import annotations

import atexit
import json
import os
import pkgutil
import runpy
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
_NOWHERE, _HERE = os.devnull, "/dev/stderr"


class Said(NamedTuple):
    """What a process that has ended leaves behind."""

    returncode: int
    stdout: str
    stderr: str


def start(environment: Mapping[str, str], *words: str) -> int:
    """`python -m WORDS`, which complains where this process does; gives the id of its process and
    of its group."""
    return _ask(words=words, environment=dict(environment), stdout=_NOWHERE, stderr=_HERE)


def await_end(process: int) -> int:
    """Of one that was started here, once; gives its exit code, negative for a signal."""
    return _ask(ended=process)


def run(environment: Mapping[str, str], *words: str) -> Said:
    """`python -m WORDS` until it ends."""
    with tempfile.TemporaryDirectory() as folder:
        said = {name: os.path.join(folder, name) for name in ("stdout", "stderr")}
        process = _ask(words=words, environment=dict(environment), **said)
        code = await_end(process)
        return Said(code, *(Path(path).read_text(encoding="utf-8") for path in said.values()))


@cache
def _nursery() -> subprocess.Popen[str]:
    """Of this process; it ends with it. With nothing in its environment that could show."""
    nursery = subprocess.Popen(
        [sys.executable, "-m", "tests.nursery"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(nursery.communicate)
    return nursery


def _ask(**asked: Any) -> int:
    nursery = _nursery()
    assert nursery.stdin
    assert nursery.stdout
    nursery.stdin.write(f"{json.dumps(asked)}\n")
    nursery.stdin.flush()
    return int(nursery.stdout.readline())


def _serve() -> dict[str, Any]:
    """Until nobody asks any more; in a process that was asked for, what it is to be."""
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        if "ended" in asked:
            _pid, status = os.waitpid(asked["ended"], 0)
            answer = os.waitstatus_to_exitcode(status)
        else:
            answer = os.fork()
            if not answer:
                return asked
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()
    sys.exit()


def _become(words: list[str], environment: dict[str, str], stdout: str, stderr: str) -> None:
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    files = [os.open(_NOWHERE, os.O_RDONLY)]
    files += [
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600) for path in (stdout, stderr)
    ]
    for standard, file in enumerate(files):
        os.dup2(file, standard)
    sys.argv = words
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)


def _read_all() -> None:
    import casework

    for each in pkgutil.walk_packages(casework.__path__, "casework."):
        if not each.name.endswith(".__main__"):
            import_module(each.name)


if __name__ == "__main__":
    _read_all()
    _become(**_serve())
