"""Lock the calling process up, so that a learner's code can be run in it.

The interpreter that a submission is forked from has no privileges. A fork of it makes a
user namespace of its own, in which it may mount and make further namespaces; once these
are made it gives up every capability, for good. Each namespace is there for a reason:

- pid: nothing else can be seen, signalled or traced, and when the first process in it
  dies, the kernel kills all others: nothing outlives the submission;
- mount: its own empty files, of limited size, that vanish with it, and no /proc;
- ipc: shared memory and queues would outlive their processes otherwise;
- user: process limits count its own processes only.

The network namespace and the file system are bubblewrap's (see `sandbox`).
"""

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
if sys.platform == "linux":
    _libc.prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]

_NEW_PID, _NEW_USER = 0x20000000, 0x10000000
_NEW_MOUNT, _NEW_IPC = 0x00020000, 0x08000000
_READONLY, _NO_SETUID, _NO_DEVICES, _RECURSIVE, _PRIVATE = 1, 2, 4, 0x4000, 0x40000
_SET_DEATH_SIGNAL, _SET_DUMPABLE, _DROP_BOUND, _SET_SECCOMP = 1, 4, 24, 22
_NO_NEW_PRIVILEGES, _FILTER = 38, 2
_LAST_CAPABILITY = 63

# System calls that no exercise needs, refused with "Operation not permitted", and why.
# The numbers are those of x86-64 and of arm64.
REFUSED = {
    # further namespaces would give capabilities back
    "unshare": (272, 97),
    "setns": (308, 268),
    "clone3": (435, 435),  # answered with "no such call", so that clone is used instead
    "mount": (165, 40),
    "fsopen": (430, 430),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    # looking into or stopping other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    # memory that belongs to no process escapes the limit on memory
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "mq_open": (240, 180),
    # large kernel interfaces that have been holes before
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
}
# For these, which arrive with flags, only some uses are refused.
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE_ARGUMENT, _MMAP_ARGUMENT = 0, 3
_MMAP = {"x86_64": 9, "aarch64": 222}
_SHARED_ANONYMOUS = 0x01 | 0x20
_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_ANY_NAMESPACE = 0x7E020080


