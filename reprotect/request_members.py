"""For which machines a line of a history speaks: one about a recovery plan speaks for those that go by its request."""

from .history import Line


class RequestMembers:
    """Hears requests. A machine that was asked for by itself since is no longer of the plan's request."""

    def __init__(self) -> None:
        self._members: dict[str, tuple[str, ...]] = {}
        self._asked_as: dict[str, str] = {}

    def asked(self, line: Line) -> tuple[str, ...]:
        """A request; the machines that it is for."""
        subject = str(line.item)
        if line.name != "StartPlanOperation":
            self._asked_as[subject] = subject
            return (subject,)
        self._members[subject] = tuple(line.data["items"])
        self._asked_as.update(dict.fromkeys(self._members[subject], subject))
        return self._members[subject]

    def of(self, line: Line) -> tuple[str, ...]:
        """The machines for which an answer, or the end of a job, speaks."""
        subject = str(line.item)
        if subject not in self._members:
            return (subject,)
        return tuple(name for name in self._members[subject] if self._asked_as[name] == subject)
