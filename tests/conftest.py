"""What every test may use; the fixtures live by theme in tests/fixtures/."""

import gc
import os

import pytest
from hypothesis import settings

# A worker holds the product, its libraries and 5,000 collected tests for as long as it lives.
# Walking through them all again and again for rubbish was a twelfth of the whole run.
gc.set_threshold(20_000, 20, 50)

# Commands answer in the language of the terminal; tests in the one that screens have. Not by a
# fixture that patches it: whatever patches something plays its scenes (tests/scenes.py).
for _name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
    os.environ.pop(_name, None)

pytest_plugins = [
    "tests.fixtures.workers",
    "tests.fixtures.databases",
    "tests.fixtures.application",
    "tests.fixtures.statements",
    "tests.fixtures.translations",
    "tests.fixtures.demo",
    "tests.fixtures.browser",
    "tests.fixtures.budgets",
]

#: `make test ARGS="--hypothesis-profile nightly"`: what the machine does when nobody waits.
settings.register_profile("nightly", max_examples=2000)


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.collect()
    gc.freeze()
