"""How nbgrader finds the course: stock commands, run from this folder, work with it.

Sources lie in solutions/, the students' versions in exercises/; all that grading
produces, the gradebook included, lies in grading/, which git ignores.
"""

from pathlib import Path

c = get_config()  # type: ignore[name-defined] # noqa: F821 - nbgrader provides it

root = Path(__file__).resolve().parent
grading = root / "grading"
grading.mkdir(exist_ok=True)  # SQLite makes its file, but not the folder

c.CourseDirectory.root = str(root)
c.CourseDirectory.course_id = "nnbook"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = f"sqlite:///{grading / 'gradebook.db'}"
c.ExportPlugin.to = str(grading / "grades.csv")

# A cell that runs longer than this is stopped and counts as failed.
c.ExecutePreprocessor.timeout = 60

# What stands in the students' version where a solution stood: running it says so.
c.ClearSolutions.code_stub = {
    "python": 'raise NotImplementedError("not yet answered")',
}
c.ClearSolutions.text_stub = "*Write your answer here.*"
