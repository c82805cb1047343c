"""What a late submission costs: per day, with a grace time, a cap and extensions.

nbgrader calls the plugin once for each notebook that came in after the due date. It
is set up in ``nbgrader_config.py``, and ``nnbook grade`` calls the same plugin.
"""

import csv
import math
from pathlib import Path

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float, Unicode

from .course import GradingError

__all__ = ["LatePenalty", "read_extensions"]

DAY = 86_400.0


def read_extensions(path: Path) -> dict[tuple[str, str], float]:
    """Read who may hand in later, and by how many days.

    Parameters
    ----------
    path : Path
        A CSV file with the columns ``assignment``, ``student`` and ``days``. An empty
        assignment means all of them.

    Returns
    -------
    dict of (str, str) to float
        Days for each (assignment, student); no entry is negative.

    Raises
    ------
    GradingError
        If a column is missing or a number of days is not one.

    Source: section "Late submissions" of the book's page for instructors.
    """
    extensions = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = {"assignment", "student", "days"} - set(reader.fieldnames or ())
        if missing:
            raise GradingError(
                f"{path} lacks the column {min(missing)!r}: its first line must be "
                "assignment,student,days"
            )
        for row in reader:
            try:
                days = float(row["days"])
            except (TypeError, ValueError):
                days = math.nan
            if not 0 <= days < math.inf:
                raise GradingError(
                    f"{path}, line {reader.line_num}: {row['days']!r} is not a number "
                    "of days; expected 0 or more, like 2 or 0.5."
                )
            extensions[(row["assignment"] or "").strip(), row["student"].strip()] = days
    return extensions


class LatePenalty(LateSubmissionPlugin):  # type: ignore[misc]
    """Take a percentage of what was earned for each day begun after the due date.

    Parameters
    ----------
    kwargs : mapping
        nbgrader's own: `parent` is the preprocessor, which knows the assignment.

    Source: nbgrader's plugin for late submissions, whose interface this fills.
    """

    percent_per_day = Float(
        0.0, min=0, max=100, help="taken for each day begun; 0 takes nothing"
    ).tag(config=True)
    percent_at_most = Float(
        100.0, min=0, max=100, help="never more than this is taken"
    ).tag(config=True)
    grace_minutes = Float(0.0, min=0, help="so much later is still in time").tag(
        config=True
    )
    extensions = Unicode(
        "", help="a CSV file with the columns assignment, student, days"
    ).tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return the points to take off, as nbgrader asks for them.

        Parameters
        ----------
        student_id : str
            Who handed in.
        score : float
            What the notebook earned.
        total_seconds_late : float
            Seconds after the due date.

        Returns
        -------
        float or None
            Points, or None if it counts as in time.

        Source: nbgrader's ``LateSubmissionPlugin``.
        """
        assignment = getattr(self.parent, "assignment_id", "")
        late = total_seconds_late - DAY * self._extension(assignment, student_id)
        if late <= 60 * self.grace_minutes:
            return None
        percent = self.percent_per_day * math.ceil(late / DAY)
        return score * min(percent, self.percent_at_most) / 100

    def _extension(self, assignment: str, student: str) -> float:
        path = Path(self.extensions)
        if not self.extensions or not path.exists():
            return 0.0
        extensions = read_extensions(path)
        everywhere = extensions.get(("", student), 0.0)
        return extensions.get((assignment, student), everywhere)
