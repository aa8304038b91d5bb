"""Submissions that attack: none may rob, break or fool the grader.

Most attacks are a cell that defines ``attack()``. Where a machine without any confinement can show it, the same text
also runs in a bare Python first and must succeed there: an attack that fails for a typo proves nothing.
"""

import contextlib
import io
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from rich.console import Console

from grader import vocabulary
from grader.assignment import Assignment, list_assignments
from grader.authoring import in_place
from grader.batch import autograde
from grader.engine import Engine
from grader.feedback import feedback
from grader.hidden import Local, run_test
from grader.intake.expected import Expected
from grader.intake.submission import MAX_FILES_BYTES, read_submission
from grader.reading import Refused
from grader.reference import reference_namespace
from grader.released import released_notebook
from grader.repair import repair
from grader.sandbox.failures import Died, StudentError, TimedOut
from grader.sandbox.limits import Limits
from grader.sandbox.session import Session
from grader.sandbox.warm import WarmProcess
from grader.sandbox.zygote import empty_folder
from grader.screen import plain
from grader.seeds import seed_of
from grader.student_edition import build_student_edition
from grader.words import MOST_DIGITS, safe_message

from . import tiny
from .attacking import KIB, MIB, PRELUDE, SECRET, numbered, run, succeeds_unconfined, try_attack

# -- rob: files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "attack",
    numbered(
        open="open('SECRET').read()",
        os_open="os.read(os.open('SECRET', os.O_RDONLY), 100)",
        path_only="os.read(os.open(f\"/proc/self/fd/{os.open('SECRET', os.O_PATH)}\", os.O_RDONLY), 100)",
        libc_open="os.read(syscall(2, ctypes.c_char_p(b'SECRET'), 0), 100)",
        mmap="import mmap\nmmap.mmap(os.open('SECRET', os.O_RDONLY), 0, prot=mmap.PROT_READ)[:]",
        numpy_memmap="import numpy\nnumpy.memmap('SECRET', mode='r').tobytes()",
        numpy_fromfile="import numpy\nnumpy.fromfile('SECRET', dtype='u1').tobytes()",
        loader="import importlib.machinery as m\nm.SourceFileLoader('x', 'SECRET').get_data('SECRET')",
        linecache="import linecache\nlinecache.getlines('SECRET')[0]",
        shutil="import shutil\nopen(shutil.copyfile('SECRET', 'mine')).read()",
        relative="open('../' * 12 + 'SECRET').read()",
        proc_root="open('/proc/self/root' + 'SECRET').read()",
        proc_cwd="open('/proc/self/cwd/' + '../' * 12 + 'SECRET').read()",
        symlink="os.symlink('SECRET', 'link')\nopen('link').read()",
        hard_link="os.link('SECRET', 'link')\nopen('link').read()",
        move="os.rename('SECRET', 'mine')\nos.rename('mine', 'SECRET')",
        list_folder="os.listdir(os.path.dirname('SECRET'))[0]",
        scan_root="os.listdir('/')[0]",
        home="os.listdir('/root')",
        environment_of_parent="open(f'/proc/{os.getppid()}/environ').read()",
        memory_of_self="open('/proc/self/maps').read()",
        processes="[name for name in os.listdir('/proc') if name.isdigit()][0]",
        truncate="os.truncate('SECRET', 0)",
        append="open('SECRET', 'a').write('x')",
        unlink="os.unlink('SECRET')",
        make_folder="os.mkdir(os.path.dirname('SECRET') + '/new')",
        chmod="os.chmod('SECRET', 0o777)",
        chown="os.chown('SECRET', 65534, 65534)",
        utime="os.utime('SECRET')",
        xattr="os.setxattr('SECRET', 'user.x', b'1')",
        shared_memory="open('/dev/shm/x-of-an-attack', 'w').close()\nos.unlink('/dev/shm/x-of-an-attack')",
        tmp="open('/tmp/x-of-an-attack', 'w').close()\nos.unlink('/tmp/x-of-an-attack')",
    ),
)
def test_nothing_outside_the_working_folder_is_read_or_changed(session, secret, attack):
    """No way of opening, linking, listing or changing files reaches one outside the working folder."""
    attack = attack.replace("SECRET", str(secret))
    said = try_attack(session, attack)
    assert said.startswith("REFUSED")
    assert SECRET not in said
    assert secret.read_text(encoding="utf-8").strip() == SECRET
    succeeds_unconfined(attack, secret.parent)


def test_a_child_inherits_its_own_channel_and_nothing_else(session):
    """Of all descriptors, only null devices and one socket, the child's own, reach a student."""
    source = """
import json, os, stat
found = []
for number in range(4096):
    try:
        about = os.fstat(number)
    except OSError:
        continue
    null = stat.S_ISCHR(about.st_mode) and about.st_rdev == os.makedev(1, 3)
    named = bool(stat.S_IFMT(about.st_mode))  # an epoll has no kind of file
    found.append((number, "null" if null else "socket" if stat.S_ISSOCK(about.st_mode) else "file" if named else ""))
found = json.dumps(found)
"""
    session.run("import asyncio; asyncio.get_event_loop_policy()._local._loop = None", 5.0, KIB)
    session.run(source, 5.0, KIB)
    kinds = [kind for number, kind in sorted(json.loads(session.value("found", 5.0)))]
    assert kinds[:3] == ["null"] * 3
    # Its own channel; and IPython's event loop, made in the child: an epoll and the two ends of its own pair.
    assert sorted(kinds[3:]) in (["socket"], ["", "socket", "socket", "socket"])


def test_environment_holds_no_secret_of_the_parents(monkeypatch):
    """A token in the environment of the grader is in no student's, whoever asks."""
    monkeypatch.setenv("GRADER_TOKEN", SECRET)
    with WarmProcess(None) as zygote, Session(zygote) as session:
        said = run(
            session,
            "import os, ctypes\nprint(os.environ, os.environb)\n"
            "entries = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), 'environ')\n"
            "i = 0\nwhile entries[i]:\n    print(entries[i]); i += 1",
        )
    assert "PATH" in said
    assert SECRET not in said
    assert "GRADER_TOKEN" not in said


def test_memory_holds_no_test_and_no_other_submission(engine, hand_in):
    """Neither a hidden test, a reference's line nor the last student's text is among all objects of a child."""
    engine.grade(hand_in(double="neighbour = 'text of the neighbour 4471'\ndef double(x):\n    return 2 * x"), "eve")
    search = """
import gc, sys
found = set()
backwards = ["semoc srebmun eht eciwT", "eht_fo_tneidergni_terces", "1744 ruobhgien eht", "daetsni_serauqs"]
def look(value):
    if isinstance(value, str | bytes):
        text = value if isinstance(value, str) else value.decode("latin-1")
        found.update(word for word in backwards if word in text[::-1])  # this search itself must not be found
for thing in [*gc.get_objects(), *sys.modules.values(), *(f for f in sys._current_frames().values())]:
    for inner in gc.get_referents(thing):
        look(inner)
        if isinstance(inner, tuple | list | dict):
            for deeper in gc.get_referents(inner):
                look(deeper)
print("FOUND", sorted(found))
control = backwards[0][::-1]  # what the search must find where it is
for inner in gc.get_referents(globals()):
    look(inner)
print("CONTROL", sorted(found))
"""
    result = engine.grade(hand_in(double=search), "mallory")
    notebook = nbformat.reads(result.notebooks["tiny.ipynb"].decode(), as_version=4)
    said = "".join(output.get("text", "") for output in tiny.cell_of(notebook, "double").outputs)
    assert "FOUND []" in said
    assert "CONTROL ['semoc srebmun eht eciwT']" in said


