"""The kinds of things that are recorded of a family's economy."""

from __future__ import annotations

from enum import StrEnum


class SupportKind(StrEnum):
    """The six kinds of support that the ministries give."""

    ENTREPRENEURSHIP_TRAINING = "entrepreneurship_training"
    PRODUCTION_GUIDANCE = "production_guidance"
    BUSINESS_LICENCE = "business_licence"
    EQUIPMENT = "equipment"
    DIGITAL_MARKETING = "digital_marketing"
    ACCESS_TO_FINANCE = "access_to_finance"


class BorrowsFrom(StrEnum):
    NOBODY = "nobody"
    FAMILY = "family"
    BANK = "bank"
    COOPERATIVE = "cooperative"
    #: Rentenir, bank emok: what lesson B2 warns of.
    MONEYLENDER = "moneylender"
    #: Pinjol.
    ONLINE_LENDER = "online_lender"
    OTHER = "other"


class SalesChannel(StrEnum):
    HOME = "home"
    MARKET = "market"
    NEIGHBOURHOOD = "neighbourhood"
    GOFOOD = "gofood"
    GRABFOOD = "grabfood"
    TOKOPEDIA = "tokopedia"
    SHOPEE = "shopee"
    BUKALAPAK = "bukalapak"
    WHATSAPP = "whatsapp"
    SOCIAL_MEDIA = "social_media"
    OTHER = "other"


class Licence(StrEnum):
    NIB = "nib"
    PIRT = "pirt"
    HALAL = "halal"
    OTHER = "other"


class EnterpriseKind(StrEnum):
    FOOD_STALL = "food_stall"
    FOOD_PRODUCTION = "food_production"
    SHOP = "shop"
    FARMING = "farming"
    LIVESTOCK = "livestock"
    FISHERY = "fishery"
    CRAFT = "craft"
    TAILORING = "tailoring"
    SERVICES = "services"
    ONLINE_TRADE = "online_trade"
    OTHER = "other"
