"""The files that rosters keep, for `flask files check`."""

from __future__ import annotations

import uuid

from flask_babel import lazy_gettext as _

from casework.core.errors import Message
from casework.core.kept_files import FilesInRows
from casework.rosters.models import RosterImport
from casework.rosters.queries.uploads import WAITING


def _roster(file_id: uuid.UUID) -> Message:
    return _("roster file %(file)s", file=file_id)


KEPT = (FilesInRows(_("Rosters that wait"), WAITING, said=_roster, digest=RosterImport.sha256),)
