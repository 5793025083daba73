"""What a device wants to hear before it answers: an SNMPv3 user or a login; algorithms are named as RFCs write them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from inventory.secret import Secret

Auth = Literal["MD5", "SHA-1", "SHA-224", "SHA-256", "SHA-384", "SHA-512"]  # RFC 3414, RFC 7860
Priv = Literal["DES", "AES-128", "AES-192", "AES-256", "AES-192-C", "AES-256-C"]  # RFC 3414, RFC 3826
# AES-192 and AES-256 lengthen the key as draft-blumenthal-aes-usm-04 says; with -C as Cisco (draft-reeder) does

AUTHS: tuple[str, ...] = get_args(Auth)
PRIVS: tuple[str, ...] = get_args(Priv)


@dataclass(frozen=True, slots=True)
class SnmpUser:
    """A user of the SNMPv3 User-based Security Model (RFC 3414): noAuthNoPriv, authNoPriv or authPriv by what is set."""

    user: str
    auth: Auth | None = None
    auth_password: Secret | None = None
    priv: Priv | None = None
    priv_password: Secret | None = None
    context: str = ""  # contextName; "" is what nearly every device wants

    @property
    def level(self) -> Literal["noAuthNoPriv", "authNoPriv", "authPriv"]:
        """securityLevel."""
        return "authPriv" if self.priv else "authNoPriv" if self.auth else "noAuthNoPriv"


@dataclass(frozen=True, slots=True)
class Login:
    """How to log in over SSH: a key is preferred where there is one."""

    user: str
    password: Secret | None = None
    key: Path | None = None  # file of a private key
    passphrase: Secret | None = None  # of the key
    enable: Secret | None = None  # where the login alone may not look