def become(uid: int) -> None:
    """Give up root for good: take another user's number and no groups."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    # The kernel forbids a process that has changed its user to write its own id maps,
    # as `own_namespaces` has to, unless told that there is nothing to hide.
    _check(_libc.prctl(_SET_DUMPABLE, 1, 0, 0, 0), "make the process plain")


def own_namespaces() -> None:
    """Make the next fork the first process of new user and pid namespaces.

    Raises
    ------
    OSError
        If this system does not let ordinary users make namespaces.

    Source: user_namespaces(7).
    """
    uid, gid = os.getuid(), os.getgid()
    _check(_libc.unshare(_NEW_USER | _NEW_PID), "make namespaces")
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"1000 {uid} 1"),
        ("gid_map", f"1000 {gid} 1"),
    ):
        Path("/proc/self", name).write_text(text, encoding="ascii")


def own_files(home: str, megabytes: float) -> None:
    """Mount an empty home of limited size, and hide /proc.

    Raises
    ------
    OSError
        If this system does not let ordinary users mount.

    Source: mount_namespaces(7).
    """
    _check(_libc.unshare(_NEW_MOUNT | _NEW_IPC), "make namespaces")
    _mount(None, "/", None, _RECURSIVE | _PRIVATE, None)
    size = f"size={int(megabytes * 1e6)},nr_inodes=10000,mode=0755"
    _mount("tmpfs", home, "tmpfs", _NO_SETUID | _NO_DEVICES, size)
    _mount("tmpfs", "/proc", "tmpfs", _READONLY | _NO_SETUID, "size=4k")


def die_with_parent() -> None:
    """Be killed when the parent dies; does nothing on other systems than Linux."""
    if sys.platform == "linux":
        _libc.prctl(_SET_DEATH_SIGNAL, 9, 0, 0, 0)


def limit(*, memory: float, processes: int, seconds: float, disk: float) -> None:
    """Set the limits that the kernel keeps for each process; they can't be raised.

    `memory` and `disk` are in MB; memory counts from what is in use already.
    """
    in_use = _address_space()
    bounds = {
        resource.RLIMIT_AS: in_use + int(memory * 1e6) if in_use else None,
        resource.RLIMIT_NPROC: int(processes),
        resource.RLIMIT_CPU: int(seconds) + 1,
        resource.RLIMIT_FSIZE: int(disk * 1e6),
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
    for which, most in bounds.items():
        if most is not None:
            _, hard = resource.getrlimit(which)
            if hard != resource.RLIM_INFINITY:
                most = min(most, hard)
            resource.setrlimit(which, (most, most))


def give_up_privileges() -> None:
    """Drop every capability and the ways to gain one, and filter system calls."""
    for capability in range(_LAST_CAPABILITY + 1):
        if _libc.prctl(_DROP_BOUND, capability, 0, 0, 0):
            break  # beyond the last one that this kernel knows
    header = struct.pack("=Ii", 0x20080522, 0)  # version 3, this process
    _check(_libc.capset(header, bytes(24)), "drop capabilities")
    _check(_libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "forbid new privileges")
    _filter_system_calls()


def _address_space() -> int:
    """Return how many bytes of addresses this process uses, or 0 if not known."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _filter_system_calls() -> None:
    """Install a seccomp filter: a program of the kernel's packet-filter machine."""
    machine = platform.machine()
    if machine not in _AUDIT:
        return  # the namespaces and limits hold there too
    column = list(_AUDIT).index(machine)
    load, equal, at_least, mask, done = 0x20, 0x15, 0x35, 0x54, 0x06
    allow, kill = 0x7FFF0000, 0x80000000
    refuse = 0x00050000

    def argument(i: int) -> int:
        return 16 + 8 * i  # the low half of it, in struct seccomp_data

    # (code, value, skip if true, skip if false)
    program = [
        (load, 4, 0, 0),
        (equal, _AUDIT[machine], 1, 0),
        (done, kill, 0, 0),  # another machine's calls have other numbers
        (load, 0, 0, 0),
        (at_least, 0x40000000, 0, 1),  # and so has the x32 mode of x86-64
        (done, kill, 0, 0),
    ]
    for name, numbers in REFUSED.items():
        answer = errno.ENOSYS if name == "clone3" else errno.EPERM
        program += [(equal, numbers[column], 0, 1), (done, refuse | answer, 0, 0)]
    program += [
        (equal, _CLONE[machine], 0, 4),
        (load, argument(_CLONE_ARGUMENT), 0, 0),
        (mask, _ANY_NAMESPACE, 0, 0),
        (equal, 0, 5, 0),
        (done, refuse | errno.EPERM, 0, 0),
        (equal, _MMAP[machine], 0, 3),
        (load, argument(_MMAP_ARGUMENT), 0, 0),
        (mask, _SHARED_ANONYMOUS, 0, 0),
        (equal, _SHARED_ANONYMOUS, 1, 0),
        (done, allow, 0, 0),
        (done, refuse | errno.EPERM, 0, 0),
    ]
    code = b"".join(struct.pack("=HBBI", c, t, f, k) for c, k, t, f in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    whole = struct.pack("=HxxxxxxQ", len(program), ctypes.addressof(buffer))
    head = ctypes.create_string_buffer(whole, len(whole))
    _check(
        _libc.prctl(_SET_SECCOMP, _FILTER, ctypes.addressof(head), 0, 0),
        "filter system calls",
    )


def _mount(
    what: str | None, where: str, kind: str | None, flags: int, options: str | None
) -> None:
    words = [None if w is None else os.fsencode(w) for w in (what, where, kind)]
    data = None if options is None else os.fsencode(options)
    _check(_libc.mount(*words, ctypes.c_ulong(flags), data), f"mount {where}")


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot {what}: {os.strerror(number)}")
