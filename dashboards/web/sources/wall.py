"""Figures of the wallboard that are too dear for an answer: computed beside the requests whenever a slot closes."""

from typing import Protocol

from dashboards.wall.scene import Beside


class WallSource(Protocol):
    def beside(self) -> Beside | None:
        """What is there, at once; newer figures come by themselves later. None: the first ones are being computed.

        Safe in several threads; never raises: where the store cannot be read, the last ones stay.
        """
        ...
