"""Two students' processes have no sign in common: what one does, the other cannot see, now or later."""

import fcntl
import os
import re
import struct
from contextlib import ExitStack
from pathlib import Path

import pytest

from grader.sandbox.session import Session
from grader.sandbox.warm import WarmProcess, WarmStart

from .attacking import KIB, needs_namespaces, numbered, run, succeeds_unconfined, try_attack

LIBRARY = "os.open(os.__file__, os.O_RDONLY)"  # a file that every student's process may read
LOCK = "struct.pack('hhqqi', fcntl.F_RDLCK, 0, 4471, 1, 0)"


@pytest.fixture(scope="module", params=["apart", "copies"])
def zygotes(request):
    """Two warm processes, as two workers have them: each started by itself, or both copies of one."""
    with ExitStack() as stack:
        start = stack.enter_context(WarmStart()) if request.param == "copies" else None
        yield [stack.enter_context(WarmProcess(None, start=start)) for _ in range(2)]


SIGNS = {
    "lock_of_the_description": f"fcntl.fcntl({LIBRARY}, 37, {LOCK})",
    "ask_for_locks": f"fcntl.fcntl({LIBRARY}, fcntl.F_GETLK, {LOCK})",
    "ask_for_locks_of_descriptions": f"fcntl.fcntl({LIBRARY}, 36, {LOCK})",
    "high_half_of_the_command": f"syscall(72, {LIBRARY}, 37 | 1 << 32, ctypes.create_string_buffer({LOCK}))",
    "flock": f"fcntl.flock({LIBRARY}, fcntl.LOCK_SH)",
    "lease": f"fcntl.fcntl({LIBRARY}, 1025)",
    "notice": "fcntl.fcntl(os.open(os.path.dirname(os.__file__) + '/json', os.O_RDONLY), 1026, 1)",
    "hint": f"fcntl.fcntl({LIBRARY}, 1035, bytes(8))",
    "size_of_a_pipe": "fcntl.fcntl(os.pipe()[0], 1031, 2**17)",
    "flags_of_a_file": f"fcntl.ioctl({LIBRARY}, 0x80086601, bytearray(8))",
    "version_of_a_file": f"fcntl.ioctl({LIBRARY}, 0x80087601, bytearray(8))",
    "free_space": "os.statvfs(os.__file__)",
    "free_space_of_an_open_file": f"os.fstatvfs({LIBRARY})",
    "pages_in_the_cache": "space = ctypes.create_string_buffer(40)\n"
    f"syscall(451, {LIBRARY}, ctypes.create_string_buffer(16), space, 0)",
    "pages_in_memory": "import mmap\nmemory = mmap.mmap(-1, 4096)\n"
    "address = ctypes.addressof(ctypes.c_char.from_buffer(memory))\n"
    "syscall(27, ctypes.c_void_p(address), 4096, ctypes.create_string_buffer(8))",
    "read_only_what_is_cached": f"file = {LIBRARY}\nos.pread(file, 10, 0)\n"
    "os.preadv(file, [bytearray(10)], 0, os.RWF_NOWAIT)",
    "out_of_the_cache": f"os.posix_fadvise({LIBRARY}, 0, 0, os.POSIX_FADV_DONTNEED)",
    "into_the_cache": f"syscall(187, {LIBRARY}, 0, 4096)",
    "memory_and_threads_of_all": "syscall(99, ctypes.create_string_buffer(256))",
    "wake_whoever_waits": "syscall(202, ctypes.create_string_buffer(8), 1, 1, None, None, 0)",
    "wake_some_of_them": "syscall(202, ctypes.create_string_buffer(8), 10, 1, None, None, -1)",
    "timers_of_the_user": "syscall(222, 0, None, ctypes.create_string_buffer(8))",
    "rules_in_the_kernel": "syscall(444, None, 0, 1)",
    "signals_in_a_queue": "signal.pthread_sigmask(signal.SIG_BLOCK, {40})\nsyscall(234, os.getpid(), os.getpid(), 40)",
    "descriptors_in_flight": "a, b = socket.socketpair()\n"
    "a.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, struct.pack('i', 0))])",
    "pipe_with_a_number": "os.fstat(os.pipe()[0]).st_ino",
    "sockets_with_a_number": "pair = socket.socketpair()\nos.fstat(pair[0].fileno()).st_ino",
    "another_table_of_files": "syscall(436, 200, 200, 2)",
    "free_space_of_a_disk": "syscall(136, os.stat(os.__file__).st_dev, ctypes.create_string_buffer(64))",
    "pages_out_of_the_cache": "import mmap\n"
    f"mmap.mmap({LIBRARY}, 0, prot=mmap.PROT_READ, flags=mmap.MAP_PRIVATE).madvise(21)",
    "huge_pages": "import mmap\nmmap.mmap(-1, 2 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x40000)",
    "sockets_of_other_families": "socket.socketpair(30, socket.SOCK_STREAM)",
    "clock_of_another": "syscall(228, (~os.getpid() << 3) | 2, ctypes.create_string_buffer(16))",
    "priority_of_a_group": "os.getpriority(os.PRIO_PGRP, 0)",
    "priority_of_a_user": "os.getpriority(os.PRIO_USER, 0)",
    "disk_priority": "syscall(252, 1, 0)",
    "capabilities": "syscall(125, ctypes.create_string_buffer(struct.pack('<Ii', 0x20080522, 0)), None)",
}
NOT_EVERYWHERE = {"sockets_of_other_families", "huge_pages"}  # a bare kernel may lack them, too


