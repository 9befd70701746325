"""Names of botocore's events that are no alias, found once for all processes that are forked.

Each session and each client compares each name anew with a hundred old ones. Those that have another name are left to
botocore, which logs them.
"""

from __future__ import annotations

import functools
import sys
from typing import Any


def find_event_names() -> None:
    """Find the names of what botocore registers, where it is imported and is one that looks for aliases so."""
    hooks = vars(sys.modules.get("botocore.hooks", sys))
    handlers = getattr(sys.modules.get("botocore.handlers"), "BUILTIN_HANDLERS", ())
    aliaser, aliases = hooks.get("EventAliaser"), hooks.get("EVENT_ALIASES")
    original = getattr(aliaser, "_alias_event_name", None)
    if aliaser is None or original is None or type(aliases) is not dict:
        return
    # As they are now: whoever has others asks botocore.
    aliases = dict(aliases)
    parent = aliaser(None)
    if not {"_alias_name_cache", "_event_aliases"} <= vars(parent).keys():
        return
    known = {
        name
        for name, *_ in handlers
        if type(name) is str and original(parent, name) is name
    }

    @functools.wraps(original)
    def _alias_event_name(self: Any, event_name: str) -> str:
        names = self._alias_name_cache
        if event_name in names:
            result: str = names[event_name]
            return result
        if event_name in known and self._event_aliases == aliases:
            names[event_name] = event_name
            return event_name
        result = original(self, event_name)
        if result is event_name and self._event_aliases == aliases:
            known.add(event_name)
        return result

    aliaser._alias_event_name = _alias_event_name
