"""From what was downloaded to nbgrader's ``submitted/``.

Canvas puts all files into one folder, with who and when in their names; Moodle makes
a folder for each student; and there are plain folders named for students. Whose a
file is follows from its name and from the list of the class, never from the file.
"""

import csv
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from dateutil import parser as dates

from .course import IN_HTML, Course, GradingError, name_trouble, printable
from .downloads import Entry, Refused, opened, unzipped
from .gradebook import Gradebook
from .roster import Person, Roster, same_name

__all__ = ["Outcome", "collect", "read_times"]

# jane's first file: doejane_LATE_1234_56789_ps1-1.ipynb; a text typed into Canvas:
# doejane_1234_text.html
CANVAS = re.compile(
    r"(?P<name>.+?)(?P<late>_LATE)?_(?P<key>\d+|anon_[^_]+)"
    r"_(?:\d+_(?P<file>.+)|(?P<typed>(?:text|link)\.html))",
    re.DOTALL,
)
# Jane Doe_5678_assignsubmission_file_/ps1.ipynb, or all of it in the file's name
MOODLE = re.compile(
    r"(?P<name>.+)_(?P<key>\d+)_assignsubmission_(?:file|onlinetext)_?(?P<file>.*)",
    re.DOTALL,
)
# What a browser or Canvas adds to a name that is taken: ps1-1.ipynb, ps1 (2).ipynb
COPY = re.compile(r"\s*(?:-(\d+)|\((\d+)\)|- Copy|_copy)$", re.IGNORECASE)
OURS = "timestamp.txt"
STAMP = "%Y-%m-%d %H:%M:%S UTC"


@dataclass
class _HandedIn:
    """What a download holds of one student: who, as it says, and the files."""

    kind: str
    key: str
    name: str
    late: bool = False
    files: list[tuple[str, Entry]] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What became of one student's files.

    Parameters
    ----------
    student : str
        The id, or what the download calls the student if nobody knows who it is.
    what : str
        What was done.
    notes : tuple of str
        What else is worth knowing: files refused, renamed, late.
    time : datetime or None
        When it was handed in, UTC.
    trouble : bool
        Whether somebody should look.

    Source: section "Collecting" of the book's page for instructors.
    """

    student: str
    what: str
    notes: tuple[str, ...]
    time: datetime | None
    trouble: bool


def read_times(path: Path, zone: tzinfo) -> dict[str, datetime]:
    """Read when submissions came in.

    Parameters
    ----------
    path : Path
        A CSV file with the columns ``student`` and ``time``.
    zone : tzinfo object
        The zone of times that name none.

    Returns
    -------
    dict of str to datetime
        Times with a zone, by what the column ``student`` says.

    Raises
    ------
    GradingError
        If a column is missing, or a time can't be read.

    Source: section "Collecting" of the book's page for instructors.
    """
    times = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        if not {"student", "time"} <= set(reader.fieldnames or ()):
            raise GradingError(f"{path} must have the columns student and time.")
        for row in reader:
            times[row["student"].strip()] = _time(row["time"], zone, str(path))
    return times


def _time(text: str, zone: tzinfo, where: str) -> datetime:
    try:
        time = dates.parse(text)
    except (ValueError, OverflowError, TypeError):
        raise GradingError(
            f"{where}: {printable(text)!r} is not a time. "
            "Write it like 2026-11-20 23:59."
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=zone)


def collect(
    course: Course,
    gradebook: Gradebook,
    assignment: str,
    paths: Iterable[Path],
    *,
    zone: tzinfo,
    roster: Roster | None = None,
    times: Mapping[str, datetime] | None = None,
    enrol: bool = False,
    replace: bool = False,
) -> list[Outcome]:
    """Bring what was downloaded into ``submitted/``.

    Parameters
    ----------
    course : Course
        The course.
    gradebook : Gradebook
        Who is enrolled, and where the times are kept.
    assignment : str
        The name of the assignment.
    paths : iterable of Path
        Zips and folders.
    zone : tzinfo object
        Whose clock the times in zips follow.
    roster : Roster, optional
        A list of the class. Everybody in it is enrolled.
    times : mapping of str to datetime, optional
        When submissions came in, by id; the list's and the zip's times come second.
    enrol : bool, optional
        Whether to enrol whom the gradebook does not know.
    replace : bool, optional
        Whether to replace submissions that are newer, or of unknown age.

    Returns
    -------
    list of Outcome
        What was done, in the order of the downloads.

    Raises
    ------
    GradingError
        If a download can't be read at all.

    Source: Canvas's and Moodle's names for the files in their downloads.
    """
    outcomes: list[Outcome] = []
    if roster:
        people = [person for person in roster.people if person]
        odd = [p for p in people if set(p.id) & IN_HTML and not gradebook.known(p)]
        gradebook.enrol(person for person in people if person not in odd)
        outcomes += [
            Outcome(p.id, f"not enrolled: {name_trouble(p.id)}", (), None, True)
            for p in odd
        ]
    refused: list[tuple[str, str]] = []

    def refuse(name: str, why: str) -> None:
        refused.append((name, why))

    for path in paths:
        with opened(path, zone, refuse) as entries:
            found, others = _sort_out(entries, assignment)
            for name in others:
                refuse(name, "it does not say whose it is")
            known = _People(gradebook, roster, found)
            for handed_in in found:
                student, trouble = known.find(handed_in, enrol)
                if trouble:
                    outcomes.append(
                        Outcome(student, f"not collected: {trouble}", (), None, True)
                    )
                    continue
                time = _when(handed_in, student, known, times or {}, zone)
                task = _Task(course, gradebook, assignment, student, time, zone)
                outcomes.append(task.place(handed_in, replace))
    return outcomes + [
        Outcome(name, f"not collected: {why}", (), None, True) for name, why in refused
    ]


def _sort_out(
    entries: list[Entry], assignment: str
) -> tuple[list[_HandedIn], list[str]]:
    """Say whose each file is, as the download has it; and which files are nobody's."""
    found: dict[tuple[str, str], _HandedIn] = {}
    others = []
    reads = _layout(entries, assignment)
    for entry in entries:
        handed_in = reads(entry)
        if handed_in is None:
            others.append("/".join(entry.parts))
            continue
        known = found.setdefault((handed_in.key, handed_in.name), handed_in)
        known.late |= handed_in.late
        if known is not handed_in:
            known.files += handed_in.files
    return list(found.values()), others


