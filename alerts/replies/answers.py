"""What is answered to a reply by SMS: whoever may not know anything learns nothing from it, not even why."""

from collections.abc import Mapping

ACKNOWLEDGED, TAKEN, REFUSED, LATER = "acknowledged", "taken", "refused", "later"
_TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        ACKNOWLEDGED: "NOC {incident} acknowledged. Thank you.",
        TAKEN: "NOC {incident} is already taken care of, or over. Thank you.",
        REFUSED: "This message could not be accepted. Please call the NOC.",
        LATER: "The NOC cannot take messages at this moment. Please call.",
    },
    "sw": {
        ACKNOWLEDGED: "NOC {incident} limepokelewa. Asante.",
        TAKEN: "NOC {incident} tayari linashughulikiwa au limekwisha. Asante.",
        REFUSED: "Ujumbe huu haukukubaliwa. Tafadhali piga simu NOC.",
        LATER: "NOC haiwezi kupokea ujumbe kwa sasa. Tafadhali piga simu.",
    },
}


def answer(kind: str, language: str = "sw", incident: int = 0) -> str:
    """One sentence in the contact's language, in Swahili to those whom nobody knows."""
    return _TEXTS.get(language, _TEXTS["sw"])[kind].format(incident=incident)
