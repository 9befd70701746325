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
        module.__spec__ = original
        put_back = [
            other
            for other in self._closure(original.name)
            if other in self._hidden and other not in sys.modules
        ]
        for other in put_back:
            sys.modules[other] = self._hidden.pop(other)
        for other in put_back:
            # Not before all are there: a package comes after what it imports.
            package, _, child = other.rpartition(".")
            if package in sys.modules:
                vars(sys.modules[package]).setdefault(child, sys.modules[other])
        for other in sorted([*put_back, original.name], key=self._order.__getitem__):
            self._repeat(self._records[other])

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
