#!/usr/bin/env python3
"""Make the Python environment in .venv: `python3 deploy/environment.py [--dev]`.

Needs a bare Python 3.11 with venv and nothing else. Packages are installed with uv, which
is ten times as fast as pip, or with pip where uv is not to be had. Either way they come from
where the machine's pip is configured to get them. A stamp holds the fingerprint of what was
installed, so that a second run costs nothing.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = "uv==0.13.9"

#: pip's setting -> uv's, which reads no pip configuration by itself.
SETTINGS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "constraint": "UV_CONSTRAINT",
    "no-index": "UV_NO_INDEX",
    "cert": "SSL_CERT_FILE",
    "default-timeout": "UV_HTTP_TIMEOUT",
}
#: Of these uv takes several with commas between them.
WITH_COMMAS = {"UV_FIND_LINKS"}


def main(arguments: list[str]) -> None:
    lists = ["requirements.txt"] + (["requirements-dev.txt"] if "--dev" in arguments else [])
    if installed(lists[-1]) == fingerprint(lists):
        return
    started = time.monotonic()
    make_venv()
    say(f"Installing the packages of {lists[-1]} ...")
    install(lists[-1])
    for position, name in enumerate(lists, start=1):
        stamp(name).write_text(fingerprint(lists[:position]), encoding="ascii")
    say(f"Done in {time.monotonic() - started:.0f} s.")


def fingerprint(lists: list[str]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in lists:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def installed(name: str) -> str | None:
    return stamp(name).read_text(encoding="ascii") if stamp(name).is_file() else None


def make_venv() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - run by whatever Python the machine has
        sys.exit(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    works = PYTHON.exists() and run(PYTHON, "-m", "pip", "--version", quiet=True)
    if works:
        return
    say("Making .venv ...")
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian ships it apart, in python3-venv
    except ImportError:
        sys.exit("Python's venv is missing. On Debian or Ubuntu: apt-get install python3-venv")
    if not run(sys.executable, "-m", "venv", "--clear", VENV):
        sys.exit("The environment could not be made; see the lines above.")


def install(name: str) -> None:
    if not run(PYTHON, "-m", "uv", "--version", quiet=True):
        run(PYTHON, "-m", "pip", "install", "--quiet", UV, quiet=True)
    if run(PYTHON, "-m", "uv", "pip", "install", "--quiet", "-r", ROOT / name, extra=uv_settings()):
        return
    say("uv did not manage; pip does it now, which takes a minute.")
    if not run(PYTHON, "-m", "pip", "install", "--quiet", "-r", ROOT / name):
        sys.exit("The packages could not be installed; see the lines above.")


def uv_settings() -> dict[str, str]:
    """What the machine's pip is told about where packages come from, in uv's words."""
    listed = subprocess.run(
        [PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    settings = {
        "VIRTUAL_ENV": str(VENV),
        "UV_PYTHON_DOWNLOADS": "never",
        # As pip: the best version anywhere, not the first place that knows the name.
        "UV_INDEX_STRATEGY": "unsafe-best-match",
    }
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        variable = SETTINGS.get(name.rpartition(".")[2])
        if variable is not None:
            words = value.strip("'\"").replace("\\n", " ").split()
            settings[variable] = ("," if variable in WITH_COMMAS else " ").join(words)
    return settings


def run(*command: object, quiet: bool = False, extra: dict[str, str] | None = None) -> bool:
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=os.environ | (extra or {}),
        check=False,
        stdout=subprocess.DEVNULL if quiet else None,
        stderr=subprocess.DEVNULL if quiet else None,
    )
    return done.returncode == 0


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