@pytest.mark.parametrize(
    "module", ["grader.engine", "grader.hidden", "exercises", "nbgrader", "nbformat", "pip", "pytest", "sqlalchemy"]
)
def test_grader_and_tests_cannot_be_imported(session, module):
    """What grades is not importable, though parts of its package are loaded in the child."""
    assert "REFUSED" in try_attack(session, f"def attack():\n    import {module}")


def test_source_of_the_loaded_protocol_is_not_readable(session):
    """Not even the code of the child's own end can be read from disk."""
    said = try_attack(
        session, "def attack():\n    import inspect\n    return inspect.getsource(sys.modules['grader.sandbox.child'])"
    )
    assert said.startswith("REFUSED")


@pytest.mark.parametrize("name", list_assignments())
def test_withheld_functions_are_nowhere_in_the_students_library(name, tmp_path):
    """Searching every module of the student's nnlib for what is withheld finds stubs that raise, whatever the path."""
    assignment = Assignment.find(name)
    search = f"""
import importlib, pkgutil, nnlib
held, raised = set({assignment.settings.withhold!r}), set()
leaked = set()
for info in pkgutil.walk_packages(nnlib.__path__, "nnlib."):
    try:
        module = importlib.import_module(info.name)
    except ImportError:
        continue
    for key in held & set(vars(module)):
        try:
            vars(module)[key]()
        except NotImplementedError:
            raised.add(key)
        except BaseException:
            leaked.add(f"{{info.name}}.{{key}}")
        else:
            leaked.add(f"{{info.name}}.{{key}}")
print("RAISED", raised == held, "LEAKED", sorted(leaked))
"""
    with build_student_edition(assignment) as edition, WarmProcess(Path(edition)) as zygote, Session(zygote) as session:
        assert run(session, search).strip().endswith("RAISED True LEAKED []")


# -- rob and break: network, processes, signals, the kernel --------------------------------------------------------


@pytest.mark.parametrize(
    "attack",
    numbered(
        tcp="socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
        udp="socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
        unix="socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)",
        netlink="socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        datagram_pair="socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b'x', 'INBOX')",
        raw_pair="socket.socketpair(socket.AF_UNIX, socket.SOCK_RAW)[0].sendto(b'x', 'INBOX')",
        fork="os._exit(0) if os.fork() == 0 else os.wait()",
        forkpty="import pty\npid, _ = pty.fork()\nos._exit(0) if pid == 0 else os.waitpid(pid, 0)",
        clone="pid = syscall(56, 17, 0, 0, 0, 0)\nos._exit(0) if pid == 0 else os.wait()",
        clone3="args = ctypes.create_string_buffer(struct.pack('<11Q', 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0))\n"
        "pid = syscall(435, args, 88)\nos._exit(0) if pid == 0 else os.wait()",
        spawn="os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)",
        subprocess="import subprocess\nsubprocess.run(['/bin/true'], check=True)",
        multiprocessing="import multiprocessing as m\n"
        "p = m.get_context('fork').Process(target=print)\np.start()\np.join()",
        popen="import subprocess\nsubprocess.check_output('echo hello', shell=True)",
        memfd="os.memfd_create('x')",
        shared_segment="syscall(29, 0, 4096, 0o1600)",
        shared_segment_of_others="syscall(31, syscall(29, 0, 4096, 0o1600), 0, 0)",
        message_queue="syscall(71, syscall(68, 0, 0o1600), 0, 0)",
        keyring="syscall(248, ctypes.c_char_p(b'user'), ctypes.c_char_p(b'x'), ctypes.c_char_p(b'y'), 1, -3)",
        personality="syscall(135, 0x0040000)",
        inotify="syscall(253)",
        lock_file="fcntl.flock(os.open('.', os.O_RDONLY), fcntl.LOCK_EX)",
        kill="os.kill(VICTIM, 0)",
        kill_group="os.killpg(VICTIM, 0)",
        thread_kill="syscall(234, VICTIM, VICTIM, 0)",
        thread_kill_old="syscall(200, VICTIM, 0)",
        handle="os.pidfd_open(VICTIM)",
        queue_signal="info = ctypes.create_string_buffer(struct.pack('<iii', 10, 0, -1), 128)\n"
        "syscall(129, VICTIM, 23, info)",
        owner_of_signals="a, b = socket.socketpair()\nfcntl.fcntl(a, fcntl.F_SETOWN, VICTIM)",
        owner_by_structure="a, b = socket.socketpair()\nfcntl.fcntl(a, 15, struct.pack('ii', 1, VICTIM))",
        owner_by_ioctl="a, b = socket.socketpair()\nfcntl.ioctl(a, 0x8901, struct.pack('i', VICTIM))",
        any_signal="a, b = socket.socketpair()\nfcntl.fcntl(a, 10, 9)",
        priority="os.setpriority(os.PRIO_PROCESS, VICTIM, 19)",
        affinity="os.sched_setaffinity(VICTIM, os.sched_getaffinity(0))",
        limits_of_others="core = resource.RLIMIT_CORE\nresource.prlimit(VICTIM, core, resource.prlimit(VICTIM, core))",
        own_limits="resource.setrlimit(resource.RLIMIT_CORE, resource.getrlimit(resource.RLIMIT_CORE))",
        disk_priority="syscall(251, 1, VICTIM, 2 << 13 | 7)",
        trace="syscall(101, 0x4206, VICTIM, 0, 0)",
        outlive_the_grader="syscall(157, 1, 0, 0, 0, 0)",
        become_dumpable="syscall(157, 4, 1, 0, 0, 0)",
        high_half_of_an_argument="syscall(157, 1 | 1 << 32, 0, 0, 0, 0)",
    ),
)
def test_no_network_no_process_no_signal(session, secret, victim, attack):
    """Sockets that reach out, new processes, signals and settings of other processes are refused, each way to ask."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as inbox:
        inbox.bind(str(secret.parent / "inbox"))
        inbox.settimeout(0.01)
        attack = attack.replace("INBOX", str(secret.parent / "inbox")).replace("VICTIM", str(victim.pid))
        assert try_attack(session, attack).startswith("REFUSED")
        with pytest.raises(TimeoutError):
            inbox.recv(10)
        assert victim.poll() is None
        succeeds_unconfined(attack, secret.parent)


@pytest.mark.parametrize(
    "number", [310, 311, 425, 438, 440, 298, 321, 323, 272, 308, 165, 161, 155, 175, 246, 169, 467, 162, 306]
)
def test_dangerous_calls_without_a_wrapper_are_refused(session, number):
    """Memory of others, io_uring, bpf, namespaces, mounts, modules and the like answer that they are not allowed."""
    said = try_attack(session, f"def attack():\n    return syscall({number}, 0, 0, 0, 0, 0, 0)")
    assert said in ("REFUSED PermissionError 1", "REFUSED OSError 38")


@pytest.mark.parametrize("number", [470, 500, 1000, 2**30 + 57])
def test_calls_newer_than_the_list_and_of_another_abi_do_not_exist(zygote, number):
    """Calls that Linux gets after this was written, and those of x32, are refused or end the process."""
    with Session(zygote) as session:
        try:
            said = try_attack(session, f"def attack():\n    return syscall({number}, 0, 0, 0, 0, 0, 0)")
        except Died:
            return
    assert said == "REFUSED OSError 38"


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="machine code of another processor")
def test_calls_of_32_bit_programs_end_the_process(zygote):
    """The interrupt by which 32-bit programs call the kernel, where numbers mean other calls, does not get past."""
    attack = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(b"\\x53\\xb8\\x02\\x00\\x00\\x00\\xcd\\x80\\x5b\\xc3")  # push rbx; mov eax, 2 (fork); int 0x80; pop rbx; ret
address = ctypes.addressof(ctypes.c_char.from_buffer(page))
result = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
print("RESULT", result)
"""
    with Session(zygote) as session:
        try:
            said = run(session, attack)
        except Died:
            return
    assert "RESULT -" in said  # a kernel without 32-bit calls


