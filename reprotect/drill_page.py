"""The page of the drill: what it does about one item when something is heard of it."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from .drill import (
    ACTION_WORDS,
    CONDITION_WORDS,
    EVENT_WORDS,
    STATE_WORDS,
    TRANSITIONS,
    DrillState,
    Transition,
    always,
    stay,
)
from .markdown import page, state_diagram, table


def transitions_page() -> str:
    """What the drill does about one item when something is heard of it."""
    intro = (
        "This page applies to rehearsals and to real returns. A *state* says what the run is doing for a machine. A "
        "*phase* says how far the *item* (the protected machine in the vault) is in its [lifecycle](lifecycle.md). A "
        "*gate* is a point of the plan at which the run asks a person whether to go on. The *group* of a machine is "
        "its replication group or recovery plan; a run sends the requests for a group together. Machines of `plan: "
        "together` have requests of their own, and wait for each other before failback and commit "
        "([together](runbook.md#machines-of-an-application-that-fail-back-together)).\n\n"
        "The diagram leaves out the changes to *stopped*, which are possible from every state except "
        "*home*."
    )
    rule = (
        "For a state and an event, the first row with a true condition applies. An empty condition is always true. "
        "Events that have no effect are left out."
    )
    states = table(("state", "meaning"), ((state.value, words) for state, words in STATE_WORDS.items()))
    events = table(("event", "meaning"), EVENT_WORDS.items())
    rows = table(("state", "event", "condition", "action", "next state"), _transition_rows())
    parts = (state_diagram(_transition_edges()), "## States", states, "## Events", events, "## Transitions", rule, rows)
    return page("How a run handles a machine", intro, *parts)


def _transition_edges() -> Iterable[str]:
    yield f"[*] --> {DrillState.READY.value}"
    edges = {(state, row.to): dict[str, None]() for row in TRANSITIONS for state in row.states}
    for row in TRANSITIONS:
        for state in row.states:
            edges[state, row.to][row.event.__name__] = None
    for (state, to), events in edges.items():
        if to is not None and to not in (state, DrillState.STOPPED):
            yield f"{state.value} --> {to.value}: {', '.join(events)}"


def _transition_rows() -> Iterable[Sequence[str]]:
    """Neighbours that differ in their event alone are one row of the page."""
    for (states, *rest), rows in groupby(
        filter(_changes, TRANSITIONS), lambda row: (row.states, *_transition_cells(row))
    ):
        events = ", ".join(dict.fromkeys(row.event.__name__ for row in rows))
        yield (_state_words(states), events, *rest)


def _changes(row: Transition) -> bool:
    """Whether the page has a row for it. A row that does nothing under a condition keeps a later one from its turn."""
    return row.to is not None or row.when is not always or row.do is not stay


def _state_words(states: Sequence[DrillState]) -> str:
    """By name, or by those that are missing if that is shorter."""
    missing = [state.value for state in DrillState if state not in states]
    return f"all except {' and '.join(missing)}" if len(missing) == 2 else ", ".join(state.value for state in states)


def _transition_cells(row: Transition) -> tuple[str, str, str]:
    return (CONDITION_WORDS[row.when], ACTION_WORDS[row.do], row.to.value if row.to else "the same")
