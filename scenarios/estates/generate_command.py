"""What `failback generate` does."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from failback.scenarios.outputs.kinds import SYNTHETIC_MARK
from failback.scenarios.outputs.writing import refuse_what_is_not_ours, write_text
from failback.scenarios.text.plain_words import counted, machines
from failback.scenarios.text.yaml_text import yaml_text

from .generating import generated
from .recipe import read_recipe

SYNTHETIC: Final = "synthetic estate"


def run_generate(recipe_file: Path, out: Path, seed: int | None = None) -> str:
    """Write the estate; returns what is to be said. Raises `BadInput`."""
    refuse_what_is_not_ours(out, SYNTHETIC)
    recipe = read_recipe(recipe_file)
    recipe = recipe if seed is None else replace(recipe, seed=seed)
    estate = generated(recipe)
    head = f"{SYNTHETIC_MARK}, seed {recipe.seed}: no machine in it exists\n"
    write_text(out, head + yaml_text(estate), SYNTHETIC)
    disks = sum(len(machine["disks"]) for machine in estate["virtual_machines"])
    many = f"{machines(recipe.machines)} with {counted(disks, 'disk')}"
    return f"{out}: a synthetic estate of {many}.\nNext: failback check {out}"
