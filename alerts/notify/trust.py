"""Whose certificates are believed: the system's authorities, and those of one file beside them."""

import ssl

from alerts.notification import NotifyError


def trust(ca_file: str = "") -> ssl.SSLContext:
    """A context that verifies certificates and names; NotifyError when the file cannot be read."""
    context = ssl.create_default_context()
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except (OSError, ssl.SSLError):
            raise NotifyError(f"{ca_file}: no certificates can be read from it ([alerts] ca_file)") from None
    return context
