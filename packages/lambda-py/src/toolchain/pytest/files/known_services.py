"""botocore's list of the services that it describes, found once for all processes that are forked.

botocore looks into a thousand folders for it, for each kind of document, and in each session anew.
"""

from __future__ import annotations

import functools
import os
import sys
from typing import Any

#: The kinds of document that making a client, and asking for regions, looks for.
KINDS = ("service-2", "endpoint-rule-set-1")


def find_services() -> None:
    """Find the list, where botocore is imported and is one that looks for it so."""
    loaders = vars(sys.modules.get("botocore.loaders", sys))
    loader = loaders.get("Loader")
    original = getattr(loader, "list_available_services", None)
    if original is None or loaders.get("os") is not os:
        return
    folder = loader.BUILTIN_DATA_PATH
    state = os.stat(folder)
    # As they are now: who replaces one of them wants it to be asked.
    functions = (os.listdir, os.stat, os.path.isdir, os.path.isfile)
    reader = loaders["JSONFileLoader"]
    known = {
        kind: loader(
            extra_search_paths=[folder], include_default_search_paths=False
        ).list_available_services(kind)
        for kind in KINDS
    }

    @functools.wraps(original)
    def list_available_services(self: Any, type_name: str) -> list[str]:
        if (
            type_name in known
            and type(self.file_loader) is reader
            and loaders["os"] is os
            and functions == (os.listdir, os.stat, os.path.isdir, os.path.isfile)
            and [path for path in self.search_paths if os.path.isdir(path)] == [folder]
            and os.stat(folder).st_mtime_ns == state.st_mtime_ns
        ):
            return list(known[type_name])
        return original(self, type_name)

    loader.list_available_services = list_available_services
