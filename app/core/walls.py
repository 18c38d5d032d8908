"""Walls that a process of ours builds around itself for good, before it reads what a stranger made. It needs no privilege.

Files: Landlock (Linux 5.13 and later) lets it open what it is made of, to read, and nothing else: no key, no database, no
upload, no `/proc`. Network and processes: a filter of system calls gives it no socket, lets it start and touch no other process
(threads of its own it may have, and signals and limits of its own), shorten no file, and change nobody's mode, owner, times or
priority; Landlock of an old kernel leaves those open. The filter is a list of what is refused: a call that a later kernel
invents is let through until it stands there. A kernel, a container or a processor that does not know one of them leaves it out,
and `Walls` says so; where the filter is not known, an empty network of its own is tried. Neither hides that a file exists, nor
stops an error in the kernel; without Landlock it opens what its account may open.

Constants are those of <linux/landlock.h>, <linux/seccomp.h>, <linux/audit.h> and <asm/unistd.h>; how they are used:
https://docs.kernel.org/userspace-api/landlock.html and .../seccomp_filter.html.
"""

import ctypes
import errno
import mimetypes
import os
import platform
import struct
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 4, 22, 38
# Landlock: the same numbers on every processor.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH = 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# How many rights over files each version knows; the fourth knows TCP too, the sixth signals and sockets without a file.
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
LATER_RIGHTS, KNOWS_NETWORK, KNOWS_SCOPES = 16, 4, 6
# The filter: load a word, jump if equal, if greater or equal, if a bit is set, return; and where in a call the words stand.
LOAD, EQUAL, AT_LEAST, HAS_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16
ALLOW, REFUSE, MODE_FILTER = 0x7FFF0000, 0x00050000, 2
# A thread is let through, for the library that sets text has some; its flags are seen in `clone` only.
CLONE3, THREAD, OTHER_CALLS = 435, 0x00010000, 0x40000000
NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000
# Calls with the same number on both: pidfd_send_signal, io_uring_setup, pidfd_open, pidfd_getfd; open_tree, move_mount, fsopen,
# fsmount, fspick, mount_setattr; process_madvise, process_mrelease; fchmodat2, setxattrat, removexattrat, file_setattr.
SAME = (424, 425, 434, 438, 428, 429, 430, 432, 433, 442, 440, 448, 452, 463, 466, 469)
# By processor: its mark; `clone`; tgkill and prlimit64, which it may do to itself; and what is refused, a line each:
# socket, socketpair, connect, bind, sendto, sendmsg, sendmmsg; execve, execveat, fork, vfork;
# kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo, ptrace, process_vm_readv and _writev, kcmp; mount, unshare, setns,
# open_by_handle_at; add_key, request_key, keyctl, bpf, perf_event_open, userfaultfd;
# truncate, ftruncate, chmod, fchmod, fchmodat, chown, fchown, lchown, fchownat, utime, utimes, futimesat, utimensat;
# setxattr, lsetxattr, fsetxattr, removexattr, lremovexattr, fremovexattr; inotify_init, _init1, _add_watch, fanotify_init;
# setpriority, sched_setparam, _setscheduler, _setaffinity, _setattr, ioprio_set, move_pages, migrate_pages;
# shmget, shmat, shmctl, semget, semop, semctl, semtimedop, msgget, msgsnd, msgrcv, msgctl, mq_open, mq_unlink.
PROCESSORS: dict[str, tuple[int, int, tuple[int, int], tuple[int, ...]]] = {
    "x86_64": (0xC000003E, 56, (234, 302), (
        41, 53, 42, 49, 44, 46, 307, 59, 322, 57, 58,
        62, 200, 129, 297, 101, 310, 311, 312, 165, 272, 308,
        304, 248, 249, 250, 321, 298, 323,
        76, 77, 90, 91, 268, 92, 93, 94, 260, 132, 235, 261, 280,
        188, 189, 190, 197, 198, 199, 253, 294, 254, 300,
        141, 142, 144, 203, 314, 251, 279, 256,
        29, 30, 31, 64, 65, 66, 220, 68, 69, 70, 71, 240, 241,
    )),
    "aarch64": (0xC00000B7, 220, (131, 261), (
        198, 199, 203, 200, 206, 211, 269, 221, 281,
        129, 130, 138, 240, 117, 270, 271, 272, 40, 97, 268,
        265, 217, 218, 219, 280, 241, 282,
        45, 46, 52, 53, 55, 54, 88,
        5, 6, 7, 14, 15, 16, 26, 27, 262,
        140, 118, 119, 122, 274, 30, 239, 238,
        194, 196, 195, 190, 193, 191, 192, 186, 189, 188, 187, 180, 181,
    )),
}  # fmt: skip
# What shared libraries and the interpreter are read from, and what they ask for by name.
SYSTEM = (
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/share",
    "/usr/local/lib",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
)
DEVICES = ("/dev/null", "/dev/urandom")
PACKAGES = ("site-packages", "dist-packages")