def _layout(entries: list[Entry], assignment: str):  # type: ignore[no-untyped-def]
    if any(MOODLE.fullmatch(part) for entry in entries for part in entry.parts):
        return _by_moodle
    named = sum(bool(CANVAS.fullmatch(entry.parts[-1])) for entry in entries)
    if 2 * named > len(entries):
        return _by_canvas
    paths = [_without(entry.parts, assignment) for entry in entries]
    skip = 0
    while len({parts[skip] for parts in paths}) == 1 and all(
        len(parts) > skip + 2 for parts in paths
    ):
        skip += 1

    def by_folder(entry: Entry) -> _HandedIn | None:
        parts = _without(entry.parts, assignment)[skip:]
        if len(parts) < 2:
            return None
        return _HandedIn("folder", parts[0], "", files=[(parts[-1], entry)])

    return by_folder


def _without(parts: tuple[str, ...], assignment: str) -> tuple[str, ...]:
    """Drop nbgrader's own folder of the assignment below the student's."""
    return parts[:-2] + parts[-1:] if parts[-2:-1] == (assignment,) else parts


def _by_moodle(entry: Entry) -> _HandedIn | None:
    for part in entry.parts:
        match = MOODLE.fullmatch(part)
        if match:
            file = match["file"] if part == entry.parts[-1] else entry.parts[-1]
            return _HandedIn(
                "moodle", match["key"], match["name"], files=[(file, entry)]
            )
    return None


def _by_canvas(entry: Entry) -> _HandedIn | None:
    match = CANVAS.fullmatch(entry.parts[-1])
    if not match:
        return None
    file = match["file"] or match["typed"]
    return _HandedIn(
        "canvas", match["key"], match["name"], bool(match["late"]), [(file, entry)]
    )


