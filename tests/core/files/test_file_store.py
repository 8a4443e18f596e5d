"""Files on disk: sealed, bound to the row they belong to, whole or not there."""

from __future__ import annotations

import stat
import uuid
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.core.crypto import Keyring, Tampered
from casework.core.files import FileLost, FileStore, StoredFile

AREA = 397
OWNER, OTHER_OWNER = uuid.UUID(int=1), uuid.UUID(int=2)
FILE, OTHER_FILE = uuid.UUID(int=11), uuid.UUID(int=12)
CONTENT = b"a statement, signed by Ibu Siti"
KEYRING = Keyring.generate(datetime(2026, 11, 2, tzinfo=UTC))


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "evidence", KEYRING, "evidence_file")


def files_in(store: FileStore) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def soon() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(content=st.binary(max_size=2000))
def test_what_is_put_comes_back(store: FileStore, content: bytes) -> None:
    store.put(AREA, OWNER, FILE, content)
    assert store.get(AREA, OWNER, FILE) == content


def test_what_lies_on_disk_is_sealed_and_for_its_owner_alone(store: FileStore) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)
    (path,) = files_in(store)
    assert b"Siti" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for directory in [store.root, *path.relative_to(store.root).parents[:-1]]:
        assert stat.S_IMODE((store.root / directory).stat().st_mode) == 0o700


def test_names_on_disk_hold_numbers_only(store: FileStore) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)
    (path,) = files_in(store)
    assert path.relative_to(store.root).parts == (
        "397",
        OWNER.hex,
        f"{FILE.hex}.sealed",
    )


@pytest.mark.parametrize(
    ("area", "owner", "file"),
    [
        (AREA + 1, OWNER, FILE),
        (AREA, OTHER_OWNER, FILE),
        (AREA, OWNER, OTHER_FILE),
    ],
)
def test_a_file_moved_to_another_place_does_not_open(
    store: FileStore, area: int, owner: uuid.UUID, file: uuid.UUID
) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)
    (path,) = files_in(store)
    store.put(area, owner, file, b"of another family")
    (other,) = set(files_in(store)) - {path}
    other.write_bytes(path.read_bytes())
    with pytest.raises(Tampered):
        store.get(area, owner, file)


def test_a_changed_file_does_not_open(store: FileStore) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)
    (path,) = files_in(store)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Tampered):
        store.get(AREA, OWNER, FILE)


def test_a_missing_file_is_told_apart_from_a_changed_one(store: FileStore) -> None:
    with pytest.raises(FileLost):
        store.get(AREA, OWNER, FILE)


def test_a_retry_replaces_what_the_first_try_left(store: FileStore) -> None:
    store.put(AREA, OWNER, FILE, b"first try")
    store.put(AREA, OWNER, FILE, CONTENT)
    assert store.get(AREA, OWNER, FILE) == CONTENT
    assert len(files_in(store)) == 1


def test_a_put_that_fails_leaves_nothing_half_written(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="space"):
        store.put(AREA, OWNER, FILE, b"second")
    monkeypatch.undo()
    assert store.get(AREA, OWNER, FILE) == CONTENT
    assert len(files_in(store)) == 1


def test_deleting_takes_one_file_and_may_be_repeated(store: FileStore) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)
    store.put(AREA, OWNER, OTHER_FILE, CONTENT)
    store.delete(AREA, OWNER, FILE)
    store.delete(AREA, OWNER, FILE)
    assert store.get(AREA, OWNER, OTHER_FILE) == CONTENT
    with pytest.raises(FileLost):
        store.get(AREA, OWNER, FILE)


def orphans(store: FileStore, known: set[uuid.UUID], before: datetime) -> list[StoredFile]:
    return list(store.orphans(AREA, lambda _owners: known, written_before=before))


def test_files_without_a_row_are_found(store: FileStore) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)
    store.put(AREA, OTHER_OWNER, OTHER_FILE, CONTENT)
    (orphan,) = orphans(store, {FILE}, soon())
    assert (orphan.area_id, orphan.owner_id, orphan.file_id) == (
        AREA,
        OTHER_OWNER,
        OTHER_FILE,
    )
    store.delete(orphan.area_id, orphan.owner_id, orphan.file_id)
    assert orphans(store, {FILE}, soon()) == []


def test_rows_are_asked_of_some_owners_at_a_time_and_of_each_once(
    store: FileStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.core.files.store._OWNERS_AT_ONCE", 2)
    owners = {uuid.UUID(int=number) for number in range(1, 6)}
    for owner in owners:
        store.put(AREA, owner, uuid.UUID(int=owner.int + 10), CONTENT)
    asked: list[list[uuid.UUID]] = []

    def known(some: Collection[uuid.UUID]) -> set[uuid.UUID]:
        asked.append(sorted(some))
        return set()

    assert len(list(store.orphans(AREA, known, written_before=soon()))) == 5
    assert sorted(len(some) for some in asked) == [1, 2, 2]
    assert {each for some in asked for each in some} == owners


def test_a_file_whose_transaction_may_be_under_way_is_no_orphan(store: FileStore) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)
    assert orphans(store, set(), datetime.now(UTC) - timedelta(hours=1)) == []


def test_an_unused_store_has_no_orphans(store: FileStore) -> None:
    assert store.areas() == []
    assert orphans(store, set(), soon()) == []
    assert store.remove_unfinished(written_before=soon()) == 0


def test_what_somebody_else_put_there_is_no_file_of_ours(store: FileStore) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)
    (path,) = files_in(store)
    for name in (path.parent / f"{FILE}.sealed", path.parent / "notes.txt", store.root / "lost"):
        name.write_bytes(b"x")
    (store.root / str(AREA) / "copy of it").mkdir()
    (store.root / "copy").mkdir()
    assert store.areas() == [AREA]
    assert [each.file_id for each in orphans(store, set(), soon())] == [FILE]


def test_what_a_killed_process_left_is_removed_when_it_is_old(
    store: FileStore,
) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)
    left = store.root / "unfinished" / "left"
    left.write_bytes(b"half")
    assert store.remove_unfinished(written_before=datetime.now(UTC) - timedelta(hours=1)) == 0
    assert store.remove_unfinished(written_before=soon()) == 1
    assert [path.name for path in files_in(store)] == [f"{FILE.hex}.sealed"]


def test_what_was_sealed_before_a_rotation_still_opens(store: FileStore) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)
    fresh = Keyring.generate(datetime(2027, 1, 2, tzinfo=UTC))
    rotated = Keyring(
        active=fresh.active,
        encryption_keys={**KEYRING.encryption_keys, **fresh.encryption_keys},
        index_key=KEYRING.index_key,
        created_at=fresh.created_at,
    )
    assert FileStore(store.root, rotated, store.table).get(AREA, OWNER, FILE) == CONTENT


def test_what_was_sealed_for_one_table_does_not_open_for_another(store: FileStore) -> None:
    store.put(AREA, OWNER, FILE, CONTENT)
    with pytest.raises(Tampered):
        FileStore(store.root, KEYRING, "meeting_photo").get(AREA, OWNER, FILE)