def test_threads_and_the_rest_of_honest_python_work(session):
    """What honest notebooks use is not caught in the net."""
    said = run(
        session,
        "import asyncio, csv, json, os, tempfile, threading\nimport numpy as np\n"
        "t = threading.Thread(target=print, args=('thread',)); t.start(); t.join()\n"
        "print(await asyncio.to_thread(lambda: 'to_thread'))\n"
        "with tempfile.TemporaryDirectory() as d:\n    np.save(d + '/x.npy', np.ones(3))\n"
        "    print(np.load(d + '/x.npy'))\n"
        "json.dump([1], open('a.json', 'w')); os.replace('a.json', 'b.json'); print(json.load(open('b.json')))\n"
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.savefig('figure.png')\n"
        "print(os.path.getsize('figure.png') > 0)\n"
        "from matplotlib.animation import FuncAnimation\nfigure, axes = plt.subplots()\n"
        "line, = axes.plot([0, 1]); html = FuncAnimation(figure, lambda i: [line], frames=2).to_jshtml()\n"
        "print('jshtml' if '<script' in html else 'none'); plt.close('all')",
        seconds=20.0,
    )
    for word in ("thread", "to_thread", "[1. 1. 1.]", "[1]", "True", "jshtml"):
        assert word in said


def test_child_dies_with_a_killed_grader(tmp_path):
    """When the grader is killed outright, a child that loops and begs the kernel to outlive it is gone, too."""
    clings = (
        PRELUDE
        + """
for option in (1, 36):
    libc.prctl(option, 0, 0, 0, 0)
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
    )
    script = f"""
from grader.sandbox.session import Session
from grader.sandbox.warm import WarmProcess
zygote = WarmProcess(None)
session = Session(zygote)
session.run("x = 1", 5.0, 1000)
print(session._child.process.pid, zygote._process.pid, flush=True)
session.run({clings!r}, 300.0, 1000)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout is not None
        child, warm = map(int, grader.stdout.readline().split())
        assert Path(f"/proc/{child}").exists()
        time.sleep(0.3)  # the loop begins
        grader.kill()
    assert gone(child)
    assert gone(warm)


def gone(pid: int) -> bool:
    """Wait up to ten seconds for a process to end."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state in "ZX":
            return True
        time.sleep(0.05)
    return False


# -- break: disk, memory, time -------------------------------------------------------------------------------------


@pytest.fixture
def small() -> Iterator[WarmProcess]:
    """A warm process with small limits."""
    with WarmProcess(None, Limits(memory_mb=200, folder_mb=8)) as zygote:
        yield zygote


FILL = {
    "one_file": "with open('big', 'wb') as file:\n    while True:\n        file.write(bytes(2**20))",
    "many_files": "for i in range(5000):\n    open(f'f{i}', 'w').close()",
    "large_files": "for i in range(200):\n    open(f'f{i}', 'wb').write(bytes(2**20))",
    "folders": "for i in range(5000):\n    os.mkdir(f'd{i}')",
    "allocated": "for i in range(200):\n    os.posix_fallocate(os.open(f'f{i}', os.O_CREAT | os.O_RDWR), 0, 2**20)",
    "unnamed": "for i in range(200):\n    os.write(os.open('.', os.O_TMPFILE | os.O_RDWR), bytes(2**20))",
}


@pytest.mark.parametrize("fill", FILL.values(), ids=list(FILL))
def test_disk_is_full_soon(small, fill):
    """Files, folders and blocks end at the folder's limit, and the next student finds the folder empty."""
    with Session(small) as session:
        said = run(
            session, f"import os\ntry:\n    exec({fill!r})\nexcept OSError as error:\n    print('FULL', error.errno)"
        )
        assert "FULL" in said
    with Session(small) as session:
        assert run(session, "import os\nprint(os.listdir('.'))").strip() == "[]"
        assert "OK" in run(session, "open('mine', 'wb').write(bytes(2**20)); print('OK')")


@pytest.mark.parametrize("fill", FILL.values(), ids=list(FILL))
def test_disk_is_bounded_without_a_tmpfs(small_without_namespaces, fill):
    """On a real disk the folder is measured while student's code runs, and who fills it is ended."""
    zygote = small_without_namespaces
    endless = f"import os\nwhile True:\n    try:\n        exec({fill!r})\n    except OSError:\n        pass"
    with Session(zygote) as session, pytest.raises((Died, TimedOut)):
        session.run(endless, 2.0, KIB)
    with Session(zygote) as session:
        assert run(session, "import os\nprint(os.listdir('.'))").strip() == "[]"


DIG = "import os\nfor i in range({}):\n    os.mkdir('d', 0o700)\n    os.chdir('d')\nos.mkdir('last', {})\nprint('dug')"


@pytest.mark.parametrize("mode", [0o700, 0o000])
def test_deep_trees_do_not_stop_the_warm_process(small, mode):
    """A tree of folders deeper than any path, or without rights, is removed before the next student starts."""
    with Session(small) as session:
        assert run(session, DIG.format(3000, mode)).strip() == "dug"
    with Session(small) as session:
        assert run(session, "import os\nprint(os.listdir('.'))").strip() == "[]"


def test_deep_trees_are_removed_without_a_tmpfs(small_without_namespaces):
    """On a real disk a deep tree goes as well, at the latest when the warm process is closed."""
    zygote = small_without_namespaces
    assert zygote.work is not None
    with Session(zygote) as session, contextlib.suppress(Died):  # it may count as a filled folder
        run(session, DIG.format(1100, 0o700))
    zygote.close()
    assert not zygote.work.parent.exists()


@pytest.mark.parametrize(
    "grab",
    [
        "import numpy as np\nkeep.append(np.ones(2**21))",
        "keep.append(bytearray(2**24))",
        "import mmap\nkeep.append(mmap.mmap(-1, 2**24)); keep[-1][::4096] = bytes(2**12)",
        "import mmap\nkeep.append(mmap.mmap(-1, 2**24, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))",
        "import ctypes\nlibc = ctypes.CDLL(None)\nlibc.malloc.restype = ctypes.c_void_p\n"
        "p = libc.malloc(ctypes.c_size_t(2**24))\nif not p: raise MemoryError\n"
        "ctypes.memset(p, 1, 2**24)\nkeep.append(p)",
    ],
    ids=["numpy", "bytes", "shared_map", "private_map", "malloc"],
)
def test_memory_ends_at_its_limit(small, grab):
    """Memory grabbed through NumPy, Python, maps or C ends at the limit with an error that the cell survives."""
    source = (
        f"keep = []\ntry:\n    for i in range(64):\n        exec({grab!r})\n"
        "except (MemoryError, OSError):\n    print('ENDED', 16 * len(keep))"
    )
    with Session(small) as session:
        said = run(session, source)
    assert "ENDED" in said
    assert int(said.split()[-1]) <= 200


def test_threads_are_counted(small):
    """A flood of threads, each too small for the memory limit to notice, ends the process."""
    flood = (
        "import threading, time\nthreading.stack_size(32768)\nwait = threading.Event()\n"
        "while True:\n    try:\n        threading.Thread(target=wait.wait, daemon=True).start()\n"
        "    except RuntimeError:\n        time.sleep(0.01)"
    )
    with Session(small) as session, pytest.raises(Died, match="threads"):
        session.run(flood, 20.0, KIB)


ENDLESS = {
    "swallows_the_interrupt": "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "ignores_the_signal": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    "other_handler": "import signal\nsignal.signal(signal.SIGINT, lambda *_: None)\nwhile True: pass",
    "blocks_the_signal": "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\nwhile True: pass",
    "sleeps": "import time\nwhile True:\n    try:\n        time.sleep(1000)\n    except BaseException: pass",
    "stops_itself": "import os, signal\nsignal.raise_signal(signal.SIGSTOP)\nwhile True: pass",
    "in_c_power": "x = 7 ** (10 ** 8)",
    "in_c_regex": "import re\nre.match('(a+)+b', 'a' * 60)",
    "in_c_numpy": "import numpy as np\na = np.ones((2500, 2500))\n"
    "while True:\n    try: a @ a\n    except BaseException: pass",
    "generator": "x = sum(1 for _ in iter(int, 1))",
    "prints": "import time\nwhile True:\n    try: print('x' * 10**6)\n    except BaseException: pass",
    "waits_for_input": "import sys, threading\nthreading.Event().wait()",
}


@pytest.mark.parametrize("loop", ENDLESS.values(), ids=list(ENDLESS))
def test_endless_code_is_ended(zygote, loop):
    """However code refuses to end, its cell times out and the next cell runs."""
    with Session(zygote) as session:
        run(session, "before = 41")
        with pytest.raises(TimedOut):
            session.run(loop, 0.2, KIB)
        assert run(session, "print(before + 1)").strip() == "42"


@pytest.mark.parametrize(
    "leave",
    [
        "import atexit, time\natexit.register(time.sleep, 1000)",
        "class A:\n    def __del__(self): __import__('time').sleep(1000)\nkeep = A()",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()",
        "import sys\nsys.setrecursionlimit(10**9)\ndef f(): f()",
        "import os\nos.close(1); os.close(2)",
        "import gc\ngc.set_threshold(1); gc.callbacks.append(lambda *a: None)",
    ],
    ids=["atexit", "del", "thread", "recursion", "closed", "collector"],
)
def test_nothing_left_behind_delays_the_end(zygote, leave):
    """What a submission leaves running or registered goes with its process, which is gone when the session ends."""
    session = Session(zygote)
    run(session, leave)
    pid = session._child.process.pid
    session.close()
    assert gone(pid)


def test_nothing_reaches_the_next_student(zygote):
    """Patched modules, files, environment and IPython settings of one student are unknown to the next."""
    spoil = (
        "import builtins, numpy as np, os, sys\nbuiltins.sum = np.exp = lambda *a: 666\nsys.modules['json'] = None\n"
        "os.environ['SPOILED'] = '1'\nopen('left', 'w').write('x')\nget_ipython().user_ns['left'] = 1\n"
        "get_ipython().events.register('pre_run_cell', lambda *a: print('hooked'))\nsys.path.insert(0, 'evil')\n"
        "sys.modules['grader.sandbox.child'].Child.answer = None"
    )
    with Session(zygote) as session:
        run(session, spoil)
    with Session(zygote) as session:
        said = run(
            session,
            "import json, os, sys, numpy as np\n"
            "print(sum([1, 2]), np.exp(0.0), os.environ.get('SPOILED'), os.listdir('.'))\n"
            "print('left' in dir(), 'evil' in sys.path)",
        )
    assert said.split() == ["3", "1.0", "None", "[]", "False", "False"]


def test_student_who_ends_the_warm_process_costs_nobody_else(assignment, hand_in):
    """When the warm process is lost, the next submission is graded by a new one."""
    with (
        build_student_edition(assignment) as edition,
        Engine(assignment, released_notebook(assignment), edition) as own,
    ):
        assert own.grade(hand_in(), "ada").score == 5
        own.warm.process._process.end()
        assert own.grade(hand_in(), "bob").score == 5


# -- break and fool: the channel -----------------------------------------------------------------------------------

GRAB = """
import gc, os, socket, struct, sys, time
child = next(thing for thing in gc.get_objects() if type(thing).__name__ == "Child")
messages = sys.modules["grader.sandbox.messages"]
sock, send = child.channel.socket, child.channel.send
"""
HOSTILE_FRAMES = {
    "garbage": "sock.sendall(b'\\xff' * 10000)",
    "endless_length": "sock.sendall(struct.pack('<I', 2**32 - 1))",
    "length_and_silence": "sock.sendall(struct.pack('<I', 2**26)); time.sleep(60)",
    "nothing_in_it": "sock.sendall(struct.pack('<I', 0))",
    "closed": "sock.shutdown(socket.SHUT_RDWR); time.sleep(60)",
    "drip": "sock.sendall(struct.pack('<I', 2000))\nfor i in range(2000):\n    sock.sendall(b'a'); time.sleep(0.01)",
    "question_nobody_may_ask": "send(messages.Asked(10**6, [], {}))",
    "ready_again": "send(messages.Ready())",
    "ran_instead": "send(messages.Ran([], None))",
    "unknown_kind": "sock.sendall(struct.pack('<I', 10) + b'\\x81\\xa4type\\xa3abc')",
    "nested": "sock.sendall(struct.pack('<I', 10**6) + b'\\x91' * 10**6)",
    "half": "sock.sendall(struct.pack('<I', 100) + b'abc')\nos._exit(0)",
}


def evil(body: str) -> str:
    """Define a student's function ``evil`` that has its hands on the channel."""
    lines = "\n".join(f"    {line}" for line in (GRAB + body).strip().split("\n"))
    return f"def evil(*args):\n{lines}\ndef good():\n    return 41"


@pytest.mark.parametrize("frames", HOSTILE_FRAMES.values(), ids=list(HOSTILE_FRAMES))
def test_broken_frames_cost_the_call_and_nothing_else(zygote, frames):
    """Whatever bytes a student's function writes into the channel, the call ends and the session goes on."""
    with Session(zygote) as session:
        run(session, evil(frames))
        with pytest.raises((Died, TimedOut)):
            session.call("evil", (), {}, 0.5)
        assert session.call("good", (), {}, 2.0) == 41


def test_reasons_quote_nothing_of_a_message(zygote):
    """The reason why a process ended carries none of the text that the process sent."""
    kind = b"\xd9\x20" + SECRET.ljust(32).encode()
    frames = f"body = b'\\x81\\xa4type' + {kind!r}\nsock.sendall(struct.pack('<I', len(body)) + body)\ntime.sleep(9)"
    with Session(zygote) as session:
        run(session, evil(frames))
        with pytest.raises(Died) as caught:
            session.call("evil", (), {}, 0.5)
    assert "schema" in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("stubborn", [True, False])
def test_questions_without_end_are_ended(zygote, stubborn):
    """A function that calls the test's function for ever times out, whether it lets itself be interrupted or not."""
    loop = "    while True:\n        f(1.0)" if not stubborn else (
        "    while True:\n        try:\n            while True: f(1.0)\n        except BaseException: pass"
    )  # fmt: skip
    with Session(zygote) as session:
        run(session, f"def evil(f):\n{loop}\ndef good(f):\n    return f(20.5)")
        with pytest.raises(TimedOut):
            session.call("evil", (lambda x: 2 * x,), {}, 0.3)
        assert session.call("good", (lambda x: 2 * x,), {}, 2.0) == 41


def test_forged_answers_sent_early_are_only_answers(zygote):
    """A reply sent before it is asked for is the student's answer to the next question, and compared like any other."""
    with Session(zygote) as session:
        run(session, evil("for i in range(3):\n    send(messages.Returned(666))"))
        assert session.call("evil", (), {}, 2.0) == 666
        assert session.call("good", (), {}, 2.0) == 666


HOSTILE_VALUES = {
    "shape_too_large": "messages.Array('float64', (10**9,), b'')",
    "negative_shape": "messages.Array('float64', (-1, -8), bytes(64))",
    "product_overflows": "messages.Array('bool', (2**62, 4, 0), b'')",
    "axis_beyond_counting": "messages.Array('bool', (2**63, 0), b'')",
    "strided_overflow": "messages.Array('bool', (0, 2**62), b'', 'S')",
    "too_many_axes": "messages.Array('bool', (1,) * 60, b'x')",
    "object_dtype": "messages.Array('object', (1,), bytes(8))",
    "structured_dtype": "messages.Array('i4,f8', (1,), bytes(12))",
    "dtype_is_text": "messages.Array('SECRET', (1,), bytes(8))",
    "scalar_without_bytes": "messages.Scalar('float64', b'')",
    "integer_of_words": "messages.BigInt('SECRET')",
    "endless_integer": "messages.BigInt('f' * 10**6)",
    "unhashable_key": "messages.Pairs([messages.Items([])], [1])",
    "more_keys": "messages.Pairs([1, 2], [1])",
    "colliding_keys": "messages.Pairs([messages.Items([-1 - (i >> b & 1) for b in range(17)], True) "
    "for i in range(2**17)], [None] * 2**17)",
    "many_items": "messages.Items([None] * (2**20 + 1))",
    "random_state": "messages.Rng('SECRET', 'x', 0, 0)",
    "random_state_too_large": "messages.Rng('f' * 40, 'f' * 40, 2**31, 2**31)",
}


@pytest.mark.parametrize("value", HOSTILE_VALUES.values(), ids=list(HOSTILE_VALUES))
def test_lying_values_are_errors_of_the_function(zygote, value):
    """Arrays, numbers and dicts whose parts contradict each other are refused in words that quote nothing of them."""
    with Session(zygote) as session:
        run(session, evil(f"send(messages.Returned({value.replace('SECRET', SECRET)}))\ntime.sleep(60)"))
        with pytest.raises(StudentError) as caught:
            session.call("evil", (), {}, 5.0)
    assert caught.value.type_name == "NotPlain"
    assert SECRET not in str(caught.value)


def test_changed_arguments_that_lie_change_nothing_else(zygote):
    """What a reply says it changed touches the arguments of this call only, whatever positions it names."""
    body = (
        "send(messages.Returned(1, [(99, 5), (-1, 5), ('nobody', 5), (0, messages.Array('float64', (9,), bytes(72)))]))"
    )
    with Session(zygote) as session:
        run(session, evil(body + "\ntime.sleep(60)"))
        x = np.ones(3)
        assert session.call("evil", (x,), {}, 2.0) == 1
        assert x.tolist() == [1, 1, 1]


def test_outputs_are_bounded_whatever_the_child_claims(engine, hand_in):
    """Forged outputs of many megabytes, of unknown kinds and with scripts do not get into the graded notebook."""
    forged = GRAB + (
        "out = [messages.Output('display_data', data={'application/javascript': 'alert(1)', 'text/plain': 'kept'}),\n"
        "       *[messages.Output('stream', 'stdout', 'y' * 2**20) for i in range(40)]]\n"
        "send(messages.Ran(out, None))"
    )
    result = engine.grade(hand_in(double=forged), "mallory")
    assert len(result.notebooks["tiny.ipynb"]) < 16 * MIB
    cell = tiny.cell_of(nbformat.reads(result.notebooks["tiny.ipynb"].decode(), as_version=4), "double")
    assert [list(output.data) for output in cell.outputs if "data" in output] == [["text/plain"]]
    assert "not kept" in cell.outputs[-1].text


# -- fool ----------------------------------------------------------------------------------------------------------

NO_POINTS = {
    "nan": "def center(x):\n    return x * np.nan",
    "infinite": "def center(x):\n    return x + np.inf",
    "zero_input": "def center(x):\n    x[...] = 0\n    return x.copy()",
    "zero_input_by_view": "def center(x):\n    x.ravel()[:] = 0\n    return np.zeros(x.shape)",
    "always_equal": "class Same(float):\n    __eq__ = __ge__ = __le__ = lambda *a: True\n    __hash__ = None\n"
    "    __sub__ = __rsub__ = lambda self, other: 0.0\ndef center(x):\n    return Same(1)",
    "always_equal_array": "class Same(np.ndarray):\n    def __array_ufunc__(self, *a, **k): return np.ones(1, bool)\n"
    "    def __array_function__(self, *a, **k): return True\ndef center(x):\n    return np.ones(x.shape).view(Same)",
    "object_array": "def center(x):\n    return np.array([[object()] * x.shape[1]] * x.shape[0])",
    "mock": "from unittest.mock import MagicMock\ncenter = MagicMock()",
    "masked": "def center(x):\n    return np.ma.masked_all(x.shape)",
    "structured": "def center(x):\n    return np.zeros(x.shape, 'f8,f8')",
    "empty": "def center(x):\n    return np.zeros((0, 3))",
    "broadcast": "def center(x):\n    return np.zeros((1, 1))",
    "generator": "def center(x):\n    while True:\n        yield 0.0",
    "huge": "def center(x):\n    return np.broadcast_to(0.0, (10**9,))",
    "huge_list": "def center(x):\n    return [0] * 10**7",
    "nested": "def center(x):\n    y = []\n    for i in range(10**5): y = [y]\n    return y",
    "cyclic": "def center(x):\n    y = []\n    y.append(y)\n    return y",
    "huge_integer": "def center(x):\n    return 10**5000",
    "half_character": "def center(x):\n    return '\\ud800'",
    "type": "def center(x):\n    return type('A' * 10**6, (), {})()",
    "raises_assertion": "def center(x):\n    raise AssertionError('passed')",
    "raises_exit": "def center(x):\n    raise SystemExit(0)",
    "exits": "import os\ndef center(x):\n    os._exit(0)",
    "unprintable_error": "class E(Exception):\n    def __str__(self): raise E\ndef center(x):\n    raise E",
    "error_with_a_long_name": "def center(x):\n    raise type('E' * 10**6, (Exception,), {})('x' * 10**6)",
    "patched_comparisons": "import builtins, numpy.testing, nnlib, nnlib.checks as c\n"
    "for m in (np, np.testing, c, builtins):\n"
    "    for n in ('allclose', 'array_equal', 'isclose', 'assert_close', 'assert_allclose', 'explain', 'require'):\n"
    "        if hasattr(m, n): setattr(m, n, lambda *a, **k: None)\nnp.ndarray.__eq__ if 0 else None",
    "patched_protocol": "import sys\nw = sys.modules['grader.sandbox.child']\n"
    "w.encode = lambda value, *a: 0.0\ndef center(x):\n    return 0",
    "patched_child": "import sys\nc = sys.modules['grader.sandbox.child'].Child\n"
    "c.answer = lambda self, request: sys.modules['grader.sandbox.messages'].Returned(True)",
    "forged_replies": GRAB + "for i in range(50):\n    send(messages.Returned(True))",
    "prints_a_score": "print('test_center: 3 of 3 points (passed)')\nprint('1.0')",
    "patched_shell": "ip = get_ipython()\nip.run_cell = lambda *a, **k: None",
}


@pytest.mark.parametrize("center", NO_POINTS.values(), ids=list(NO_POINTS))
def test_tricks_get_no_points(cells, center):
    """Hostile results and patched code never pass the test of the exercise, and the next student's verdict is right."""
    found = cells(center=f"import numpy as np\n{center}")["test_center"]
    passed = {test.name: test.passed for test in found.tests}
    assert not passed["test_center_removes_the_mean"]
    assert found.score == passed["test_center_of_one_row"]  # whose right answer, for once, is zero
    honest = cells()
    assert (honest["test_double"].score, honest["test_center"].score) == (2, 3)


def test_knowing_that_one_is_tested_helps_only_to_answer_right(cells):
    """A function that behaves by the number of its call or by its caller is judged by what it returns."""
    found = cells(
        center="import sys\ncount = 0\ndef center(x):\n    global count\n    count += 1\n"
        "    tested = 'grader' in str(sys._getframe(1).f_code.co_filename)\n"
        "    return x - x.mean(axis=0) if tested and count == 1 else 0 * x + 1"
    )
    assert found["test_center"].score < 3


def zeroed(value: object) -> None:
    """Set every array in a value to zero."""
    if isinstance(value, np.ndarray) and value.flags.writeable:
        value[...] = 0
    elif isinstance(value, list | tuple | dict):
        for inner in value.values() if isinstance(value, dict) else value:
            zeroed(inner)


def filled(value: object, number: float) -> object:
    """Replace every number of a result."""
    if isinstance(value, np.ndarray):
        return np.full(value.shape, number)
    if isinstance(value, float | np.floating):
        return number
    if isinstance(value, list | tuple):
        return type(value)(filled(inner, number) for inner in value)
    return {key: filled(inner, number) for key, inner in value.items()} if isinstance(value, dict) else value


STRATEGIES = {
    "not_a_number": lambda right: lambda *a, **k: filled(right(*a, **k), np.nan),
    "infinite": lambda right: lambda *a, **k: filled(right(*a, **k), np.inf),
    "zero": lambda right: lambda *a, **k: filled(right(*a, **k), 0.0),
    "one": lambda right: lambda *a, **k: filled(right(*a, **k), 1.0),
    "its_argument": lambda right: lambda *a, **k: a[0] if a else None,
    "nothing": lambda right: lambda *a, **k: None,
    "true": lambda right: lambda *a, **k: True,
    "words": lambda right: lambda *a, **k: "all right",
    "no_rows": lambda right: lambda *a, **k: np.zeros((0, 3)),
}


@pytest.mark.parametrize("name", list_assignments())
@pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=list(STRATEGIES))
def test_no_answer_fits_all_hidden_tests(name, strategy):
    """An answer that looks at nothing, given everywhere, passes less than half of an assignment's hidden tests."""
    assignment = Assignment.find(name)
    namespace = reference_namespace(assignment.source)
    own = {k: strategy(v) for k, v in namespace.items() if getattr(v, "__module__", "") == "reference"}
    runs = [run_test(test, Local({**namespace, **own})) for test in assignment.hidden_tests]
    assert sum(run.passed for run in runs) < 0.5 * len(runs)