@dataclass(frozen=True, slots=True)
class Walls:
    """What stands around the present process."""

    landlock: int = 0  # its version; 0 where there is none
    has_filter: bool = False
    has_own_network: bool = False

    @property
    def shuts_files(self) -> bool:
        """Whether only what the program is made of can be opened."""
        return self.landlock > 0

    @property
    def shuts_network(self) -> bool:
        """Whether nothing can be reached."""
        return self.has_filter or self.has_own_network

    def __str__(self) -> str:
        files = f"files shut (Landlock {self.landlock})" if self.shuts_files else "files OPEN (no Landlock here)"
        if not self.shuts_network:
            return f"{files}, network OPEN (neither a filter of system calls nor an own network here)"
        return f"{files}, network shut ({'filter of system calls' if self.has_filter else 'a network of its own'})"


def build(*readable: Path) -> Walls:
    """Shut the present process in with what it is made of and `readable`, for good; elsewhere than on Linux there are none."""
    if sys.platform != "linux":
        return Walls()
    libc = _kernel()
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return Walls()
    landlock = _shut_files(libc, (*_made_of(), *readable))
    if _filter_calls(libc):
        return Walls(landlock, has_filter=True)
    return Walls(landlock, has_own_network=libc.unshare(NEW_USER | NEW_NETWORK) == 0)


def _kernel() -> ctypes.CDLL:
    libc = ctypes.CDLL(None)
    libc.syscall.restype = ctypes.c_long
    libc.prctl.argtypes = (ctypes.c_int, *[ctypes.c_ulong] * 4)
    return libc


def _made_of() -> Iterator[Path]:
    """The interpreter, its packages and our package; not the folder around it, where keys and the database may lie."""
    yield Path(__file__).parent.parent
    library = Path(os.__file__).parent
    yield library
    yield from (Path(one) for one in sys.path if Path(one).name in PACKAGES or Path(one).is_relative_to(library))
    yield from (Path(one) for one in (*SYSTEM, *DEVICES, *mimetypes.knownfiles))


def _shut_files(libc: ctypes.CDLL, readable: Iterable[Path]) -> int:
    """The version of Landlock that shuts files, or 0."""
    version = int(libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), 1))
    if version < 1:
        return 0
    words = [(1 << RIGHTS.get(version, LATER_RIGHTS)) - 1]
    words += [0b11] if version >= KNOWS_NETWORK else []
    words += [0b11] if version >= KNOWS_SCOPES else []
    rules = struct.pack(f"={len(words)}Q", *words)
    ruleset = int(libc.syscall(CREATE_RULESET, rules, ctypes.c_size_t(len(rules)), 0))
    if ruleset < 0:
        return 0
    try:
        for path in readable:
            _let_read(libc, ruleset, path)
        return version if libc.syscall(RESTRICT_SELF, ruleset, 0) == 0 else 0
    finally:
        os.close(ruleset)


def _let_read(libc: ctypes.CDLL, ruleset: int, path: Path) -> None:
    with suppress(OSError):  # what is not there needs no rule
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rights = READ_FILE | READ_DIR if path.is_dir() else READ_FILE
            libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, struct.pack("=Qi", rights, place), 0)
        finally:
            os.close(place)


def _filter_calls(libc: ctypes.CDLL) -> bool:
    """Refuse the calls above, and those of another architecture, which have other numbers. Whether it holds."""
    known = PROCESSORS.get(platform.machine())
    if known is None or sys.maxsize < 2**32:
        return False
    mark, clone, (signal, limit), calls = known
    refused = (*calls, *SAME)
    # Each jump counts the instructions that it leaves out; the last three say yes, no, and that there is no such call.
    last = len(refused)
    steps = [
        (LOAD, 0, 0, ARCHITECTURE),
        (EQUAL, 0, last + 12, mark),
        (LOAD, 0, 0, NUMBER),
        (AT_LEAST, last + 10, 0, OTHER_CALLS),
    ]
    steps += [(EQUAL, last + 9 - at, 0, call) for at, call in enumerate(refused)]
    steps += [(EQUAL, 10, 0, CLONE3), (EQUAL, 5, 0, clone), (EQUAL, 1, 0, signal), (EQUAL, 0, 5, limit)]
    steps += [(LOAD, 0, 0, FIRST_ARGUMENT), (EQUAL, 3, 0, os.getpid()), (EQUAL, 2, 3, 0)]
    steps += [(LOAD, 0, 0, FIRST_ARGUMENT), (HAS_BIT, 0, 1, THREAD)]
    steps += [(RETURN, 0, 0, ALLOW), (RETURN, 0, 0, REFUSE | errno.EPERM), (RETURN, 0, 0, REFUSE | errno.ENOSYS)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *one) for one in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    return int(libc.prctl(PR_SET_SECCOMP, MODE_FILTER, ctypes.addressof(program), 0, 0)) == 0


if __name__ == "__main__":
    sys.stdout.write(str(build()))
