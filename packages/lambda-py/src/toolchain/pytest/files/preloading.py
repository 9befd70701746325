"""All that a parent process imports, reads and finds out for the processes that it forks."""

from __future__ import annotations

import contextlib

from compiled_patterns import compile_patterns
from event_names import find_event_names
from known_services import find_services
from parsed_documents import parse_documents
from plain_stacks import note_plain_stacks
from preloaded_finder import PreloadedFinder
from preloaded_modules import Preloader
from preloaded_plugins import preload_plugins
from shared_analyses import share_analyses


def preload(
    names: list[str], plugins: dict[str, list[str]]
) -> tuple[PreloadedFinder, list[str]]:
    """Import modules and plugins, and hide them again.

    Args:
        names: the full names of modules.
        plugins: those of modules that belong to plugins of pytest, by the distribution.

    Returns:
        what finds them in a forked process, and the full names of all that it finds.
    """
    preloader = Preloader()
    preloader.preload(names)
    hook = preload_plugins(preloader, plugins)
    for part in (
        parse_documents,
        find_services,
        find_event_names,
        share_analyses,
        note_plain_stacks,
        compile_patterns,
    ):
        # Versions that are other than these are made for are used as they are.
        with contextlib.suppress(Exception):
            part()
    finder = preloader.hide(hook.has_rewritten if hook else lambda _: False)
    finder.prepare([*names, *(one for many in plugins.values() for one in many)])
    if hook:
        hook.give_to(finder)
    return finder, sorted(preloader.modules)
