"""What a parent process notes of a module that it imports."""

from __future__ import annotations

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
        #: What it appended to lists of other modules: the module, the name of the list, and the item.
        self.additions: list[tuple[str, str, Any]] = []
        #: What its import calls again, since it depends on the folder: the module and the name of the function.
        self.calls: list[tuple[str, str]] = []
        #: True where an import of it cannot be replaced.
        self.is_tainted = False