@pytest.mark.parametrize("name", SIGNS)
def test_no_sign_is_left_or_read(zygote, small_without_namespaces, name):
    """Locks, hints, flags, cached pages, free space and shared counts are refused, in either kind of sandbox."""
    attack = numbered(**{name: SIGNS[name]})[0].values[0]
    for warm in (zygote, small_without_namespaces):
        with Session(warm) as session:
            assert try_attack(session, attack).startswith("REFUSED")


@pytest.mark.parametrize("name", sorted(set(SIGNS) - NOT_EVERYWHERE))
def test_signs_are_real_outside(name, tmp_path):
    """The same calls are allowed to a bare Python, so that they are refused for what they are."""
    succeeds_unconfined(numbered(**{name: SIGNS[name]})[0].values[0], tmp_path)


SEEN = {
    "group": "os.getpgid(VICTIM)",
    "session": "os.getsid(VICTIM)",
    "priority": "os.getpriority(os.PRIO_PROCESS, VICTIM)",
    "affinity": "os.sched_getaffinity(VICTIM)",
    "scheduler": "os.sched_getscheduler(VICTIM)",
    "parameters": "os.sched_getparam(VICTIM).sched_priority",
    "interval": "os.sched_rr_get_interval(VICTIM)",
    "attributes": "syscall(315, VICTIM, ctypes.create_string_buffer(56), 56, 0)",
    "limits": "resource.prlimit(VICTIM, resource.RLIMIT_CORE)",
    "clock": "syscall(228, (~VICTIM << 3) | 2, ctypes.create_string_buffer(16))",
    "robust_list": "syscall(274, VICTIM, ctypes.create_string_buffer(8), ctypes.create_string_buffer(8))",
}


@pytest.mark.parametrize("look", SEEN.values(), ids=list(SEEN))
def test_no_other_process_is_seen(zygote, small_without_namespaces, victim, tmp_path, look):
    """Whether a process is there, and how it runs, is not told, in either kind of sandbox."""
    attack = numbered(look=look.replace("VICTIM", str(victim.pid)))[0].values[0]
    for warm in (zygote, small_without_namespaces):
        with Session(warm) as session:
            assert try_attack(session, attack).startswith("REFUSED")
    succeeds_unconfined(attack, tmp_path)


