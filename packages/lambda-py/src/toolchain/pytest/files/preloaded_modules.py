"""Third-party modules that a parent process has imported, handed to a forked child when it imports them.

A module that nobody has imported yet must not be seen: code may look into `sys.modules`, or use a submodule that it
has not imported. So the parent notes which module requested which others while it was executed, and takes all of them
out of `sys.modules` again. A child finds a module through :class:`PreloadedFinder`, which puts back exactly what an
import would have loaded. Where an import would have come to something else, it takes place as ever: an environment
variable that a module read has another value by now, a module warned, or it changed the process.
"""

from __future__ import annotations

import builtins
import importlib
import importlib._bootstrap as bootstrap
import importlib.machinery
import logging
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: What stands for the whole environment among the names of variables.
EVERYTHING = "*"


class Record:
    """What was seen of a module while it was executed."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        #: The modules that it requested, in order; a dictionary for its order.
        self.requested: dict[str, None] = {}
        #: The environment variables that it read, with their values.
        self.variables: dict[str, str | None] = {}
        #: The filters of warnings that it added, in order, and whether after all others.
        self.filters: list[tuple[bool, tuple[Any, ...]]] = []
        #: True where an import of it cannot be replaced.
        self.is_tainted = False


class Preloader:
    """Imports modules and notes what an import of each of them comes to."""

    def __init__(self) -> None:
        """Begin with no module."""
        self.records: dict[str, Record] = {}
        self.modules: dict[str, Any] = {}
        self._stack: list[str] = []
        self._noted: list[tuple[bool, tuple[Any, ...]]] = []
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

    def hide(self) -> PreloadedFinder:
        """Take the modules out of `sys.modules`, and off the packages that hold them.

        Returns:
            what finds them again.
        """
        names = [
            name
            for name in sys.modules
            if name not in self._before and is_third_party(name)
        ]
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
        return PreloadedFinder(self.modules, self.records)

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
            self._stack.append(name)
            try:
                return load(spec)
            finally:
                self._stack.pop()
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
            if self._stack and is_third_party(self._stack[-1]):
                for name in self._stack:
                    self.records[name].is_tainted = True
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


class PreloadedFinder:
    """Finds modules that the parent has imported: a finder and a loader of `importlib`."""

    def __init__(self, modules: dict[str, Any], records: dict[str, Record]) -> None:
        """Take the modules over.

        Args:
            modules: by their full names, in the order in which they were imported.
            records: what was seen of each.
        """
        self._modules = modules
        self._hidden = dict(modules)
        self._records = records
        self._order = {name: index for index, name in enumerate(modules)}

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Find a module that is as an import would make it now.

        Args:
            name: its full name.
            path: where its package is; not needed.
            target: the module that is loaded again; those are not found here.

        Returns:
            its specification, or None where it has to be imported.
        """
        module = self._hidden.get(name)
        original = getattr(module, "__spec__", None)
        if target is not None or original is None:
            return None
        if not self._is_true(name):
            del self._hidden[name]
            return None
        spec = importlib.machinery.ModuleSpec(
            name, self, origin=original.origin, loader_state=original
        )
        spec.submodule_search_locations = original.submodule_search_locations
        spec.cached = original.cached
        spec.has_location = original.has_location
        return spec

    def create_module(self, spec: Any) -> Any:
        """Take the module that was imported.

        Args:
            spec: what :meth:`find_spec` returned.

        Returns:
            the module.
        """
        return self._hidden.pop(spec.name)

    def exec_module(self, module: Any) -> None:
        """Put back what the import of a module had loaded besides.

        Args:
            module: what :meth:`create_module` returned.
        """
        original = module.__spec__.loader_state
        name = original.name
        module.__spec__ = original
        for other in self._closure(name):
            if other in self._hidden and other not in sys.modules:
                sys.modules[other] = self._hidden.pop(other)
                package, _, child = other.rpartition(".")
                if package in sys.modules:
                    holder = sys.modules[package]
                    vars(holder).setdefault(child, sys.modules[other])
            elif other != name:
                continue
            for append, one in self._records[other].filters:
                action, message, category, where, line = one
                warnings.filterwarnings(
                    action,
                    message=message.pattern if message else "",
                    category=category,
                    module=where.pattern if where else "",
                    lineno=line,
                    append=append,
                )

    def _is_true(self, name: str) -> bool:
        for other in self._closure(name):
            if other in sys.modules:
                if sys.modules[other] is not self._modules[other]:
                    return False
                continue
            record = self._records[other]
            if other not in self._hidden or record.is_tainted:
                return False
            for key, value in record.variables.items():
                if key == EVERYTHING or os.environ.get(key) != value:
                    return False
        return True

    def _closure(self, name: str) -> list[str]:
        found = {name}
        pending = [name]
        while pending:
            for other in self._records[pending.pop()].requested:
                if other in self._modules and other not in found:
                    found.add(other)
                    pending.append(other)
        return sorted(found, key=self._order.__getitem__)


def is_third_party(name: str) -> bool:
    """Tell whether a module may be hidden: the standard library may not, which holds state that all share.

    Args:
        name: its full name.

    Returns:
        False for a module of the standard library.
    """
    return name.partition(".")[0] not in sys.stdlib_module_names


def process_state() -> dict[str, Any]:
    """Look at what an import must not change.

    Returns:
        values that compare equal where nothing changed.
    """
    return {
        "environment": dict(os.environ),
        "path": list(sys.path),
        "path hooks": list(sys.path_hooks),
        "exception hook": sys.excepthook,
        "handlers": list(logging.root.handlers),
        "level": logging.root.level,
        "disabled": logging.root.manager.disable,
        "builtins": set(vars(builtins)),
        "folder": os.getcwd(),
        "threads": threading.active_count(),
        "signals": [signal.getsignal(one) for one in signal.valid_signals()],
    }


def restore_environment(state: dict[str, Any]) -> None:
    """Take back what an import did to the process, as far as it can be taken back.

    Args:
        state: what :func:`process_state` returned before.
    """
    os.environ.clear()
    os.environ.update(state["environment"])
    sys.path[:] = state["path"]
    sys.path_hooks[:] = state["path hooks"]
    sys.excepthook = state["exception hook"]
    logging.root.handlers[:] = state["handlers"]
    logging.root.setLevel(state["level"])
    logging.disable(state["disabled"])
    os.chdir(state["folder"])
