"""A truth table and the network of threshold units that computes it."""

import re
from typing import Any

from traitlets import Bool, Enum, Int, TraitError, Unicode, validate

from nnbook_utils.demos._demo import Demo


class Boolean(Demo):
    """A truth table and the network that computes it.

    The reader sets the table by its rows, a formula or a number; the network follows
    with its weights and its values for one row at a time.

    Parameters
    ----------
    outputs : str
        The column of the truth table, 4, 8 or 16 digits: the values for all inputs,
        counting up in binary.
    recipe : {"minterms", "merged", "opposite"}
        One hidden unit for each true row, for each term after merging, or for each
        false row.
    row : int
        The row whose values are shown; taken modulo the number of rows.
    unit : str
        The unit whose weights are shown: "y", or such as "h2".
    guess_first : bool
        Whether the network stays covered until the reader has guessed its size.

    Raises
    ------
    traitlets.TraitError
        If a value is none of those that are listed, or has another type.

    Notes
    -----
    Source: the disjunctive normal form; McCulloch and Pitts (1943). Terms are merged as
    Quine (1952) and McCluskey (1956) do.
    """

    module = "boolean"
    sentence = (
        "A live figure: set a truth table, and see the network of threshold units that "
        "computes it."
    )

    outputs = Unicode("0110").tag(sync=True)
    recipe = Enum(["minterms", "merged", "opposite"], "minterms").tag(sync=True)
    row = Int(1, min=0, max=15).tag(sync=True)
    unit = Unicode("y").tag(sync=True)
    guess_first = Bool(False).tag(sync=True)

    @validate("outputs")
    def _is_a_column(self, proposal: Any) -> str:
        outputs = str(proposal["value"])
        if not re.fullmatch("[01]{4}|[01]{8}|[01]{16}", outputs):
            raise TraitError(
                f"outputs is {outputs!r}, expected 4, 8 or 16 digits 0 and 1: one for "
                "each row of a table of 2, 3 or 4 inputs"
            )
        return outputs

    @validate("unit")
    def _is_a_unit(self, proposal: Any) -> str:
        unit = str(proposal["value"])
        if not re.fullmatch(r"y|h[1-9]\d?", unit):
            raise TraitError(f"unit is {unit!r}, expected 'y' or such as 'h2'")
        return unit
