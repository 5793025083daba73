"""`noc poll DEVICE`: ask one device now and show what it says."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collectors.diagnosis import Diagnosis
    from noc.asking import Said

SHOWN = 40


@click.command()
@click.argument("device")
@click.option("--seconds", default=0.0, type=click.FloatRange(0, 300), help="Ask twice, so far apart, and show rates.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.option("--all", "show_all", is_flag=True, help=f"Show every interface, not the first {SHOWN}.")
@click.option("--why", is_flag=True, help="Find out what is wrong: one trial after the other, and what to do.")
@click.pass_context
def poll(ctx: click.Context, *, device: str, seconds: float, as_json: bool, show_all: bool, why: bool) -> None:
    """Ask DEVICE now, from here, whether the daemon runs or not; nothing is stored.

    Exit status 0: it answered; 1: it did not (with --why: something is wrong), and the reason is said; 2: there
    is no such device.

    \b
    Examples:
      noc poll dar-core-1
      noc poll dar-core-1 --seconds 10
      noc poll dar-core-1 --json
      noc poll dar-core-1 --why
    """
    import asyncio

    from inventory.mistakes import did_you_mean
    from noc.asking import ask
    from noc.checking import check
    from noc.config_path import find_config

    checked = check(find_config(ctx.obj["config_path"]))
    if not (checked.inventory and checked.secrets):
        raise click.UsageError("\n".join(map(str, checked.mistakes)))
    found = checked.inventory.devices.get(device)
    if found is None:
        hint = did_you_mean(device, checked.inventory.devices)
        raise click.UsageError(f"no device {device!r}" + (f" ({hint})" if hint else ""))
    if why:
        from noc.why import diagnose

        diagnosis = asyncio.run(diagnose(found, checked.secrets))
        _show_why(diagnosis, as_json)
        ctx.exit(0 if diagnosis.fine else 1)
    said = asyncio.run(ask(found, checked.inventory, checked.secrets, seconds_between=seconds))
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps(asdict(said), indent=1, ensure_ascii=False))
    else:
        _show(said, f"{found.address}:{found.snmp.port}", None if show_all else SHOWN)
    ctx.exit(1 if said.failure else 0)


def _show(said: "Said", address: str, most: int | None) -> None:
    from dashboards.figures import duration, rate

    probes = ", ".join(f"{m} {'lost' if rtt is None else f'{rtt:.1f} ms'}" for m, rtt in said.probes.items())
    click.echo(f"{said.device}  {address}  {probes}")
    if said.system:
        click.echo(
            f"  {said.system.get('sysName') or '(no name)'}: {said.system.get('sysDescr') or '(no description)'}"
        )
    if said.uptime_s is not None:
        click.echo(
            f"  up for {duration(said.uptime_s)}, {len(said.interfaces)} interfaces, asked in {said.took_s:.2f} s"
        )
    if said.failure:
        click.echo(f"  {said.failure}", err=True)
    for one in said.interfaces[:most]:
        speed = rate(one["speed_bps"]) if one.get("speed_bps") else ""
        rates = f"in {rate(one['in_bps'])}, out {rate(one['out_bps'])}" if "in_bps" in one else ""
        line = f"  {one['key'][:24]:<24} {_oper(one):<12} {speed:>10}  {rates:<30} {one.get('ifAlias') or ''}"
        click.echo(line.rstrip()[:120])
    if most is not None and len(said.interfaces) > most:
        click.echo(f"  and {len(said.interfaces) - most} more; --all shows them")


def _show_why(diagnosis: "Diagnosis", as_json: bool) -> None:
    if as_json:
        import json

        click.echo(json.dumps(diagnosis.content(), indent=1, ensure_ascii=False))
        return
    click.echo(f"{diagnosis.device}  {diagnosis.address}:{diagnosis.port}  SNMPv{diagnosis.version}")
    for trial in diagnosis.trials:
        mark = {True: "ok  ", False: "FAIL", None: "  - "}[trial.good]
        click.echo(f"  {mark}  {trial.what}")
        click.echo(f"        {trial.result}  ({trial.took_s:.2f} s)")
    click.echo(diagnosis.sentence)
    if diagnosis.advice:
        click.echo(f"What to do: {diagnosis.advice}")


def _oper(interface: dict[str, object]) -> str:
    from inventory.states import OPER_STATUS

    oper = interface.get("oper")
    return (
        "admin down"
        if interface.get("admin") == 2
        else OPER_STATUS.get(oper, str(oper))
        if isinstance(oper, int)
        else "?"
    )
