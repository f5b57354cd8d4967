"""What the tables of seed and cutover do not say."""

from collections.abc import Iterator

from failback.scenarios.text.language import joined, message, said, translated

from .case_names import name_words
from .cutover_values import Cutover
from .prediction import Prediction
from .words import many_runs


def cutover_notes(found: Prediction) -> Iterator[str]:
    """What the table does not say."""
    seeds, runs = found.cutover, found.question.runs_tried
    if seeds is None:
        return
    if _any_ahead(seeds):
        yield (
            said(
                "Begin to seed: with {runs} for each minute that was tried, a wave that begins one minute later is not "
                "seeded when it may fail back, in this case: {case}. Seeded in time: runs of the {first} case with "
                "these starts.",
                runs=many_runs(runs),
                case=seeds.case.words,
                first=name_words(found.first.case),
            )
        )
    yield from _not_ahead(found, seeds)
    yield (
        said(
            "Latest go/no-go decision: if the wave has not begun to fail back by then, not everything is home by the "
            "deadline ({case} case, {runs}).",
            case=name_words(found.first.case),
            runs=many_runs(runs),
        )
    )


def _not_ahead(found: Prediction, seeds: Cutover) -> Iterator[str]:
    """Cases and disks for which seeding ahead does not work."""
    late = [translated(case.case.words) for case in found.cases if seeds.starts[case.case.name] is None]
    if late and _any_ahead(seeds):
        yield said(
            "Even an immediate start is too late for: {cases}. Machines not seeded by then fail back once seeded.",
            cases=joined(late, "; "),
        )
    for wave in seeds.waves:
        if wave.waits is not None and wave.waits.firsts:
            yield said(
                "{wave} replicates home only when {before} is home, and the waves behind it only when it has begun: it "
                "has a machine with the same BIOS UUID as {firsts} (R11).",
                wave=wave.wave,
                before=wave.waits.wave,
                firsts=", ".join(wave.waits.firsts),
            )
    free = [wave for wave in seeds.waves if wave.waits is None]
    left = {wave.wave: wave.disks - wave.disks_ahead for wave in free if wave.disks_ahead < wave.disks}
    if left:
        waves, count = ", ".join(left), sum(left.values())
        one, more = (
            message(
                "{n} disk ({waves}) cannot seed ahead: slots are held until the commit. It seeds when a slot is free."
            ),
            message(
                "{n} disks ({waves}) cannot seed ahead: slots are held until the commit. They seed when slots are free."
            ),
        )
        yield said(more if count > 1 else one, n=str(count), waves=waves)


def _any_ahead(seeds: Cutover) -> bool:
    return any(wave.begins is not None for wave in seeds.waves)
