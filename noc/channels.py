"""The channels that noc.toml and the secrets make, and what is wrong with them."""

import re
from collections.abc import Callable, Iterator, Mapping

from alerts.notification import Notifier
from inventory.mistakes import Mistake
from inventory.secret import Secret
from inventory.secrets import Secrets
from noc.config import Config

NOBODYS = r"https?://[\w.-]+\.example(/|\Z)"  # reserved names (RFC 2606): a rehearsal and nothing else
Build = Callable[[Config, Secrets, Callable[[], float]], Notifier | None]


def build_channels(config: Config, secrets: Secrets, clock: Callable[[], float]) -> Mapping[str, Notifier]:
    """Those that are configured and have their secrets: "sms", "modem", "mail", "webhook", "apprise"."""
    built = {name: build(config, secrets, clock) for name, build in _BUILD.items()}
    return {name: channel for name, channel in built.items() if channel is not None}


def _sms(config: Config, secrets: Secrets, clock: Callable[[], float]) -> Notifier | None:
    sms, key = config.sms, secrets.word("mgov", "key")
    if not sms.gateway or (key is None and not sms.dry_run):
        return None
    from alerts.notify.http import Post
    from alerts.notify.mgov import Account, Mgov

    account = Account(sms.gateway, sms.version, sms.sender, sms.service, sms.system)
    return Mgov(
        account,
        key or Secret(""),
        clock=clock,
        post=Post(config.alerts.ca_file),
        dry_run=sms.dry_run,
        allow_http=sms.allow_http,
    )


def _modem(config: Config, secrets: Secrets, clock: Callable[[], float]) -> Notifier | None:
    if not config.modem.device:
        return None
    from alerts.notify.modem import Modem

    return Modem(config.modem.device, config.modem.speed)


def _mail(config: Config, secrets: Secrets, clock: Callable[[], float]) -> Notifier | None:
    mail = config.mail
    if not mail.host:
        return None
    from alerts.notify.mail import Mail, Server

    user, password = secrets.word("mail", "user"), secrets.word("mail", "password")
    server = Server(mail.host, mail.port, mail.security, mail.sender, user, password, config.alerts.ca_file)
    return Mail(server, clock=clock)


def _webhook(config: Config, secrets: Secrets, clock: Callable[[], float]) -> Notifier | None:
    key = secrets.word("webhook", "key")
    if not config.webhook.url or key is None:
        return None
    from alerts.notify.http import Post
    from alerts.notify.webhook import Webhook

    return Webhook(config.webhook.url, key, clock=clock, post=Post(config.alerts.ca_file))


def _apprise(config: Config, secrets: Secrets, clock: Callable[[], float]) -> Notifier | None:
    urls = apprise_urls(secrets)
    if not urls:
        return None
    from alerts.notify.chat import Chat

    return Chat(urls)


def apprise_urls(secrets: Secrets) -> tuple[Secret, ...]:
    held = secrets.word("apprise", "urls")
    return tuple(Secret(one) for one in held.reveal().split()) if held else ()


_BUILD: Mapping[str, Build] = {"sms": _sms, "modem": _modem, "mail": _mail, "webhook": _webhook, "apprise": _apprise}


def check_channels(config: Config, secrets: Secrets) -> tuple[Mistake, ...]:
    """Warnings for `noc check`: what is configured and cannot work, or protects nothing. No value is part of them."""
    return tuple(Mistake(str(config.secrets.file), 0, message, hint) for message, hint in _wrong(config, secrets))


def _wrong(config: Config, secrets: Secrets) -> Iterator[tuple[str, str]]:
    yield from _wrong_sms(config, secrets)
    yield from _wrong_mail(config, secrets)
    yield from _wrong_replies(config)
    yield from _wrong_chat(secrets)
    if config.webhook.url and secrets.word("webhook", "key") is None:
        yield "[webhook] url is set and there is no key to sign with: nothing is posted", 'write [webhook] key = "..."'
    if re.match(r"http://(?!127\.|localhost|\[::1\])", config.webhook.url):
        yield "[webhook] url is not https: everybody on the way reads what is posted", ""
    if config.webhook.url and not re.match(r"https?://[^/\s]+", config.webhook.url):
        yield "[webhook] url is no http address", ""


def _wrong_sms(config: Config, secrets: Secrets) -> Iterator[tuple[str, str]]:
    sms = config.sms
    if not sms.gateway:
        return
    if sms.dry_run:
        if not re.match(NOBODYS, sms.gateway):
            yield "[sms] dry_run is on: SMS are written to the log and not sent", "dry_run = false sends them"
        return
    if secrets.word("mgov", "key") is None:
        yield "[sms] gateway is set and there is no key for it: no SMS is sent", 'write [mgov] key = "..."'
    if not sms.gateway.startswith("https://") and not (sms.allow_http and sms.gateway.startswith("http://")):
        yield "[sms] gateway is not https: no SMS is sent", "allow_http = true lets it pass"
    if not sms.service or not sms.system:
        yield "[sms] service and system are what e-GA registered; the gateway refuses messages without them", ""


def _wrong_mail(config: Config, secrets: Secrets) -> Iterator[tuple[str, str]]:
    user, password = secrets.word("mail", "user"), secrets.word("mail", "password")
    if not config.mail.host:
        return
    if (user is None) != (password is None):
        yield "[mail] has a user or a password, and not both: mail is sent without logging in", ""
    if config.mail.security == "none" and password is not None:
        yield '[mail] security is "none": the password goes over the line for everybody to read', 'write "starttls"'
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", config.mail.sender):
        yield "[mail] sender is no mail address", ""


def _wrong_chat(secrets: Secrets) -> Iterator[tuple[str, str]]:
    urls = apprise_urls(secrets)
    if not urls:
        return
    from alerts.notify.chat import known

    strange = [place for place, url in enumerate(urls, 1) if not known(url)]
    if strange:
        yield f"[apprise] urls: no. {', '.join(map(str, strange))} is no address that apprise understands", ""


def _wrong_replies(config: Config) -> Iterator[tuple[str, str]]:
    if not config.replies.listen:
        return
    if not config.replies.allow:
        yield "[replies] listen is set and allow is empty: every reply is refused", "name the gateway's addresses"
    if config.sms.sender != "15200":
        yield "[replies] listen is set and [sms] sender is no short code: nobody can reply to a name", ""
