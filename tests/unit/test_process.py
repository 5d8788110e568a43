"""What /proc says of real processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from medusa.lease import Holder
from medusa.process import runs, this_process

SHOW = "import sys; from medusa.process import this_process; print(this_process('it').model_dump_json())"


@contextmanager
def another_process() -> Iterator[tuple[subprocess.Popen[str], Holder]]:
    """One that says what it is, and then waits."""
    command = [sys.executable, "-c", f"{SHOW}; sys.stdout.flush(); sys.stdin.read()"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process, Holder.model_validate_json(process.stdout.readline())
        process.kill()


def test_this_process_runs() -> None:
    me = this_process("me")
    assert (me.id, me.pid) == ("me", os.getpid())
    assert runs(me.pid, me.started)


def test_processes_of_one_machine_are_at_one_place() -> None:
    with another_process() as (process, it):
        assert it.place == this_process("me").place != ""
        assert it.pid == process.pid
        assert runs(it.pid, it.started)


def test_a_process_that_was_killed_does_not_run_even_before_its_parent_notices() -> None:
    with another_process() as (process, it):
        process.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it is dead, and still in the table
        assert os.path.exists(f"/proc/{it.pid}")
        assert not runs(it.pid, it.started)
    assert not runs(it.pid, it.started)


def test_another_process_with_the_same_number_is_not_it() -> None:
    me = this_process("me")
    assert not runs(me.pid, me.started - 1)
