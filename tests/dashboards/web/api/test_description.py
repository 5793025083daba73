"""The description of the API is true: whatever is generated from it is answered as it says, and never with a 500."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from tests.dashboards.web.api.front import Front
from tests.thorough import THOROUGH

FEW, MANY = 2, 60
LATER = ("positive_data_acceptance",)  # what is well formed may still mean nothing: 422


def operations(front: Front, token: str) -> list[schemathesis.APIOperation]:
    description = front.ask("/openapi.json").json()
    schema = schemathesis.openapi.from_dict(description)
    schema.app = front.app
    return [found.ok() for found in schema.get_all_operations()]


@pytest.mark.thorough
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_given_anything_made_from_the_description_then_it_is_answered_as_described(
    front: Front, mode: GenerationMode
) -> None:
    load_all_checks()
    checks = [check for check in CHECKS.get_all() if check.__name__ not in LATER]
    for operation in operations(front, "admin"):

        @settings(
            max_examples=MANY if THOROUGH else FEW,
            deadline=None,
            derandomize=not THOROUGH,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def tried(case: schemathesis.Case) -> None:
            case.call_and_validate(headers={"Authorization": "Bearer admin"}, checks=checks)

        tried()
