"""The wall as parts that are drawn, sent and compared one by one: a part that is equal need not be drawn again."""

from dataclasses import dataclass

from dashboards.wall.faults import Faults, faults_of
from dashboards.wall.fitness import Banner, Own, banner_of, own_of
from dashboards.wall.heading import Counts, Duty, Fresh, counts_of, duties_of, fresh_of
from dashboards.wall.map import Map, map_of
from dashboards.wall.scene import Scene
from dashboards.wall.traffic import Busiest, Gauges, busiest_of, gauges_of


@dataclass(frozen=True, slots=True)
class Wall:
    """Names of the parts are those of their templates and of the elements that hold them."""

    counts: Counts
    fresh: Fresh
    duty: tuple[Duty, ...]
    map: Map
    faults: Faults
    gauges: Gauges
    busiest: Busiest
    own: Own
    banner: Banner


def wall_of(scene: Scene) -> Wall:
    return Wall(
        counts=counts_of(scene),
        fresh=fresh_of(scene),
        duty=duties_of(scene),
        map=map_of(scene),
        faults=faults_of(scene),
        gauges=gauges_of(scene),
        busiest=busiest_of(scene),
        own=own_of(scene),
        banner=banner_of(scene),
    )
