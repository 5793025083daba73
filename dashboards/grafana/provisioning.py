"""Files that Grafana reads when it starts: where the data is, and which dashboards there are."""

import json
from collections.abc import Mapping
from typing import Any

from dashboards.grafana.boards import boards
from dashboards.grafana.panel import SOURCE, as_json
from inventory.model import Inventory

USER, PASSWORD, TOKEN = "$NOC_GRAFANA_USER", "$NOC_GRAFANA_PASSWORD", "$NOC_GRAFANA_TOKEN"


def data_source(url: str, bucket: str, org: str, *, token: bool) -> Mapping[str, Any]:
    """Secrets are never written: Grafana takes them from its own environment."""
    shared = {"httpMode": "GET", "dbName": bucket, "timeInterval": "30s"}
    known: dict[str, Any]
    if token:
        known = {
            "jsonData": {**shared, "httpHeaderName1": "Authorization", "organization": org},
            "secureJsonData": {"httpHeaderValue1": f"Token {TOKEN}"},
        }
    else:
        known = {"user": USER, "jsonData": shared, "secureJsonData": {"password": PASSWORD}}
    return {
        "apiVersion": 1,
        "datasources": [
            {
                "name": "GovNet NOC",
                "uid": SOURCE["uid"],
                "type": SOURCE["type"],
                "access": "proxy",
                "url": url,
                "database": bucket,
                "editable": False,
                **known,
            }
        ],
    }


def provider(path: str) -> Mapping[str, Any]:
    """`path`: where the dashboards' files lie on the machine that runs Grafana."""
    one = {"name": "GovNet NOC", "folder": "GovNet", "type": "file", "options": {"path": path}}
    return {"apiVersion": 1, "providers": [{**one, "allowUiUpdates": False, "disableDeletion": True}]}


def dashboard_files(inventory: Inventory) -> Mapping[str, str]:
    """File name -> its JSON, of every dashboard."""
    return {
        f"{board.uid.removeprefix('govnet-noc-')}.json": json.dumps(as_json(board), indent=1, ensure_ascii=False) + "\n"
        for board in boards(inventory)
    }
