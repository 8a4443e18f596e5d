"""What is dear is made on one worker, and no file is torn between two."""

from __future__ import annotations

import pytest

from tests.fixtures.workers import together

FIELD = "tests/browser/test_offline.py"
PACE = "tests/web/test_pace.py"


@pytest.mark.parametrize(
    ("one", "other", "are_together"),
    [
        (f"{FIELD}::test_a", "tests/browser/test_budgets.py::test_b", True),
        ("tests/demo/test_demo.py::test_a[sqlite]", "tests/audit/test_words.py::test_b", True),
        (f"{FIELD}::test_a", "tests/browser/test_case.py::test_b", False),
        (f"{PACE}::test_a[sqlite]", f"{PACE}::test_b[sqlite-1]", True),
        (f"{PACE}::test_a[sqlite]", f"{PACE}::test_a[postgresql]", False),
        (f"{PACE}::test_a[x]", f"{PACE}::test_b", True),
        (f"{PACE}::test_a", "tests/web/test_shares.py::test_a", False),
    ],
)  # fmt: skip
def test_tests_that_share_something_dear_go_to_one_worker(
    one: str, other: str, are_together: bool
) -> None:
    assert (together(one) == together(other)) is are_together
