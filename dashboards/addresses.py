"""Where a contact is reached, masked: screens show that a message went to the right person, and no number to copy."""

from alerts.oncall.telephones import masked
from inventory.model import Inventory


class Addresses:
    """`dashboards.incident_story.Address`: of a contact by a channel."""

    def __init__(self, inventory: Inventory) -> None:
        self._contacts = inventory.contacts

    def __call__(self, contact: str, channel: str) -> str:
        known = self._contacts.get(contact)
        if known is None:
            return ""
        if channel in ("sms", "modem"):
            return masked(known.telephone)
        name, at, domain = known.email.partition("@")
        return f"{name[:1]}***{at}{domain}" if channel == "mail" and at else ""
