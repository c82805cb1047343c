"""Stock nbgrader, for tests: its commands, and its interface for programs."""

import subprocess
import sys
from pathlib import Path

from conftest import ROOT

ASSIGNMENTS = sorted(path.name for path in (ROOT / "solutions").glob("[!.]*"))
# It starts up once, not for each command.
BY_PROGRAM = """
import sys
from nbgrader.apps import NbGraderAPI
from traitlets.config.loader import PyFileConfigLoader

api = NbGraderAPI(config=PyFileConfigLoader("nbgrader_config.py").load_config())
for assignment, *students in (given.split("/") for given in sys.argv[1:]):
    done = [] if students else [api.generate_assignment(assignment)]
    for student in students:
        done.append(api.autograde(assignment, student))
        done.append(api.generate_feedback(assignment, student))
    for result in done:
        if not result["success"]:
            sys.exit(result.get("log", "") + result.get("error", ""))
"""


def run(course, program, *arguments):
    done = subprocess.run(
        [program, *arguments], cwd=course, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def nbgrader(course, *arguments):
    run(course, Path(sys.executable).with_name("nbgrader"), *arguments)


def by_program(course, *done):
    """Release assignments, named alone, and grade those named with a student."""
    run(course, sys.executable, "-c", BY_PROGRAM, *done)
