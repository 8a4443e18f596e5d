"""Pools of names as they are borne in Manado; whoever results from them is invented."""

from __future__ import annotations

from random import Random

#: Minahasa, Sangihe and Talaud: Christian given names, often two of them, and a clan's name.
_FIRST = (
    "Wilhelmina", "Adelheid", "Margaretha", "Yuliana", "Deisy", "Meiske", "Selvie", "Novita",
    "Olga", "Femmy", "Herlina", "Jeane", "Martje", "Ritje", "Sientje", "Stientje", "Vonny",
    "Grace", "Marlina", "Debora", "Ester", "Fitje", "Greity", "Jenny", "Lidia", "Meity",
    "Nova", "Oktavina", "Paulina", "Rosalina", "Sherly", "Telly", "Ursula", "Veronika",
    "Yosefina", "Anita", "Betsy", "Christin", "Dortje", "Elsye", "Florensia", "Hetty",
)  # fmt: skip
_SECOND = (
    "Petronela", "Magdalena", "Kristina", "Natalia", "Maria", "Yohana", "Elisabet", "Sofia",
    "Agustina", "Katarina", "Marthina", "Angela", "Debby", "Feronika", "Helena", "Theresia",
)  # fmt: skip
_CLANS = (
    "Rumokoy", "Mandagi", "Wowor", "Tumbelaka", "Lasut", "Pangemanan", "Kalangi", "Sumual",
    "Rondonuwu", "Mamahit", "Tendean", "Supit", "Kaunang", "Palar", "Walangitan", "Tuwaidan",
    "Rorimpandey", "Sigar", "Manoppo", "Karundeng", "Lengkong", "Mongi", "Pontoh", "Rompas",
    "Sembel", "Tambuwun", "Undap", "Wagiu", "Watung", "Kojongian", "Lapian", "Makalew",
    "Ngantung", "Oroh", "Paat", "Runtuwene", "Singal", "Turang", "Umboh", "Wenas",
    "Makagansa", "Lahindo", "Kahiking", "Salindeho", "Tatengkeng", "Manangkabo", "Bawole",
)  # fmt: skip

#: Families from Gorontalo, Ternate, Bugis and Java, as they live around the harbour.
_MUSLIM_FIRST = (
    "Siti Aminah", "Nurhayati", "Fatmawati", "Hadija", "Salma", "Rahmawati", "Maryam",
    "Nur Aini", "Sri Wahyuni", "Rosmini", "Hasna", "Zubaidah", "Kartini", "Asma", "Suryani",
)  # fmt: skip
_MUSLIM_LAST = (
    "Mokodompit", "Husain", "Abdullah", "Lasabuda", "Djafar", "Lamusu", "Pakaya", "Daeng Rannu",
    "Tahir", "Ibrahim", "Botutihe", "Rahman", "Sulistyowati", "Usman", "Hadju",
)  # fmt: skip

#: A widower or a grandfather stands for the family now and then.
_MEN = (
    "Yohanis", "Frans", "Hengky", "Novry", "Stenly", "Marthen", "Decky", "Ferdinand", "Jhoni",
    "Alfrets", "Wempie", "Rommy",
)  # fmt: skip

_MUSLIM_SHARE = 0.3
_TWO_NAMES_SHARE = 0.45


def caretaker(chance: Random, *, woman: bool) -> str:
    """One name; long ones are as long as they really are."""
    if not woman:
        return f"{chance.choice(_MEN)} {chance.choice(_CLANS)}"
    if chance.random() < _MUSLIM_SHARE:
        return f"{chance.choice(_MUSLIM_FIRST)} {chance.choice(_MUSLIM_LAST)}"
    first = chance.choice(_FIRST)
    if chance.random() < _TWO_NAMES_SHARE:
        first = f"{first} {chance.choice(_SECOND)}"
    return f"{first} {chance.choice(_CLANS)}"
