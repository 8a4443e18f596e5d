"""The modules of the outbox in a page of the product, without any screen of theirs."""

from __future__ import annotations

import gzip
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Request, Route, WebError

from casework.core.ids import short_id
from tests.browser.lending import Lent
from tests.browser.signing_in import sign_in
from tests.meetings.conftest import Arranged


def today() -> date:
    """Where the groups of the factories live; asked late, for a day may begin during a run."""
    return datetime.now(ZoneInfo("Asia/Makassar")).date()


#: Anybody may open it, so that a run-out login does not lead elsewhere, and it has no script of
#: its own: pages with the line at the top send by themselves.
PAGE = "/healthz"

_OPEN = """async ([folder, owner]) => {
  const names = ["store", "sender", "sealing", "database"];
  const found = await Promise.all(names.map((name) => import(`${folder}/${name}.js`)));
  Object.assign(window, ...found);
  window.owner = owner;
  window.store = new window.Store();
  window.sender = new window.Sender(window.store, owner);
  window.told = [];
  window.store.listen((each) => window.told.push(each));
}"""


def register(group: Arranged, held_on: date, presence: str = "present") -> dict[str, Any]:
    """The body of a command that marks everybody alike."""
    return {
        "group": str(group.group_id),
        "held_on": held_on.isoformat(),
        "base_version": 0,
        "head": {
            "lessons": [5],
            "topic": "",
            "starts_at": "09:00",
            "ends_at": None,
            "place": "Balai",
        },
        "marks": {short_id(each): [presence, None, "", ""] for each in group.households},
    }


def observation(household: uuid.UUID, saves: int | None = 50_000) -> dict[str, Any]:
    return {
        "household": str(household),
        "observed_on": today().isoformat(),
        "keeps_budget": True,
        "saves_per_month": saves,
        "savings_total": None,
        "uses_bank_account": None,
        "borrows_from": None,
        "income_per_month": None,
        "note": "",
    }


@dataclass
class Tab:
    """A page with an outbox of its owner."""

    page: Page
    owner: str

    def run(self, script: str, *given: Any) -> Any:
        """`script` is the body of an async function of a, b, c."""
        return self.page.evaluate(f"async ([a, b, c]) => {{ {script} }}", [*given, None, None][:3])

    def reason(self, script: str, *given: Any) -> str:
        """Why it fails; "" if it does not."""
        return self.run(
            f"try {{ {script}; return ''; }} catch (error) "
            "{ return error.reason ?? `not ours: ${error}`; }",
            *given,
        )

    def save(self, kind: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        return self.run(
            "return await store.add({ ...c, owner, kind: a, body: b })", kind, body, more
        )

    def send(self) -> str:
        return self.run("return (await sender.send()).line")

    def counts(self) -> dict[str, int]:
        return self.run("return await store.counts(owner)")

    def unsent(self) -> list[str]:
        return self.run("return (await store.list(owner)).map((each) => each.id)")

    def sent(self) -> list[dict[str, Any]]:
        return self.run("return await store.sent(owner)")


@dataclass
class Handset:
    """A phone: one browser with its cookies and its database."""

    app: Flask
    address: str
    context: BrowserContext
    #: Ids of the commands of each sending.
    sendings: list[list[str]] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    #: Something was put into the browser that cannot be taken out of it again.
    is_altered: bool = False

    def __post_init__(self) -> None:
        self.context.on("request", self._sent)
        self.context.on("weberror", self._complained)

    def hand_back(self) -> None:
        """It hears no more of what happens in the browser."""
        self.context.remove_listener("request", self._sent)
        self.context.remove_listener("weberror", self._complained)

    def _complained(self, error: WebError) -> None:
        self.complaints.append(str(error.error))

    def _sent(self, request: Request) -> None:
        if request.url.endswith("/sync") and request.method == "POST":
            commands = json.loads(sent_text(request))["commands"]
            self.sendings.append([each["id"] for each in commands])

    def sign_in(self, group: Arranged) -> None:
        sign_in(self.context, self.app, self.address, id=group.actor.user_id)

    def sign_out(self) -> None:
        self.context.clear_cookies()

    def open(self, group: Arranged) -> Tab:
        page = self.context.new_page()
        page.goto(PAGE)
        return self.again(Tab(page, str(group.actor.user_id)))

    def again(self, tab: Tab) -> Tab:
        """The page as it is when it is opened anew."""
        tab.page.goto(PAGE)
        tab.page.evaluate(_OPEN, [f"{self.app.static_url_path}/js/outbox", tab.owner])
        return tab

    @contextmanager
    def line(self, handler: Callable[[Route], None]) -> Iterator[None]:
        """What happens to sendings meanwhile."""
        self.context.route("**/sync", handler)
        yield
        self.context.unroute("**/sync")


@contextmanager
def lent_phone(lent: Lent, app: Flask) -> Iterator[Handset]:
    """Whatever its pages complain of fails the test."""
    with lent.browser() as context:
        phone = Handset(app, lent.address, context)
        yield phone
        phone.hand_back()
    if phone.is_altered or phone.complaints:
        lent.close()
    assert not phone.complaints, "\n".join(phone.complaints)


@contextmanager
def held(context: BrowserContext, app: Flask, address: str) -> Iterator[Handset]:
    """That browser as a phone; whatever its pages complain of fails the test."""
    context.set_default_timeout(20_000)
    phone = Handset(app, address, context)
    yield phone
    context.close()
    assert not phone.complaints, "\n".join(phone.complaints)


def stored(app: Flask, model: type, ids: Sequence[str]) -> list[Any]:
    """Rows of the server with these ids, as dictionaries of their columns."""
    from sqlalchemy import select

    from casework.core.db import db

    with app.app_context():
        wanted = [uuid.UUID(each) for each in ids]
        found = db.session.scalars(select(model).where(model.id.in_(wanted))).all()
        return [
            {column.key: getattr(row, column.key) for column in model.__table__.columns}
            for row in found
        ]


def sent_text(request: Request) -> str:
    """What a sending says; phones compress it."""
    body = request.post_data_buffer or b""
    return (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body).decode()


def lose_the_answer(route: Route) -> None:
    """The server does it, and the phone never hears so."""
    assert route.fetch().status == 200
    route.abort("connectionreset")


def until(is_true: Callable[[], bool], tab: Tab) -> None:
    for _time in range(200):
        if is_true():
            return
        tab.page.wait_for_timeout(50)
    pytest.fail("it did not happen")
