"""The ministries, departments and agencies of the sample network: 72, each with a stable code and a dated name.

Names change with every cabinet (last seen 17 November 2025), codes do not. Where each of them sits is invented.
"""

from collections.abc import Iterator
from dataclasses import dataclass

AS_OF = "2025-11-17"

# code | region code | English | Swahili; "+" after the region: joined twice; "h" a hospital
_AGENCIES = """
finance|dod+|Ministry of Finance|Wizara ya Fedha
psmgg|dod+|President's Office, Public Service Management and Good Governance|Ofisi ya Rais, Menejimenti ya Utumishi wa Umma na Utawala Bora
ralg|dod+|President's Office, Regional Administration and Local Government|Ofisi ya Rais, Tawala za Mikoa na Serikali za Mitaa
vpo|dod|Vice President's Office|Ofisi ya Makamu wa Rais
pmo|dod+|Prime Minister's Office|Ofisi ya Waziri Mkuu
foreign|dod|Ministry of Foreign Affairs and East African Cooperation|Wizara ya Mambo ya Nje na Ushirikiano wa Afrika Mashariki
home|dod|Ministry of Home Affairs|Wizara ya Mambo ya Ndani ya Nchi
defence|dod|Ministry of Defence and National Service|Wizara ya Ulinzi na Jeshi la Kujenga Taifa
justice|dod|Ministry of Constitutional and Legal Affairs|Wizara ya Katiba na Sheria
education|dod|Ministry of Education, Science and Technology|Wizara ya Elimu, Sayansi na Teknolojia
health|dod+|Ministry of Health|Wizara ya Afya
works|dod|Ministry of Works|Wizara ya Ujenzi
transport|dod|Ministry of Transport|Wizara ya Uchukuzi
lands|dod|Ministry of Lands, Housing and Human Settlements|Wizara ya Ardhi, Nyumba na Maendeleo ya Makazi
water|dod|Ministry of Water|Wizara ya Maji
energy|dod|Ministry of Energy|Wizara ya Nishati
minerals|dod|Ministry of Minerals|Wizara ya Madini
agriculture|dod|Ministry of Agriculture|Wizara ya Kilimo
livestock|dod|Ministry of Livestock and Fisheries|Wizara ya Mifugo na Uvuvi
tourism|dod|Ministry of Natural Resources and Tourism|Wizara ya Maliasili na Utalii
trade|dod|Ministry of Industry and Trade|Wizara ya Viwanda na Biashara
communication|dod|Ministry of Communication and Information Technology|Wizara ya Mawasiliano na Teknolojia ya Habari
culture|dod|Ministry of Information, Culture, Arts and Sports|Wizara ya Habari, Utamaduni, Sanaa na Michezo
community|dod|Ministry of Community Development, Gender, Women and Special Groups|Wizara ya Maendeleo ya Jamii, Jinsia, Wanawake na Makundi Maalum
ega|dod|e-Government Authority|Mamlaka ya Serikali Mtandao
tra|dar|Tanzania Revenue Authority|Mamlaka ya Mapato Tanzania
tcra|dar|Tanzania Communications Regulatory Authority|Mamlaka ya Mawasiliano Tanzania
nbs|dod|National Bureau of Statistics|Ofisi ya Taifa ya Takwimu
nida|dar|National Identification Authority|Mamlaka ya Vitambulisho vya Taifa
rita|dar|Registration Insolvency and Trusteeship Agency|Wakala wa Usajili Ufilisi na Udhamini
brela|dar|Business Registrations and Licensing Agency|Wakala wa Usajili wa Biashara na Leseni
tbs|dar|Tanzania Bureau of Standards|Shirika la Viwango Tanzania
osha|dod|Occupational Safety and Health Authority|Wakala wa Usalama na Afya Mahali pa Kazi
tanroads|dod|Tanzania National Roads Agency|Wakala wa Barabara Tanzania
tarura|dod|Tanzania Rural and Urban Roads Agency|Wakala wa Barabara za Vijijini na Mijini
ruwasa|dod|Rural Water Supply and Sanitation Agency|Wakala wa Maji na Usafi wa Mazingira Vijijini
gpsa|dar|Government Procurement Services Agency|Wakala wa Huduma za Ununuzi Serikalini
msd|dar|Medical Stores Department|Bohari ya Dawa
tma|dar|Tanzania Meteorological Authority|Mamlaka ya Hali ya Hewa Tanzania
tpa|dar|Tanzania Ports Authority|Mamlaka ya Usimamizi wa Bandari Tanzania
latra|dod|Land Transport Regulatory Authority|Mamlaka ya Udhibiti Usafiri Ardhini
ewura|dod|Energy and Water Utilities Regulatory Authority|Mamlaka ya Udhibiti wa Huduma za Nishati na Maji
ppra|dod|Public Procurement Regulatory Authority|Mamlaka ya Udhibiti wa Ununuzi wa Umma
naot|dod|National Audit Office|Ofisi ya Taifa ya Ukaguzi
pccb|dod|Prevention and Combating of Corruption Bureau|Taasisi ya Kuzuia na Kupambana na Rushwa
judiciary|dod|Judiciary of Tanzania|Mahakama ya Tanzania
parliament|dod|Parliament of Tanzania|Bunge la Tanzania
nhif|dar|National Health Insurance Fund|Mfuko wa Taifa wa Bima ya Afya
psssf|dod|Public Service Social Security Fund|Mfuko wa Hifadhi ya Jamii kwa Watumishi wa Umma
nssf|dar|National Social Security Fund|Mfuko wa Taifa wa Hifadhi ya Jamii
immigration|dar|Immigration Department|Idara ya Uhamiaji
police|dar|Tanzania Police Force|Jeshi la Polisi Tanzania
fire|dar|Fire and Rescue Force|Jeshi la Zimamoto na Uokoaji
ikulu|dar|State House|Ikulu
planning|dar|Planning Commission|Tume ya Mipango
attorney|dar|Office of the Attorney General|Ofisi ya Mwanasheria Mkuu wa Serikali
psc|dar|Public Service Commission|Tume ya Utumishi wa Umma
ajira|dar|Public Service Recruitment Secretariat|Sekretarieti ya Ajira katika Utumishi wa Umma
maadili|dar|Ethics Secretariat|Sekretarieti ya Maadili ya Viongozi wa Umma
nemc|dar|National Environment Management Council|Baraza la Taifa la Hifadhi na Usimamizi wa Mazingira
tmda|dar|Medicines and Medical Devices Authority|Mamlaka ya Dawa na Vifaa Tiba
gcla|dar|Government Chemist Laboratory Authority|Mamlaka ya Maabara ya Mkemia Mkuu wa Serikali
necta|dar|National Examinations Council|Baraza la Mitihani la Tanzania
heslb|dar|Higher Education Students' Loans Board|Bodi ya Mikopo ya Wanafunzi wa Elimu ya Juu
tcu|dar|Commission for Universities|Tume ya Vyuo Vikuu
veta|mor|Vocational Education and Training Authority|Mamlaka ya Elimu na Mafunzo ya Ufundi Stadi
tcaa|dar|Civil Aviation Authority|Mamlaka ya Usafiri wa Anga Tanzania
tfs|ars|Forest Services Agency|Wakala wa Huduma za Misitu
muhimbili|dar+h|Muhimbili National Hospital|Hospitali ya Taifa Muhimbili
mkapa|dod+h|Benjamin Mkapa Hospital|Hospitali ya Benjamin Mkapa
bugando|mwz+h|Bugando Medical Centre|Hospitali ya Rufaa ya Kanda Bugando
mbeya-zonal|mbe+h|Mbeya Zonal Referral Hospital|Hospitali ya Rufaa ya Kanda Mbeya
"""  # noqa: E501  one agency a line


@dataclass(frozen=True, slots=True)
class Agency:
    """`region` is the region's code on the network; `twice` says that it is joined by two links."""

    code: str
    region: str
    english: str
    swahili: str
    twice: bool
    hospital: bool

    @property
    def key(self) -> str:
        return f"mda-{self.code}"


def agencies() -> Iterator[Agency]:
    """All 72, ministries first."""
    for line in _AGENCIES.strip().splitlines():
        code, where, english, swahili = line.split("|")
        yield Agency(code, where.rstrip("+h"), english, swahili, "+" in where, where.endswith("h"))
