"""Two inventories of one vCenter, such as exports of two days: together they would say each machine twice."""

from itertools import combinations

from failback.adapters.importing.records import CannotImport, Origin, Reading


def refuse_two_of_one_vcenter(reading: Reading) -> None:
    """Raises `CannotImport` where two inventories have the same machine: the same UUID and id in the same vCenter."""
    found: dict[Origin, set[tuple[str, str, str]]] = {}
    for machine in reading.machines:
        uuid, vcenter = machine.facts.get("instance_uuid"), machine.facts.get("vcenter")
        if uuid and machine.id:
            found.setdefault(machine.origin, set()).add((str(vcenter or ""), str(uuid).casefold(), machine.id))
    for one, other in combinations(found, 2):
        if both := len(found[one] & found[other]):
            older, newer = sorted((one, other), key=lambda origin: str(origin.dated or ""))
            raise CannotImport(
                f"{older.file} and {newer.file}",
                f"both are inventories of one vCenter ({_dated(older)}, {_dated(newer)}), and {both:,} of their "
                "machines are the same; import the newer one only, and compare two days with `failback diff`",
            )


def _dated(origin: Origin) -> str:
    return f"{origin.dated:%Y-%m-%d}" if origin.dated else "without a date"