class _People:
    """Who is meant by the name or the number in a download."""

    def __init__(
        self, gradebook: Gradebook, roster: Roster | None, found: list[_HandedIn]
    ) -> None:
        self.gradebook = gradebook
        listed = roster.people if roster else []
        self.by_key = {p.key: p for p in listed if p and p.key}
        self.students = {s.id: s for s in gradebook.students()}
        names = [same_name(h.name) for h in found if h.kind != "folder"]
        self.namesakes = {name for name in names if names.count(name) > 1}

    def find(self, handed_in: _HandedIn, enrol: bool) -> tuple[str, str]:
        """Return the student's id and "", or what to call it and what is wrong."""
        key, kind = handed_in.key, handed_in.kind
        called = f"{handed_in.name} ({key})" if handed_in.name else key
        listed = self.by_key.get(key) if kind != "folder" else None
        known = self.gradebook.known(listed) if listed else None
        if known is not None:
            return known.id, ""
        if kind != "moodle":  # Moodle's numbers hold for one assignment only
            for student in self.students.values():
                if key in (student.id, student.lms_user_id):
                    return student.id, ""
        alike = self._by_name(handed_in.name)
        if len(alike) == 1 and same_name(handed_in.name) not in self.namesakes:
            return alike[0], ""
        if len(alike) > 1 or (kind == "moodle" and self._ambiguous(handed_in)):
            return called, "more than one student has this name; give --roster"
        if not enrol:
            return called, "not enrolled; give --roster, or --enrol to enrol"
        id_ = "-".join(handed_in.name.casefold().split()) if kind == "moodle" else key
        trouble = name_trouble(id_)
        if trouble:
            return called, f"{printable(id_)!r} can't be an id: {trouble}"
        first, _, last = handed_in.name.rpartition(" ")
        number = key if kind == "canvas" else ""
        self.gradebook.enrol(
            [Person(id_, first_name=first, last_name=last, lms_user_id=number)]
        )
        self.students = {s.id: s for s in self.gradebook.students()}
        return id_, ""

    def _ambiguous(self, handed_in: _HandedIn) -> bool:
        return same_name(handed_in.name) in self.namesakes

    def _by_name(self, name: str) -> list[str]:
        wanted = same_name(name)
        return [
            s.id
            for s in self.students.values()
            if wanted
            and wanted
            in (
                same_name((s.last_name or "") + (s.first_name or "")),
                same_name((s.first_name or "") + (s.last_name or "")),
            )
        ]


def _when(
    handed_in: _HandedIn,
    student: str,
    people: _People,
    times: Mapping[str, datetime],
    zone: tzinfo,
) -> datetime | None:
    """Return when it was handed in, by the best source there is, in UTC."""
    listed = people.by_key.get(handed_in.key) if handed_in.kind != "folder" else None
    if student in times or handed_in.key in times:
        time = times.get(student) or times[handed_in.key]
    elif listed and listed.time:
        time = _time(listed.time, zone, "the list of the class")
    else:
        changed = [e.time for _, e in handed_in.files if e.time]
        if not changed:
            return None
        time = max(changed)
    # nbgrader compares it with timestamp.txt, which has whole seconds.
    return time.astimezone(UTC).replace(tzinfo=None, microsecond=0)


