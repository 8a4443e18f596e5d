"""Words of the levels of regions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from casework.regions.rules import RegionLevel

REGION_LEVELS = {
    RegionLevel.PROVINCE: _("Province"),
    RegionLevel.REGENCY: _("Regency or city"),
    RegionLevel.DISTRICT: _("District"),
    RegionLevel.VILLAGE: _("Village"),
}
