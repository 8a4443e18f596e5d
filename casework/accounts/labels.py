from __future__ import annotations

from flask_babel import lazy_gettext

from casework.access.roles import Role

#: Titles such as Supervisor or Katim are renamed every few years; the role stays.
ROLES = {
    Role.FACILITATOR: lazy_gettext("Facilitator"),
    Role.SUPERVISOR: lazy_gettext("Supervisor"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
    Role.VIEWER: lazy_gettext("Viewer"),
}
