from __future__ import annotations

from flask_babel import lazy_gettext as _l

from casework.access.roles import Role

#: Titles such as Supervisor or Katim are renamed every few years; the role stays.
ROLES = {
    Role.FACILITATOR: _l("Facilitator"),
    Role.SUPERVISOR: _l("Supervisor"),
    Role.ADMINISTRATOR: _l("Administrator"),
    Role.VIEWER: _l("Viewer"),
}
