"""What every test may use; the fixtures live by theme in tests/fixtures/."""

from hypothesis import settings

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.application",
    "tests.fixtures.statements",
    "tests.fixtures.translations",
    "tests.fixtures.demo",
    "tests.fixtures.browser",
    "tests.fixtures.budgets",
]

#: `make test ARGS="--hypothesis-profile nightly"`: what the machine does when nobody waits.
settings.register_profile("nightly", max_examples=1000)