@pytest.mark.parametrize("name", list_assignments())
def test_making_the_input_easy_does_not_make_the_test_easy(name):
    """A function that zeroes its input and answers that is wrong wherever the input as it came has another answer."""
    assignment = Assignment.find(name)
    namespace = reference_namespace(assignment.source)

    def easy(right):
        def answer(*args, **kwargs):
            zeroed(args)
            zeroed(kwargs)
            return right(*args, **kwargs)

        return answer

    own = {k: easy(v) for k, v in namespace.items() if getattr(v, "__module__", "") == "reference"}
    runs = [run_test(test, Local({**namespace, **own})) for test in assignment.hidden_tests]
    changing = [run for run in runs if any(call.changed for call in run.calls)]
    assert sum(run.passed for run in changing) <= 0.1 * len(changing)
    if name.startswith("02-"):  # other assignments may hand over nothing that can be changed
        assert len(changing) > len(runs) / 3


def test_declared_tests_see_changed_arguments(assignment):
    """A test declared in_place judges what became of the argument, as an optimizer's step needs."""

    @in_place
    def test_step(student, rng):
        theta = np.ones(2)
        student.step(theta)
        assert theta.tolist() == [0.0, 0.0]

    test = replace(assignment.hidden_tests[0], name="test_step", function=test_step)
    assert run_test(test, Local({"step": zeroed})).passed


