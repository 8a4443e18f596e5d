"""PDF files: cleaned in a process of their own, with a limit on time and memory.

A small PDF can ask for gigabytes and minutes, and its reader is C++: whatever a hostile file
does, it does to a process that is ended after a moment (OWASP ASVS 5.0, 5.2.3 and 5.4.3).
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from casework.core.files import pdf_cleaning
from casework.core.files.refusals import Refusal, RefusedFile

log = logging.getLogger(__name__)

#: The process ends itself after less than a second of work; this is for a machine that gives
#: it none.
_WALL_SECONDS = 10


@dataclass(frozen=True, slots=True)
class CleanPdf:
    content: bytes
    pages: int


def clean_pdf(received: bytes) -> CleanPdf:
    """Raises: RefusedFile."""
    # -I: neither the environment nor the current directory decides what is imported.
    command = [sys.executable, "-I", str(Path(pdf_cleaning.__file__))]
    try:
        done = subprocess.run(  # noqa: S603 - our own program, fed through stdin
            command, input=received, capture_output=True, timeout=_WALL_SECONDS, check=False, env={}
        )
    except subprocess.TimeoutExpired:
        raise RefusedFile(Refusal.TOO_COMPLEX) from None
    if done.returncode != 0:
        # Ended by its limits, or by a crash of the reader.
        log.warning("pdf cleaning ended with %s", done.returncode)
        raise RefusedFile(Refusal.TOO_COMPLEX)
    head, _, content = done.stdout.partition(b"\n")
    answer = json.loads(head)
    if "refusal" in answer:
        raise RefusedFile(Refusal(answer["refusal"]), **answer["params"])
    return CleanPdf(content=content, pages=answer["pages"])
