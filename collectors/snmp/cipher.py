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


class Aes:
    """AES in CFB128 mode (RFC 3826); `key` is 16, 24 or 32 octets.

    To make a context of the library takes eight times as long as to use one, so three are made once. In CFB mode the
    last block of ciphertext is all the state there is: a decryptor that is fed an IV stands as if made with it; an
    encryptor is led there by a block chosen so that its ciphertext is the IV. Both always rest between whole blocks.
    """

    __slots__ = ("_block", "_decryptor", "_encryptor", "_last")

    def __init__(self, key: bytes) -> None:
        algorithm = algorithms.AES(key)
        self._last = bytes(BLOCK)
        self._block = Cipher(algorithm, ECB()).encryptor()
        self._encryptor = Cipher(algorithm, CFB(self._last)).encryptor()
        self._decryptor = Cipher(algorithm, CFB(self._last)).decryptor()

    def encrypt(self, plain: bytes, iv: bytes) -> bytes:
        """As many octets as `plain` has; `iv` is 16 octets."""
        size = len(plain)
        leading = int.from_bytes(self._block.update(self._last)) ^ int.from_bytes(iv)
        hidden = self._encryptor.update(leading.to_bytes(BLOCK) + plain + _FILLING[size % BLOCK])
        self._last = hidden[-BLOCK:]
        return hidden[BLOCK : BLOCK + size]

    def decrypt(self, hidden: bytes, iv: bytes) -> bytes:
        """As many octets as `hidden` has; with a wrong key they are noise."""
        size = len(hidden)
        return self._decryptor.update(iv + hidden + _FILLING[size % BLOCK])[BLOCK : BLOCK + size]


class Des:
    """Single DES in CBC mode (RFC 3414 section 8); `key` is 8 octets. It keeps nothing secret from who wants to know."""

    __slots__ = ("_algorithm",)

    def __init__(self, key: bytes) -> None:
        self._algorithm = TripleDES(3 * key)  # three times the same key is DES

    def encrypt(self, plain: bytes, iv: bytes) -> bytes:
        """`plain` filled up to whole blocks of 8 octets; `iv` is 8 octets."""
        return Cipher(self._algorithm, CBC(iv)).encryptor().update(plain + bytes(-len(plain) % 8))

    def decrypt(self, hidden: bytes, iv: bytes) -> bytes:
        """`hidden` is whole blocks; what filled up the last one is still there."""
        return Cipher(self._algorithm, CBC(iv)).decryptor().update(hidden)
