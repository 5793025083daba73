"""Secrets in kept output become ***: passwords, keys, hashes and communities as ten platforms write them.

What is kept is read by people who look into a case; none of it is needed to know what a router said. Where a word may be
a secret it is masked: too much rather than too little.
"""

import re

MASK = "***"
_WORD = r"(?:\"[^\"\n]*\"?|'[^'\n]*'?|[^\s;]+)"
# how a secret is written, between the word that announces it and itself
_KINDS = (
    r"(?:(?:\d{1,3}|cipher|simple|plain|plaintext|clear|cleartext|clear-text|irreversible-cipher|hash|hashed|encrypted|"
    r"sha\d*|md5|pbkdf2|scrypt|enc|hex|hexadecimal|ascii-text|ascii|text|aes\d*|des|3des|local|remote|read|write|ro|rw|"
    r"key-string|level[ \t]+\d+|set[ \t]+name|name)(?:[ \t]+|=))*"
)
# words behind which a secret stands; what follows a hyphen or an underscore belongs to them
_ANNOUNCED = (
    r"[\w\-.]*(?:password|passwd|passphrase|passcode|secret)(?:[\-_](?:hash|key|string|control|cipher))?",
    r"[\w\-.]*(?:pre-?shared|preshared|shared|server|authentication|encryption|session|private|wpa2?|tcp-md5|md5|auth|hmac)[\-_]?key",
    r"[\w\-.]*(?:psk|psksecret|keystring|key-string|key-octet-string|md5|sha1?|sha-?(?:224|256|384|512)|community|community-string)",
    r"(?:snmp(?:-server|-agent)?|/snmp) community(?: (?:name|index \S+|mapping))?",
    r"snmp-(?:server|agent) +host +\S+"
    r"(?: +(?:traps?|informs?|vrf \S+|use-vrf \S+|version +(?:1|2c|3(?: +(?:auth|noauth|priv))?)))*",
    r"(?:auth|priv|authentication-mode|privacy-mode|privacy|authentication)[ \t]+"
    r"(?:text|simple|md5|sha\d*|sha-\d+|des\w*|3des|aes-?\d*)",
    r"(?:message-digest-key|authentication-key|key|keyid|key-id)[ \t]+\d+[ \t]+(?:md5|hmac-\w+|\w*cipher|7|8)",
    r"(?:tacacs|radius|hwtacacs|tacacs-server|radius-server|ldap-server|ntp)\b[^\n]*?\bkey",
    r"(?:^|(?<=[\s;{]))key",
    r"securityname|pass",
)
_BEHIND = re.compile(rf"(?im)((?<![\w])(?:{'|'.join(_ANNOUNCED)}))([ \t]*[:=][ \t]*|[ \t]+)({_KINDS})({_WORD})")
# secrets that show themselves: PEM keys, crypt(3) and vendors' hashes ($1$, $9$, $sha512$), VRP ciphers, FortiOS ENC
_SHOWN = re.compile(
    r"-----BEGIN [^\n-]*PRIVATE KEY-----(?s:.*?)(?:-----END [^\n-]*PRIVATE KEY-----|\Z)"
    r"|\$(?:\d{1,2}|2[aby]|sha\d+|c|h|y|aes)\$[^\s\"';,]+"
    r"|%(?:\^%#|@%@|\$%\$|#%#)[^\s\"']+"
    r"|(?<=\bENC )[^\s\"]+"
)


# a line without any of these holds no announced secret: nearly all lines are passed over at once
_SUSPECT = re.compile(r"pass|secret|key|community|md5|sha|psk|snmp|auth|priv|securityname", re.I)


def masked(output: str) -> str:
    """The output with every secret in it replaced."""
    shown = _SHOWN.sub(MASK, output)
    if not _SUSPECT.search(shown):
        return shown
    return "\n".join(_BEHIND.sub(_hide, line) if _SUSPECT.search(line) else line for line in shown.split("\n"))


def _hide(found: re.Match[str]) -> str:
    ending = ";" if found[4].endswith(";") else ""
    return f"{found[1]}{found[2]}{found[3]}{MASK}{ending}"