@pytest.mark.parametrize("bomb", ["while True:\n        pass", "np.ones((2**17, 1)) + np.ones((1, 2**17))"])
def test_results_cannot_use_up_the_grader(tmp_path, hand_in, released, monkeypatch, bomb):
    """A hidden test that a result sends into an endless loop, or into terabytes, fails; the next student is graded."""
    monkeypatch.setattr("grader.guard.CPU_SECONDS", 0.5)
    tests = f"""
    import numpy as np
    from nnlib.checks import assert_close
    def test_double_bombed(student):
        if student.double(1) != 2:
            {bomb.replace(chr(10), chr(10) + "        ")}
    def test_center_of_something(student):
        assert_close(student.center(np.array([[1.0], [3.0]])), np.array([[-1.0], [1.0]]))
    """
    assignment = Assignment(tiny.write(tmp_path / "tiny", hidden_tests=tests, double="", center=""))
    with build_student_edition(assignment) as edition, Engine(assignment, released, edition) as own:
        found = {cell.grade_id: cell for cell in own.grade(hand_in(double="def double(x):\n    return 3"), "eve").cells}
        assert (found["test_double"].score, found["test_center"].score) == (0, 3)
        assert own.grade(hand_in(), "ada").score == 5


# -- rob: what feedback carries ------------------------------------------------------------------------------------

