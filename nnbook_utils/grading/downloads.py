"""What lies in a download: zips and folders, read with suspicion.

A name in a zip is not a path, the size that it claims is not its size, and what looks
like a file may be a link. So nothing is unpacked: entries are listed, and read one by
one up to a limit.
"""

import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path, PurePosixPath

from .course import GradingError, printable

__all__ = ["Entry", "Refused", "opened", "unzipped"]

MEGABYTE = 2**20
FILE_BYTES = 100 * MEGABYTE
NESTED_ENTRIES = 500
# What systems put into zips and folders beside what a person put there.
CLUTTER = {"__MACOSX", ".ipynb_checkpoints", "__pycache__", ".DS_Store", "Thumbs.db"}


class Refused(Exception):
    """A file of a download that is not taken; the message says why.

    Source: section "Collecting" of the book's page for instructors.
    """


@dataclass(frozen=True)
class Entry:
    """A file in a download.

    Parameters
    ----------
    parts : tuple of str
        Its path below the zip or the folder, never with "..".
    time : datetime or None
        When it was last changed, as the zip or the folder says; with a zone.
    read : callable, () -> bytes
        Gives its bytes, or raises `Refused`.

    Source: the file formats of zip and of folders.
    """

    parts: tuple[str, ...]
    time: datetime | None
    read: Callable[[], bytes]


@contextmanager
def opened(
    path: Path, zone: tzinfo, refuse: Callable[[str, str], None]
) -> Iterator[list[Entry]]:
    """List the files in a zip or a folder, to be read while the block runs.

    Parameters
    ----------
    path : Path
        What was downloaded.
    zone : tzinfo object
        Whose clock the times in a zip follow, which do not say it themselves.
    refuse : callable, (str, str) -> None
        Told the name and the reason of what is not listed.

    Yields
    ------
    list of Entry
        One for each file.

    Raises
    ------
    GradingError
        If there is no such file, or it is called a zip and is none.

    Source: the file formats of zip and of folders.
    """
    if not path.exists():
        raise GradingError(f"{path} is not there: expected a zip or a folder.")
    if path.is_dir():
        yield list(_in_folder(path, refuse))
    elif path.suffix.lower() == ".zip":
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise GradingError(
                f"{path} can't be read as a zip: {error}. Download it again."
            ) from error
        with archive:
            yield list(_in_zip(archive, zone, refuse))
    else:
        yield [Entry((path.name,), _changed(path), lambda: _from_disk(path))]


def unzipped(
    entry: Entry, zone: tzinfo, refuse: Callable[[str, str], None]
) -> list[Entry]:
    """List what is in a zip that a student handed in; zips in it are not opened.

    Parameters
    ----------
    entry : Entry
        The zip.
    zone : tzinfo object
        Whose clock its times follow.
    refuse : callable, (str, str) -> None
        Told the name and the reason of what is not listed.

    Returns
    -------
    list of Entry
        Its files, in memory.

    Raises
    ------
    Refused
        If it is not a zip, or holds too much.

    Source: the file format of zip.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(entry.read())) as archive:
            held = []
            budget = FILE_BYTES
            if len(archive.infolist()) > NESTED_ENTRIES:
                raise Refused(f"it holds more than {NESTED_ENTRIES} files")
            for one in _in_zip(archive, zone, refuse):
                if one.parts[-1].lower().endswith(".zip"):
                    refuse("/".join(one.parts), "a zip inside a zip is not opened")
                    continue
                try:
                    data = one.read()
                except Refused as reason:
                    refuse("/".join(one.parts), str(reason))
                    continue
                budget -= len(data)
                if budget < 0:
                    raise Refused(f"it unpacks to more than {_mb(FILE_BYTES)}")
                held.append(Entry(one.parts, one.time, lambda data=data: data))  # type: ignore[misc]
            return held
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise Refused(f"it is not a zip that can be read ({error})") from error


def _mb(size: int) -> str:
    return f"{size // MEGABYTE} MB"


def _in_folder(top: Path, refuse: Callable[[str, str], None]) -> Iterator[Entry]:
    for folder, folders, files in os.walk(top, followlinks=False):
        folders[:] = sorted(set(folders) - CLUTTER)
        for name in [*folders, *sorted(files)]:
            path = Path(folder, name)
            parts = path.relative_to(top).parts
            kind = path.lstat().st_mode
            if stat.S_ISLNK(kind):
                refuse("/".join(parts), "it is a symbolic link")
            elif stat.S_ISREG(kind) and name not in CLUTTER:
                yield Entry(parts, _changed(path), lambda path=path: _from_disk(path))  # type: ignore[misc]
            elif not stat.S_ISREG(kind) and not stat.S_ISDIR(kind):
                refuse("/".join(parts), "it is neither a file nor a folder")


def _changed(path: Path) -> datetime:
    return datetime.fromtimestamp(path.lstat().st_mtime, UTC)


def _from_disk(path: Path) -> bytes:
    # The link may have been put there after the look.
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused(f"it can't be read: {error.strerror}") from error
    with os.fdopen(handle, "rb") as file:
        return _bounded(file.read(FILE_BYTES + 1))


def _bounded(data: bytes) -> bytes:
    if len(data) > FILE_BYTES:
        raise Refused(f"it is larger than {_mb(FILE_BYTES)}")
    return data


def _in_zip(
    archive: zipfile.ZipFile, zone: tzinfo, refuse: Callable[[str, str], None]
) -> Iterator[Entry]:
    for info in archive.infolist():
        parts = PurePosixPath(info.filename).parts
        kind = info.external_attr >> 16
        if info.is_dir() or not parts or CLUTTER & set(parts):
            continue
        if info.filename.startswith("/") or ".." in parts or "\\" in info.filename:
            refuse(info.filename, "its name leads out of the zip")
        elif stat.S_IFMT(kind) not in (0, stat.S_IFREG):
            refuse(info.filename, "it is a link, or not a plain file")
        elif info.flag_bits & 1:
            refuse(info.filename, "it is encrypted")
        else:
            yield Entry(
                parts,
                _zip_time(info, zone),
                lambda info=info: _from_zip(archive, info),  # type: ignore[misc]
            )


def _zip_time(info: zipfile.ZipInfo, zone: tzinfo) -> datetime | None:
    try:
        return datetime(*info.date_time, tzinfo=zone)
    except ValueError:
        return None


def _from_zip(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as file:
            return _bounded(file.read(FILE_BYTES + 1))
    except Refused:
        raise
    except Exception as error:  # each way of packing has errors of its own
        raise Refused(f"it can't be unpacked ({printable(error)})") from error
