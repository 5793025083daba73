"""The councils of mainland Tanzania, region by region, and which of them the sample network serves.

The list is that of 2024: 26 regions and 184 councils (6 city, 20 municipal, 21 town, 137 district). Which 77 councils
in 20 regions GovNet serves is not public: the choice here is invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass

AS_OF = "2024"
_TYPES = {  # short: (English, Swahili before the name)
    "CC": ("City Council", "Halmashauri ya Jiji la"),
    "MC": ("Municipal Council", "Halmashauri ya Manispaa ya"),
    "TC": ("Town Council", "Halmashauri ya Mji wa"),
    "DC": ("District Council", "Halmashauri ya Wilaya ya"),
}

# region: code on the network, councils served in the sample (0: none), its councils; unmarked is a district council
_REGIONS = """
Arusha ars 4: Arusha CC, Arusha, Karatu, Longido, Meru, Monduli, Ngorongoro
Dar es Salaam dar 5: Dar es Salaam CC, Kigamboni MC, Kinondoni MC, Temeke MC, Ubungo MC
Dodoma dod 6: Dodoma CC, Bahi, Chamwino, Chemba, Kondoa, Kondoa TC, Kongwa, Mpwapwa
Geita gei 0: Bukombe, Chato, Geita, Geita TC, Mbogwe, Nyang'hwale
Iringa iri 4: Iringa MC, Iringa, Kilolo, Mafinga TC, Mufindi
Kagera kag 5: Bukoba MC, Biharamulo, Bukoba, Karagwe, Kyerwa, Missenyi, Muleba, Ngara
Katavi kat 0: Mpanda MC, Mlele, Mpimbwe, Nsimbo, Tanganyika
Kigoma kig 3: Kigoma-Ujiji MC, Buhigwe, Kakonko, Kasulu, Kasulu TC, Kibondo, Kigoma, Uvinza
Kilimanjaro kil 4: Moshi MC, Hai, Moshi, Mwanga, Rombo, Same, Siha
Lindi lin 4: Lindi MC, Kilwa, Liwale, Mtama, Nachingwea, Ruangwa
Manyara man 0: Babati TC, Babati, Hanang, Kiteto, Mbulu, Mbulu TC, Simanjiro
Mara mra 3: Musoma MC, Bunda, Bunda TC, Butiama, Musoma, Rorya, Serengeti, Tarime, Tarime TC
Mbeya mbe 4: Mbeya CC, Mbeya, Busokelo, Chunya, Kyela, Mbarali, Rungwe
Morogoro mor 4: Morogoro MC, Gairo, Ifakara TC, Kilosa, Malinyi, Mlimba, Morogoro, Mvomero, Ulanga
Mtwara mtw 4: Mtwara MC, Masasi, Masasi TC, Mtwara, Nanyamba TC, Nanyumbu, Newala, Newala TC, Tandahimba
Mwanza mwz 4: Mwanza CC, Ilemela MC, Buchosa, Kwimba, Magu, Misungwi, Sengerema, Ukerewe
Njombe njo 2: Njombe TC, Ludewa, Makambako TC, Makete, Njombe, Wanging'ombe
Pwani pwa 3: Kibaha TC, Bagamoyo, Chalinze, Kibaha, Kibiti, Kisarawe, Mafia, Mkuranga, Rufiji
Rukwa ruk 0: Sumbawanga MC, Kalambo, Nkasi, Sumbawanga
Ruvuma ruv 3: Songea MC, Madaba, Mbinga, Mbinga TC, Namtumbo, Nyasa, Songea, Tunduru
Shinyanga shi 3: Shinyanga MC, Kahama MC, Kishapu, Msalala, Shinyanga, Ushetu
Simiyu sim 0: Bariadi TC, Bariadi, Busega, Itilima, Maswa, Meatu
Singida sgd 3: Singida MC, Ikungi, Iramba, Itigi, Manyoni, Mkalama, Singida
Songwe son 0: Tunduma TC, Ileje, Mbozi, Momba, Songwe
Tabora tab 3: Tabora MC, Igunga, Kaliua, Nzega, Nzega TC, Sikonge, Urambo, Uyui
Tanga tan 6: Tanga CC, Bumbuli, Handeni, Handeni TC, Kilindi, Korogwe, Korogwe TC, Lushoto, Mkinga, Muheza, Pangani
"""


@dataclass(frozen=True, slots=True)
class Region:
    name: str
    code: str
    served: int


@dataclass(frozen=True, slots=True)
class Council:
    """Name and type together name a council: Kasulu is both a district and a town council."""

    name: str
    type: str
    region: Region
    sample: bool

    @property
    def key(self) -> str:
        slug = self.name.lower().replace("'", "").replace(" ", "-")
        return slug if self.type == "DC" else f"{slug}-{self.type.lower()}"

    @property
    def english(self) -> str:
        return f"{self.name} {_TYPES[self.type][0]}"

    @property
    def swahili(self) -> str:
        return f"{_TYPES[self.type][1]} {self.name}"


def councils() -> Iterator[Council]:
    """All 184, in the order of the list."""
    for line in _REGIONS.strip().splitlines():
        head, _, listed = line.partition(": ")
        name, code, served = head.rsplit(" ", 2)
        region = Region(name, code, int(served))
        for place, written in enumerate(listed.split(", ")):
            yield _council(written, region, place < region.served)


def _council(written: str, region: Region, sample: bool) -> Council:
    name, _, kind = written.rpartition(" ")
    if kind in _TYPES:
        return Council(name, kind, region, sample)
    return Council(written, "DC", region, sample)


def served_regions() -> tuple[Region, ...]:
    """The 20 regions of the sample."""
    return tuple(dict.fromkeys(council.region for council in councils() if council.region.served))
