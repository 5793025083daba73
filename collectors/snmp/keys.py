"""The keys of an SNMPv3 user: made of passwords once, for each engine by itself, and what is done with them.

RFC 3414 section 2.6 and appendix A.2 (password to key), RFC 7860 (SHA-2), RFC 3826 (AES-128), draft-blumenthal-aes-usm-04
(AES-192, AES-256) and draft-reeder-snmpv3-usm-3desede (the same with -C, as Cisco lengthens keys).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from hmac import compare_digest
from typing import Any

from collectors.snmp.cipher import AesPrivacy, DesPrivacy
from inventory.credentials import Auth, Priv, SnmpUser
from inventory.secret import Secret

MEGABYTE = 1 << 20
MOST = 4096  # users on engines whose keys are kept
LONG_BLOCKS = frozenset(("sha384", "sha512"))

Lengthen = Callable[[str, bytes, bytes, int], bytes]  # hash, localised key, engineID, octets wanted


@dataclass(frozen=True, slots=True)
class Digest:
    """One authentication protocol: its hash and how many octets of the HMAC are sent."""

    name: str
    octets: int


DIGESTS: dict[Auth, Digest] = {
    "MD5": Digest("md5", 12),
    "SHA-1": Digest("sha1", 12),
    "SHA-224": Digest("sha224", 16),
    "SHA-256": Digest("sha256", 24),
    "SHA-384": Digest("sha384", 32),
    "SHA-512": Digest("sha512", 48),
}


def _hash(name: str, data: bytes) -> bytes:
    return hashlib.new(name, data, usedforsecurity=False).digest()


def password_key(name: str, password: bytes) -> bytes:
    """Ku: the hash of a megabyte of the password repeated (RFC 3414 A.2); about a millisecond."""
    if not password:
        raise ValueError("an empty password makes no key")
    return _hash(name, (password * (MEGABYTE // len(password) + 1))[:MEGABYTE])


def localised_key(name: str, key: bytes, engine_id: bytes) -> bytes:
    """Kul: the user's key on one engine."""
    return _hash(name, key + engine_id + key)


def _as_it_is(name: str, key: bytes, engine_id: bytes, octets: int) -> bytes:
    return key[:octets]


def _blumenthal(name: str, key: bytes, engine_id: bytes, octets: int) -> bytes:
    while len(key) < octets:
        key += _hash(name, key)
    return key[:octets]


def _reeder(name: str, key: bytes, engine_id: bytes, octets: int) -> bytes:
    part = key
    while len(key) < octets:
        part = localised_key(name, password_key(name, part), engine_id)
        key += part
    return key[:octets]


class Seal:
    """HMAC with one key, cut to what is sent; the key's two states are reckoned once and copied."""

    __slots__ = ("_inner", "_outer", "octets")

    def __init__(self, digest: Digest, key: bytes) -> None:
        new: Callable[..., Any] = partial(hashlib.new, digest.name, usedforsecurity=False)
        block = 128 if digest.name in LONG_BLOCKS else 64
        padded = key.ljust(block, b"\x00")
        self.octets = digest.octets
        self._inner = new(bytes(octet ^ 0x36 for octet in padded))
        self._outer = new(bytes(octet ^ 0x5C for octet in padded))

    def sign(self, message: bytes) -> bytes:
        """msgAuthenticationParameters of a message in which they are zero."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(message)
        outer.update(inner.digest())
        signature: bytes = outer.digest()[: self.octets]
        return signature

    def fits(self, message: bytes, signature: bytes) -> bool:
        """`message` has zeros where `signature` was."""
        return compare_digest(self.sign(message), signature)


Privacy = AesPrivacy | DesPrivacy
# octets of the key, how a shorter one is lengthened, who uses it
_PRIVACIES: dict[Priv, tuple[int, Lengthen, Callable[[bytes], Privacy]]] = {
    "DES": (16, _as_it_is, DesPrivacy),
    "AES-128": (16, _as_it_is, AesPrivacy),
    "AES-192": (24, _blumenthal, AesPrivacy),
    "AES-256": (32, _blumenthal, AesPrivacy),
    "AES-192-C": (24, _reeder, AesPrivacy),
    "AES-256-C": (32, _reeder, AesPrivacy),
}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Keys:
    """One user on one engine, ready to seal and to open. No password is in here, and keys are not printed."""

    user: bytes
    engine_id: bytes
    context: bytes = b""
    auth: Seal | None = None
    priv: Privacy | None = None

    @property
    def flags(self) -> int:
        """msgFlags of the user's level: 0 noAuthNoPriv, 1 authNoPriv, 3 authPriv."""
        return 3 if self.priv else 1 if self.auth else 0


def localise(user: SnmpUser, engine_id: bytes) -> Keys:
    """The user's keys on that engine: a few milliseconds each time; `KeyRing` remembers them.

    ValueError where privacy is set without authentication, or a password is missing.
    """
    return _localise(user, engine_id, _master)


def _master(name: str, password: Secret) -> bytes:
    return password_key(name, password.reveal().encode())


def _localise(user: SnmpUser, engine_id: bytes, master: Callable[[str, Secret], bytes]) -> Keys:
    name, context = user.user.encode(), user.context.encode()
    if user.auth is None:
        if user.priv is not None:
            raise ValueError("privacy needs authentication")
        return Keys(name, engine_id, context)
    digest = DIGESTS[user.auth]

    def key(password: Secret | None) -> bytes:
        if password is None:
            raise ValueError("a password is missing")
        return localised_key(digest.name, master(digest.name, password), engine_id)

    auth = Seal(digest, key(user.auth_password))
    if user.priv is None:
        return Keys(name, engine_id, context, auth)
    octets, lengthen, kind = _PRIVACIES[user.priv]
    long = lengthen(digest.name, key(user.priv_password), engine_id, octets)
    return Keys(name, engine_id, context, auth, kind(long))


class KeyRing:
    """Keys by user and engine, made when first asked for, the longest unused forgotten first (`most` are kept).

    Many devices share a user: the slow part, password to key, is done once for all of them. A user whose secret
    changed is another key in here.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._keys: dict[tuple[SnmpUser, bytes], Keys] = {}
        self._masters: dict[tuple[str, Secret], bytes] = {}

    def __repr__(self) -> str:
        return f"KeyRing({len(self._keys)} kept)"

    def __call__(self, user: SnmpUser, engine_id: bytes) -> Keys:
        """As `localise`."""
        keys = self._keys.pop((user, engine_id), None) or _localise(user, engine_id, self._master)
        self._keys[user, engine_id] = keys
        if len(self._keys) > self._most:
            del self._keys[next(iter(self._keys))]
        return keys

    def _master(self, name: str, password: Secret) -> bytes:
        key = self._masters.get((name, password)) or _master(name, password)
        if len(self._masters) >= self._most:
            self._masters.clear()
        self._masters[name, password] = key
        return key
