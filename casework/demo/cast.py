"""The people of the demonstration: who signs in, and with what."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from hashlib import sha256

from casework.access.roles import Role

MANADO = "71.71"


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    name: str
    role: Role
    region_code: str
    job_title: str


FACILITATORS = (
    Person(
        "pendamping1",
        "Jeane Kristina Lengkong",
        Role.FACILITATOR,
        "71.71.01",
        "Pendamping Sosial Kecamatan Bunaken",
    ),
    Person(
        "pendamping2",
        "Rahmat Hidayat Pakaya",
        Role.FACILITATOR,
        # Of the whole city: he stands in where a colleague is away.
        MANADO,
        "Pendamping Sosial Kecamatan Tuminting",
    ),
    Person(
        "pendamping3",
        "Stevani Magdalena Rompas",
        Role.FACILITATOR,
        "71.71.09",
        "Pendamping Sosial Kecamatan Malalayang",
    ),
)
SUPERVISOR = Person(
    "supervisor1", "Denny Alfrets Tumbelaka", Role.SUPERVISOR, MANADO, "Ketua Tim Kota Manado"
)
#: Nobody decides on the own nomination, and nobody's holiday may stop a decision.
DEPUTY = Person(
    "supervisor2", "Meity Agustina Kaunang", Role.SUPERVISOR, MANADO, "Wakil Ketua Tim Kota Manado"
)
ADMINISTRATOR = Person(
    "administrator",
    "Novita Sofia Wagiu",
    Role.ADMINISTRATOR,
    MANADO,
    "Administrator Pangkalan Data",
)
#: Nobody takes back an outcome that they recorded themselves.
SECOND_ADMINISTRATOR = Person(
    "administrator2",
    "Ferdinand Robby Mamahit",
    Role.ADMINISTRATOR,
    MANADO,
    "Administrator Pangkalan Data",
)
VIEWER = Person("pemantau", "Hasna Usman", Role.VIEWER, MANADO, "Analis Dinas Sosial Kota Manado")

CAST = (*FACILITATORS, SUPERVISOR, DEPUTY, ADMINISTRATOR, SECOND_ADMINISTRATOR, VIEWER)

_WORDS = (
    "anggur", "bakau", "batu", "biru", "bulan", "bunga", "cakalang", "cengkih", "danau",
    "daun", "dermaga", "embun", "fajar", "garam", "gunung", "hujan", "hutan", "ikan", "jagung",
    "jambu", "jendela", "kacang", "kapal", "karang", "kenari", "kelapa", "kolam", "kopra",
    "kuning", "ladang", "lampu", "langit", "laut", "layar", "mangga", "matahari", "melati",
    "merah", "nanas", "nelayan", "ombak", "padi", "pagi", "pala", "pantai", "pasir", "payung",
    "perahu", "pisang", "pohon", "pulau", "rumah", "rumput", "sagu", "sawah", "senja",
    "sungai", "taman", "tanah", "teluk", "terang", "ubi", "vanili", "warung",
)  # fmt: skip


def password(secret: str, username: str) -> str:
    """Of one person in this installation: words drawn by its own secret, so that no password
    stands in the repository and the logins can be printed again at any time."""
    drawn = hmac.digest(secret.encode(), b"demo-password:" + username.encode(), sha256)
    words = [_WORDS[byte % len(_WORDS)] for byte in drawn[:3]]
    return "-".join([*words, f"{int.from_bytes(drawn[3:5]) % 1000:03d}"])
