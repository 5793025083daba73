"""Which operating system runs on a device: one row each, in the order they are tried; the first that fits is taken."""

from collectors.identity.rule import Rule
from collectors.identity.rules_cisco import CISCO_RULES
from collectors.identity.rules_firewalls import FIREWALL_RULES
from collectors.identity.rules_power import POWER_RULES
from collectors.identity.rules_radio import RADIO_RULES
from collectors.identity.rules_routers import ROUTER_RULES
from collectors.identity.rules_switches import SWITCH_RULES
from collectors.identity.rules_systems import SYSTEM_RULES

# A Linux underneath is asked last: what is built on it has objects of its own
RULES: tuple[Rule, ...] = (
    *CISCO_RULES,
    *ROUTER_RULES,
    *SWITCH_RULES,
    *FIREWALL_RULES,
    *RADIO_RULES,
    *POWER_RULES,
    *SYSTEM_RULES,
)
