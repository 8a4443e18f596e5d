"""Regions as tests need them: made when first asked for, with everything around them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select

from casework.core.db import db
from casework.core.kept import Kept
from casework.regions.models import Area, Region
from casework.regions.rules import RegionLevel, level_of, parent_of, regency_of, time_zone_of

NORTH_SULAWESI = "71"
MANADO = "71.71"
BUNAKEN = "71.71.01"
MOLAS = "71.71.01.1001"
TONGKAINA = "71.71.01.1006"
TUMINTING = "71.71.02"
MAASING = "71.71.02.1004"
#: Another regency of the same province.
BITUNG = "71.72"
PAUDEAN = "71.72.01.1002"
#: Another province, in the same time zone.
DENPASAR = "51.71"
SERANGAN = "51.71.01.1001"

NAMES = {
    "51": "Bali",
    DENPASAR: "Kota Denpasar",
    "51.71.01": "Denpasar Selatan",
    SERANGAN: "Serangan",
    NORTH_SULAWESI: "Sulawesi Utara",
    MANADO: "Kota Manado",
    BUNAKEN: "Bunaken",
    MOLAS: "Molas",
    TONGKAINA: "Tongkaina",
    TUMINTING: "Tuminting",
    MAASING: "Maasing",
    BITUNG: "Kota Bitung",
    "71.72.01": "Lembeh Selatan",
    PAUDEAN: "Paudean",
}


def ensure_region(code: str | None) -> str | None:
    """The code, once it, what lies around it and its area stand in the database."""
    if code is None or _region.execute({"code": code}).first() is not None:
        return code
    parent = ensure_region(parent_of(code))
    level = level_of(code)
    name = NAMES.get(code, code)
    if level is RegionLevel.REGENCY:
        db.session.add(
            Area(
                id=int(code.replace(".", "")),
                code=code,
                province_code=code[:2],
                name=name,
                time_zone=time_zone_of(code),
            )
        )
        db.session.flush()
    db.session.add(
        Region(
            code=code,
            level=level,
            parent_code=parent,
            name=name,
            area_id=None if level is RegionLevel.PROVINCE else area_of(code),
            valid_from=date(2025, 4, 25),
        )
    )
    db.session.flush()
    return code


def area_of(code: str) -> int:
    """Number of the regency a code lies in; made where it is missing."""
    regency = regency_of(code)
    if regency is None:
        raise ValueError(f"{code} lies in no regency")
    found = _area.execute({"code": regency}).scalar_one_or_none()
    if found is None:
        ensure_region(regency)
        found = _area.execute({"code": regency}).scalar_one()
    return int(found)


# Every person, group and household that a factory makes asks for both.
_region = Kept(lambda: select(Region.code).where(Region.code == bindparam("code")))
_area = Kept(lambda: select(Area.id).where(Area.code == bindparam("code")))