TEXT = "''.join(chr(97 + int(c)) if c.isdigit() else 'z' for c in repr(float(x.ravel()[0])))"  # the input, as letters
LEAKS = {
    "message": "raise ValueError({text})",
    "known_message": "raise NameError('name ' + {text} + ' is not defined')",
    "key": "raise KeyError({text})",
    "error_name": "raise type({text}, (Exception,), {{}})('x')",
    "cause": "raise ValueError('x') from KeyError({text})",
    "note": "e = ValueError('x'); e.add_note({text}); raise e",
    "exit_text": "raise SystemExit({text})",
    "not_written": "raise NotImplementedError({text})",
    "string": "return {text}",
    "long_string": "return {text} * 10",
    "string_in_list": "return [{text}]",
    "dict_key": "return {{{text}: 1.0}}",
    "type_name": "return type({text}, (), {{}})()",
    "function_name": "f = lambda: 0; f.__name__ = f.__qualname__ = {text}; return f",
    "printed": "print({text})",
    "shown": "display({text})",
    "warned": "import warnings; warnings.warn({text})",
    "written_to_descriptors": "import os; [os.write(n, {text}.encode()) for n in (1, 2)]",
    "remembered": "kept.append({text}); print(kept)",
    "file": "open('leak.txt', 'a').write({text}); open('leak.ipynb', 'a').write({text})",
    "traceback": "exec(compile('raise ValueError', {text}, 'exec'))",
    "killed_and_replayed": "open('leak.txt', 'w').write({text}); import os; os._exit(int(x.size) % 7)",
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=list(LEAKS))
def test_inputs_of_hidden_tests_do_not_come_back_as_text(grade, leak, monkeypatch):
    """No error, string, name, print or file carries a hidden test's input into result, notebook or messages."""
    body = leak.format(text=TEXT)
    source = (
        "import os\nkept = []\nif os.path.exists('leak.txt'):\n    print(open('leak.txt').read())\n"
        "def double(x):\n    x = __import__('numpy').asarray(x, float)\n"
        f"    if x.size > 1:\n        {body}\n    return 2 * x"
    )

    def add_cell(notebook):
        notebook.cells.append(new_code_cell("print(kept, [open(f).read() for f in os.listdir('.') if 'leak' in f])"))

    monkeypatch.setattr("grader.hidden.seed_of", lambda name, submission: seed_of(name))  # so that we know it
    result = grade(add_cell, double=source)
    first = float(np.random.default_rng(seed_of("test_double_of_numbers")).normal(size=(3, 2))[0, 0])
    letters = "".join(chr(97 + int(c)) if c.isdigit() else "z" for c in repr(first))
    assert letters[:8] not in result.to_json() + result.notebooks["tiny.ipynb"].decode()


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_known_sentences_carry_few_digits(count):
    """A sentence of NumPy's is shown only with sizes of what the function was given, and few digits of them."""
    shape = "(" + ",".join(["1234"] * count) + ")"
    text = f"operands could not be broadcast together with shapes {shape} (4,)"
    assert safe_message(text, "", {1234}) == (text if 4 * count + 1 <= MOST_DIGITS else "")
    assert safe_message(text, "", {1235}) == ""


