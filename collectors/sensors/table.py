"""Every table of sensors a device may be asked, in the order they are tried: vendors' own before what is standard."""

from collectors.sensors.source import Source
from collectors.sensors.storage import Storage
from collectors.sensors.table_access import ACCESS
from collectors.sensors.table_campus import CAMPUS
from collectors.sensors.table_cisco import CISCO
from collectors.sensors.table_dell import DELL
from collectors.sensors.table_firewalls import FIREWALLS
from collectors.sensors.table_power import POWER
from collectors.sensors.table_radio import RADIO
from collectors.sensors.table_routers import ROUTERS
from collectors.sensors.table_standard import STANDARD
from collectors.sensors.table_strips import STRIPS
from collectors.sensors.table_switches import SWITCHES
from collectors.sensors.table_systems import SYSTEMS
from collectors.sensors.typed import Typed

AnySource = Source | Typed | Storage

SOURCES: tuple[AnySource, ...] = (
    *(*CISCO, *ROUTERS, *SWITCHES, *DELL, *CAMPUS, *FIREWALLS, *ACCESS, *RADIO, *SYSTEMS, *POWER, *STRIPS),
    *STANDARD,
)
