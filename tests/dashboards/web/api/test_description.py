"""The description of the API is true: whatever is generated from it is answered as it says, and never with a 500."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from pydantic import ValidationError
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from dashboards.web.api import examples
from dashboards.web.api.tables import TABLES
from dashboards.web.viewer import Right
from tests.dashboards.web.api.front import Front, opened
from tests.thorough import THOROUGH

FEW, MANY = 2, 60
APART = (  # what is well formed may still mean nothing: 422; what lies elsewhere may be away: 503, and 500 never
    "positive_data_acceptance",
    "not_a_server_error",
)
REAL = {  # of what is generated nobody has heard; half of it is asked of these
    "key": ["lga-chamwino", "lga-chamwino-a", "lga-chamwino-r1", "dod-core-1"],
    "number": [1, 2, 3],
}


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Of its own: whatever is generated is done here. Wherever tests run each route is tried in one of both modes."""
    with opened(tmp_path_factory.mktemp("tried")) as one:
        yield one


def operations(front: Front) -> list[Any]:
    schema = schemathesis.openapi.from_dict(front.ask("/openapi.json").json())
    schema.app = front.app
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.thorough
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=lambda mode: mode.value)
def test_given_anything_made_from_the_description_then_it_is_answered_as_described(
    tried: Front, mode: GenerationMode
) -> None:
    load_all_checks()
    checks = [check for check in CHECKS.get_all() if check.__name__ not in APART]
    for place, operation in enumerate(operations(tried)):
        if not THOROUGH and place % 2 != (mode is GenerationMode.NEGATIVE):
            continue
        holds(operation, mode, checks, random.Random(place))


def holds(operation: Any, mode: GenerationMode, checks: list[Any], chosen: random.Random) -> None:
    headers = {"Authorization": "Bearer admin"}

    @settings(
        max_examples=MANY if THOROUGH else FEW,
        deadline=None,
        derandomize=not THOROUGH,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def answered(case: Any) -> None:
        if mode is GenerationMode.POSITIVE and chosen.random() < 0.5:
            real = {name: chosen.choice(REAL[name]) for name in case.path_parameters or {} if name in REAL}
            case.path_parameters |= real
        response = case.call(headers=headers)
        assert response.status_code != 500, response.text
        case.validate_response(response, checks=checks, headers=headers)

    answered()


def test_given_the_description_then_it_names_everything_of_every_route(front: Front) -> None:
    described = front.ask("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    routes = {(route.path, route.methods[0].lower()): route for table in TABLES for route in table}
    told = {(path, method): one for path, found in described["paths"].items() for method, one in found.items()}
    assert told.keys() == {key for key, route in routes.items() if "responses" in route.more}
    names = [one["operationId"] for one in told.values()]
    assert len(set(names)) == len(names)
    for key, one in told.items():
        assert one["summary"] and one["description"] and one["tags"], key
        assert {"401", "403", "422", "503"} <= one["responses"].keys(), key
        for status, response in one["responses"].items():
            assert response["description"], (key, status)
            if status >= "4":
                assert list(response["content"]) == ["application/problem+json"], (key, status)
        scope = "act" if routes[key].needs is Right.ACT else "admin" if routes[key].needs is Right.ADMIN else "read"
        assert one["security"] == [{"token": [scope]}, {"session": []}], key
    assert {"token", "session"} == described["components"]["securitySchemes"].keys()


def test_given_the_description_then_each_route_has_an_example_that_is_as_its_models_say(front: Front) -> None:
    described = front.ask("/openapi.json").json()["paths"]
    routes = {route.more["operation_id"]: route for table in TABLES for route in table if "responses" in route.more}
    assert examples.read().keys() == routes.keys(), "make api-examples"
    for path, found in described.items():
        for how, one in found.items():
            [(status, told)] = [each for each in one["responses"].items() if each[0] in ("200", "201")]
            shown = told["content"]["application/json"]["examples"]["sample"]["value"]
            model = routes[one["operationId"]].more["responses"][int(status)]["model"]
            with told_how(f"{how} {path}: 'make api-examples' asks for it anew"):
                model.model_validate(shown)
            needed = [each for each in one.get("parameters", ()) if each["required"]]
            assert all("example" in each for each in needed), (how, path)
            if "requestBody" in one:
                assert "sample" in one["requestBody"]["content"]["application/json"]["examples"], (how, path)


@contextmanager
def told_how(text: str) -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        pytest.fail(f"{text}\n{error}")


def test_given_the_examples_then_no_secret_and_no_machine_is_in_them() -> None:
    text = examples.FILE.read_text()
    assert "/tmp" not in text
    assert not re.search(r"(noc_|key=|token=)(?!A-long-word)[\w-]{12,}", text)


def test_given_the_description_once_more_then_it_is_not_sent_again(front: Front) -> None:
    first = front.ask("/openapi.json")
    again = front.ask("/openapi.json", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert front.ask("/openapi.json", "").status_code == 401
