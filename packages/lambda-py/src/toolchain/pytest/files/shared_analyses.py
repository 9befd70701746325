"""Files that coverage analyses once for all of its reports.

Each report analyses each file anew, and pytest-cov makes one more, of the total, for most kinds of report: five for the
three that are asked for.
"""

from __future__ import annotations

import copy
import functools
import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any


def share_analyses() -> None:
    """Have the reports of one summary share what they find out, where coverage and pytest-cov make them as they did when
    this was written.
    """
    python = vars(sys.modules.get("coverage.python", sys))
    control = vars(sys.modules.get("coverage.control", sys))
    controller = vars(sys.modules.get("pytest_cov.engine", sys)).get("CovController")
    parser = python.get("PythonParser")
    analyse = control.get("analysis_from_file_reporter")
    summary = getattr(controller, "summary", None)
    if not callable(getattr(parser, "parse_source", None)) or None in (
        analyse,
        summary,
    ):
        return
    # What is known while a summary is made: nothing is measured then.
    known: list[dict[Any, Any]] = []
    python["PythonParser"] = sharing_parser(parser, known)

    @functools.wraps(analyse)
    def analyse_once(*arguments: Any, **options: Any) -> Any:
        if not known or options or len(arguments) != 4:
            return analyse(*arguments, **options)
        data, precision, reporter, filename = arguments
        if type(reporter) is not python["PythonFileReporter"]:
            # A plugin's: whatever that looks at.
            return analyse(*arguments)
        key = ("analysis", id(data), precision, reporter.filename, filename)
        if key not in known[-1]:
            known[-1][key] = analyse(*arguments)
        return copy.copy(known[-1][key])

    @functools.wraps(summary)
    def summarise(self: Any, *arguments: Any, **options: Any) -> Any:
        known.append({})
        try:
            with open_data(self):
                return summary(self, *arguments, **options)
        finally:
            known.pop()

    control["analysis_from_file_reporter"] = analyse_once
    controller.summary = summarise


def open_data(controller: Any) -> AbstractContextManager[Any]:
    """Keep the file of what was measured open, which coverage else opens anew for each question that it asks.

    Args:
        controller: pytest-cov's.

    Returns:
        what keeps it open; it does nothing where there is no such file, or coverage has no such way.
    """
    try:
        data = controller.cov.get_data()
        if os.path.isfile(data.data_filename()):
            return data._connect()
    except Exception:  # noqa: BLE001 - the summary shows it, if it matters
        pass
    return nullcontext()


def sharing_parser(
    original: Callable[..., Any], known: list[dict[Any, Any]]
) -> Callable[..., Any]:
    """Make a kind of parser of which those that are made of the same text share what they find out.

    Args:
        original: coverage's own kind.
        known: what they share goes into the last one; while it is empty, nothing is shared.

    Returns:
        the kind to use in its place.
    """

    class PythonParser(original):  # type: ignore[misc, valid-type]
        """A parser that looks whether another one has parsed its text."""

        def parse_source(self) -> None:
            """Parse the text, or take what came of it."""
            facts = vars(self)
            key = tuple(facts.get(name) for name in ("filename", "text", "exclude"))
            if not known or not isinstance(key[1], str):
                super().parse_source()
            elif key in known[-1]:
                # Not a copy: what is found out later is shared too.
                self.__dict__ = known[-1][key]
            else:
                super().parse_source()
                known[-1][key] = facts

    return PythonParser
