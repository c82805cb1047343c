"""The command `nnbook`: from releasing an assignment to handing out its marks."""

import argparse
import importlib.util
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .course import Course, GradingError, name_trouble, printable, write_whole
from .limits import Limits

if TYPE_CHECKING:
    from .gradebook import Row
    from .marking import Marker

__all__ = ["main"]

DONE, LOOK, CANNOT, INTERRUPTED = 0, 1, 2, 130
# How wide a table may be where there is no terminal to fit it to.
WIDE = 160

ABOUT = """\
Grade a class. The commands, in the order in which a course needs them:

  nnbook release ps1                   make the students' version, and check it
  nnbook collect ps1 downloads/*.zip   bring in what was handed in
  nnbook grade ps1                     mark it, everybody of the class
  nnbook feedback ps1                  write a page for each student
  nnbook export ps1 --format canvas    write the marks for Canvas, Moodle or a table

The course is nbgrader's: its gradebook, its notebooks, and its formgrader for what
is marked by hand. `nnbook COMMAND --help` tells more about each."""

CODES = """\
Exit code: 0 done; 1 done, and something needs a look (it is said what); 2 it could
not be done; 130 interrupted."""

RELEASE = """\
Make the students' version of assignments from the instructor's, enter it in the
gradebook, and check it: that no solution, no hidden test and no output is left, or
else nothing is released; and that every test can be run apart from the students' code,
which is how `nnbook grade` runs it."""

COLLECT = """\
Bring what was downloaded into nbgrader's folder of submissions. Understood are

  Canvas    doejane_1234_56789_ps1.ipynb, all in one zip or folder
  Moodle    Jane Doe_1234_assignsubmission_file_/ps1.ipynb
  folders   a folder for each student, named by the student's id

A zip that a student handed in is opened, a zip inside it is not. Links, names that
lead elsewhere, and files of more than 100 MB are refused, and it is said so. What is
there already is replaced only by what was handed in later.

When a submission came in is what counts for late penalties. The best source wins:
--times, then the worksheet of Moodle given as --roster, then the time of the file in
the zip. The last is the weakest: Canvas writes there when the zip was made, zips know
no time zone (see --timezone) and count in steps of two seconds. A timestamp.txt that
was handed in is ignored."""

GRADE = """\
Mark what was handed in, and give everybody of the class a row: graded, graded with
trouble, unreadable, missing, timed out, crashed. Students' code runs in a sandbox,
without network, within these limits (set others in nbgrader_config.py:
c.SandboxedExporter.limits = {{"memory": 2048}}):

{limits}

Whose files and whose assignment have not changed is not marked again. It can be
interrupted, or killed, at any time; run it again to go on. What was entered by hand,
points, extra credit and comments, stays."""

FEEDBACK = """\
Write a page for each student: the status, the points, and for each test what was
tested, what came out and what was expected. The pages open without a network. They lie
where nbgrader keeps feedback, and `nbgrader release_feedback` finds them there."""

EXPORT = """\
Write the marks of an assignment.

  csv      everything that is known, the status among it
  canvas   for Grades > Import. With --roster, a file from Grades > Export, the
           students and the column are Canvas's own; best do it so
  moodle   with --roster, the grading worksheet of the assignment, the worksheet with
           its grades; without it, a table for Grades > Import

In the last two, who handed in nothing, or nothing readable, gets an empty cell, unless
you give --zeros."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        The words after `nnbook`; those of the command line if not given.

    Returns
    -------
    int
        The exit code.

    Source: section "For instructors" of the book.
    """
    options = _parser().parse_args(arguments)
    _prepare()
    try:
        course = Course.load(options.course)
        return int(options.run(course, options))
    except GradingError as error:
        print(f"nnbook: {error}", file=sys.stderr)
        return CANNOT
    except KeyboardInterrupt:
        print("\nInterrupted. What is written is whole; run it again to go on.")
        return INTERRUPTED


def _prepare() -> None:
    """Make nbgrader start fast, and find its tools."""
    # jsonschema uses it, if it is there, to check internationalised addresses, which
    # no notebook holds; importing it takes a second or more.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    _without_server_extensions("nbgrader")
    # nbgrader calls alembic by name when it makes a gradebook.
    here = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", "")])


