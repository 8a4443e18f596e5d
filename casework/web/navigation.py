"""The main menu: what a person may reach, by permission."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, request, url_for

from casework.access.permissions import Permission
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
    @app.context_processor
    def menu() -> dict[str, Any]:
        actor = actor_or_none()
        visible = [item for item in items if actor and actor.may(item.permission)]
        return {
            "current_actor": actor,
            "navigation": [
                {
                    "label": item.label,
                    "url": url_for(item.endpoint),
                    "icon": item.icon,
                    "current": request.endpoint == item.endpoint
                    or bool(item.blueprint and request.blueprint == item.blueprint),
                }
                for item in visible
            ],
        }
