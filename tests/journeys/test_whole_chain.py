"""From a roster file to the national count, through the pages and commands alone."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from casework.core import clock
from casework.core.tables.reading.sources import sheets
from casework.demo import pictures
from casework.households.rules import months_of, stage_of
from tests.factories.accounts import PASSWORD
from tests.factories.rosters import as_csv, final_closing_row, nik
from tests.fixtures.demo import load_regions_of_the_demo
from tests.journeys.walker import Walker

ZONE = "Asia/Makassar"
FAMILIES = 6
#: The family that graduates.
HERS = "IBU CONTOH 3"
#: An id that was never given out.
NOBODYS = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def office(own_app: Flask) -> Flask:
    """An installation as `flask keys init`, `flask db upgrade` and `flask regions load` leave it,
    with the tokens in its forms."""
    own_app.config["WTF_CSRF_ENABLED"] = True
    with own_app.app_context():
        load_regions_of_the_demo()
    return own_app


def command(app: Flask, *words: object) -> Result:
    found: Result = app.test_cli_runner().invoke(args=[str(word) for word in words])
    assert found.exit_code == 0, found.output
    return found


def activated(app: Flask, link: str, username: str) -> Walker:
    """Somebody sets the own password by the link and signs in."""
    person = Walker(app.test_client())
    person.open(link)
    person.send(dict.fromkeys(("password",), PASSWORD))
    person.open("/login").send({"username": username, "password": PASSWORD})
    assert person.path == "/", person.text
    return person


def add_person(app: Flask, administrator: Walker, username: str, name: str, **more: str) -> Walker:
    administrator.open("/users/new").send({"username": username, "name": name, **more})
    link = re.search(r"/activate/[\w-]+", page(administrator))
    assert link is not None, administrator.text
    return activated(app, link.group(), username)


def counted(app: Flask) -> int:
    """What was counted in the nation this year, as its servants read it."""
    year = str(clock.today(ZONE).year)
    shown = command(app, "counts", "show", "--year", year).output
    found = re.search(r"in all\s+([\d,]+)", shown)
    assert found is not None
    return int(found.group(1).replace(",", ""))


def read_in_public(app: Flask) -> str:
    text: str = Walker(app.test_client()).open("/national").text
    return text


def test_a_family_comes_by_a_roster_and_is_counted_in_the_nation(
    office: Flask, tmp_path: Path
) -> None:
    today = clock.today(ZONE)
    stage = stage_of(today)

    # The first administrator comes by the command line, the roster too.
    made = command(
        office, "users", "add", "admin.sulut", "--name", "Rina Manoppo",
        "--role", "administrator", "--region", "71",
    )  # fmt: skip
    link = re.search(r"/activate/[\w-]+", made.output)
    assert link is not None
    administrator = activated(office, link.group(), "admin.sulut")
    roster = tmp_path / "final_closing.csv"
    rows = [
        final_closing_row(number, KELURAHAN="MOLAS", KECAMATAN="BUNAKEN")
        for number in range(1, FAMILIES + 1)
    ]
    roster.write_bytes(as_csv(rows))
    command(office, "roster", "import", roster, "--stage", stage)

    # People, a group, and who looks after it.
    facilitator = add_person(
        office, administrator, "sarah", "Sarah Lengkong", role="facilitator", region="71.71.01"
    )
    supervisor = add_person(
        office, administrator, "denny", "Denny Tumbelaka", role="supervisor", region="71.71"
    )
    stranger = add_person(
        office, administrator, "tono", "Tono Rompas", role="facilitator", region="71.72.01"
    )
    begins_on = (today - timedelta(days=40)).isoformat()
    administrator.open("/groups/new")
    administrator.send({"name": "Melati", "village": "71.71.01.1001"})
    group = administrator.path
    assert re.fullmatch(r"/groups/[\w-]{36}", group), administrator.text
    administrator.open(f"{group}/put-in")
    ticked = re.findall(r'name="households"[^>]*value="([\w-]{36})"', page(administrator))
    assert len(ticked) == FAMILIES
    administrator.send({"households": ticked, "on": begins_on})
    administrator.open(f"{group}/facilitator")
    administrator.send(
        {"facilitator": administrator.option("facilitator", "Sarah Lengkong"), "on": begins_on}
    )

    # A meeting with the three economics lessons: all there, marked at once, then saved.
    facilitator.open(f"{group}/meetings/new")
    facilitator.send({"lesson": ["5", "6", "7"]}, press="step=rest")
    facilitator.send(press="step=fill")
    facilitator.send(press="step=save")
    meeting = facilitator.path
    assert re.fullmatch(r"/meetings/[\w-]{36}", meeting), facilitator.text

    # One family's economy, and the questions of the instrument.
    facilitator.open("/households/").send({"text": HERS})
    household = facilitator.link(r"^/households/[\w-]{36}$")
    facilitator.open(f"{household}/economics/observations/new")
    facilitator.send(
        {
            "observed_on": today.isoformat(),
            "income_per_month": "4.500.000",
            "savings_total": "6.000.000",
            "saves_per_month": "150.000",
            "keeps_budget": "yes",
            "uses_bank_account": "yes",
        }
    )
    assert "4.500.000" in facilitator.text
    facilitator.open(f"{household}/economics/enterprises/new")
    facilitator.send({"kind": "food_stall", "since_on": "2023-03", "licences": ["nib"]})
    facilitator.open(f"{household}/readiness")
    questions = set(re.findall(r'name="(question-\w+)"', page(facilitator)))
    answers = dict.fromkeys(questions, "yes") | {"question-house_unfit": "no"}
    facilitator.send(answers, to="/readiness")
    assert "Siap" in facilitator.open(household).text, facilitator.text

    # The nomination with the family's word and the evidence.
    before = counted(office)
    facilitator.send(to=f"/nominations/new/{household.rpartition('/')[2]}")
    nomination = facilitator.path
    facilitator.open(f"{nomination}/statement").send({"given": "signature"})
    facilitator.open(f"{nomination}/evidence")
    facilitator.send(
        {
            "signed_statement": (io.BytesIO(pictures.statement(1)), "surat.jpg"),
            "signing_photo": (io.BytesIO(pictures.signing(1)), "ttd.jpg"),
            "house_or_business_photo": (io.BytesIO(pictures.house(1)), "usaha.jpg"),
        },
        to="/evidence",
    )
    facilitator.open(f"{nomination}/note")
    facilitator.send({"note": "Usaha berjalan baik dan keluarga sendiri yang meminta."})
    facilitator.open(nomination).send(to="/submit")
    assert "Menunggu" in facilitator.text
    assert counted(office) == before

    # The supervisor opens the evidence and approves.
    supervisor.open("/nominations/")
    assert supervisor.link(r"^/nominations/[\w-]{36}$") == nomination
    for address in sorted(set(evidence_of(supervisor.open(nomination)))):
        supervisor.open(nomination).send(to=address)
    supervisor.open(nomination)
    supervisor.send({"reason": "Bukti lengkap, keluarga siap mandiri."}, press="step=approve")
    assert f"Setujui graduasi keluarga {HERS}?" in supervisor.text
    supervisor.send(to="/decide")
    assert "Disetujui" in supervisor.text

    # The nation has one more, and everything agrees; of one family the public is told nothing.
    assert counted(office) == before + 1
    assert "&lt;10 Disetujui" in read_in_public(office)
    command(office, "counts", "verify")
    shown = command(office, "counts", "show", "--region", "71.71", "--year", str(today.year)).output
    assert re.search(r"in all\s+1\b", shown), shown

    # The exported roster shows it, without numbers.
    administrator.open("/rosters/export")
    administrator.send({"format": "csv", "household_status": "approved"})
    exported = administrator.body.decode("utf-8-sig")
    assert HERS in exported
    assert exported.count("\n") == 2
    assert nik(3) not in exported

    # A batch to the ministry, by the list of which the outcome comes back as a file.
    administrator.open("/nominations/batches")
    administrator.open(administrator.link(r"/batches/new/\d+$"))
    administrator.send({"letter_number": "460/1/PKH"})
    batch = administrator.path
    assert re.fullmatch(r"/nominations/batches/[\w-]{36}", batch), administrator.text
    assert "460/1/PKH" in administrator.open(f"{batch}/letter").text
    assert nik(3) not in administrator.text
    administrator.open(batch).send(to="/list")
    (sheet,) = [list(rows) for rows in sheets(administrator.body, lambda _row: 0)]
    assert nik(3) in sheet[1].cells
    facilitator.open(household)
    assert "Diteruskan ke Kemensos" in facilitator.text
    next_stage = stage_of(months_of(stage)[1] + timedelta(days=31))
    outcome = f"NIK;HASIL;TAHAP;ALASAN\r\n{nik(3)};ditetapkan;{next_stage};\r\n".encode()
    for is_new in (True, False):
        administrator.open(f"{batch}/outcomes")
        administrator.send({"file": (io.BytesIO(outcome), "hasil.csv")}, to="/outcomes")
        assert ("Semua baris benar." in administrator.text) is is_new, administrator.text
        if is_new:
            assert "Diteruskan" in facilitator.open(household).text
            administrator.send(to=administrator.path)
            assert "1 hasil dicatat" in administrator.text

    # It has graduated: its facilitator still sees it, and everything agrees.
    assert f"Ditetapkan mulai tahap {next_stage}" in facilitator.open(household).text
    assert "Sudah graduasi" in facilitator.text
    assert f"mulai tahap {next_stage}" in supervisor.open(nomination).text
    assert HERS not in facilitator.open(f"{group}").text.partition("Pernah")[0]
    # A register before the stage begins expects it.
    assert HERS in facilitator.open(f"{group}/meetings/new").text
    command(office, "counts", "verify")
    assert counted(office) == before + 1

    # Somebody else's facilitator sees none of it: as if it never was.
    for address in (
        *(household, f"{household}/economics", f"{household}/readiness"),
        *(group, f"{group}/meetings/new", meeting),
        *(nomination, f"{nomination}/evidence", f"{nomination}/note"),
        *(batch, f"{batch}/letter", f"{batch}/outcomes", f"{nomination}/outcome"),
    ):
        never_was = re.sub(r"[\w-]{36}", NOBODYS, address)
        told = without_tokens(stranger.open(never_was))
        assert stranger.status == 404, never_was
        assert without_tokens(stranger.open(address)) == told, address
        assert stranger.status == 404, address
    assert HERS not in stranger.open("/").text
    assert HERS not in stranger.open("/households/").text
    assert HERS not in stranger.open("/nominations/").text

    # Who did what.
    trail = administrator.open("/audit/").text
    for name in ("Sarah Lengkong", "Denny Tumbelaka", "Rina Manoppo"):
        assert name in trail
    assert nik(3) not in trail


def page(walker: Walker) -> str:
    return walker.body.decode()


def evidence_of(walker: Walker) -> list[str]:
    return re.findall(r'action="[^"]*(/evidence/[\w-]{36}/open)"', page(walker))


def without_tokens(walker: Walker) -> str:
    """Two answers are the same but for the token of their forms and the way back."""
    text = re.sub(r'name="csrf_token" value="[^"]+"', "", page(walker))
    return re.sub(r"next=[^\"&]*", "", text)
