"""What every test may use; the fixtures live by theme in tests/fixtures/."""

pytest_plugins = [
    "tests.fixtures.databases",
    "tests.fixtures.application",
    "tests.fixtures.statements",
    "tests.fixtures.translations",
    "tests.fixtures.demo",
    "tests.fixtures.browser",
]
