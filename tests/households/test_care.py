"""Groups whose facilitator cannot look after them: counted, shown, given to somebody else."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from casework.access.roles import Role
from casework.core.transaction import transaction
from casework.desk.queries.administrator_home import administrator_home
from casework.desk.queries.supervisor_home import supervisor_home
from casework.households.queries.groups import group
from casework.households.rules import Care
from tests.factories.accounts import UserFactory, actor_for, sign_in
from tests.factories.households import group_with
from tests.factories.places import BITUNG, BUNAKEN, MANADO, MOLAS, TONGKAINA, TUMINTING

#: Whoever was given the group -> what is to be said of the group.
GIVEN = [
    ({"region": BUNAKEN}, Care.GIVEN),
    ({"region": MANADO}, Care.GIVEN),
    ({"region": MOLAS}, Care.GIVEN),
    ({"region": None}, Care.GIVEN),
    ({"is_active": False}, Care.DISABLED),
    ({"is_active": False, "region": BITUNG}, Care.DISABLED),
    ({"role": Role.SUPERVISOR, "region": MANADO}, Care.OTHER_ROLE),
    ({"region": TUMINTING}, Care.MOVED),
    ({"region": TONGKAINA}, Care.MOVED),
    ({"region": BITUNG}, Care.MOVED),
    (None, Care.NOBODY),
]


@pytest.mark.parametrize(("person", "care"), GIVEN)
def test_a_group_tells_whether_its_facilitator_can_look_after_it(
    db_session: Session, person: dict[str, object] | None, care: Care
) -> None:
    with transaction():
        made = group_with(UserFactory(**person) if person is not None else None, households=0)
        office = actor_for(UserFactory(administrator=True))
    assert group(office, made.id).care is care
    assert administrator_home(office).groups_without_facilitator == (care is not Care.GIVEN)


@pytest.mark.parametrize(
    ("person", "says"),
    [
        ({"is_active": False}, "Pendamping nonaktif"),
        ({"role": Role.SUPERVISOR, "region": MANADO}, "Bukan pendamping lagi"),
        ({"region": TUMINTING}, "Pendamping pindah"),
    ],
)
def test_the_office_sees_it_on_the_list_on_the_group_and_at_home(
    client: FlaskClient, db_session: Session, person: dict[str, object], says: str
) -> None:
    with transaction():
        left = group_with(UserFactory(name="Sarah", **person), households=0, name="Melati")
        fine = group_with(UserFactory(name="Budi"), households=0, name="Mawar")
        rina = UserFactory(supervisor=True)
    sign_in(client, rina)
    for page in ("/", "/groups/", f"/groups/{left.id}", f"/groups/{left.id}/facilitator"):
        text = client.get(page).text
        assert text.count(says) == 1, page
        assert re.search(rf"Sarah\b.*?{says}|{says}.*?Sarah\b", text, re.DOTALL), page
    page = client.get(f"/groups/{fine.id}").text
    assert says not in page
    assert "pendamping lain" not in page
    assert "pendamping lain" in client.get(f"/groups/{left.id}").text


def test_a_facilitator_who_moved_is_marked_with_the_number_of_groups_left_behind(
    client: FlaskClient, db_session: Session
) -> None:
    with transaction():
        sarah = UserFactory(name="Sarah", region=MOLAS)
        group_with(sarah, households=0)
        group_with(sarah, households=0, village=TONGKAINA)
        rina = UserFactory(supervisor=True)
    actor = sign_in(client, rina)
    (row,) = supervisor_home(actor).facilitators
    assert (row.groups, row.care, row.stranded) == (2, Care.MOVED, 1)
    assert "Pendamping pindah: 1 kelompok" in client.get("/").text


def test_the_list_can_be_narrowed_to_groups_that_wait_for_a_facilitator(
    client: FlaskClient, db_session: Session
) -> None:
    with transaction():
        group_with(UserFactory(), households=0, name="Melati")
        group_with(UserFactory(is_active=False), households=0, name="Mawar")
        group_with(None, households=0, name="Anggrek")
        boss = UserFactory(administrator=True)
    sign_in(client, boss)
    address = re.findall(r'href="(/groups/\?[^"]*)"', client.get("/").text)
    assert address == ["/groups/?unattended=1"]
    page = client.get(address[0]).text
    assert [name for name in ("Melati", "Mawar", "Anggrek") if f'row-title">{name}' in page] == [
        "Mawar",
        "Anggrek",
    ]


def test_who_has_not_signed_up_is_marked_where_a_group_is_given_out(
    client: FlaskClient, db_session: Session
) -> None:
    with transaction():
        made = group_with(None, households=0)
        UserFactory(name="Sarah", with_password=True)
        UserFactory(name="Budi")
        rina = UserFactory(supervisor=True)
    sign_in(client, rina)
    page = client.get(f"/groups/{made.id}/facilitator").text
    assert "Sarah (0 kelompok)" in page
    assert "Budi (0 kelompok), belum aktif" in page
