"""The answer as JSON."""

import math
from dataclasses import asdict
from datetime import datetime
from typing import Any

from failback.scenarios.outcomes.taken_for_granted import granted_json

from .answered import answered
from .broken_promises import broken_promises
from .case_answer import CaseAnswer
from .condition import Condition
from .cutover_data import cutover_data
from .levers import LeverEffect
from .not_tried import not_tried, people_words
from .others import Others
from .prediction import Prediction, PurchaseEffect
from .promises import KeptPromise
from .purchase import Purchase
from .sampling import Share
from .sentence import sentence
from .suggested_plan import Suggestion
from .verdict import verdict


def as_dict(found: Prediction) -> dict[str, Any]:
    """The answer as JSON; seconds count from the start, shares are runs in time of runs played."""
    question, plan = found.question, found.suggestion
    return {
        "label": "simulation",
        "model": found.model,
        "calibrated": found.calibrated,
        "scenario": question.scenario.name,
        "seed": question.scenario.seed,
        "plan_hash": question.plan_hash,
        "asked_on": question.today and question.today.isoformat(),
        "people_assumed": people_words(question.scenario),
        "start": question.start.isoformat(),
        "cutover_at": question.cutover and question.cutover.isoformat(),
        "by": question.by.isoformat(),
        "sure": question.sure,
        "verdict": _verdict(found),
        **granted_json(question.scenario),
        "broken_promises": list(broken_promises(found)),
        "not_tried": [asdict(each) for each in not_tried(question.scenario)],
        "sentence": sentence(found),
        "slot_loads": [{**asdict(row), "loads": row.batches} for row in found.loads],
        "cases": [_case(case, found.latest_in(case)) for case in found.cases],
        "latest_start": found.latest and found.latest.isoformat(),
        "last_go": found.last_go and found.last_go.isoformat(),
        "binds_s": dict(found.bottleneck),
        "queued_s": found.queued_s,
        "levers": [*(_lever(found, bought) for bought in found.bought), *map(_too_late, found.too_late)],
        "measurements": [{**asdict(one), "narrows_s": one.narrows_s} for one in found.measurements],
        "moves": [_move(move) for move in found.moves],
        "best_purchase": found.best and found.best.purchase.words,
        "late": [{**asdict(late), "runs": _share(late.runs)} for late in found.late],
        "promises": [_promise(promise) for promise in found.promises],
        "suggestion": _suggestion(plan),
        "others": None if found.others is None else _others(found.others),
        "cutover": None if found.cutover is None else cutover_data(found.cutover),
    }


def _verdict(found: Prediction) -> dict[str, Any]:
    """The verdict, what it hangs on, and what is open beside it."""
    return {
        "answer": answered(found).value,
        "words": verdict(found),
        "condition": _condition(found.condition),
        "open": asdict(found.open_facts),
    }


def _others(others: Others) -> dict[str, Any]:
    """The machines that come home although something stops others; null: never, or not looked for."""
    return {
        "machines": list(others.machines),
        "stopped": list(others.stopped),
        "sure_s": others.end_s,
        "sure_s_per_case": dict(others.ends_s),
        "in_time": _share(others.in_time),
        "latest_start": others.latest and others.latest.isoformat(),
        "last_go": others.last_go and others.last_go.isoformat(),
        "promises": [_promise(promise) for promise in others.promises],
    }


def _lever(found: Prediction, bought: PurchaseEffect) -> dict[str, Any]:
    return {
        **_offer(bought.purchase),
        "too_late": False,
        "sooner_s": dict(bought.sooner_s),
        "in_time": _share(bought.in_time[found.first.case.name]),
        "in_time_per_case": {name: _share(share) for name, share in bought.in_time.items()},
    }


def _too_late(offer: Purchase) -> dict[str, Any]:
    return {**_offer(offer), "too_late": True}


def _offer(offer: Purchase) -> dict[str, Any]:
    """A lever; null where nobody said from when it can be had."""
    available = offer.available and offer.available.isoformat()
    return {"words": offer.words, "available": available, "leaves": list(offer.leaves)}


def _suggestion(plan: Suggestion) -> dict[str, Any]:
    steps = [asdict(step) for step in plan.taken]
    return {"before_s": plan.before_s, "after_s": plan.after_s, "in_time": plan.in_time, "steps": steps}


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    """What the answer hangs on; null where it hangs on nothing that was tried."""
    if condition is None:
        return None
    tried = [[value, seconds if math.isfinite(seconds) else None] for value, seconds in condition.tried]
    return {**asdict(condition), "of": condition.of.value, "tried": tried}


def _case(case: CaseAnswer, latest: datetime | None) -> dict[str, Any]:
    return {
        "case": case.case.name,
        "words": case.case.words,
        "in_time": _share(case.in_time),
        "sure_s": case.sure_s,
        "sure_at": case.sure_at and case.sure_at.isoformat(),
        "latest_start": latest and latest.isoformat(),
        "binds_s": dict(case.bottleneck),
        "longest_downtime": asdict(case.downtime),
        "broken_promises": [_promise(promise) for promise in case.broken],
        "late": len(case.late),
    }


def _promise(promise: KeptPromise) -> dict[str, Any]:
    """What was promised, and what came of it; null: no end."""
    kept = _share(promise.share)
    return {"tier": promise.tier, "promise": promise.promise, "kept": kept, "measured_s": promise.measured_s}


def _move(move: LeverEffect) -> dict[str, Any]:
    """One bar of the tornado; null: not all came home."""
    lever = move.lever
    hours = {"low_h": move.low_h, "base_h": move.base_h, "high_h": move.high_h}
    data = {"name": lever.name, "low": lever.low_words, "high": lever.high_words}
    return {**data, **{name: hour if math.isfinite(hour) else None for name, hour in hours.items()}}


def _share(share: Share) -> dict[str, Any]:
    return {"met": share.met, "runs": share.runs, "sampling_error_95": list(share.interval)}
