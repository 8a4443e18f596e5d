"""Several people who press in the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from typing import TypeVar

from flask import Flask

from casework.core.db import db
from casework.core.transaction import transaction

Answer = TypeVar("Answer")


def at_once(app: Flask, acts: Sequence[Callable[[], Answer]]) -> list[Answer | Exception]:
    """Each act in a thread and a transaction of its own, all begun together; what each gave
    or raised, in order."""
    start = threading.Barrier(len(acts), timeout=60)
    answers: list[Answer | Exception] = [RuntimeError("never ran")] * len(acts)

    def run(number: int, act: Callable[[], Answer]) -> None:
        with app.app_context():
            start.wait()
            try:
                with transaction():
                    answers[number] = act()
            except Exception as error:
                answers[number] = error

    db.session.rollback()
    threads = [
        threading.Thread(target=copy_context().run, args=(run, number, act))
        for number, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=90)
    return answers