def _without_server_extensions(name: str) -> None:
    """Let a package's modules be imported without what the package itself imports.

    nbgrader's own imports its extensions of the Jupyter server first, for a second and
    more. Whoever asks for something of the package itself gets it, loaded then.
    """
    spec = importlib.util.find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    load = spec.loader.exec_module
    package = importlib.util.module_from_spec(spec)

    def look_up(wanted: str) -> Any:
        private = wanted.startswith("__") and wanted != "__version__"
        if private or importlib.util.find_spec(f"{name}.{wanted}"):
            # What a module is asked for in passing, or a module to be imported.
            raise AttributeError(f"module {name!r} has no attribute {wanted!r}")
        del package.__getattr__
        load(package)
        return getattr(package, wanted)

    package.__getattr__ = look_up  # type: ignore[method-assign]
    sys.modules[name] = package


def _parser() -> argparse.ArgumentParser:
    style: dict[str, Any] = {
        "formatter_class": argparse.RawDescriptionHelpFormatter,
        "epilog": CODES,
    }
    parser = argparse.ArgumentParser(prog="nnbook", description=ABOUT, **style)
    parser.add_argument(
        "--course",
        type=Path,
        default=Path(),
        metavar="FOLDER",
        help="the folder of the course, the one you are in if not given",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, brief: str, about: str) -> Any:
        one = commands.add_parser(name, help=brief, description=about, **style)
        one.set_defaults(run=run)
        return one

    one = command("release", _release, "make the students' version", RELEASE)
    one.add_argument(
        "assignment", nargs="*", help="which assignments; all of them if not given"
    )

    one = command("collect", _collect, "bring in what was handed in", COLLECT)
    one.add_argument("assignment", help="which assignment, for example ps1")
    one.add_argument("path", nargs="+", type=Path, help="a zip or a folder")
    one.add_argument(
        "--roster",
        type=Path,
        metavar="CSV",
        help="the class: a gradebook from Canvas, a grading worksheet from Moodle, or "
        "a list with the column id (and first_name, last_name, email, lms_user_id); "
        "everybody in it is enrolled",
    )
    one.add_argument(
        "--times",
        type=Path,
        metavar="CSV",
        help="when it was handed in: columns student and time",
    )
    one.add_argument(
        "--timezone",
        type=_zone,
        metavar="ZONE",
        help="whose clock times without a zone follow, for example Europe/Paris; this "
        "computer's if not given",
    )
    one.add_argument(
        "--enrol",
        action="store_true",
        help="enrol students whom the gradebook does not know",
    )
    one.add_argument(
        "--replace",
        action="store_true",
        help="replace also what is newer, or of unknown age",
    )

    one = command(
        "grade",
        _grade,
        "mark it, everybody of the class",
        GRADE.format(limits=_indented(Limits().describe())),
    )
    one.add_argument("assignment", help="which assignment, for example ps1")
    one.add_argument(
        "--jobs",
        type=_positive,
        default=len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count() or 1,
        metavar="N",
        help="how many to mark at a time (default: %(default)s, the cores here)",
    )
    _add_student(one, "mark only this student; may be given several times")
    one.add_argument(
        "--force", action="store_true", help="mark again what has not changed, too"
    )
    one.add_argument(
        "--enrol",
        action="store_true",
        help="enrol whoever has a folder among the submissions",
    )
    one.add_argument(
        "--believe-timestamps",
        action="store_true",
        help="take timestamp.txt as the time of handing in. Only for submissions that "
        "nbgrader's exchange collected, which writes it; students can, too",
    )
    one.add_argument(
        "--accept-the-risk",
        action="store_true",
        help="run without a sandbox where there is no bubblewrap: students' code then "
        "has your rights. For machines that have nothing to lose",
    )

    one = command("feedback", _feedback, "write a page for each student", FEEDBACK)
    one.add_argument("assignment", help="which assignment, for example ps1")
    _add_student(one, "only this student's; may be given several times")

    one = command("export", _export, "write the marks", EXPORT)
    one.add_argument("assignment", help="which assignment, for example ps1")
    one.add_argument(
        "--format", choices=("csv", "canvas", "moodle"), default="csv", help="for whom"
    )
    one.add_argument(
        "--roster", type=Path, metavar="CSV", help="Canvas's or Moodle's own list"
    )
    one.add_argument(
        "--column", default="", metavar="TITLE", help="the column of the marks in it"
    )
    one.add_argument(
        "--zeros",
        action="store_true",
        help="0 points, not an empty cell, for who handed in nothing readable",
    )
    one.add_argument(
        "--to",
        type=Path,
        metavar="FILE",
        help="where to write it, - for the screen; if not given, beside the gradebook",
    )
    return parser


