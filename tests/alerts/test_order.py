import random

from hypothesis import given
from hypothesis import strategies as st

from tests.alerts.field import Field, inventory_of
from tests.thorough import tried

REGION = [("core-1", "core-2"), ("core-1", "pe"), ("core-2", "pe"), ("core-1", "other")]
REGION += [("pe", f"c{number}") for number in range(12)]


@tried(40, many=400)
@given(st.integers(0, 10**6), st.floats(0.0, 0.03))
def test_rule_18_any_poll_order_gives_the_same_states_for_a_dead_region(seed: int, loss: float) -> None:
    field = Field(inventory_of(REGION), "core-1", seed=seed, loss=loss)
    field.run(15.0)
    field.said.clear()
    field.dead = {"pe"}
    field.run_for(40.0)
    states = field.states()
    assert states["device pe"] == "down"
    assert {states[f"device c{number}"] for number in range(12)} == {"unreachable"}
    downs = {each.key for each in field.said if each.kind == "device" and each.after == "down"}
    assert downs == {"pe"}, "no child was called down on the way"
    field.said.clear()
    field.dead = set()
    field.run_for(40.0)
    assert {state for key, state in field.states().items() if "device" in key} == {"up"}
    assert not [each for each in field.said if each.kind == "device" and each.after in ("down", "unreachable")]


def random_network(seed: int) -> list[tuple[str, str]]:
    """A tree of some depth with a few links more, so that there are rings and second ways."""
    draw = random.Random(seed)
    names = ["core-1", *(f"r{number}" for number in range(14))]
    links = {(draw.choice(names[:place]), name) for place, name in enumerate(names) if place}
    for _ in range(4):
        a, b = sorted(draw.sample(range(len(names)), 2))
        if (names[b], names[a]) not in links:
            links.add((names[a], names[b]))
    return sorted(links)


@tried(40, many=400)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 3))
def test_rule_18_on_any_network_two_poll_orders_agree_and_agree_with_the_truth(
    seed: int, order: int, deaths: int
) -> None:
    inventory = inventory_of(random_network(seed))
    dead = set(random.Random(seed).sample([key for key in inventory.devices if key != "core-1"], deaths))
    found = []
    for phase in (order, order + 1):
        field = Field(inventory, "core-1", seed=phase, gateway="core-1")
        field.run(15.0)
        field.dead = dead
        field.run_for(60.0)
        found.append(field.states())
    assert found[0] == found[1]
    live = field.topology.reachable(dead)
    for key in inventory.devices:
        assert (found[0][f"device {key}"] == "up") is (key in live)
        if found[0][f"device {key}"] == "down":
            assert {far for far, _ in field.topology.neighbours(key)} & live, "a root borders on what still answers"
            assert key in dead
