"""The process that reads strangers' files opens no key, reaches no network and starts nothing, where the kernel can shut it in.

Where this kernel cannot, the tests hold that the program says so and works all the same: nothing is promised that is not kept.
"""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import app
from app.core import walls
from app.core.confined import Confined, Limits
from app.doctor import examine
from tests.core.test_cleaning_limits import whole_pdf

ROOT = Path(app.__file__).parent.parent
# Our own program, whose reader was turned by the file it reads.
TURNED = """
import sys, app.core.cleaning.child as c
def deed(data, kind):
    {deed}
    return b"done"
c.clean = deed
sys.argv[1:] = ["pdf"]
sys.exit(c.main())
"""


def turned(deed: str, before: str = "") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-B", "-c", before + TURNED.format(deed=deed)]
    return subprocess.run(
        command, input=b"", capture_output=True, timeout=60, check=False, cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def built() -> str:
    """What stands around such a process on this machine, in its own words."""
    return Confined("app.core.walls", Limits(cpu_seconds=5, memory=2**30), places=1).run(b"").output.decode()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    made = tmp_path / "secret_key"
    made.write_text("do not tell")
    return made


def ends(done: subprocess.CompletedProcess[bytes], *, is_shut: bool) -> None:
    if is_shut:
        assert done.stdout == b""
        assert b"PermissionError" in done.stderr
    else:
        assert done.stdout == b"done"


def test_the_words_tell_what_stands() -> None:
    assert str(walls.Walls(landlock=3, has_filter=True)) == "files shut (Landlock 3), network shut (filter of system calls)"
    assert str(walls.Walls(has_own_network=True)) == "files OPEN (no Landlock here), network shut (a network of its own)"
    assert "network OPEN" in str(walls.Walls(landlock=1))


def test_process_opens_no_key_no_setting_and_no_memory_of_another(built: str, secret: Path) -> None:
    for path in (secret, ROOT / "setup.cfg", Path("/etc/passwd"), Path("/proc/self/environ")):
        ends(turned(f"open({str(path)!r}, 'rb').read()"), is_shut="files shut" in built)


def test_process_lists_no_folder_of_ours_and_changes_nothing(built: str, secret: Path) -> None:
    ends(turned(f"__import__('os').listdir({str(secret.parent)!r})"), is_shut="files shut" in built)
    ends(turned(f"__import__('os').unlink({str(secret)!r})"), is_shut="files shut" in built)


@pytest.mark.parametrize(
    "deed",
    [
        "__import__('socket').create_connection(('127.0.0.1', {port}), 5)",
        "__import__('socket').socket(2, 2).sendto(b'x', ('127.0.0.1', {port}))",
    ],
)
def test_process_reaches_no_program_that_listens(built: str, deed: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        done = turned(deed.format(port=listening.getsockname()[1]))
    if "filter" in built:
        ends(done, is_shut=True)
    else:
        assert (b"OSError" in done.stderr or b"unreachable" in done.stderr) == ("network shut" in built)


@pytest.mark.parametrize(
    "deed",
    [
        "__import__('os').fork()",
        "__import__('os').execv(sys.executable, [sys.executable])",
        "__import__('os').kill(__import__('os').getppid(), 0)",
    ],
)
def test_process_starts_and_touches_no_other(built: str, deed: str) -> None:
    done = turned(deed)

    if "filter" in built:
        ends(done, is_shut=True)
    else:
        assert done.returncode in {0, 1}


# A kernel whose Landlock knows nothing of what is done here: the filter of system calls stands alone.
FILTER_ALONE = """
import ctypes, os, platform, resource, signal
from app.core import walls
known = walls.PROCESSORS[platform.machine()]
walls._kernel().prctl(walls.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
walls.PROCESSORS = {platform.machine(): (*known[:3], (walls.CREATE_RULESET,))}
assert walls._filter_calls(walls._kernel())
walls.PROCESSORS = {platform.machine(): known}
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), name)
"""


@pytest.mark.parametrize(
    "deed",
    [
        "os.truncate({path!r}, 0)",
        "os.chmod({path!r}, 0o777)",
        "os.chmod(os.open({path!r}, os.O_RDONLY), 0o777)",
        "os.chown({path!r}, -1, -1)",
        "os.utime({path!r}, (0, 0))",
        "os.setxattr({path!r}, 'user.a', b'1')",
        "os.removexattr({path!r}, 'user.a')",
        "resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)",
        "os.setpriority(os.PRIO_PROCESS, 0, 5)",
        "os.sched_setaffinity(0, os.sched_getaffinity(0))",
        "call('tgkill', os.getppid(), os.getppid(), 0)",
        "call('sigqueue', os.getppid(), 0, None)",
        "call('inotify_init1', 0)",
        "call('shmget', 0, 4096, 0o1600)",
        "call('semget', 0, 1, 0o1600)",
        "call('msgget', 0, 0o1600)",
    ],
)
def test_process_changes_no_file_and_no_other_process_where_landlock_does_not_help(built: str, secret: Path, deed: str) -> None:
    done = alone(deed.format(path=str(secret)))

    if "filter" in built:
        ends(done, is_shut=True)
        assert b"[Errno 1]" in done.stderr
        assert secret.read_text() == "do not tell"
    else:
        assert done.returncode in {0, 1}


def test_process_may_end_itself_and_limit_itself(built: str) -> None:
    assert alone("os.abort()").returncode == -signal.SIGABRT
    assert alone("resource.setrlimit(resource.RLIMIT_CPU, (1, 1)); signal.raise_signal(signal.SIGURG)").stdout == b"done"


def alone(deed: str) -> subprocess.CompletedProcess[bytes]:
    return turned(deed, before=FILTER_ALONE)


def test_process_that_wants_more_files_than_it_needs_gets_none() -> None:
    assert b"Too many open files" in turned("kept = [open(c.__file__, 'rb') for _ in range(100)]").stderr


def test_packages_of_the_program_can_be_read_wherever_it_is_started_from(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-B", "-c", TURNED.format(deed="import pikepdf, PIL.Image, lxml.etree")],
        input=b"", capture_output=True, timeout=60, check=False, cwd=tmp_path,
        env={"PYTHONPATH": ":".join(one for one in sys.path if one), "LANG": "C.UTF-8"},
    )  # fmt: skip

    assert (done.stdout, done.stderr) == (b"done", b"")


# A kernel that knows neither Landlock (444) nor networks of one's own, and no filter for this processor.
BARE = """
import platform, sys
from app.core import walls
libc = walls._kernel()
libc.prctl(walls.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
mark, clone, own, calls = walls.PROCESSORS[platform.machine()]
unshare = {"x86_64": 272, "aarch64": 97}[platform.machine()]
walls.PROCESSORS = {platform.machine(): (mark, clone, own, (walls.CREATE_RULESET, unshare))}
assert walls._filter_calls(libc)
walls.PROCESSORS = {}
"""


def test_file_is_cleaned_on_a_machine_that_has_no_walls_and_says_so() -> None:
    def run(then: str, data: bytes) -> bytes:
        command = [sys.executable, "-B", "-c", f"{BARE}\n{then}"]
        return subprocess.run(command, input=data, capture_output=True, timeout=60, check=True, cwd=ROOT).stdout

    said = run("print(walls.build())", b"").decode()
    clean = "import app.core.cleaning.child as c; sys.argv[1:] = ['pdf']; sys.exit(c.main())"

    assert said.count("OPEN") == 2
    assert run(clean, whole_pdf()).startswith(b"%PDF")


def test_machine_without_any_of_it_is_said_to_be_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "other")

    assert "OPEN" in str(walls.build())


def test_doctor_says_what_stands(app, built: str) -> None:
    with app.app_context():
        [check] = [one for one in examine() if one.name == "readers"]

    assert (check.is_ok, check.detail) == (True, built)
