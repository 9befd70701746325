"""Hands modules that a parent process has imported to a forked child when it imports them.

What the child gets is exactly what an import would have loaded. Where an import would have come to something else, it
takes place as ever: an environment variable that a module read has another value by now, a module warned, or it changed
the process.
"""

from __future__ import annotations

import importlib.machinery
import os
import sys
import warnings
from typing import Any

from module_record import EVERYTHING, Record


class PreloadedFinder:
    """Finds modules that the parent has imported: a finder and a loader of `importlib`."""

    def __init__(
        self,
        modules: dict[str, Any],
        records: dict[str, Record],
        rewritten: frozenset[str] = frozenset(),
    ) -> None:
        """Take the modules over.

        Args:
            modules: by their full names, in the order in which they were imported.
            records: what was seen of each.
            rewritten: the names of those that pytest's own hook hands over, and nobody else.
        """
        self._modules = modules
        self._hidden = dict(modules)
        self._records = records
        self._rewritten = rewritten
        self._order = {name: index for index, name in enumerate(modules)}
        self._closures: dict[str, list[str]] = {}
        self._taken: set[int] = set()

    def prepare(self, names: list[str]) -> None:
        """Find out what the import of modules comes to, before there are many processes that would.

        Args:
            names: the full names of modules that are imported often.
        """
        for name in names:
            if name in self._modules:
                self._closure(name)

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
        if target is not None or original is None or name in self._rewritten:
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
        module.__spec__ = module.__spec__.loader_state
        self._put_back(module.__name__)

    def may_take(self, spec: Any) -> bool:
        """Tell whether a module that is rewritten is as an import would make it now.

        Args:
            spec: what pytest's hook has found.

        Returns:
            True where :meth:`take` gives it.
        """
        origin = getattr(self._hidden.get(spec.name), "__file__", None)
        return (
            spec.name in self._rewritten
            and origin == spec.origin
            and self._is_true(spec.name)
        )

    def take(self, spec: Any) -> Any:
        """Take a module that is rewritten, in place of a new one.

        Args:
            spec: what :meth:`may_take` was asked for.

        Returns:
            the module.
        """
        module = self._hidden.pop(spec.name)
        self._taken.add(id(module))
        return module

    def put_back(self, module: Any) -> list[Any] | None:
        """Put back what the import of a module that is rewritten had loaded besides.

        Args:
            module: what is to be executed.

        Returns:
            the modules that are there now, itself first; None where :meth:`take` has not given it.
        """
        if id(module) not in self._taken:
            return None
        self._taken.remove(id(module))
        return [module, *self._put_back(module.__name__)]

    def _put_back(self, name: str) -> list[Any]:
        put_back = [
            other
            for other in self._closure(name)
            if other in self._hidden and other not in sys.modules
        ]
        for other in put_back:
            sys.modules[other] = self._hidden.pop(other)
        for other in put_back:
            # Not before all are there: a package comes after what it imports.
            package, _, child = other.rpartition(".")
            if package in sys.modules:
                vars(sys.modules[package]).setdefault(child, sys.modules[other])
        for other in sorted([*put_back, name], key=self._order.__getitem__):
            self._repeat(self._records[other])
        return [self._modules[other] for other in put_back]

    def _repeat(self, record: Record) -> None:
        """Do what the import of a module did to others."""
        for append, one in record.filters:
            action, message, category, where, line = one
            warnings.filterwarnings(
                action,
                message=message.pattern if message else "",
                category=category,
                module=where.pattern if where else "",
                lineno=line,
                append=append,
            )
        for module, attribute, item in record.additions:
            getattr(self._modules[module], attribute).append(item)
        for module, function in record.calls:
            getattr(self._modules[module], function)()

    def _is_true(self, name: str) -> bool:
        for other in self._closure(name):
            if other in sys.modules:
                if sys.modules[other] is not self._modules[other]:
                    return False
                continue
            record = self._records[other]
            if other not in self._hidden or record.is_tainted:
                return False
            if other in self._rewritten and name not in self._rewritten:
                return False
            for key, value in record.variables.items():
                if key == EVERYTHING or os.environ.get(key) != value:
                    return False
        return True

    def _closure(self, name: str) -> list[str]:
        if name in self._closures:
            return self._closures[name]
        found = {name}
        pending = [name]
        while pending:
            for other in self._records[pending.pop()].requested:
                if other in self._modules and other not in found:
                    found.add(other)
                    pending.append(other)
        self._closures[name] = sorted(found, key=self._order.__getitem__)
        return self._closures[name]
