"""The one configuration file, noc.toml: read, checked whole, and turned into a value that never changes.

Every setting has a default but those of `[poller]`: where the poller hangs in the network cannot be guessed
(SEMANTICS 21).
"""

import re
import tomllib
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from inventory.mistakes import Mistake, MistakesError, did_you_mean


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _place(text: str) -> str:
    """An address and a port to listen on; "" for none."""
    if text:
        host, _, port = text.rpartition(":")
        try:
            ip_address(host.removeprefix("[").removesuffix("]"))
            good = 0 < int(port) < 65536
        except ValueError:
            good = False
        if not good:
            raise ValueError(f'{text!r} is not written address:port, as "0.0.0.0:1162" or "[::]:1162"; "" turns it off')
    return text


def _networks(written: tuple[str, ...]) -> tuple[str, ...]:
    for one in written:
        try:
            ip_network(one, strict=False)
        except ValueError:
            raise ValueError(f'{one!r} is no address or network, as "192.0.2.7" or "192.0.2.0/24"') from None
    return written


def _server(text: str) -> str:
    """An address of http without user, question or fragment; "" for none."""
    try:
        split = urlsplit(text)
        good = split.scheme in ("http", "https") and bool(split.hostname) and (split.port is None or split.port > 0)
    except ValueError:
        good = False
    if text and (not good or split.query or split.fragment or re.search(r"\s", text)):
        raise ValueError(f"{text!r} is no address of a server, as http://influx.example:8086")
    if text and split.username is not None:
        raise ValueError("user and password stand under [influxdb] of the secrets, not in the url")
    return text.rstrip("/")


Networks = Annotated[tuple[str, ...], AfterValidator(_networks)]


class InventorySection(_Section):
    path: Path = Field(Path("inventory"), description="directory of the inventory's YAML files")


class DataSection(_Section):
    dir: Path = Field(Path("data"), description="directory of metrics.db and what else the daemon keeps")


class PollerSection(_Section):
    attached_to: str = Field(description="key of the device that the poller's own cable ends on")
    gateway: str = Field(description="key of the device that is the poller's default gateway")


class SecretsSection(_Section):
    file: Path = Field(Path("secrets.toml"), description="file of mode 0600 that holds the credentials")


class PollSection(_Section):
    liveness_s: Annotated[float, Field(ge=1, le=300)] = Field(5.0, description="seconds between liveness rounds")
    counters_s: Annotated[float, Field(ge=1, le=3600)] = Field(30.0, description="seconds between counter polls")
    ping_s: Annotated[float, Field(ge=10, le=3600)] = Field(60.0, description="seconds between batches of pings")
    peers_s: Annotated[float, Field(ge=5, le=3600)] = Field(30.0, description="seconds between polls of BGP and OSPF")
    health_s: Annotated[float, Field(ge=10, le=3600)] = Field(60.0, description="seconds between polls of health")
    neighbours_s: Annotated[float, Field(ge=60, le=86400)] = Field(600.0, description="seconds between LLDP/CDP polls")
    cli_s: Annotated[float, Field(ge=60, le=86400)] = Field(900.0, description="seconds between logins over SSH")


class NoticesSection(_Section):
    traps: Annotated[str, AfterValidator(_place)] = Field("0.0.0.0:1162", description="where traps and informs arrive")
    syslog: Annotated[str, AfterValidator(_place)] = Field(
        "0.0.0.0:1514", description="where syslog arrives, UDP and TCP"
    )
    keep_days: Annotated[float, Field(gt=0, le=3650)] = Field(90.0, description="days that notices are kept")
    most_per_s: Annotated[float, Field(ge=1, le=10_000)] = Field(50.0, description="notices a second of one device")


