"""How a person sees after a repair that the finding is gone: the facts made fresh, and the check asked again."""

from failback.scenarios.judging.check import Status

from .told import ToldCause

_FRESH = {"sim": "", "lab": " --world lab", "azure": " --world azure"}


def again_words(told: ToldCause, file: str, world: str = "sim") -> str:
    """The command, and in a world that reads a file what is to be changed in the file before it."""
    if told.cause.status == Status.AFTER_RETURN.value:
        return f"after the return: `failback import` into NEW.yaml, then `failback aftercare {file} --after NEW.yaml`"
    command = f"`failback check {file} --rule {told.cause.rule}{_FRESH.get(world, '')}` shows nothing of it"
    if world != "sim":
        return command
    by_hand = (
        f"once the above is true, write what you saw into {file} ({'; '.join(told.keys)})"
        if told.keys
        else f"once the above is true, correct {file}"
    )
    return f"{by_hand}, or export again and repeat the `failback import` that made it; then {command}"
