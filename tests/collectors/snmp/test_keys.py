"""Keys of SNMPv3 users: the vectors of RFC 3414, and pysnmp for what the RFCs give no vectors for."""

import hmac
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.snmp.cipher import AesPrivacy
from collectors.snmp.keys import DIGESTS, KeyRing, Keys, Seal, localise, localised_key, password_key
from inventory.credentials import AUTHS, PRIVS, Auth, Priv, SnmpUser
from inventory.secret import Secret

ENGINE = bytes(11) + b"\x02"  # of RFC 3414 A.3
PASSWORD = b"maplesyrup"


def user(auth: Auth | None = "SHA-1", priv: Priv | None = "AES-128", password: str = "maplesyrup") -> SnmpUser:
    return SnmpUser("noc", auth, Secret(password) if auth else None, priv, Secret(password) if priv else None)


@pytest.mark.parametrize(
    "name, master, local",
    [
        ("md5", "9faf3283884e92834ebc9847d8edd963", "526f5eed9fcce26f8964c2930787d82b"),
        (
            "sha1",
            "9fb5cc0381497b3793528939ff788d5d79145211",
            "6695febc9288e36282235fc7151f128497b38f3f",
        ),
    ],
)
def test_given_the_password_of_rfc_3414_then_its_keys_come_out(name: str, master: str, local: str) -> None:
    assert password_key(name, PASSWORD).hex() == master
    assert localised_key(name, password_key(name, PASSWORD), ENGINE).hex() == local


def pysnmp_keys(auth: Auth, priv: Priv) -> tuple[bytes, bytes]:
    """Authentication and privacy key as pysnmp makes them."""
    from pysnmp.entity import config
    from pysnmp.proto.rfc1902 import OctetString

    auths: dict[str, Any] = {
        "MD5": config.USM_AUTH_HMAC96_MD5,
        "SHA-1": config.USM_AUTH_HMAC96_SHA,
        "SHA-224": config.USM_AUTH_HMAC128_SHA224,
        "SHA-256": config.USM_AUTH_HMAC192_SHA256,
        "SHA-384": config.USM_AUTH_HMAC256_SHA384,
        "SHA-512": config.USM_AUTH_HMAC384_SHA512,
    }
    privs: dict[str, Any] = {
        "DES": config.USM_PRIV_CBC56_DES,
        "AES-128": config.USM_PRIV_CFB128_AES,
        "AES-192": config.USM_PRIV_CFB192_AES_BLUMENTHAL,
        "AES-256": config.USM_PRIV_CFB256_AES_BLUMENTHAL,
        "AES-192-C": config.USM_PRIV_CFB192_AES,
        "AES-256-C": config.USM_PRIV_CFB256_AES,
    }
    protocol, hiding = config.AUTH_SERVICES[auths[auth]], config.PRIV_SERVICES[privs[priv]]
    local = protocol.localize_key(protocol.hash_passphrase(OctetString(PASSWORD)), OctetString(ENGINE))
    long = hiding.localize_key(
        auths[auth], hiding.hash_passphrase(auths[auth], OctetString(PASSWORD)), OctetString(ENGINE)
    )
    return bytes(local), bytes(long)


@pytest.mark.parametrize("priv", PRIVS)
@pytest.mark.parametrize("auth", AUTHS)
def test_given_any_protocols_then_keys_sign_and_hide_as_pysnmps_do(auth: Auth, priv: Priv) -> None:
    from collectors.snmp import keys as ours

    signing, hiding = pysnmp_keys(auth, priv)
    made, digest = localise(user(auth, priv), ENGINE), DIGESTS[auth]
    assert made.auth is not None and made.priv is not None
    assert made.auth.sign(b"message") == hmac.digest(signing, b"message", digest.name)[: digest.octets]
    octets, _, kind = ours._PRIVACIES[priv]
    plain = b"0123456789abcdef" * 3
    assert made.priv.hide(plain, 7, (1, 2)) == kind(hiding[:octets]).hide(plain, 7, (1, 2))


@given(key=st.binary(min_size=8, max_size=64), message=st.binary(max_size=300), auth=st.sampled_from(AUTHS))
def test_given_any_message_then_its_signature_is_the_cut_hmac(key: bytes, message: bytes, auth: Auth) -> None:
    digest = DIGESTS[auth]
    seal = Seal(digest, key)
    signature = hmac.digest(key, message, digest.name)[: digest.octets]
    assert seal.sign(message) == signature and seal.fits(message, signature)
    assert not seal.fits(message, signature[:-1]) and not seal.fits(message, b"")
    assert not seal.fits(message + b"x", signature)


@settings(deadline=None, max_examples=60)
@given(
    key=st.sampled_from([16, 24, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size)),
    texts=st.lists(st.tuples(st.binary(max_size=100), st.integers(0, 2**64 - 1), st.booleans()), max_size=6),
)
def test_given_contexts_used_again_then_they_are_as_good_as_new_ones(
    key: bytes, texts: list[tuple[bytes, int, bool]]
) -> None:
    kept, clock = AesPrivacy(key), (3, 1000)
    for text, salt, hide in texts:
        fresh, octets = AesPrivacy(key), salt.to_bytes(8)
        if hide:
            assert kept.hide(text, salt, clock) == fresh.hide(text, salt, clock)
        else:
            assert kept.show(text, octets, clock) == fresh.show(text, octets, clock)
        assert kept.show(kept.hide(text, salt, clock)[0], octets, clock) == text


def test_given_cfb_as_nist_has_it_then_ours_is_the_same() -> None:
    """NIST SP 800-38A, F.3.13: CFB128-AES128; the IV is boots, time and salt."""
    cipher, clock, salt = (
        AesPrivacy(bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")),
        (0x10203, 0x4050607),
        bytes(range(8, 16)),
    )
    plain = bytes.fromhex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51")
    for _ in range(2):
        hidden, octets = cipher.hide(plain, int.from_bytes(salt), clock)
        assert hidden.hex() == "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b"
        assert octets == salt and cipher.show(hidden, salt, clock) == plain


def test_given_a_ring_then_keys_are_made_once_and_a_new_password_makes_others() -> None:
    ring = KeyRing(most=2)
    first = ring(user(), b"engine-1")
    assert ring(user(), b"engine-1") is first
    assert ring(user(password="another"), b"engine-1") is not first
    ring(user(), b"engine-2")
    assert ring(user(), b"engine-1") is not first, "the longest unused is forgotten"


def test_given_keys_then_nothing_shows_them() -> None:
    made, ring = localise(user(), ENGINE), KeyRing()
    ring(user(), ENGINE)
    assert "maplesyrup" not in f"{made!r}{ring!r}{made.auth!r}{made.priv!r}"


def test_given_a_level_then_its_flags() -> None:
    assert [localise(each, ENGINE).flags for each in (user(None, None), user(priv=None), user())] == [0, 1, 3]
    assert Keys(b"", b"").flags == 0


@pytest.mark.parametrize("wrong", [user(None, "DES"), SnmpUser("noc", "MD5"), user(password="")])
def test_given_a_user_that_cannot_be_then_it_is_a_value_error(wrong: SnmpUser) -> None:
    with pytest.raises(ValueError, match=r"privacy|password"):
        localise(wrong, ENGINE)
