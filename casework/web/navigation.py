"""What stands around every page: the menu by permission, the account, the languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _

from casework.access.permissions import Permission
from casework.web.locale import LANGUAGE_NAMES, chosen_locale
from casework.web.login import actor_or_none


@dataclass(frozen=True, slots=True)
class MenuItem:
    label: Any
    endpoint: str
    icon: str
    permission: Permission
    #: Also current while another page of the same blueprint is open.
    blueprint: str = ""


def init_app(app: Flask, items: Sequence[MenuItem]) -> None:
    @cache
    def address(endpoint: str) -> str:
        """The same for everybody, so the router is asked once."""
        return url_for(endpoint)

    @app.context_processor
    def menu() -> dict[str, Any]:
        actor = actor_or_none()
        visible = [item for item in items if actor and actor.may(item.permission)]
        return {
            "current_actor": actor,
            "works_offline": actor is not None and actor.may(Permission.WORK_OFFLINE),
            "answers_form": _answers_form(),
            "opens_again": _answers_form() and _opens(),
            "navigation": [
                {
                    "label": item.label,
                    "url": address(item.endpoint),
                    "icon": item.icon,
                    "current": request.endpoint == item.endpoint
                    or bool(item.blueprint and request.blueprint == item.blueprint),
                }
                for item in visible
            ],
            "account_links": [
                {"label": _("Account and password"), "url": address("accounts.account")}
            ],
            "logout_url": address("accounts.logout"),
            "login_url": "" if actor else address("accounts.login"),
            "languages": [
                {
                    "code": code,
                    "label": name,
                    "url": url_for("accounts.language", code=code, next=_here()),
                    "current": code == chosen_locale(),
                }
                for code, name in LANGUAGE_NAMES.items()
            ],
        }


#: Set in `flask.g` while an error is answered: its page must not tell one address from another.
LOST = "casework_lost"


def _here() -> str:
    """The page to come back to; a page that answers a form is reached by its own address."""
    if LOST in g:
        return "/"
    return request.full_path.rstrip("?") if request.method == "GET" else request.path


def _answers_form() -> bool:
    return request.method == "POST" and LOST not in g


def _opens() -> bool:
    """Whether there is a page at this address."""
    adapter = current_app.create_url_adapter(request)
    return adapter is not None and "GET" in adapter.allowed_methods()