def test_process_ids_tell_nothing(zygotes):
    """Each child is number 1 of a nameless machine, however many threads and processes there were before."""
    needs_namespaces(zygotes[0])
    ask = "import os, threading\nprint(os.getpid(), os.getppid(), threading.get_native_id(), os.uname().nodename)"
    threads = "import threading\nfor _ in range(50):\n    t = threading.Thread(target=int); t.start(); t.join()"
    for warm in (*zygotes, zygotes[0]):
        with Session(warm) as session:
            assert run(session, ask).split() == ["1", "0", "1", "sandbox"]
            run(session, threads)


def test_a_folder_tells_nothing_of_the_one_before(zygotes):
    """Numbers and times of the files that one student makes do not depend on what the last one did."""
    needs_namespaces(zygotes[0])
    ask = "import os\nopen('x', 'w').close(); print(os.stat('x').st_ino, os.stat('.').st_ino)"
    busy = "import os\nfor i in range(500):\n    open('y', 'w').close(); os.remove('y')"
    said = []
    for _ in range(2):
        with Session(zygotes[0]) as session:
            said.append(run(session, ask))
            run(session, busy)
    assert said[0] == said[1]


@pytest.mark.parametrize(
    "look",
    numbered(
        size="os.stat('SECRET').st_size",
        time="os.stat('SECRET', follow_symlinks=False).st_mtime",
        access="0 / os.access('SECRET', os.F_OK)",
        folder="os.stat(os.path.dirname('SECRET'))",
        by_folder="os.stat('gradebook.db', dir_fd=os.open(os.path.dirname('SECRET'), os.O_PATH))",
        statx="syscall(332, -100, ctypes.c_char_p(b'SECRET'), 0, 4095, ctypes.create_string_buffer(256))",
        path_only="os.fstat(os.open('SECRET', os.O_PATH)).st_size",
        change_folder="os.chdir(os.path.dirname('SECRET')) or os.getcwd()",
        relative="os.stat('../' * 20 + 'SECRET').st_size",
        attributes="os.listxattr('SECRET')",
        users="os.stat('/etc/passwd').st_mtime",
        processes="os.stat('/proc/1').st_uid",
        home="os.stat(os.path.expanduser('~root')).st_mtime",
        devices="os.stat('/dev/shm').st_mode",
    ),
)
def test_files_that_may_not_be_read_are_not_even_there(zygote, secret, look):
    """Of a file that a student may not read neither size nor time nor existence is told."""
    needs_namespaces(zygote)
    look = look.replace("SECRET", str(secret))
    with Session(zygote) as session:
        assert try_attack(session, look).startswith("REFUSED")
    succeeds_unconfined(look, secret.parent)


def test_the_root_folder_is_read_only_and_small(zygote):
    """A student finds the library under its own path, and can change nothing but in the working folder."""
    needs_namespaces(zygote)
    walk = """
import os, sys
places, failed = [], 0
for top, folders, files in (found for place in sys.path for found in os.walk(place)):
    places.append(top)
    for target in (os.path.join(top, "left"), *(os.path.join(top, name) for name in files[:1])):
        try:
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT))
            print("WRITTEN", target)
        except OSError:
            failed += 1
print("FOLDERS", len(places), "REFUSED", failed, os.getcwd())
"""
    with Session(zygote) as session:
        said = run(session, walk, 30.0)
    assert int(re.search(r"FOLDERS (\d+)", said)[1]) > 50
    folder = said.split()[-1]
    written = re.findall(r"WRITTEN (\S+)", said)
    assert [name for name in written if not name.startswith((folder, "/dev/null"))] == []
    assert f"{folder}/left" in written


def test_reading_leaves_no_time_of_access(tmp_path):
    """A granted file that one student reads looks to the next as if nobody had."""
    (tmp_path / "nnlib").mkdir()
    path = tmp_path / "nnlib" / "__init__.py"
    path.write_text("")
    for name in ("checks", "plots"):
        (tmp_path / "nnlib" / f"{name}.py").write_text("")
    data = tmp_path / "nnlib" / "data.txt"
    data.write_text("text")
    with WarmProcess(tmp_path) as warm:
        needs_namespaces(warm)
        os.utime(data, (1000, 2000))
        with Session(warm) as session:
            assert run(session, f"print(open({str(data)!r}).read())").strip() == "text"
        assert data.stat().st_atime == 1000
    data.read_text()
    if data.stat().st_atime == 1000:
        pytest.skip("this disk notes no time of access at all")


