"""Stacks of calls that coverage notes without looking for the source of every function in them.

coverage describes what called it whenever it begins to measure, should it ever have to tell. It asks `inspect` for the
lines around each call, for which that goes through all modules there are, and uses none of them.
"""

from __future__ import annotations

import functools
import inspect
import sys
import types
from typing import Any

#: What a description may use: names of its own module, and what `inspect` tells of a call without its source.
USED = frozenset(
    {
        *("inspect", "stack", "itertools", "dropwhile", "append", "join"),
        *("function", "frame", "filename", "lineno", "id", "short_filename"),
    }
)
#: The names of files that `inspect` passes on as they are, whether there is such a file or not.
PLAIN_SUFFIX, PLAIN_PREFIX = ".py", "<frozen "


class PlainInspect:
    """Stands for `inspect` where a stack is described."""

    @staticmethod
    def stack() -> list[Any]:
        """List the calls that led here, as `inspect.stack` does.

        Returns:
            the calls, the last one first, without the lines of their sources.
        """
        calls = []
        frame = sys._getframe(1)
        while frame is not None:
            code = frame.f_code
            name = code.co_filename
            if not (name.endswith(PLAIN_SUFFIX) or name.startswith(PLAIN_PREFIX)):
                name = inspect.getsourcefile(frame) or inspect.getfile(frame)
            calls.append(
                types.SimpleNamespace(
                    frame=frame,
                    filename=name,
                    lineno=frame.f_lineno,
                    function=code.co_name,
                )
            )
            frame = frame.f_back
        return calls


def note_plain_stacks() -> None:
    """Have coverage do without what it does not use, where it uses what is known to it here, and nothing else."""
    collector = vars(sys.modules.get("coverage.collector", sys))
    debug = vars(sys.modules.get("coverage.debug", sys))
    original = collector.get("short_stack")
    if (
        not isinstance(original, types.FunctionType)
        or original is not debug.get("short_stack")
        or debug.get("inspect") is not inspect
        or not {"inspect", "stack"} <= set(original.__code__.co_names) <= USED
    ):
        return
    plain = types.FunctionType(
        original.__code__,
        {**debug, "inspect": PlainInspect()},
        original.__name__,
        original.__defaults__,
        original.__closure__,
    )
    plain.__kwdefaults__ = original.__kwdefaults__
    collector["short_stack"] = functools.wraps(original)(plain)
