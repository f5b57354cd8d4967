"""One draw of what is not known tonight: from a wide range what nobody has measured, from a narrow one what was.

As long as nobody can tell whether the line or the disks hold a resync up, some draws take the one and some the other,
as often as it fits what was to be expected. How wide the ranges are is inferred; no real night has been compared.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import erf, exp, hypot, log, sqrt
from random import Random
from statistics import fmean
from typing import Final

from failback.reprotect import VirtualMachine
from failback.scenarios.files.schema import Scenario

from .measured import Copied, Measured, filed_fraction, filed_share
from .outages import outages

UNKNOWN: Final = {"changed": 0.6, "own": 0.3, "scan": 0.2, "line": 0.2}
"""Spread (standard deviation of the logarithm) of what was not measured; `own`: of one machine beside the others
[inferred]."""
KNOWN: Final = {"changed": 0.05, "scan": 0.01, "line": 0.02}
"""The same of what was measured, where what was seen does not differ more than that [inferred]."""
TRIES: Final = 200
"""Draws after which a bound is taken that none has met."""


@dataclass(frozen=True, slots=True)
class Draw:
    """What one run takes for true. `common`: the logarithm of how much more differs than the file says."""

    scan_mib_per_s: float
    line_mbit_per_s: float
    line_full: bool
    common: float


def drawn(scenario: Scenario, known: Measured, chance: Random) -> Scenario:
    """The scenario with one draw."""
    draw = _draw(scenario, known, chance)
    machines = {
        name: _with_share(vm, _share(vm, scenario, known.copied.get(name), draw, chance), scenario, known)
        for name, vm in scenario.estate.virtual_machines.items()
    }
    usual = min(1.0, scenario.site.changed_fraction * exp(draw.common))
    site = replace(scenario.site, scan_mib_per_s=draw.scan_mib_per_s, changed_fraction=usual, changed_spread=0.0)
    schedule = outages(known.stalled_s, chance)
    link = replace(scenario.estate.link, bandwidth_mbit_per_s=draw.line_mbit_per_s, schedule=schedule)
    estate = replace(scenario.estate, virtual_machines=machines, link=link)
    return replace(scenario, estate=estate, site=site, durations={**scenario.durations, **known.durations})


def _draw(scenario: Scenario, known: Measured, chance: Random) -> Draw:
    offs = _offs(known)
    full = known.line_full or chance.random() < likely_full(scenario, known)
    scan = scenario.site.scan_mib_per_s * exp(chance.gauss(0.0, UNKNOWN["scan"]))
    if known.scan_mib_per_s is not None:
        scan = known.scan_mib_per_s * exp(chance.gauss(0.0, max(KNOWN["scan"], known.scan_spread)))
    filed = scenario.estate.link.bandwidth_mbit_per_s
    if known.line_mbit_per_s is None:
        line = filed * exp(chance.gauss(0.0, UNKNOWN["line"]))
    elif full:
        line = known.line_mbit_per_s * exp(chance.gauss(0.0, KNOWN["line"]))
    else:
        line = filed * exp(_above(log(known.line_mbit_per_s / filed), UNKNOWN["line"], chance))
    return Draw(scan, line, full, _common(known, offs, full, chance))


def _common(known: Measured, offs: Mapping[str, float], full: bool, chance: Random) -> float:
    """By those whose share is known; where the line is full, what was sent is only the least that differs."""
    sure = [off for name, off in offs.items() if not full or known.copied[name].sure]
    if sure:
        return chance.gauss(*_learned(sure))
    if offs:
        return _above(fmean(offs.values()), UNKNOWN["changed"], chance)
    return chance.gauss(0.0, UNKNOWN["changed"])


def _share(vm: VirtualMachine, scenario: Scenario, copied: Copied | None, draw: Draw, chance: Random) -> float:
    """The share of this machine that differs."""
    filed = filed_share(vm, scenario)
    if copied is None:
        return min(1.0, filed * exp(draw.common + chance.gauss(0.0, UNKNOWN["own"])))
    if copied.sure or not draw.line_full:
        return min(1.0, copied.share * exp(chance.gauss(0.0, KNOWN["changed"])))
    off = log(max(copied.share, 1e-6) / filed) if filed else 0.0
    return min(1.0, filed * exp(draw.common + _above(off - draw.common, UNKNOWN["own"], chance)))


def _with_share(vm: VirtualMachine, share: float, scenario: Scenario, known: Measured) -> VirtualMachine:
    """Its disks with that share on the whole, and its resync as far as what was sent of it."""
    filed, copied = filed_share(vm, scenario), known.copied.get(vm.name)
    disks = tuple(
        replace(
            disk,
            changed_fraction=share if not filed else min(1.0, filed_fraction(disk, scenario) * share / filed),
        )
        for disk in vm.disks
    )
    done = vm.resync_done_fraction
    if done and copied is not None and not copied.over and share > 0:
        done = min(done, copied.sent_bytes / (share * copied.size_bytes))
    return replace(vm, disks=disks, resync_done_fraction=done)


def _offs(known: Measured) -> Mapping[str, float]:
    """By how much the share of each machine that was seen differs from its file; also of those that are home."""
    return {name: off for name, copied in known.copied.items() if (off := copied.off) is not None}


def likely_full(scenario: Scenario, known: Measured) -> float:
    """How likely the line is what limits the resyncs, if nothing that was seen decides it.

    Either the line gives just what was sent and more differs, or what was sent is all that differs and the line gives
    more. What to expect of the machines is told by those of which it is known.
    """
    offs = _offs(known)
    held = [off for name, off in offs.items() if not known.copied[name].sure]
    if known.line_mbit_per_s is None or not held:
        return 0.0
    middle, spread = _expected([off for name, off in offs.items() if known.copied[name].sure])
    line = log(known.line_mbit_per_s / scenario.estate.link.bandwidth_mbit_per_s)
    share = fmean(held) - middle
    full = _density(line, UNKNOWN["line"]) * _beyond(share, spread)
    free = _density(share, spread) * _beyond(line, UNKNOWN["line"])
    return full / (full + free) if full + free > 0 else 0.5


def _expected(sure: Sequence[float]) -> tuple[float, float]:
    """Where the share of one more machine lies, and how far off that may be, as logarithms."""
    middle, spread = _learned(sure)
    return middle, hypot(spread, UNKNOWN["own"])


def _learned(sure: Sequence[float]) -> tuple[float, float]:
    """What differs of all, by those that are known: Bayes' rule for normal distributions; a few say less than many."""
    weight = 1 / UNKNOWN["changed"] ** 2 + len(sure) / UNKNOWN["own"] ** 2
    return sum(sure) / UNKNOWN["own"] ** 2 / weight, 1 / sqrt(weight)


def _density(x: float, spread: float) -> float:
    return exp(-((x / spread) ** 2) / 2) / spread


def _beyond(x: float, spread: float) -> float:
    """Share of the normal distribution above x."""
    return (1 - erf(x / spread / sqrt(2))) / 2


def _above(bound: float, spread: float, chance: Random) -> float:
    """A normal draw of that spread, above the bound."""
    found = (chance.gauss(0.0, spread) for _ in range(TRIES))
    return next((x for x in found if x >= bound), bound)
