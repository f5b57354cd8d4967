"""The four tiles of the first screen: answer, condition, missed target, what helps. One look has to be enough."""

from collections.abc import Sequence

from .condition_tile import condition_tile
from .helps_tile import helps_tile
from .missed_tile import missed_tile
from .prediction import Prediction
from .tile import Tile
from .verdict import answer_tile


def tiles(found: Prediction) -> Sequence[Tile]:
    """All of them, in this order."""
    return answer_tile(found), condition_tile(found), missed_tile(found), helps_tile(found)