# -- fool and break: the notebook ----------------------------------------------------------------------------------

PAYLOADS = [
    "<script>alert('pwned')</script>",
    "<img src=x onerror=alert('pwned')>",
    "<svg onload=alert('pwned')></svg>",
    "<iframe src='javascript:alert(1)//pwned'></iframe>",
    "<a href='javascript:alert(1)//pwned'>x</a>",
    "[x](javascript:alert(1)//pwned)",
    "![x](javascript:alert(1)//pwned)",
    "<style>body{background:url(javascript:pwned)}</style>",
    "<form action='//pwned'><input autofocus onfocus=alert(1)></form>",
    "<math><maction actiontype='statusline#http://pwned' xlink:href='javascript:pwned'>x</maction></math>",
    "</pre></div></template></textarea></script><script>alert('pwned')</script>",
    "$$</span><script>alert('pwned')</script>$$",
]


class Dangers(HTMLParser):
    """Collects what a browser would run or load of a page, where it holds the word pwned."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at handlers, addresses and what embeds others' pages."""
        self._inside = tag
        for name, value in attrs:
            active = name.startswith("on") or name in ("src", "href", "action", "xlink:href", "data", "srcdoc", "style")
            if active and "pwned" in (value or "") and not (value or "").startswith("#"):
                self.found.append(f"{tag} {name}={value}")
        if tag in ("iframe", "object", "embed", "form", "base", "meta") and "pwned" in str(attrs):
            self.found.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave a script."""
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Look into scripts and styles."""
        if self._inside in ("script", "style") and "pwned" in data:
            self.found.append(f"{self._inside}: {data[:80]}")


@pytest.mark.parametrize("payload", [text for text in PAYLOADS if text.startswith("<")])
def test_the_search_for_dangers_finds_them(payload):
    """The parser that the next test relies on sees every payload that is HTML."""
    dangers = Dangers()
    dangers.feed(payload)
    assert dangers.found


def test_pages_run_nothing_of_a_students(course, submit, hand_in):
    """Scripts in outputs, markdown, errors, strings, attachments and cell names are text on both kinds of page."""
    show = "from IPython.display import HTML, Javascript, Latex, Markdown, display\n" + "\n".join(
        f"for kind in (HTML, Markdown, Latex, Javascript):\n    display(kind({payload!r}))\nprint({payload!r})\n"
        f"display({{'text/html': {payload!r}, 'image/svg+xml': {payload!r}, 'text/latex': {payload!r}}}, raw=True)"
        for payload in PAYLOADS
    )

    def spoil(notebook):
        for number, payload in enumerate(PAYLOADS):
            hostile = {"a.png": {"image/png": f'x" onerror="{payload}', f"text/html;{payload}": payload}}
            raises = new_code_cell(f"raise type({payload!r}, (Exception,), {{}})({payload!r})", id=f"e{number}")
            raises.metadata["nbgrader"] = {"grade_id": payload}
            notebook.cells += [
                new_markdown_cell(payload, metadata={"tags": [payload]}),
                new_markdown_cell("![x](attachment:a.png)", attachments=hostile),
                raises,
            ]

    submit("mallory", hand_in(spoil, double=f"{show}\ndef double(x):\n    return {PAYLOADS[0]!r}", why=PAYLOADS[0]))
    assert not autograde("tiny", course, jobs=1).problems
    for nbgraders in (False, True):
        assert feedback("tiny", course, jobs=1, nbgraders=nbgraders) == {}
        page = (course.path("feedback", "mallory", "tiny") / "tiny.html").read_text(encoding="utf-8")
        assert "pwned" in page  # as text
        dangers = Dangers()
        dangers.feed(page)
        assert dangers.found == []


def forge(notebook):
    """Claim points: in metadata, outputs and extra cells with the ids of graded ones."""
    for cell in notebook.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader |= {"points": 1000, "grade": True, "solution": False, "locked": False}
        if cell.cell_type == "code":
            cell.outputs = [new_output("display_data", data={"text/plain": "0.9999999"}, metadata={"score": 1000})]
    notebook.metadata["score"] = 1000


def duplicate(notebook):
    """Repeat graded cells many times, and once with other text before them."""
    for grade_id in ("test_double", "double", "test_center"):
        cell = tiny.cell_of(notebook, grade_id)
        notebook.cells += [nbformat.from_dict(cell) for _ in range(2000 if grade_id != "double" else 1)]
    locked = tiny.cell_of(notebook, "test_double")
    notebook.cells.insert(0, nbformat.from_dict({**locked, "source": "raise SystemExit"}))


def odd_ids(notebook):
    """Add cells whose ids are paths, huge, or not text."""
    odds = ["../../x", "/etc/passwd", "x" * 10**6, "", "\0", "test_double\n", "\u202e", 7, None, ["a"]]
    for odd in odds:
        cell = new_markdown_cell("odd")
        cell.metadata["nbgrader"] = {"grade_id": odd}
        notebook.cells += [cell, nbformat.from_dict({**cell, "id": odd})]


def many_cells(notebook):
    """Add thousands of cells of text, as many as a notebook may have."""
    notebook.cells += [nbformat.from_dict({"cell_type": "markdown", "metadata": {}, "source": "x"})] * 4_900


def odd_text(notebook):
    """Add null bytes, a line of megabytes, deep brackets, unclosed strings and controls of terminals."""
    odds = ["\0", "x = '" + "y" * 4 * MIB + "'", "(" * 5000, "'''", "\x1b[2J", "\ufeff", "\r", "# coding: utf-7"]
    for source in odds:
        notebook.cells.insert(3, new_code_cell(source))


MAGICS = [
    *(
        "%%bash\necho hi > x",
        "!touch y",
        "%run /etc/passwd",
        "%load /etc/passwd",
        "%load_ext autoreload",
        "%pip install x",
    ),
    *("%%writefile numpy.py\nraise SystemExit", "get_ipython().system('id')", "%env A=1", "%autoreload 2", "%gui qt"),
    *("%xmode Verbose", "%colors Linux", "%matplotlib qt", "%logstart x", "%store x", "%edit", "%debug", "exit"),
    *("%%script python\nprint(1)", "%config InteractiveShell.xmode = 'Verbose'", "%alias x echo", "%bookmark here"),
    *("%notebook -e x.ipynb", "%timeit -n1 -r1 1", "%%javascript\nalert(1)", "%kill_bgscripts", "%cd /"),
]


