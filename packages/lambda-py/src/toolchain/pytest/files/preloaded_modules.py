"""Third-party modules that a parent process imports for the processes that it forks.

A module that nobody has imported yet must not be seen: code may look into `sys.modules`, or use a submodule that it
has not imported. So the parent notes which module requested which others while it was executed, and takes all of them
out of `sys.modules` again. A child finds a module through :class:`PreloadedFinder`.
"""

from __future__ import annotations

import builtins
import importlib
import importlib._bootstrap as bootstrap
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from list_additions import ListAdditions
from module_record import EVERYTHING, Record
from preloaded_finder import PreloadedFinder
from process_state import process_state, restore_environment

#: Modules that note the working directory when they are imported, and the function of theirs that does.
NOTES_FOLDER = {"coverage.files": "set_relative_directory"}


class Preloader:
    """Imports modules and notes what an import of each of them comes to."""

    def __init__(self) -> None:
        """Begin with no module."""
        self.records: dict[str, Record] = {}
        self.modules: dict[str, Any] = {}
        self._stack: list[str] = []
        self._noted: list[tuple[bool, tuple[Any, ...]]] = []
        self._additions = ListAdditions(self.records)
        self._before = set(sys.modules)

    def preload(self, names: list[str]) -> None:
        """Import modules; those that cannot be imported are left out.

        Args:
            names: the full names of the modules.
        """
        for name in names:
            known = set(sys.modules)
            state = process_state()
            with self._recording():
                try:
                    importlib.import_module(name)
                except BaseException:  # noqa: BLE001 - whatever it is, the project's own import shows it
                    for new in set(sys.modules) - known:
                        if is_third_party(new):
                            del sys.modules[new]
                        self.records.pop(new, None)
            if process_state() != state:
                restore_environment(state)
                for new in set(sys.modules) - known:
                    self.records.setdefault(new, Record()).is_tainted = True

    def taint_imported(self) -> None:
        """Have the modules that are being imported be imported as ever."""
        for name in self._stack:
            self.records[name].is_tainted = True

    def hide(
        self, is_rewritten: Callable[[Any], bool] = lambda _: False
    ) -> PreloadedFinder:
        """Take the modules out of `sys.modules`, and off the packages that hold them.

        Args:
            is_rewritten: tells whether pytest's own hook has to hand a module over.

        Returns:
            what finds them again.
        """
        names = [
            name
            for name in sys.modules
            if name not in self._before and is_third_party(name)
        ]
        self._additions.take_back()
        for name in names:
            self.modules[name] = sys.modules.pop(name)
        for name in names:
            if name not in self.records:
                # No import brought it: the module above it put it there.
                owner = name.rpartition(".")[0] or name.partition(".")[0]
                while owner and owner not in self.records:
                    owner = owner.rpartition(".")[0]
                if owner:
                    self.records[owner].requested[name] = None
                self.records[name] = Record()
            package, _, child = name.rpartition(".")
            holder = self.modules.get(package)
            if holder is not None and vars(holder).get(child) is self.modules[name]:
                delattr(holder, child)
        rewritten = {
            name for name, module in self.modules.items() if is_rewritten(module)
        }
        return PreloadedFinder(self.modules, self.records, frozenset(rewritten))

    @contextmanager
    def _recording(self) -> Iterator[None]:
        load, find, importer = (
            bootstrap._load_unlocked,
            bootstrap._gcd_import,
            builtins.__import__,
        )
        variables, getcwd = type(os.environ), os.getcwd

        def load_recorded(spec: Any) -> Any:
            name = spec.name
            record = self.records[name] = Record()
            self._request(name)
            before, warned = list(warnings.filters), len(caught)
            noted = len(self._noted)
            if self._stack:
                self._additions.note(self._stack[-1])
            self._stack.append(name)
            try:
                return load(spec)
            finally:
                self._additions.note(self._stack.pop())
                record.is_tainted |= len(caught) > warned
                self._note_filters(record, before, noted)

        def find_recorded(name: str, package: Any = None, level: int = 0) -> Any:
            module = find(name, package, level)
            self._request(module.__name__)
            return module

        def import_recorded(
            name: str,
            globals: Any = None,
            locals: Any = None,
            fromlist: Any = (),
            level: int = 0,
        ) -> Any:
            module = importer(name, globals, locals, fromlist, level)
            if self._stack:
                full = name
                if level > 0:
                    package = (globals or {}).get("__package__") or ""
                    base = package.rsplit(".", level - 1)[0]
                    full = f"{base}.{name}" if name else base
                self._request(full)
                for item in fromlist or ():
                    self._request(f"{full}.{item}")
            return module

        def getcwd_recorded() -> str:
            # `multiprocessing` reads it too; the child sets that right.
            importing = self._stack[-1] if self._stack else "os"
            if importing in NOTES_FOLDER:
                self.records[importing].calls = [(importing, NOTES_FOLDER[importing])]
            elif is_third_party(importing):
                self.taint_imported()
            return getcwd()

        recorder = self

        class RecordedEnvironment(variables):  # type: ignore[misc, valid-type]
            def __getitem__(self, key: str) -> str:
                value = None
                try:
                    value = super().__getitem__(key)
                    return value
                finally:
                    recorder._read(key, value)

            def __iter__(self) -> Iterator[str]:
                recorder._read(EVERYTHING, None)
                return super().__iter__()

        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            bootstrap._load_unlocked = load_recorded
            bootstrap._gcd_import = find_recorded
            builtins.__import__ = import_recorded
            os.environ.__class__ = RecordedEnvironment
            os.getcwd = getcwd_recorded
            try:
                yield
            finally:
                bootstrap._load_unlocked = load
                bootstrap._gcd_import = find
                builtins.__import__ = importer
                os.environ.__class__ = variables
                os.getcwd = getcwd

    def _request(self, name: str) -> None:
        if not self._stack or (name not in sys.modules and name not in self.records):
            return
        requested = self.records[self._stack[-1]].requested
        parts = name.split(".")
        for end in range(1, len(parts) + 1):
            requested[".".join(parts[:end])] = None

    def _read(self, key: str, value: str | None) -> None:
        for name in self._stack:
            self.records[name].variables.setdefault(key, value)

    def _note_filters(self, record: Record, before: list[Any], noted: int) -> None:
        after = list(warnings.filters)
        if after == before:
            return
        start = next(
            (
                index
                for index in range(len(after) - len(before) + 1)
                if after[index : index + len(before)] == before
            ),
            None,
        )
        if start is None:
            record.is_tainted = True
            return
        # What modules that it imported have added is noted there.
        nested = self._noted[noted:]
        record.filters = [
            one
            for one in [
                *((False, item) for item in reversed(after[:start])),
                *((True, item) for item in after[start + len(before) :]),
            ]
            if one not in nested
        ]
        self._noted.extend(record.filters)


def is_third_party(name: str) -> bool:
    """Tell whether a module may be hidden: the standard library may not, which holds state that all share.

    Args:
        name: its full name.

    Returns:
        False for a module of the standard library.
    """
    return name.partition(".")[0] not in sys.stdlib_module_names
