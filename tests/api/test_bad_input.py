"""Whatever a public name is given, what comes back is a result or one paragraph."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import failback
from failback.adapters import VcsimMissing
from failback.scenarios.run import player
from failback.scenarios.usage_error import UsageError

VM = "one_modernised_vm"
SMALL = {"backend": "serial"}


def study() -> failback.Study:
    return failback.Study(VM).vary(bandwidth=[50, 500])


PREDICT = {"scenario": VM, "start": "2026-06-05 18:00", "by": "2026-06-07 18:00", "runs": 1, "today": "2026-06-01"}
HOURS = {"assumed_s": [1.0, 2.0], "known_s": [1.0, 2.0], "actual_s": [1.0, 2.0]}
CALLS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "play": (failback.play, {"scenario": VM}),
    "check": (failback.check, {"estate": VM}),
    "predict": (failback.predict, PREDICT),
    "load_scenario": (failback.load_scenario, {"scenario": VM}),
    "calibrate": (failback.calibrate, {"sources": "no-such-run"}),
    "mock": (failback.mock, {"scenario": VM}),
    "Study": (failback.Study, {"scenario": VM}),
    "Study.replicate": (study().replicate, {"runs": 1}),
    "Study.only": (study().only, {"cases": [{"bandwidth": 50}]}),
    "Study.table": (study().table, SMALL),
    "Study.play": (study().play, {}),
    "Study.busy": (study().busy, {}),
    "Study.tornado": (study().tornado, SMALL),
    "stories.varied": (failback.stories.varied, {"scenario": VM, "bandwidth": 50}),
    "stories.with_outage": (failback.stories.with_outage, {"scenario": "one_vm", "part": "cs-01", "at_share": 0.5}),
    "stories.side_by_side": (failback.stories.side_by_side, {"stories": {"one": VM}, "runs": 1, **SMALL}),
    "stories.synthetic_vault": (failback.stories.synthetic_vault, {"scenario": VM, "seed": 1}),
    "stories.drills_took_s": (failback.stories.drills_took_s, {"scenario": VM, "seeds": [1]}),
    "words.slot_words": (failback.words.slot_words, {"scenario": VM}),
    "words.way_words": (failback.words.way_words, {}),
    "words.swing_words": (failback.words.swing_words, {}),
    "words.busy_words": (failback.words.busy_words, {}),
    "words.prediction_words": (failback.words.prediction_words, HOURS),
    "pictures.gantt": (failback.pictures.gantt, {}),
    "pictures.swings_picture": (failback.pictures.swings_picture, {}),
    "pictures.utilisation": (failback.pictures.utilisation, {}),
    "pictures.prediction_picture": (failback.pictures.prediction_picture, HOURS),
    "words.least_words": (failback.words.least_words, {"column": "bandwidth_mbit_per_s", "by_h": 12, "sure": 0.9}),
    "words.knee_words": (failback.words.knee_words, {"column": "bandwidth_mbit_per_s"}),
    "words.unknown_words": (failback.words.unknown_words, {"column": "bandwidth_mbit_per_s"}),
    "words.purchase_words": (failback.words.purchase_words, {"now": {"bandwidth_mbit_per_s": 50}}),
    "words.summary_table": (failback.words.summary_table, {}),
    "words.readable_table": (failback.words.readable_table, {}),
    "words.comparison_words": (failback.words.comparison_words, {}),
    "pictures.home_against": (failback.pictures.home_against, {"column": "bandwidth_mbit_per_s"}),
    "pictures.story_bars": (failback.pictures.story_bars, {}),
}
ODD: tuple[Any, ...] = (
    object(),
    3.5,
    -1,
    10**400,
    math.nan,
    True,
    b"bytes",
    "",
    "no such thing",
    "nothing\0",
    "x" * 5000,
    "../..",
    (),
    [None],
    [[1]],
    {},
    {1: 2},
    Path("no/such/file.yaml"),
    lambda: None,
)


def arguments(function: Callable[..., Any]) -> Iterator[str]:
    from inspect import signature

    return iter(signature(function).parameters)


EACH = [
    (name, argument)
    for name, (function, _) in CALLS.items()
    for argument in arguments(function)
    if argument != "columns"  # they have no name; see the test of unknown columns
]


def try_call(function: Callable[..., Any], **given: Any) -> failback.BadInput | failback.Unreachable | None:
    """What it raised, if that is for people; anything else is a traceback from inside."""
    try:
        made = function(**given)
        if function is failback.mock:
            with made:
                pass
    except (failback.BadInput, failback.Unreachable) as refused:
        return refused
    return None


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """What studies give, for the functions that say or draw it."""
    both = {"one": VM, "two": "one_vm"}
    return {
        "answer": study().play(),
        "frame": study().run(backend="serial"),
        "parts": study().busy(),
        "stories": failback.stories.side_by_side(both, 1, backend="serial"),
        "swings": study().tornado(backend="serial"),
    }


def base(name: str, made: dict[str, Any]) -> tuple[Callable[..., Any], dict[str, Any]]:
    """A call that works."""
    function, given = CALLS[name]
    if name in ("words.comparison_words", "pictures.story_bars"):
        return function, {"frame": made["stories"]}
    if name == "words.readable_table":
        return function, {"table": made["frame"]}
    return function, {**{key: made[key] for key in arguments(function) if key in made and key != "stories"}, **given}


@pytest.mark.parametrize("name", sorted(CALLS.keys() - {"calibrate"}))
def test_the_calls_that_are_changed_below_work_as_they_are(name: str, made: dict[str, Any]) -> None:
    function, given = base(name, made)
    assert try_call(function, **given) is None


@pytest.mark.parametrize(("name", "argument"), EACH)
def test_an_argument_of_the_wrong_type_is_refused_by_its_name(name: str, argument: str, made: dict[str, Any]) -> None:
    function, given = base(name, made)
    refused = try_call(function, **{**given, argument: object()})
    assert isinstance(refused, failback.BadInput)
    (paragraph,) = str(refused).splitlines()
    assert argument in paragraph or name == "stories.varied"
    assert "object at 0x" in paragraph


@pytest.mark.parametrize(("name", "argument"), EACH)
def test_an_odd_value_gives_a_result_or_a_paragraph(
    name: str, argument: str, made: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FAILBACK_VCSIM", raising=False)
    function, given = base(name, made)
    for value in ODD:
        if not (argument == "on_line" and callable(value)):  # what a person's own function raises is theirs
            try_call(function, **{**given, argument: value})


@pytest.mark.parametrize("name", [name for name, (_, given) in CALLS.items() if {"scenario", "estate"} & set(given)])
@pytest.mark.parametrize("value", ["first_dril", "no/such/file.yaml", "", ".", "x" * 5000, "nothing\0"])
def test_an_unknown_name_and_a_path_that_is_none_are_refused(name: str, value: str) -> None:
    function, given = CALLS[name]
    wanted = "estate" if name == "check" else "scenario"
    refused = try_call(function, **{**given, wanted: value})
    assert isinstance(refused, failback.BadInput)
    assert len(str(refused).splitlines()) == 1


def test_a_name_that_is_nearly_right_gets_a_hint() -> None:
    with pytest.raises(failback.BadInput, match="did you mean `first_drill`"):
        failback.play("first_dril")


def test_world_azure_without_settings_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FAILBACK_AZURE_SUBSCRIPTION", raising=False)
    for verb in (failback.play, failback.check):
        with pytest.raises(failback.BadInput, match="FAILBACK_AZURE_SUBSCRIPTION"):
            verb(VM, world="azure")


def test_a_live_vault_is_not_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SUBSCRIPTION", "RESOURCE_GROUP", "VAULT"):
        monkeypatch.setenv(f"FAILBACK_AZURE_{name}", "any")
    with pytest.raises(failback.BadInput, match="live endpoints are only read without consent"):
        failback.play(VM, world="azure")


def test_what_the_command_line_calls_an_option_is_an_argument_here() -> None:
    with pytest.raises(failback.BadInput, match=r"failback\.predict: sure is 120;"):
        failback.predict(VM, start="Fri 18:00", by="Mon 06:00", sure=120)
    with pytest.raises(failback.BadInput, match=r"^hold_out: found 3"):
        failback.calibrate("no-such-run", hold_out=3)


def test_a_reading_that_does_not_exist_is_refused() -> None:
    with pytest.raises(failback.BadInput, match="There is no reading 'C99'"):
        failback.check(VM, readings={"C99": "strict"})


@pytest.mark.parametrize("key", ["bandwith", "", "estate"])
def test_an_unknown_key_is_refused(key: str) -> None:
    for refusing in (failback.Study(VM).vary, lambda **values: failback.stories.varied(VM, **values)):
        with pytest.raises(failback.BadInput, match="cannot vary"):
            refusing(**{key: [1]})


def test_an_unknown_column_is_refused_with_those_that_there_are(made: dict[str, Any]) -> None:
    for call in (
        lambda: failback.words.knee_words(made["frame"], "bandwith"),
        lambda: failback.words.summary_table(made["frame"], "bandwith"),
        lambda: failback.pictures.home_against(made["frame"], "home_h", per="bandwith"),
        lambda: failback.words.purchase_words(made["frame"], {"bandwith": 50}),
    ):
        with pytest.raises(failback.BadInput, match="no column 'bandwith'; it has variant, bandwidth_mbit_per_s"):
            call()


def test_a_port_that_is_taken_is_refused_once_the_block_begins() -> None:
    with failback.mock(VM) as first:
        port = int(first.base_url.rpartition(":")[2])
        with pytest.raises(failback.BadInput, match=f"port {port}"), failback.mock(VM, port=port):
            pass


def test_an_error_of_the_block_is_left_alone() -> None:
    with pytest.raises(UsageError, match="mine"), failback.mock(VM):
        raise UsageError("mine")


def test_an_estate_file_is_served_like_a_scenario(tmp_path: Path) -> None:
    file = tmp_path / "ours.yaml"
    file.write_text(
        "virtual_machines: [{name: web, os: linux, host: h, datastore: d, disks: [{size_gib: 9}]}]\n"
        "hosts: [{name: h, datastores: [d]}]\ndatastores: [{name: d}]\n"
        "appliances: [{name: box, host: h, datastore: d}]\n"
        "link: {bandwidth_mbit_per_s: 100}\n"
    )
    with failback.mock(file, in_process=True) as served:
        assert list(served.arm.world.vault.items) == ["web"]


def test_a_fault_that_is_none_is_refused() -> None:
    with failback.mock(VM, in_process=True) as served, pytest.raises(failback.BadInput, match=r"failback\.Mock\.fault"):
        served.fault("no such fault")


def test_a_fault_is_armed_by_its_names() -> None:
    with failback.mock(VM, in_process=True) as served:
        assert served.fault("status", status=429, operation="*failover", count=None) is not None
        (rule,) = served.arm.rules
        assert (rule.rule.status, rule.rule.count) == (429, None)
        assert served.fault("snapshot_appears", object="app-01") is None


def test_an_endpoint_that_is_not_there_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: Any, **__: Any) -> Any:
        raise VcsimMissing("no vcsim here")

    monkeypatch.setattr(player, "play", missing)
    with pytest.raises(failback.Unreachable, match="no vcsim here"):
        failback.play(VM, world="lab")
