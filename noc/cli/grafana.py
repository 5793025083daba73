"""`noc grafana export`: data source and dashboards for a Grafana that reads the InfluxDB copy."""

from collections.abc import Mapping
from pathlib import Path

import click

from noc.cli.data import Refused
from noc.cli.desk import configured

HEADER = "# Written by 'noc grafana export': change the inventory or noc.toml and write it anew.\n"


@click.group()
def grafana() -> None:
    """Grafana: dashboards of what InfluxDB has.

    \b
    Examples:
      noc grafana export grafana
    """


@grafana.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--url", metavar="URL", help="How Grafana reaches InfluxDB  [default: url of [influxdb]]")
@click.option(
    "--path", metavar="PATH", help="Where DIR/dashboards lies on Grafana's machine  [default: as written here]"
)
@click.option("--token", is_flag=True, help="Log in with a token (InfluxDB 2.x, 3) instead of user and password.")
@click.pass_context
def export(context: click.Context, folder: Path, url: str | None, path: str | None, token: bool) -> None:
    """Write provisioning files: a data source (InfluxQL) and five dashboards: overview, site, link, IRU, NOC health.

    Secrets are not written: Grafana takes NOC_GRAFANA_USER and NOC_GRAFANA_PASSWORD (or NOC_GRAFANA_TOKEN) from its own
    environment. Sites and links stand in the dashboards: export again when the inventory changed.

    \b
    Examples:
      noc grafana export /etc/grafana/govnet
      noc grafana export out --url http://influx.example:8086
      noc grafana export out --path /var/lib/grafana/dashboards/govnet
    """
    import json

    from dashboards.grafana.provisioning import dashboard_files, data_source, provider

    config, inventory = configured(context)
    where = url or config.influxdb.url
    if not where:
        raise Refused("no InfluxDB is named: say --url, or set url under [influxdb] in noc.toml")
    dashboards = folder / "dashboards"
    source = data_source(where, config.influxdb.bucket, config.influxdb.org, token=token)
    provided = provider(path or str(dashboards.resolve()))
    files = {
        folder / "provisioning" / "datasources" / "govnet-noc.yaml": HEADER + json.dumps(source, indent=2) + "\n",
        folder / "provisioning" / "dashboards" / "govnet-noc.yaml": HEADER + json.dumps(provided, indent=2) + "\n",
        **{dashboards / name: text for name, text in dashboard_files(inventory).items()},
    }
    _write(files)
    click.echo(f"{len(files)} files written to {folder}; docs/grafana.md says how Grafana finds them")


def _write(files: Mapping[Path, str]) -> None:
    """Each whole or not at all: Grafana may read them at any moment."""
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(f".{path.name}.new")
            beside.write_text(text, encoding="utf-8")
            beside.replace(path)
    except OSError as error:
        raise Refused(f"{error.filename}: {error.strerror}") from error