def _add_student(parser: argparse.ArgumentParser, about: str) -> None:
    parser.add_argument("--student", action="append", metavar="ID", help=about)


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return number


def _zone(text: str) -> tzinfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time zone; write it like Europe/Paris"
        ) from None


def _release(course: Course, options: argparse.Namespace) -> int:
    from .assignment import Assignment
    from .marking import check_assignment
    from .release import release

    names = options.assignment or course.assignments()
    code = DONE
    for name in names:
        course.check_assignment(name)
        with course.lock(f"releasing {name}"):
            findings = [(f.where, f.what) for f in release(course, name)]
        if findings:
            heading = f"{name} is not released, because the students' version"
        else:
            # What runs here is the instructor's own solution.
            assignment = Assignment.load(course.root, name)
            problems = check_assignment(assignment, accept_the_risk=True)
            findings = [(p.grade_id, p.what) for p in problems]
            heading = f"{name} is released, but not every test can be graded:"
        if findings:
            code = LOOK
            print(heading)
            for where, what in findings:
                print(f"  {printable(where)}: {printable(what)}")
        else:
            folder = course.folder("release", name)
            print(f"{name} is released, and every test can be run apart: {folder}")
    return code


def _collect(course: Course, options: argparse.Namespace) -> int:
    from dateutil.tz import tzlocal

    from .collect import collect, read_times
    from .gradebook import open_gradebook
    from .roster import read_roster

    name = course.check_assignment(options.assignment)
    zone = options.timezone or tzlocal()
    for path in filter(None, (options.roster, options.times)):
        _expect_file(path)
    with course.lock(f"collecting {name}"), open_gradebook(course) as gradebook:
        outcomes = collect(
            course,
            gradebook,
            name,
            options.path,
            zone=zone,
            roster=read_roster(options.roster) if options.roster else None,
            times=read_times(options.times, zone) if options.times else None,
            enrol=options.enrol,
            replace=options.replace,
        )
    _table(
        ["student", "handed in (UTC)", "what was done", "notes"],
        [
            [
                outcome.student,
                f"{outcome.time:%Y-%m-%d %H:%M}" if outcome.time else "",
                outcome.what,
                "; ".join(outcome.notes),
            ]
            for outcome in outcomes
        ],
    )
    return LOOK if any(outcome.trouble for outcome in outcomes) else DONE


def _grade(course: Course, options: argparse.Namespace) -> int:
    name = options.assignment
    stock = course.config.SandboxedExporter
    try:
        limits = Limits(**stock.get("limits", {}))
    except (TypeError, ValueError) as error:
        raise GradingError(
            f"c.SandboxedExporter.limits in nbgrader_config.py: {error}."
        ) from error
    accept_the_risk = options.accept_the_risk or stock.get("without_sandbox", False)
    with ExitStack() as stack:
        ahead = _marker_ahead(stack, course, name, limits, accept_the_risk)
        from .batch import Batch
        from .gradebook import open_gradebook
        from .roster import Person
        from .sandbox import SandboxMissing

        course.check_assignment(name)
        stack.enter_context(course.lock(f"grading {name}"))
        gradebook = stack.enter_context(open_gradebook(course))
        gradebook.assignment(name)
        enrolled = {student.id for student in gradebook.students()}
        strangers = set(course.submitters(name)) - enrolled
        if options.enrol:
            gradebook.enrol(Person(id_) for id_ in sorted(strangers))
            enrolled |= strangers
            strangers = set()
        chosen = _chosen(options.student, enrolled)
        batch = Batch(
            course,
            gradebook,
            name,
            limits,
            accept_the_risk=accept_the_risk,
            ahead=ahead,
            believe_timestamps=options.believe_timestamps,
        )
        waiting = batch.waiting(sorted(chosen), force=options.force)
        try:
            with _progress(f"grading {name}", len(waiting)) as step:
                batch.run(waiting, options.jobs, lambda student, marked: step())
        except SandboxMissing as error:
            raise GradingError(str(error)) from error
        gradebook.refresh_penalties(name)
        rows = gradebook.rows(name, chosen)
    _show(rows)
    print(f"{len(waiting)} graded now, {len(rows) - len(waiting)} as they were.")
    for student in sorted(strangers):
        print(f"Not enrolled, so not graded: {printable(student)}. Enrol with --enrol.")
    return LOOK if strangers or any(_needs_a_look(row) for row in rows) else DONE