class StoreSection(_Section):
    commit_s: Annotated[float, Field(ge=0.1, le=60)] = Field(1.0, description="seconds between commits of the store")
    raw_days: Annotated[float, Field(ge=2)] = Field(90.0, description="days that every value is kept")
    five_minute_days: Annotated[float, Field(ge=40)] = Field(730.0, description="days that five-minute means are kept")
    hourly_days: Annotated[float, Field(ge=40)] = Field(3650.0, description="days that hourly means are kept")
    daily_days: Annotated[float, Field(ge=0)] = Field(0.0, description="days that daily figures are kept; 0: for ever")
    split_devices: Annotated[int, Field(ge=0)] = Field(
        2000, description="with more devices than this, sealed days lie in one file a month"
    )
    history: Literal["embedded", "influxdb"] = Field(
        "embedded", description="where ranges older than what is kept here are read: embedded (nowhere) or influxdb"
    )


class InfluxdbSection(_Section):
    url: Annotated[str, AfterValidator(_server)] = Field(
        "", description="InfluxDB server, http(s)://host:8086; empty: nothing is sent"
    )
    bucket: str = Field("noc", description="bucket (2.x, 3), or database (1.x; database/retention-policy)")
    org: str = Field("", description="organisation (2.x); empty for the others")
    backlog_share: Annotated[float, Field(gt=0, le=1)] = Field(
        0.5, description="most of the sender's time that older data may take while live data waits"
    )


class HttpSection(_Section):
    listen: str = Field(
        "127.0.0.1:9116",
        pattern=r"^[^:]*:\d+$",
        description="loopback address of /metrics and /healthz",
    )


class WebSection(_Section):
    listen: Annotated[str, AfterValidator(_place)] = Field(
        "127.0.0.1:8080", description="address of pages and API ('noc web'); a proxy with TLS stands before others"
    )
    url: Annotated[str, AfterValidator(_server)] = Field(
        "", description="how browsers reach it, https://noc.example; empty: http://<listen>"
    )
    proxies: Networks = Field((), description="proxies whose X-Forwarded-For and -Proto are believed")


class AlertsSection(_Section):
    rules: Path = Field(Path("rules"), description="directory of rule files; what they do not say keeps its default")
    oncall: Path = Field(Path("oncall.yaml"), description="schedules, escalation chains, holidays")
    ledger: str = Field("", description="database URL of the ledger; empty: ledger.db in the data directory")
    incident_url: str = Field(
        "", description="address of an incident's page, with {number} in it, for mails; empty: of [web] url"
    )
    ca_file: str = Field("", description="authorities believed beside the system's, for mail, gateway and webhook")


class MailSection(_Section):
    host: str = Field("", description="SMTP server; empty: no mail is sent")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(587, description="its port")
    security: Literal["starttls", "tls", "none"] = Field("starttls", description="starttls, tls or none")
    sender: str = Field("noc@localhost", description="address that mails come from")


class SmsSection(_Section):
    gateway: str = Field("", description="URL of the mGov SMS gateway; empty: no SMS is sent by it")
    version: Literal["v1", "v2"] = Field("v2", description="of its interface: v1 (quick_sms) or v2 (send-sms)")
    sender: str = Field("15200", description="short code or approved name; only the short code can be replied to")
    service: str = Field("", description="mobile service id, as registered")
    system: str = Field("", description="system id (v2) or user id (v1), as registered")
    dry_run: bool = Field(True, description="write messages to the log and send none")
    allow_http: bool = Field(False, description="let the gateway be reached without TLS")


class ModemSection(_Section):
    device: str = Field("", description="serial device of a GSM modem, the second way for SMS; empty: none")
    speed: Annotated[int, Field(ge=300, le=4_000_000)] = Field(115200, description="its speed, baud")


class WebhookSection(_Section):
    url: str = Field("", description="where every message is posted as signed JSON (GovESB); empty: nowhere")


class RepliesSection(_Section):
    listen: Annotated[str, AfterValidator(_place)] = Field(
        "", description="where mGov posts SMS replies; empty: nowhere"
    )
    allow: Networks = Field((), description="addresses and networks that may post them")
    proxies: Networks = Field((), description="proxies whose X-Forwarded-For is believed")


class HeartbeatSection(_Section):
    url: str = Field("", description="asked again and again; who keeps it pages when it is not (dead-man's switch)")
    every_s: Annotated[float, Field(ge=10, le=3600)] = Field(60.0, description="seconds between heartbeats")


