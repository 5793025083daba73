"""How SNMPv3 hides what it says: DES-CBC and AES-CFB128 with one key; the only door to the cryptography library."""

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
from cryptography.hazmat.primitives.ciphers.modes import CBC, ECB

try:
    from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
except ImportError:  # where the library keeps them depends on its age
    from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES
    from cryptography.hazmat.primitives.ciphers.modes import CFB

BLOCK = 16  # octets of an AES block
_FILLING = tuple(bytes(-octets % BLOCK) for octets in range(BLOCK))


class AesPrivacy:
    """Hides scoped PDUs by AES in CFB128 mode (RFC 3826); `key` is 16, 24 or 32 octets.

    To make a context of the library takes eight times as long as to use one, so three are made once. In CFB mode the
    last block of ciphertext is all the state there is: a decryptor that is fed an IV stands as if made with it; an
    encryptor is led there by a block chosen so that its ciphertext is the IV. Both always rest between whole blocks.
    """

    __slots__ = ("_block", "_decrypt", "_encrypt", "_last")

    def __init__(self, key: bytes) -> None:
        algorithm = algorithms.AES(key)
        self._last = bytes(BLOCK)
        self._block = Cipher(algorithm, ECB()).encryptor().update
        self._encrypt = Cipher(algorithm, CFB(self._last)).encryptor().update
        self._decrypt = Cipher(algorithm, CFB(self._last)).decryptor().update

    def hide(self, plain: bytes, salt: int, clock: tuple[int, int]) -> tuple[bytes, bytes]:
        """(ciphertext, msgPrivacyParameters); `clock` is snmpEngineBoots and snmpEngineTime as the message has them.

        `salt` is any number; its low 64 bits are not to be used twice in one second of the clock.
        """
        size, salt = len(plain), salt & 0xFFFFFFFFFFFFFFFF
        leading = int.from_bytes(self._block(self._last)) ^ (clock[0] << 96 | clock[1] << 64 | salt)
        hidden = self._encrypt(leading.to_bytes(BLOCK) + plain + _FILLING[size % BLOCK])
        self._last = hidden[-BLOCK:]
        return hidden[BLOCK : BLOCK + size], salt.to_bytes(8)

    def show(self, hidden: bytes, salt: bytes, clock: tuple[int, int]) -> bytes:
        """What was hidden, or noise where the key is another; ValueError when the parameters cannot be right."""
        if len(salt) != 8:
            raise ValueError("privacy parameters of a wrong size")
        size = len(hidden)
        iv = (clock[0] << 32 | clock[1]).to_bytes(8) + salt
        return self._decrypt(iv + hidden + _FILLING[size % BLOCK])[BLOCK : BLOCK + size]


class DesPrivacy:
    """Hides scoped PDUs by DES in CBC mode (RFC 3414 section 8), from nobody who wants to know; `key` is 16 octets."""

    __slots__ = ("_algorithm", "_iv")

    def __init__(self, key: bytes) -> None:
        self._algorithm = TripleDES(3 * key[:8])  # three times the same key is DES
        self._iv = int.from_bytes(key[8:16])

    def hide(self, plain: bytes, salt: int, clock: tuple[int, int]) -> tuple[bytes, bytes]:
        """(ciphertext in whole blocks of 8 octets, msgPrivacyParameters); of `salt` the low 32 bits count."""
        number = clock[0] << 32 | salt & 0xFFFFFFFF
        iv = (self._iv ^ number).to_bytes(8)
        hidden = Cipher(self._algorithm, CBC(iv)).encryptor().update(plain + bytes(-len(plain) % 8))
        return hidden, number.to_bytes(8)

    def show(self, hidden: bytes, salt: bytes, clock: tuple[int, int]) -> bytes:
        """What was hidden, with its filling; ValueError when parameters or size cannot be right."""
        if len(salt) != 8 or not hidden or len(hidden) % 8:
            raise ValueError("privacy parameters or ciphertext of a wrong size")
        iv = (self._iv ^ int.from_bytes(salt)).to_bytes(8)
        return Cipher(self._algorithm, CBC(iv)).decryptor().update(hidden)
