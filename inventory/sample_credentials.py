"""What the sample network's devices want to hear: no secret, for nothing of it leaves this machine."""

from collections.abc import Mapping
from types import MappingProxyType

from inventory.credentials import SnmpUser
from inventory.secret import Secret
from inventory.secrets import Secrets

COMMUNITY = "public"
USER = SnmpUser("govnet", "SHA-256", Secret("hodi-hodi-nyumbani"), "AES-128", Secret("karibu-karibu-sana"))
OLD, ROUTERS = "default", "routers"  # names of credentials: of the few that speak v2c, of all others
CREDENTIALS: Mapping[str, str | SnmpUser] = MappingProxyType({OLD: COMMUNITY, ROUTERS: USER})


def sample_secrets() -> Secrets:
    """As if read from the secrets file that `noc init --sample` writes."""
    return Secrets({("snmp", name): entry for name, entry in CREDENTIALS.items()})
