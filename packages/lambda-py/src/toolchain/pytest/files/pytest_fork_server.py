"""Runs pytest for many projects, each in a process that is forked from this one.

This process has imported pytest and third-party packages, never any code of a project. It reads requests from its
standard input, a line of JSON each, and answers on its standard output. The first line says what to import. It ends,
and with it all that it has started, when its standard input is closed.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import random
import runpy
import select
import signal
import sys
import threading
import time
import types
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
#: The modules of this folder, which a project must not see.
OWN_MODULES = [name.removesuffix(".py") for name in os.listdir(HERE)]
#: Modules of the standard library that any run of pytest imports later, for its settings and for its debugger.
PYTEST_IMPORTS = ("tomllib", "pdb")
#: How often the output of the projects is looked at, in seconds.
INTERVAL = 0.1
#: How long a project has to end in when all are asked to, in seconds.
GRACE = 5.0


class Server:
    """Forks a process for each request and watches over it."""

    def __init__(self, requests: int, replies: int) -> None:
        """Take over the streams.

        Args:
            requests: the file descriptor that requests come from.
            replies: the one that answers go to.
        """
        self._requests, self._replies = requests, replies
        self._pending = b""
        self._running: dict[int, dict[str, Any]] = {}
        self._is_stopping = False
        self._woken, self._waker = os.pipe()
        for descriptor in (self._woken, self._waker):
            os.set_blocking(descriptor, False)
        signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)
        # A terminal sends it to all of its processes; whoever runs this one decides what ends.
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def answer(self, reply: dict[str, Any]) -> None:
        """Send an answer.

        Args:
            reply: it.
        """
        with contextlib.suppress(BrokenPipeError):
            os.write(self._replies, json.dumps(reply).encode() + b"\n")

    def first(self) -> dict[str, Any]:
        """Wait for the first request.

        Returns:
            it; an empty one where there is none.
        """
        while not self._is_stopping:
            self._wait(None)
            for request in self._read():
                return request
        return {}

    def serve(self) -> dict[str, Any] | None:
        """Serve requests until there are no more.

        Returns:
            in a forked process its request; None in this process, at the end.
        """
        while not self._is_stopping:
            self._wait(INTERVAL if self._running else None)
            for request in self._read():
                if self._fork(request):
                    return request
            self._reap()
            self._enforce()
        self._end_all()
        return None

    def _note(self, number: int, _: Any) -> None:
        self._is_stopping |= number != signal.SIGCHLD

    def _wait(self, seconds: float | None) -> None:
        ready, _, _ = select.select([self._requests, self._woken], [], [], seconds)
        if self._woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._woken, 4096)
        if self._requests in ready:
            data = os.read(self._requests, 65536)
            self._is_stopping |= data == b""
            self._pending += data

    def _read(self) -> list[dict[str, Any]]:
        *lines, self._pending = self._pending.split(b"\n")
        if len(lines) > 1:
            # A forked process goes its own way: the rest is for the next turn.
            self._pending = b"\n".join([*lines[1:], self._pending])
            os.write(self._waker, b"\0")
        return [json.loads(line) for line in lines[:1]]

    def _fork(self, request: dict[str, Any]) -> bool:
        try:
            process = os.fork()
        except OSError as error:
            self.answer({"id": request["id"], "failure": str(error)})
            return False
        if process == 0:
            os.setpgid(0, 0)
            end_with_parent()
            self._forget()
            return True
        with contextlib.suppress(OSError):
            os.setpgid(process, process)
        request["deadline"] = time.monotonic() + request["timeout"]
        self._running[process] = request
        return False

    def _forget(self) -> None:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for descriptor in (self._requests, self._replies, self._woken, self._waker):
            os.close(descriptor)

    def _reap(self) -> None:
        for process in list(self._running):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended == 0:
                continue
            # What it started would outlive it.
            kill_group(process, signal.SIGKILL)
            request = self._running.pop(process)
            code = os.waitstatus_to_exitcode(status)
            self.answer(
                {
                    "id": request["id"],
                    "code": code if code >= 0 else 128 - code,
                    "signal": signal.Signals(-code).name if code < 0 else None,
                    "stopped": request.get("stopped"),
                }
            )

    def _enforce(self) -> None:
        for process, request in self._running.items():
            if "stopped" in request:
                continue
            if time.monotonic() > request["deadline"]:
                request["stopped"] = "timeout"
            elif os.stat(request["output"]).st_size > request["limit"]:
                request["stopped"] = "output"
            else:
                continue
            kill_group(process, signal.SIGKILL)

    def _end_all(self) -> None:
        for process in self._running:
            kill_group(process, signal.SIGINT)
        deadline = time.monotonic() + GRACE
        while self._running and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.02)
        for process in self._running:
            kill_group(process, signal.SIGKILL)


def kill_group(process: int, number: int) -> None:
    """Send a signal to a process and to all that it started.

    Args:
        process: the leader of the group.
        number: the signal.
    """
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process, number)


def end_with_parent() -> None:
    """Have the system kill this process when the one that forked it is gone, which then cannot do so itself."""
    with contextlib.suppress(AttributeError, OSError):
        # PR_SET_PDEATHSIG: https://man7.org/linux/man-pages/man2/pr_set_pdeathsig.2const.html
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def take_streams() -> tuple[int, int]:
    """Keep the standard streams for requests and answers: what is imported may read or print.

    Returns:
        the file descriptors of requests and of answers.
    """
    requests, replies = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, replies


def import_pytest() -> None:
    """Import what any run of pytest imports before it looks at a project; plugins that are installed are not."""
    importlib.import_module("pytest")
    config = importlib.import_module("_pytest.config")
    for name in config.default_plugins:
        importlib.import_module(f"_pytest.{name}")
    for name in PYTEST_IMPORTS:
        importlib.import_module(name)


def become_pytest(request: dict[str, Any], finder: Any) -> None:
    """Make this process what `python -m pytest` starts with, in a project's folder, and run it.

    Args:
        request: what to run.
        finder: finds the modules that have been imported.
    """
    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        # Where memory runs out, tests end, and not what watches over them.
        score.write("500")
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    time.tzset()
    random.seed()
    if not sys.flags.safe_path:
        sys.path.insert(0, request["cwd"])
    if "multiprocessing.process" in sys.modules:
        # It notes the folder in which it is imported, and processes that it spawns start there.
        vars(sys.modules["multiprocessing.process"])["ORIGINAL_DIR"] = request["cwd"]
    sys.argv = ["pytest", *request["args"]]
    sys.orig_argv = [sys.executable, "-m", "pytest", *request["args"]]
    if finder is not None:
        sys.meta_path.insert(0, finder)
    sys.modules["__main__"] = types.ModuleType("__main__")
    runpy.run_module("pytest", run_name="__main__", alter_sys=True)


def main() -> None:
    """Serve; in a forked process, be pytest."""
    server = Server(*take_streams())
    first = server.first()
    # Of this folder nothing may be found by a project.
    if not sys.flags.safe_path:
        del sys.path[0]
    finder = None
    preloaded: list[str] = []
    try:
        import_pytest()
        sys.path.insert(0, HERE)
        try:
            preloading = importlib.import_module("preloading")
        finally:
            del sys.path[0]
            for name in OWN_MODULES:
                sys.modules.pop(name, None)
            sys.path_importer_cache.pop(HERE, None)
        finder, preloaded = preloading.preload(
            first.get("preload", []), first.get("plugins", {})
        )
    except Exception as error:  # noqa: BLE001 - then projects are run without this process
        server.answer({"unsafe": f"{type(error).__name__}: {error}"})
        return
    if threading.active_count() > 1:
        server.answer({"unsafe": "an import started a thread"})
        return
    sys.stdout.flush()
    sys.stderr.flush()
    gc.collect()
    gc.freeze()
    server.answer({"ready": preloaded})
    request = server.serve()
    if request is not None:
        become_pytest(request, finder)


if __name__ == "__main__":
    main()
