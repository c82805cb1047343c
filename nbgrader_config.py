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

# Submissions are rebuilt from the released notebook and run in a sandbox, their tests
# apart from them; nbgrader reads the outcome. `nnbook grade` does the same, faster.
c.Autograde.exporter_class = "nnbook_utils.grading.preprocessors.SandboxedExporter"
c.Autograde.pre_convert_hook = "nnbook_utils.grading.preprocessors.name_notebooks"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Feedback shows the tests as the students know them. `nnbook feedback` does the same.
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "nnbook_utils.grading.preprocessors.AsReleased",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# No script in an answer runs in the browser of whoever looks at it.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {
    "markdown2html": "nnbook_utils.grading.clean.markdown",
    "strip_files_prefix": "nnbook_utils.grading.clean.harmless",
}

# A late submission loses a percentage of its points for each day begun after the due
# date. 0 takes nothing; grace_minutes late is still in time; extensions.csv has the
# columns assignment, student, days.
c.AssignLatePenalties.plugin_class = "nnbook_utils.grading.late.LatePenalty"
c.LatePenalty.percent_per_day = 0
c.LatePenalty.percent_at_most = 100
c.LatePenalty.grace_minutes = 0
c.LatePenalty.extensions = str(root / "extensions.csv")

# What stands in the students' version where a solution stood: running it says so.
c.ClearSolutions.code_stub = {
    "python": 'raise NotImplementedError("not yet answered")',
}
c.ClearSolutions.text_stub = "*Write your answer here.*"
