"""SMS by a modem: a dialogue over a pseudo terminal, byte for byte."""

import asyncio
from dataclasses import replace

import pytest

from alerts.notification import NotifyError, Receipt, Refused, Unsure
from alerts.notify.line import LineError, Silent
from alerts.notify.modem import Modem, Signal
from alerts.notify.pdu import Incoming
from tests.alerts.notify.fake_modem import FakeModem, plugged_in
from tests.alerts.notify.samples import message

# a well-known SMS-DELIVER: "How are you?" from +31641600986 on 3 August 2005 at 17:03:58 +02:00
KNOWN = "07911326040000F0040B911346610089F60000508030713085800CC8F71D14969741F977FD07"


def send(modem: FakeModem, text: str = "NOC OK", address: str = "0712 345 678") -> Receipt:
    return asyncio.run(Modem(modem.path, 115200).send(message(short=text), address))


@pytest.mark.parametrize("behave", ["well", "chatty"])
def test_given_a_modem_then_it_is_given_the_message_as_a_pdu(behave: str) -> None:
    with plugged_in(behave) as modem:
        receipt = send(modem, "hellohello")
    [(length, pdu)] = modem.sent
    assert pdu.startswith("0011000C91") and pdu.endswith("0AE8329BFD4697D9EC37")  # known packing of "hellohello"
    assert length == len(pdu) // 2 - 1
    assert receipt.reference == "1"


def test_given_a_modem_that_still_waits_for_an_old_message_then_it_is_called_back_first() -> None:
    with plugged_in() as modem:
        send(modem)
        send(modem)
    assert len(modem.sent) == 2 and modem.commands[0] == "ATE0"


@pytest.mark.parametrize(
    ("behave", "error"),
    [("unregistered", LineError), ("cms 500", NotifyError), ("cms 1", Refused), ("no-prompt", LineError)],
)
def test_given_a_modem_that_cannot_then_the_error_fits(behave: str, error: type[NotifyError]) -> None:
    with plugged_in(behave) as modem, pytest.raises(error) as raised:
        send(modem)
    assert type(raised.value) is error and modem.sent == []


def test_given_a_modem_that_says_nothing_then_it_ends_in_time() -> None:
    with plugged_in("silent") as modem, pytest.raises(Silent):
        send(modem)


def test_given_a_modem_that_falls_silent_after_the_message_then_it_is_in_doubt() -> None:
    with plugged_in("mute-after-pdu") as modem, pytest.raises(Unsure):
        asyncio.run(Modem(modem.path, 115200, sending_s=0.3).send(message(), "0712345678"))


def test_given_no_modem_there_then_the_error_names_the_device() -> None:
    with pytest.raises(LineError, match="/dev/nonexistent"):
        asyncio.run(Modem("/dev/nonexistent", 115200).send(message(), "0712345678"))


def test_given_a_number_that_is_none_then_the_modem_is_not_asked() -> None:
    with plugged_in() as modem, pytest.raises(Refused):
        send(modem, address="12\r\nAT+CFUN=0")
    assert modem.commands == []


@pytest.mark.parametrize("text", ["a\x1a\r\nAT+CFUN=0\r", "\x1b\r\nATD112;\r", 'a"\0b'])
def test_rule_40_given_any_text_then_it_never_becomes_a_command(text: str) -> None:
    with plugged_in() as modem:
        send(modem, text)
    assert len(modem.sent) == 1 and not any("CFUN" in one or "ATD" in one for one in modem.commands)


def test_given_messages_in_its_memory_then_they_are_read_and_removed_only_when_asked() -> None:
    with plugged_in() as fake:
        fake.memory = {3: KNOWN, 7: "FFFF"}
        modem = Modem(fake.path, 115200)
        kept = asyncio.run(modem.kept())
        assert [one.index for one in kept] == [3, 7]
        assert kept[0].incoming == Incoming("31641600986", 1123081438.0, "How are you?")
        assert kept[1].incoming is None, "what cannot be read is there to be removed"
        assert list(fake.memory) == [3, 7]
        asyncio.run(modem.remove([3, 7]))
    assert fake.memory == {}


def test_given_the_modem_then_it_tells_network_and_signal() -> None:
    with plugged_in() as modem:
        assert asyncio.run(Modem(modem.path, 115200).signal()) == Signal(registered=True, level=-77)


def test_given_two_messages_at_once_then_they_go_one_after_the_other() -> None:
    async def both(path: str) -> None:
        modem = Modem(path, 115200)
        await asyncio.gather(*(modem.send(replace(message(), short=text), "0712345678") for text in ("one", "two")))

    with plugged_in() as fake:
        asyncio.run(both(fake.path))
    assert len(fake.sent) == 2
