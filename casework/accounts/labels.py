from __future__ import annotations

from flask_babel import lazy_gettext

from casework.access.roles import Role
from casework.accounts.rules import Over

#: Titles such as Supervisor or Katim are renamed every few years; the role stays.
ROLES = {
    Role.FACILITATOR: lazy_gettext("Facilitator"),
    Role.SUPERVISOR: lazy_gettext("Supervisor"),
    Role.ADMINISTRATOR: lazy_gettext("Administrator"),
    Role.VIEWER: lazy_gettext("Viewer"),
}

#: `time`: how long a login of that role lasts unused, or at all.
OVER = {
    Over.IDLE: lazy_gettext("You were signed out because nothing was done here for %(time)s."),
    Over.EXPIRED: lazy_gettext("You were signed out because a login lasts %(time)s at most."),
    # The answer to one's own sign-out may have been lost on the way, and the cookie with it.
    Over.ENDED: lazy_gettext(
        "You have signed out here, or were signed out from another device or by your administrator."
    ),
}
