"""The scripts of a release as one file, so that a phone asks once for all of them.

Each module asked for by itself costs a weak line its delay once more for each step of the way
from module to module, and a page could be given some of one release and some of the next.

What is understood is what our scripts say (`docs/decisions/0017-what-a-phone-is-sent.md`), and
whatever else a module imports or exports is refused.
"""

from __future__ import annotations

import json
import posixpath
import re
from pathlib import Path

import rjsmin

ENTRY = "main.js"

_IMPORT = re.compile(r'^import \{([^{}]*)\} from "(\.{1,2}/[^"]+)";$', re.MULTILINE)
_EXPORTED = re.compile(
    r"^export ((?:async )?function|class|const) ([A-Za-z_$][\w$]*)", re.MULTILINE
)
_EXPORTED_LIST = re.compile(r"^export \{((?:\s*[\w$]+\s*,)*\s*[\w$]*\s*)\};$", re.MULTILINE)
#: Only awaited ones: in comments, a type is imported by the same word.
_IMPORT_LATER = re.compile(r"""\bawait import\(([`"])(\.{1,2}/(?:(?!\1).)+)\1\)""")
_NOT_UNDERSTOOD = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)

#: A module is made when it is first asked for, and once.
_USE = "const $made={};const $use=(name)=>$made[name]??=$modules[name]();"


class NotPacked(ValueError):
    """A script says something that packing does not understand; names the script and its line."""


def packed(scripts: Path, *, apart: tuple[str, ...] = ()) -> str:
    """All modules below that folder as one that does what its `main.js` does.

    `apart`: folders of scripts that are no modules.

    Raises: NotPacked.
    """
    sources = {
        name: path.read_text("utf-8")
        for path in sorted(scripts.rglob("*.js"))
        if (name := path.relative_to(scripts).as_posix()).partition("/")[0] not in apart
    }
    entry = sources.pop(ENTRY)
    _refuse_circles({name: _asked_for(name, source) for name, source in sources.items()})
    modules = ",\n".join(_as_function(name, source) for name, source in sources.items())
    entry_body, _exports = _translated(ENTRY, entry)
    return f"const $modules={{\n{modules}\n}};\n{_USE}\n{entry_body}\n"


def _as_function(name: str, source: str) -> str:
    body, exports = _translated(name, source)
    return f"{json.dumps(name)}(){{\n{body}\nreturn{{{','.join(exports)}}}}}"


def _translated(name: str, source: str) -> tuple[str, list[str]]:
    """Its body, asking for others by `$use`, and the names that it exports."""
    exports: list[str] = []

    def asked(found: re.Match[str]) -> str:
        names = found[1].strip().rstrip(",").replace(" as ", ": ")
        return f"const {{ {names} }} = $use({json.dumps(_target(name, found[2]))});"

    def exported(found: re.Match[str]) -> str:
        exports.append(found[2])
        return f"{found[1]} {found[2]}"

    def exported_list(found: re.Match[str]) -> str:
        exports.extend(each for part in found[1].split(",") if (each := part.strip()))
        return ""

    body = _IMPORT.sub(asked, source)
    body = _EXPORTED.sub(exported, body)
    body = _EXPORTED_LIST.sub(exported_list, body)
    body = _IMPORT_LATER.sub(
        lambda found: f"$use({found[1]}{_target(name, found[2])}{found[1]})", body
    )
    left = _NOT_UNDERSTOOD.search(body) or re.search(r"\bimport\b.*", str(rjsmin.jsmin(body)))
    if left:
        raise NotPacked(f"{name}: {left[0][:80]}")
    return body, exports


def _target(name: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def _asked_for(name: str, source: str) -> set[str]:
    return {_target(name, address) for _names, address in _IMPORT.findall(source)}


def _refuse_circles(asked_for: dict[str, set[str]]) -> None:
    """Modules of browsers may ask for each other in a circle; functions would for ever."""
    done: set[str] = set()

    def follow(name: str, way: tuple[str, ...]) -> None:
        if name in way:
            raise NotPacked(f"{name} asks for itself by way of {', '.join(way)}")
        if name not in asked_for:
            raise NotPacked(f"{way[-1]}: there is no {name}")
        if name not in done:
            for each in sorted(asked_for[name]):
                follow(each, (*way, name))
            done.add(name)

    for name in asked_for:
        follow(name, ())
