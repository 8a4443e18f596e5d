"""The files that phones' words keep, for `flask files check`."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _

from casework.core.errors import Message
from casework.core.kept_files import FilesInRows
from casework.offline.queries.rescue_files import WAITING


def _rescue(file_id: uuid.UUID) -> Message:
    return _("rescue file %(file)s", file=file_id)


# Its hash is that of the file as it came, which may begin with a mark that is not kept.
KEPT = (FilesInRows(_("Rescue files that wait"), WAITING, said=_rescue),)