@dataclass
class _Task:
    """One student's files on their way to ``submitted/``."""

    course: Course
    gradebook: Gradebook
    assignment: str
    student: str
    time: datetime | None
    zone: tzinfo

    def place(self, handed_in: _HandedIn, replace: bool) -> Outcome:
        notes: list[str] = []
        try:
            target = self.course.folder("submitted", self.assignment, self.student)
        except GradingError as error:
            return self._done(f"not collected: {error}", notes, True)
        if target.is_symlink() or target.parent.is_symlink():
            return self._done("not collected: its folder is a link", notes, True)
        files = self._files(handed_in, notes)
        if handed_in.late:
            notes.append("late, Canvas says")
        if not any(name.endswith(".ipynb") for name in files):
            notes.append("no notebook in it")
        self._recover(target)
        there = self._there(target)
        known = self.gradebook.times(self.assignment)
        if there == files:
            self._remember(target)
            return self._done("unchanged", notes, bool(notes))
        if there is not None and not replace:
            before = known.get(self.student)
            if before is None or self.time is None:
                what = "kept what is there, whose age is not known (--replace)"
                return self._done(what, notes, True)
            if before > self.time:
                return self._done("kept what is there, which is newer", notes, True)
        self._write(target, files)
        self._remember(target)
        what = "collected" if there is None else "collected, replacing what was there"
        return self._done(what, notes, bool(notes))

    def _done(self, what: str, notes: list[str], trouble: bool) -> Outcome:
        return Outcome(self.student, what, tuple(notes), self.time, trouble)

    def _files(self, handed_in: _HandedIn, notes: list[str]) -> dict[str, bytes]:
        """Read all files, those in a zip too, under the names that they will have."""

        def refuse(name: str, why: str) -> None:
            notes.append(f"without {printable(name)}: {why}")

        files: dict[str, bytes] = {}
        for name, entry in self._flat(handed_in, refuse):
            trouble = name_trouble(name)
            if name == OURS:
                trouble = "a submission's own time is not believed"
            elif not trouble and name in files:
                trouble = "there is another file of this name"
            if trouble:
                refuse(name, trouble)
                continue
            try:
                files[name] = entry.read()
            except Refused as reason:
                refuse(name, str(reason))
        return self._named(files, notes)

    def _flat(self, handed_in: _HandedIn, refuse) -> Iterable[tuple[str, Entry]]:  # type: ignore[no-untyped-def]
        for name, entry in handed_in.files:
            if not name.lower().endswith(".zip"):
                yield name, entry
                continue
            try:
                for inner in unzipped(entry, self.zone, refuse):
                    yield inner.parts[-1], inner
            except Refused as reason:
                refuse(name, str(reason))

    def _named(self, files: dict[str, bytes], notes: list[str]) -> dict[str, bytes]:
        """Give notebooks the names that the assignment's notebooks have."""
        expected = self._expected()
        notebooks = sorted(name for name in files if name.lower().endswith(".ipynb"))
        copies: dict[str, list[tuple[int, str]]] = {}
        for name in notebooks:
            stem, number = name[: -len(".ipynb")].strip(), 0
            if stem not in expected:
                match = COPY.search(stem)
                number = int(match[1] or match[2] or 1) if match else 1
                stem = COPY.sub("", stem)
            original = next((e for e in expected if e.lower() == stem.lower()), None)
            if original:
                copies.setdefault(original, []).append((number, name))
        chosen = {max(names)[1]: stem for stem, names in copies.items()}
        if not chosen and len(expected) == len(notebooks) == 1:
            chosen = {notebooks[0]: expected[0]}
        named = {}
        for name, data in files.items():
            new = f"{chosen[name]}.ipynb" if name in chosen else name
            if name not in chosen and name.removesuffix(".ipynb") in chosen.values():
                new = name.replace(".ipynb", "-older.ipynb")
            named[new] = data
            if new != name and name in chosen and not COPY.search(name[:-6]):
                notes.append(f"{printable(name)} taken as {new}")
        return named

    def _expected(self) -> list[str]:
        source = self.course.folder("source", self.assignment)
        return sorted(path.stem for path in source.glob("*.ipynb"))

    def _there(self, target: Path) -> dict[str, bytes] | None:
        if not target.is_dir():
            return None
        return {
            path.name: path.read_bytes()
            for path in target.iterdir()
            if path.name != OURS and path.is_file() and not path.is_symlink()
        }

    def _recover(self, target: Path) -> None:
        """Put back what a killed run had moved aside."""
        old = target.with_name(f".old-{target.name}")
        if old.is_dir():
            if target.exists():
                shutil.rmtree(old)
            else:
                old.rename(target)

    def _write(self, target: Path, files: dict[str, bytes]) -> None:
        new = target.with_name(f".part-{target.name}")
        old = target.with_name(f".old-{target.name}")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        for name, data in files.items():
            (new / name).write_bytes(data)
        if target.exists():
            target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)

    def _remember(self, target: Path) -> None:
        """Keep the time where `nnbook grade` looks, and where nbgrader does."""
        stamp = target / OURS
        if self.time is None:
            stamp.unlink(missing_ok=True)
        else:
            stamp.write_text(self.time.strftime(STAMP) + "\n")
        self.gradebook.collected(self.assignment, self.student, self.time)