class Config(_Section):
    """noc.toml; paths are absolute after reading, relative ones count from the file's own directory."""

    inventory: InventorySection = InventorySection()
    data: DataSection = DataSection()
    poller: PollerSection
    secrets: SecretsSection = SecretsSection()
    poll: PollSection = PollSection()
    notices: NoticesSection = NoticesSection()
    store: StoreSection = StoreSection()
    influxdb: InfluxdbSection = InfluxdbSection()
    http: HttpSection = HttpSection()
    web: WebSection = WebSection()
    alerts: AlertsSection = AlertsSection()
    mail: MailSection = MailSection()
    sms: SmsSection = SmsSection()
    modem: ModemSection = ModemSection()
    webhook: WebhookSection = WebhookSection()
    replies: RepliesSection = RepliesSection()
    heartbeat: HeartbeatSection = HeartbeatSection()

    @property
    def metrics_file(self) -> Path:
        return self.data.dir / "metrics.db"

    @property
    def ledger_url(self) -> str:
        """Where alarms, incidents, the roster's overrides and the outbox are kept."""
        return self.alerts.ledger or f"sqlite:///{self.data.dir / 'ledger.db'}"

    @property
    def web_url(self) -> str:
        """How browsers reach the pages."""
        return self.web.url or f"http://{self.web.listen}"

    @property
    def incident_url(self) -> str:
        """Address of an incident's page with {number} in it, for mails; "" where browsers elsewhere reach none."""
        return self.alerts.incident_url or (f"{self.web.url}/incidents/{{number}}" if self.web.url else "")


def load(path: Path) -> Config:
    """Read and check the file; MistakesError holds every mistake with its line."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise MistakesError([Mistake(str(path), 0, "no such file", "'noc init DIR' writes one")]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise MistakesError([Mistake(str(path), 0, f"cannot be read: {error}")]) from None
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise MistakesError([Mistake(str(path), int(line[1]) if line else 0, f"not TOML: {error}")]) from None
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        raise MistakesError(_mistakes(path, text, error)) from None
    return _absolute(config, path.resolve().parent)


def _mistakes(path: Path, text: str, error: ValidationError) -> list[Mistake]:
    found = []
    for one in error.errors():
        where = [str(part) for part in one["loc"]]
        message, hint = one["msg"], ""
        if one["type"] == "extra_forbidden":
            message, hint = (
                f"unknown setting {'.'.join(where)!r}",
                did_you_mean(where[-1], _known(where[:-1])),
            )
        elif one["type"] == "missing":
            message = f"setting {'.'.join(where)!r} is missing"
        else:
            message = f"{'.'.join(where)}: {message.removeprefix('Value error, ')}"
        found.append(Mistake(str(path), _line_of(text, where), message, hint))
    return found


def _known(section: list[str]) -> list[str]:
    if not section:
        return list(Config.model_fields)
    model = Config.model_fields[section[0]].annotation
    return list(model.model_fields) if isinstance(model, type) and issubclass(model, BaseModel) else []


def _line_of(text: str, where: list[str]) -> int:
    """Line of `[section]` or of `key =` in it; 0 where the section does not stand in the file."""
    inside, section_line = len(where) == 1, 0
    key = re.compile(rf"\s*{re.escape(where[-1])}\s*=")
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([\w.-]+)", line)
        if header:
            inside = header[1] == where[0]
            section_line = number if inside else section_line
        elif inside and key.match(line):
            return number
    return section_line


def _absolute(config: Config, home: Path) -> Config:
    return config.model_copy(
        update={
            "inventory": InventorySection(path=home / config.inventory.path),
            "data": DataSection(dir=home / config.data.dir),
            "secrets": SecretsSection(file=home / config.secrets.file),
            "alerts": config.alerts.model_copy(
                update={
                    "rules": home / config.alerts.rules,
                    "oncall": home / config.alerts.oncall,
                    "ca_file": str(home / config.alerts.ca_file) if config.alerts.ca_file else "",
                }
            ),
        }
    )
