"""How much of the machine one submission may use."""

import dataclasses
from dataclasses import dataclass, field


def _limit(default: int, unit: str, what: str) -> int:
    value: int = field(default=default, metadata={"unit": unit, "what": what})
    return value


@dataclass(frozen=True)
class Limits:
    """What one submission may use; every number must be positive.

    Source: the sandbox that submissions run in.
    """

    cell_seconds: float = _limit(10, "s", "for one cell, or one call by a test")
    total_seconds: float = _limit(60, "s", "for the whole submission")
    memory: int = _limit(1024, "MB", "of memory, all its processes together")
    processes: int = _limit(32, "", "processes and threads at a time")
    output: int = _limit(1, "MB", "of output that is kept, all its cells together")
    disk: int = _limit(64, "MB", "of files, temporary ones included")
    value: int = _limit(32, "MB", "for one value returned to a test")
    notebook: int = _limit(100, "MB", "for the notebook file handed in")

    def __post_init__(self) -> None:
        for entry in dataclasses.fields(self):
            value = getattr(self, entry.name)
            if not value > 0:
                raise ValueError(
                    f"the limit {entry.name} is {value}, expected more than 0"
                )

    def describe(self) -> str:
        """Return one line for each limit, to be printed.

        Returns
        -------
        str

        Source: the sandbox that submissions run in.
        """
        rows = [
            (f"{getattr(self, e.name):g} {e.metadata['unit']}".strip(), e)
            for e in dataclasses.fields(self)
        ]
        return "\n".join(
            f"{e.name:<14} {amount:>8}  {e.metadata['what']}" for amount, e in rows
        )
