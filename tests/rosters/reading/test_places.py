import pytest

from casework.rosters.reading.columns import Column
from casework.rosters.reading.errors import CellProblem
from casework.rosters.reading.places import Place, PlaceProblem, VillageIndex
from tests.factories.regions import REGIONS

MOLAS = "71.71.01.1001"


@pytest.fixture(scope="module", params=["all at once", "when asked for"])
def index(request: pytest.FixtureRequest) -> VillageIndex:
    if request.param == "all at once":
        return VillageIndex(REGIONS)
    upper = [(code, name) for code, name in REGIONS if len(code) <= len("71.71")]
    return VillageIndex(upper, inside=regions_in)


def regions_in(code: str | None) -> list[tuple[str, str]]:
    return [each for each in REGIONS if code is None or each[0].startswith(code)]


def place(regency: str = "KOTA MANADO", district: str = "BUNAKEN", village: str = "MOLAS",
          province: str = "SULAWESI UTARA", code: str = "") -> Place:  # fmt: skip
    return Place(province, regency, district, village, code)


@pytest.mark.parametrize(
    "written",
    [
        place(),
        place(province=""),
        place(regency=""),
        place(regency="Kota Manado"),
        place(regency="MANADO"),
        place(regency="KOTAMADYA MANADO"),
        place(district="KEC. BUNAKEN", village="KEL. MOLAS"),
        place(district="Kecamatan Bunaken", village="Kelurahan Molas"),
        place(village="Desa/Kelurahan Molas"),
        place(province="PROV. SULAWESI UTARA"),
        place(province="Provinsi yang tidak ada"),
        place(code="71.71.01.1001"),
        place(code="7171011001"),
        place(code="71 71 01 1001"),
        Place(code="7171011001"),
        place(village="Nama lain", code="7171011001"),
    ],
)
def test_a_village_is_found_however_it_is_written(index: VillageIndex, written: Place) -> None:
    assert index.resolve(written) == MOLAS


@pytest.mark.parametrize(
    ("written", "code"),
    [
        (place("KAB. JEMBER", "SUMBER SARI", "ANTIROGO", ""), "35.09.21.1005"),
        (place("KABUPATEN JEMBER", "SUMBERSARI", "Antirogo", "JAWA TIMUR"), "35.09.21.1005"),
        (place("Kab.Jember", "Sumbersari", "Antirogo", "jatim"), "35.09.21.1005"),
        (place("KAB BANDUNG", "BALEENDAH", "ANDIR", "JAWA BARAT"), "32.04.32.1004"),
        (place("KOTA BANDUNG", "ANDIR", "CAMPAKA", "JAWA BARAT"), "32.73.05.1001"),
        (place("BANDUNG", "ANDIR", "CAMPAKA", "JAWA BARAT"), "32.73.05.1001"),
        (place("BANDUNG", "BALEENDAH", "ANDIR", "JAWA BARAT"), "32.04.32.1004"),
        (place("KOTA BARU", "PULAU LAUT UTARA", "DIRGAHAYU", ""), "63.02.06.1001"),
        (place("KOTABARU", "PULAU LAUT UTARA", "DIRGAHAYU", ""), "63.02.06.1001"),
        (place("KAB. ADM. KEP. SERIBU", "KEP. SERIBU UTARA", "P", "DKI JAKARTA"), "31.01.01.1001"),
        # Nabire went from Papua to Papua Tengah in 2022.
        (place("KAB. NABIRE", "DISTRIK NABIRE", "OYEHE", "PAPUA"), "94.01.01.1005"),
        (place("KAB. NABIRE", "NABIRE", "DESA BARU", "PAPUA TENGAH"), "94.01.01.2001"),
    ],
)
def test_kinds_of_regencies_and_old_provinces_are_understood(
    index: VillageIndex, written: Place, code: str
) -> None:
    assert index.resolve(written) == code


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (
            place(regency="KAB. MANADO"),
            PlaceProblem(
                Column.REGENCY, "KAB. MANADO", CellProblem.UNKNOWN_PLACE,
                {"suggestion": "Kota Manado"},
            ),
        ),
        (
            place(regency="KOTA MENADO"),
            PlaceProblem(
                Column.REGENCY, "KOTA MENADO", CellProblem.UNKNOWN_PLACE,
                {"suggestion": "Kota Manado"},
            ),
        ),
        (
            place(district="XYZ"),
            PlaceProblem(Column.DISTRICT, "XYZ", CellProblem.UNKNOWN_PLACE),
        ),
        (
            place(village="MOLLAS"),
            PlaceProblem(
                Column.VILLAGE, "MOLLAS", CellProblem.UNKNOWN_PLACE, {"suggestion": "Molas"}
            ),
        ),
        (
            place(district="TUMINTING"),
            PlaceProblem(Column.VILLAGE, "MOLAS", CellProblem.UNKNOWN_PLACE),
        ),
        (
            place(code="717101100"),
            PlaceProblem(Column.VILLAGE_CODE, "717101100", CellProblem.UNKNOWN_CODE),
        ),
        (
            place(code="71.71.01"),
            PlaceProblem(Column.VILLAGE_CODE, "71.71.01", CellProblem.UNKNOWN_CODE),
        ),
        (
            place(code="71.71.01.9999"),
            PlaceProblem(Column.VILLAGE_CODE, "71.71.01.9999", CellProblem.UNKNOWN_CODE),
        ),
        (
            place(district="TUMINTING", village="TUMUMPA DUA", code="7171011001"),
            PlaceProblem(
                Column.VILLAGE_CODE, "7171011001", CellProblem.CODE_CONTRADICTS_NAME,
                {"name": "Molas"},
            ),
        ),
        (
            place("KAB. NABIRE", "NABIRE", "KEMBAR", "PAPUA TENGAH"),
            PlaceProblem(
                Column.VILLAGE, "KEMBAR", CellProblem.AMBIGUOUS_PLACE,
                {"codes": "94.01.01.2002, 94.01.01.2003"},
            ),
        ),
    ],
)  # fmt: skip
def test_a_place_that_is_not_known_is_named_with_the_nearest(
    index: VillageIndex, written: Place, problem: PlaceProblem
) -> None:
    assert index.resolve(written) == problem


def test_what_lies_outside_the_given_regions_is_unknown() -> None:
    index = VillageIndex([region for region in REGIONS if region[0].startswith("71")])
    answer = index.resolve(place("KAB. JEMBER", "SUMBERSARI", "ANTIROGO", "JAWA TIMUR"))
    assert isinstance(answer, PlaceProblem)
    assert answer.column is Column.REGENCY


def test_suggestions_end_before_they_take_long() -> None:
    index = VillageIndex(REGIONS)
    answers = [index.resolve(place(village="MOLLAS")) for _ in range(300)]
    assert sum(isinstance(a, PlaceProblem) and "suggestion" in a.params for a in answers) == 200


def test_only_the_regencies_that_are_named_are_asked_for() -> None:
    asked: list[str | None] = []

    def inside(code: str | None) -> list[tuple[str, str]]:
        asked.append(code)
        return regions_in(code)

    upper = [(code, name) for code, name in REGIONS if len(code) <= len("71.71")]
    index = VillageIndex(upper, inside=inside)
    for _row in range(3):
        assert index.resolve(place()) == MOLAS
        assert index.resolve(Place(code="7171011001")) == MOLAS
    assert asked == ["71.71"]
    # Without a regency any of them may be meant.
    assert index.resolve(place(regency="", province="")) == MOLAS
    assert asked == ["71.71", None]