def magics(notebook):
    """Add cells with every magic that would leave the process or change the shell."""
    for source in MAGICS:
        notebook.cells.insert(2, new_code_cell(source))


@pytest.fixture
def grade_raw(engine, hand_in):
    """Grade answers in a notebook that no validator looked at before."""

    def run_engine(trick, **answers: str):
        notebook = nbformat.from_dict(json.loads(hand_in(**answers)))
        trick(notebook)
        return engine.grade(json.dumps(notebook).encode(), "mallory")

    return run_engine


TRICKS = [forge, duplicate, odd_ids, many_cells, odd_text, magics]


@pytest.mark.parametrize("trick", TRICKS, ids=[trick.__name__ for trick in TRICKS])
def test_notebook_tricks_change_no_score(grade_raw, trick):
    """Whatever else a notebook holds, right answers get their points and no others, wrong ones nothing more."""
    right = grade_raw(trick)
    assert {cell.grade_id: cell.points for cell in right.cells} == {"test_double": 2, "test_center": 3, "why": 4}
    assert (right.score, right.points) == (5, 5)
    wrong = grade_raw(trick, double="def double(x):\n    return 3 * x", center="def center(x):\n    return x + 1")
    assert wrong.score == 1  # the input stays as it came: one of two tests of a cell of 2 points
    nbformat.validate(nbformat.reads(right.notebooks["tiny.ipynb"].decode(), as_version=4))


def test_deep_attachments_are_no_fault_of_ours(grade_raw):
    """Attachments nested deep are left out; the answers are graded."""

    def nest(notebook):
        deep: dict[str, object] = {}
        for _ in range(60):
            deep = {"a": deep}
        cell = {"cell_type": "markdown", "metadata": {}, "source": "x", "attachments": {"x.png": {"image/png": deep}}}
        notebook.cells.append(nbformat.from_dict(cell))

    assert grade_raw(nest).score == 5


def test_duplicates_beyond_counting_leave_one(released):
    """Many copies of a cell leave one, and one line about it."""
    submitted = nbformat.from_dict(released)
    duplicate(submitted)
    repairs = repair(submitted, released).lines
    assert len([line for line in repairs if "times" in line]) == 3
    assert len([cell for cell in submitted.cells if vocabulary.grade_id(cell)]) == len(vocabulary.by_grade_id(released))
    assert len(submitted.cells) <= len(released.cells) + 1


# -- fool and break: files and folders -----------------------------------------------------------------------------


def test_files_that_shadow_or_command_do_nothing(grade):
    """Modules, startup files and settings handed in beside the notebook change no import and no verdict."""
    names = ["numpy.py", "numpy/__init__.py", "nnlib/__init__.py", "nnlib.py", "grader/__init__.py", "sitecustomize.py"]
    names += ["usercustomize.py", "json.py", "IPython.py", "msgspec.py", "conftest.py", "matplotlibrc", "x.pth"]
    names += [".ipython/profile_default/startup/x.py", "pyvenv.cfg", "__init__.py", "-rf", "a b.txt", "ü.txt"]
    result = grade(files=dict.fromkeys(names, b"import os\nos._exit(3)\n"))
    assert result.score == 5
    (line,) = [line for line in result.repairs if "shadow" in line]
    tops = ["numpy.py", "numpy", "nnlib.py", "grader", "sitecustomize.py", "usercustomize.py", "json.py", "IPython.py"]
    assert all(repr(name) in line for name in tops)


@pytest.mark.parametrize("path", ["../x", "a/../../x", "/tmp/x-of-an-attack", "..", "a/b/../../../x"])
def test_paths_out_of_the_folder_are_left_out(grade, path):
    """A file whose path leaves the folder is written nowhere."""
    result = grade(files={path: b"x"})
    assert result.score == 5
    assert any("outside" in line for line in result.repairs)
    assert not Path("/tmp/x-of-an-attack").exists()


def test_links_lead_nowhere(tmp_path, secret):
    """Linked files, notebooks and folders are not read: they could be a neighbour's or the gradebook."""
    folder = tmp_path / "submitted" / "mallory" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_bytes(b"{}")
    (folder / "data.csv").symlink_to(secret)
    (folder / "more").symlink_to(secret.parent)
    found = read_submission("mallory", folder, Expected("tiny.ipynb"))
    assert (found.files, len(found.notes)) == ({}, 1)
    (tmp_path / "submitted" / "eve").symlink_to(folder.parent)
    with pytest.raises(Refused, match="link"):
        read_submission("eve", tmp_path / "submitted" / "eve" / "tiny", Expected("tiny.ipynb"))
    (folder / "tiny.ipynb").unlink()
    (folder / "tiny.ipynb").symlink_to(secret)
    with pytest.raises(Refused):
        read_submission("mallory", folder, Expected("tiny.ipynb"))


def test_odd_files_are_one_line_each(tmp_path):
    """Names that are not UTF-8, pipes, trees without end and sizes beyond the limit cost nobody the rest."""
    folder = tmp_path / "mallory" / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_bytes(b"{}")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.txt")).write_bytes(b"x")
    os.mkfifo(folder / "pipe.txt")
    with (folder / "big.bin").open("wb") as file:
        file.truncate(MAX_FILES_BYTES + 1)
    found = read_submission("mallory", folder, Expected("tiny.ipynb"))
    assert (found.files, len(found.notes)) == ({}, 2)
    assert found.digest
    deep = folder
    for _ in range(1500):
        deep /= "d"
        if len(os.fsencode(deep)) > 4000:
            break
        deep.mkdir()
    found = read_submission("mallory", folder, Expected("tiny.ipynb"))
    empty_folder(tmp_path)  # pytest itself could not remove it
    assert found.notebooks["tiny.ipynb"] == b"{}"


@pytest.mark.parametrize("text", [b"x" * 10**7, b"\xff\xfe", b"9" * 99, b"0001-01-01 00:00:00 +2300", b"", b"\0"])
def test_time_of_submission_may_be_anything(tmp_path, text):
    """A forged timestamp is a date or none; it never stops the reading."""
    (tmp_path / "tiny.ipynb").write_bytes(b"{}")
    (tmp_path / "timestamp.txt").write_bytes(text)
    assert read_submission("mallory", tmp_path, Expected("tiny.ipynb")).notebooks["tiny.ipynb"] == b"{}"


def test_students_of_any_name_are_graded(course, submit, scores_in):
    """Ids with spaces, dashes, markup, escapes and 250 bytes are ids; one that is not UTF-8 is one line."""
    names = ["-rf", "a b", "ünïcode", "[red]x", "x" * 250, "'; drop table grade; --", "\x1b[2J"]
    for name in names:
        submit(name)
    folder = submit("spoiled").parent
    folder.rename(os.fsdecode(os.fsencode(folder.parent) + b"/\xff"))
    summary = autograde("tiny", course, jobs=1)
    assert [result.student for result in summary.problems] == ["\\udcff"]
    assert all(scores_in()[name]["test_double"][0] == 2 for name in names)
    assert autograde("tiny", course, jobs=1).up_to_date == len(names)


def test_the_terminal_takes_no_orders():
    """A student's text is printed without escape sequences, turned-around text and markup."""
    shown = io.StringIO()
    Console(file=shown, force_terminal=True, color_system=None).print(plain("\x1b[2J\u202e\\[red]a[/nothing]"))
    assert "\x1b" not in shown.getvalue()
    assert "\u202e" not in shown.getvalue()
    assert "[red]a[/nothing]" in shown.getvalue()
