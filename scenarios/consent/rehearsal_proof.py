"""What the folder of a rehearsal proves: a run in sim or lab that has finished, and how it ended."""

from pathlib import Path

from failback.scenarios.files.loader import load_scenario
from failback.scenarios.files.yaml_source import BadInput
from failback.scenarios.outputs.run_folders.identity import FINISHED, read_identity
from failback.scenarios.outputs.run_folders.result_file import RESULT, read_result
from failback.scenarios.outputs.run_folders.run_folder import SCENARIO
from failback.scenarios.outputs.run_folders.scenario_hash import hash_of

from .case import Or, Rehearsed
from .subject import subject_of


def read_rehearsal(folder: Path) -> Or[Rehearsed]:
    """The rehearsal in this folder; why there is none."""
    identity = read_identity(folder)
    if identity is None:
        return f"{folder} holds no run that was kept with --out"
    try:
        result, scenario = read_result(folder / RESULT), load_scenario(folder / SCENARIO)
        content = (folder / SCENARIO).read_bytes()
    except BadInput as bad:
        return str(bad)
    except OSError as broken:
        return f"{folder / SCENARIO} cannot be read ({broken.strerror})"
    same = (result.scenario, result.world, scenario.name) == (identity.scenario, identity.world, identity.scenario)
    whole = same and identity.is_sealed and identity.state == FINISHED and hash_of(content) == identity.plan_hash
    return Rehearsed(subject_of(scenario), identity.world, result.verdict, whole)
