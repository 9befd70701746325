"""What modules append to lists of other modules when they are imported.

Whoever is made from such a list afterwards has it: a session of botocore calls the initializers and the handlers that
moto and Powertools have registered.
"""

from __future__ import annotations

import sys
from typing import Any

from module_record import Record

#: The lists, each by its module and its name.
LISTS = (("botocore", "_INITIALIZERS"), ("botocore.handlers", "BUILTIN_HANDLERS"))


class ListAdditions:
    """Notes which module appended what."""

    def __init__(self, records: dict[str, Record]) -> None:
        """Begin with no list.

        Args:
            records: where it is noted, by the names of the modules.
        """
        self._records = records
        self._own: dict[tuple[str, str], list[Any]] = {}
        self._known: dict[tuple[str, str], list[Any]] = {}

    def note(self, name: str) -> None:
        """Note what is new, to be called when a module begins to import another one and when its import ends.

        Args:
            name: the module.
        """
        for module, attribute in LISTS:
            items = find_list(module, attribute)
            if items is None:
                continue
            key = (module, attribute)
            if key not in self._known:
                self._own[key] = self._known[key] = list(items)
            known = self._known[key]
            if items == known:
                continue
            record = self._records[name]
            if items[: len(known)] != known:
                record.is_tainted = True
            for item in items[len(known) :]:
                record.additions.append((module, attribute, item))
                record.requested[module] = None
            self._known[key] = list(items)

    def take_back(self) -> None:
        """Leave in the lists what was there when their own modules were executed."""
        for (module, attribute), own in self._own.items():
            items = find_list(module, attribute)
            if items is not None:
                items[:] = own


def find_list(module: str, attribute: str) -> list[Any] | None:
    """Find a list.

    Args:
        module: the full name of its module.
        attribute: its name there.

    Returns:
        it; None where the module is not imported, or has no such list, or not yet.
    """
    items = getattr(sys.modules.get(module), attribute, None)
    return items if isinstance(items, list) else None
