"""Regions, providers, services, institutions over the API: all that you may see, and each at its own address."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Query
from fastapi.responses import Response

from dashboards.figures import iso
from dashboards.web.api import models_network as models
from dashboards.web.api.asked import Asked, Asking
from dashboards.web.api.pages import ListQuestion
from dashboards.web.api.reading import Key, reading
from dashboards.web.sight.places import found
from dashboards.web.sight.sight import Sight
from inventory.model import Name

Asks = Annotated[ListQuestion, Query()]
Telling = Callable[[Sight, str], Mapping[str, Any]]


def regions(asked: Asking, question: Asks) -> Response:
    """Regions with sites that you may see, and how those stand."""
    return _listed(asked, question, "regions", _region)


def region(asked: Asking, key: Key) -> Response:
    """One region, its sites that you may see, and how many of them stand how."""
    return _one(asked, key, ("region", "regions"), _region)


def providers(asked: Asking, question: Asks) -> Response:
    """Who delivers circuits, and where they are called."""
    return _listed(asked, question, "providers", _provider)


def provider(asked: Asking, key: Key) -> Response:
    """One provider, where it is called, and its circuits."""
    return _one(asked, key, ("provider", "providers"), _provider)


def services(asked: Asking, question: Asks) -> Response:
    """What people use, the sites that it is declared to depend on, and how those stand."""
    return _listed(asked, question, "services", _service)


def service(asked: Asking, key: Key) -> Response:
    """One service, and how the sites stand that it is declared to depend on."""
    return _one(asked, key, ("service", "services"), _service)


def institutions(asked: Asking, question: Asks) -> Response:
    """Who is served, where, and how that site stands."""
    return _listed(asked, question, "institutions", _institution)


def institution(asked: Asking, key: Key) -> Response:
    """One institution, and how its site stands."""
    return _one(asked, key, ("institution", "institutions"), _institution)


def _region(sight: Sight, key: str) -> Mapping[str, Any]:
    sites = [site.key for site in sight.inventory.sites.values() if site.region == key]
    counts = Counter(_state(sight, site) for site in sites)
    return {"name": name_told(sight.inventory.regions[key]), "sites": sites, "counts": dict(counts)}


def _provider(sight: Sight, key: str) -> Mapping[str, Any]:
    one = sight.inventory.providers[key]
    circuits = [circuit.key for circuit in sight.inventory.circuits.values() if circuit.provider == key]
    return {"name": name_told(one.name), "telephone": one.telephone, "email": one.email, "circuits": circuits}


def _service(sight: Sight, key: str) -> Mapping[str, Any]:
    one = sight.inventory.services[key]
    states = {site: _state(sight, site) for site in one.sites}
    return {"name": name_told(one.name), "url": one.url, "sites": states}


def _institution(sight: Sight, key: str) -> Mapping[str, Any]:
    one = sight.inventory.institutions[key]
    state = _state(sight, one.site) if one.site else None
    return {"name": name_told(one.name), "kind": one.kind, "site": one.site, "state": state}


def _state(sight: Sight, site: str) -> str:
    row = sight.picture.sites.get(site)
    return str(row.state) if row else "unknown"


def _listed(asked: Asked, question: ListQuestion, kind: str, told: Telling) -> Response:
    def make() -> dict[str, Any]:
        every: Sequence[str] = sorted(getattr(asked.sight.inventory, kind))
        shown = asked.page(every, lambda key: (key,), question)
        return {
            "at": iso(asked.sight.now),
            "total": len(every),
            kind: [{"key": key, **told(asked.sight, key)} for key in shown.rows],
            "next": shown.next or None,
        }

    return asked.told(make, asked.standing(), asked.sight.records.declared())


def _one(asked: Asked, key: str, kind: tuple[str, str], told: Telling) -> Response:
    sight = asked.sight
    found(getattr(sight.inventory, kind[1]), key, kind[0])
    return asked.told(
        lambda: {"at": iso(sight.now), kind[0]: {"key": key, **told(sight, key)}},
        *(asked.standing(), sight.records.declared()),
    )


def name_told(name: Name) -> Mapping[str, str]:
    return {"en": name.en, "sw": name.in_language("sw")}


ROUTES: Final = (
    reading("/regions", regions, models.RegionList, "Regions"),
    reading("/regions/{key}", region, models.OneRegion, "One region"),
    reading("/providers", providers, models.ProviderList, "Providers"),
    reading("/providers/{key}", provider, models.OneProvider, "One provider"),
    reading("/services", services, models.ServiceList, "Services"),
    reading("/services/{key}", service, models.OneService, "One service"),
    reading("/institutions", institutions, models.InstitutionList, "Institutions"),
    reading("/institutions/{key}", institution, models.OneInstitution, "One institution"),
)