def test_a_sign_of_one_does_not_reach_the_other(zygotes):
    """What one student's process does to a library's file and its own folder, another's does not see."""
    leave = f"""
import ctypes, fcntl, os, struct
for command in (6, 7, 37):
    try:
        fcntl.fcntl({LIBRARY}, command, {LOCK})
    except OSError:
        pass
os.makedirs("a/b"); open("a/b/c", "w").write("4471")
"""
    see = f"""
import fcntl, os, struct
seen = []
for command in (5, 36):
    try:
        seen.append(struct.unpack("hhqqi", fcntl.fcntl({LIBRARY}, command, {LOCK.replace("RDLCK", "WRLCK")}))[0])
    except OSError:
        seen.append(fcntl.F_UNLCK)
print(set(seen) == {{fcntl.F_UNLCK}}, os.listdir("."))
"""
    with Session(zygotes[0]) as first, Session(zygotes[1]) as second:
        first.run(leave, 5.0, KIB)
        assert run(second, see).split() == ["True", "[]"]
        with Path(os.__file__).open("rb") as library:  # locks that are said to be had are not made
            asked = struct.pack("hhqqi", fcntl.F_WRLCK, 0, 4471, 1, 0)
            assert struct.unpack("hhqqi", fcntl.fcntl(library, fcntl.F_GETLK, asked))[0] == fcntl.F_UNLCK


def test_what_the_library_needs_of_these_calls_works(zygote):
    """Files, databases, loops, missing terminals, threads and timers work as honest code uses them."""
    honest = """
import asyncio, fcntl, io, os, pathlib, select, shutil, signal, sqlite3, tempfile, threading, time
import numpy as np
with open("x", "w+") as file:
    print(file.isatty(), shutil.get_terminal_size((80, 24)).columns)
os.set_inheritable(os.open("x", os.O_RDONLY), False); os.set_blocking(os.open("x", os.O_RDONLY), True)
os.dup(1); print(os.cpu_count() > 0, len(os.sched_getaffinity(0)) > 0, os.getpriority(os.PRIO_PROCESS, 0))
pool = [threading.Thread(target=np.linalg.inv, args=(np.eye(200),)) for _ in range(8)]
[t.start() for t in pool]; [t.join() for t in pool]
signal.signal(signal.SIGALRM, lambda *_: print("rang")); signal.setitimer(signal.ITIMER_REAL, 0.01); time.sleep(0.05)
print(time.thread_time() > 0, time.process_time() > 0)
np.save("a.npy", np.arange(3)); print(np.load("a.npy", mmap_mode="r")[2], np.memmap("a.npy", mode="r+").size > 0)
shutil.copyfile("x", "y"); shutil.make_archive("z", "zip", ".", "y"); print(pathlib.Path("z.zip").exists())
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as workers:
    print(sum(workers.map(abs, range(-3, 1))))
with sqlite3.connect("marks.db") as base, open("x") as file:
    base.execute("create table marks (points)"); base.execute("insert into marks values (34)")
    fcntl.lockf(file, fcntl.LOCK_SH); print(base.execute("select points from marks").fetchall())
async def woken():
    rang = asyncio.Event()
    threading.Timer(0.01, asyncio.get_running_loop().call_soon_threadsafe, (rang.set,)).start()
    await asyncio.wait_for(rang.wait(), 5)
    return await asyncio.to_thread(abs, -1)
print(await asyncio.gather(woken(), woken()))
print("DONE")
"""
    with Session(zygote) as session:
        said = run(session, honest, 20.0)
    assert said.strip().endswith("DONE"), said
    assert "rang" in said
    assert Path("/proc/self").exists()  # and ours is where it was