def _marker_ahead(
    stack: ExitStack, course: Course, name: str, limits: Limits, accept_the_risk: bool
) -> "Marker | None":
    """Start what marks, so that it loads what it needs while we load nbgrader.

    What can't be started is tried again, and told, when there is something to mark.
    """
    from .assignment import Assignment
    from .marking import Marker
    from .sandbox import SandboxMissing

    if name_trouble(name):
        return None
    try:
        assignment = Assignment.load(course.root, name)
        marker = Marker(assignment, limits, accept_the_risk=accept_the_risk)
        return stack.enter_context(marker)
    except (OSError, ValueError, LookupError, SandboxMissing):
        return None


def _feedback(course: Course, options: argparse.Namespace) -> int:
    from .feedback import write_pages
    from .gradebook import open_gradebook

    name = course.check_assignment(options.assignment)
    with course.lock(f"writing feedback on {name}"), open_gradebook(course) as book:
        enrolled = {student.id for student in book.students()}
        book.refresh_penalties(name)
        chosen = _chosen(options.student, enrolled)
        written = write_pages(course, book, name, chosen)
    for path in written if options.student else written[:1]:
        print(path)
    print(f"{len(written)} of {len(chosen)} students have a page.")
    if len(written) < len(chosen):
        print(f"For the others, first run: nnbook grade {name}")
    return DONE if len(written) == len(chosen) else LOOK


def _export(course: Course, options: argparse.Namespace) -> int:
    from . import export
    from .gradebook import NOT_YET, open_gradebook
    from .roster import read_roster

    name = course.check_assignment(options.assignment)
    if options.roster:
        _expect_file(options.roster)
    with course.lock(f"exporting {name}"), open_gradebook(course) as gradebook:
        gradebook.refresh_penalties(name)
        rows = gradebook.rows(name)
    roster = read_roster(options.roster) if options.roster else None
    if options.format == "csv":
        text = export.table(rows, name)
    else:
        write = export.canvas if options.format == "canvas" else export.moodle
        text = write(rows, name, roster, column=options.column, zeros=options.zeros)
    if options.to == Path("-"):
        sys.stdout.write(text)
        return DONE
    path = options.to or course.results / f"{name}-{options.format}.csv"
    # A spreadsheet takes a file for UTF-8 if it starts with this mark.
    mark = "\ufeff" if options.format == "csv" else ""
    write_whole(path, (mark + text).encode())
    print(path)
    trouble = [
        (export.unlisted(rows, roster) if roster else [], "not in the list given"),
        ([r.student for r in rows if r.status == NOT_YET], NOT_YET),
        ([r.student for r in rows if r.by_hand], "still to be marked by hand"),
    ]
    for students, what in trouble:
        if students:
            print(f"{len(students)} {what}: {printable(', '.join(students[:20]))}")
    return LOOK if any(students for students, _ in trouble) else DONE


def _expect_file(path: Path) -> None:
    if not path.is_file():
        raise GradingError(f"There is no file {printable(path)}.")


def _chosen(wanted: list[str] | None, enrolled: set[str]) -> set[str]:
    for student in wanted or ():
        if student not in enrolled:
            raise GradingError(
                f"{printable(student)!r} is not enrolled. Enrol a class with "
                "`nnbook collect ... --roster`, or one with `nbgrader db student add`."
            )
    return set(wanted) if wanted else enrolled


def _needs_a_look(row: "Row") -> bool:
    from .marking import Status

    return row.status not in (Status.GRADED, Status.MISSING)


def _show(rows: "list[Row]") -> None:
    _table(
        ["student", "status", "points", "late", "what happened"],
        [
            [
                row.student,
                row.status,
                "-" if row.score is None else f"{row.score:g} / {row.most:g}",
                f"-{row.penalty:g}" if row.penalty else "",
                "; ".join(
                    filter(None, [row.reason, "to mark by hand" if row.by_hand else ""])
                ),
            ]
            for row in rows
        ],
    )


def _table(columns: list[str], lines: Iterable[list[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for line in lines:
        # Text, so that brackets in an id are not taken for colours.
        table.add_row(*(Text(printable(cell)) for cell in line))
    console = Console()
    console.print(table, width=None if console.is_terminal else WIDE)


@contextmanager
def _progress(what: str, steps: int) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal, and nothing where nobody looks."""
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn

    console = Console(stderr=True)
    columns = [*Progress.get_default_columns()[:2], MofNCompleteColumn()]
    with Progress(
        *columns,
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal or steps < 2,
    ) as progress:
        task = progress.add_task(what, total=steps)
        yield lambda: progress.advance(task)


if __name__ == "__main__":
    sys.exit(main())
