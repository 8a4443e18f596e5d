"""How gunicorn serves the application; `gunicorn -c deploy/gunicorn.conf.py wsgi:app`."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any

# Another machine reaches it through a proxy that speaks TLS, so by default only this one does.
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or 8000}"

# A slow phone then holds a thread and not a whole process.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
timeout = 60
graceful_timeout = 30
# Who reads a page for a minute need not call again, which costs a weak line its delay twice or
# more. A connection that waits holds no thread.
keepalive = 75

# The heartbeat file must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - Linux's own

# Nobody steers it but signals; a socket in the home directory would be one more door.
control_socket_disable = True


def post_worker_init(_worker: Any) -> None:
    """What an application is made of stays until it ends: the collector need not look through
    it again and again, and objects of requests go by their reference counts. A save takes a
    fifteenth less time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
