"""Reading vSphere by the property collector: leaf paths only, whole sets at once.

A managed object is never read by attribute. That is a round trip for each value, and some servers answer an unset or a
whole structure in a way that the SDK cannot parse; a leaf path that is unset is just absent.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyVmomi import vmodl

Collector = vmodl.query.PropertyCollector
PAGE: Final = 500
"""Objects in one answer at most: a vCenter would put thousands of machines with all their devices into one."""


@dataclass(frozen=True, slots=True)
class ObjectValues:
    """The values of one managed object."""

    ref: Any
    """The managed object."""
    values: Mapping[str, Any]
    """Path to value; an unset property is absent."""
    denied: tuple[str, ...]
    """Paths that the account may not read."""

    def get(self, path: str) -> Any:
        """The value, None when it is unset or denied."""
        return self.values.get(path)


class PropertyReader:
    """Reads through one service content. Raises what the SDK raises: the session translates."""

    def __init__(self, content: Any) -> None:
        self._content = content

    def of(self, objects: Iterable[Any], *paths: str) -> list[ObjectValues]:
        """Values of these objects, in one round trip (and one more for each further page)."""
        chosen = list(objects)
        kinds = {type(each) for each in chosen}
        properties = [Collector.PropertySpec(type=kind, pathSet=list(paths)) for kind in kinds]
        return self._retrieve(properties, [Collector.ObjectSpec(obj=each) for each in chosen]) if chosen else []

    def below(self, container: Any, kind: Any, *paths: str) -> list[ObjectValues]:
        """Values of every object of a kind below `container`, by a view of it."""
        view = self._content.viewManager.CreateContainerView(container, [kind], True)
        try:
            members = Collector.TraversalSpec(name="members", path="view", skip=False, type=type(view))
            start = Collector.ObjectSpec(obj=view, skip=True, selectSet=[members])
            return self._retrieve([Collector.PropertySpec(type=kind, pathSet=list(paths))], [start])
        finally:
            view.DestroyView()

    def _retrieve(self, properties: Sequence[Any], objects: Sequence[Any]) -> list[ObjectValues]:
        wanted = Collector.FilterSpec(propSet=list(properties), objectSet=list(objects))
        return [_seen(found) for page in self._pages(wanted) for found in page.objects]

    def _pages(self, wanted: Any) -> Iterator[Any]:
        collector = self._content.propertyCollector
        page = collector.RetrievePropertiesEx([wanted], Collector.RetrieveOptions(maxObjects=PAGE))
        while page is not None:
            yield page
            page = collector.ContinueRetrievePropertiesEx(page.token) if page.token else None


def _seen(found: Any) -> ObjectValues:
    values = {each.name: each.val for each in found.propSet}
    return ObjectValues(found.obj, values, tuple(each.path for each in found.missingSet or ()))
