"""botocore's list of the services that it describes, found once for all processes that are forked.

botocore looks into a thousand folders for it, for each kind of document, and in each session anew. Sessions of boto3 and
of moto have it look into folders of theirs, too.
"""

from __future__ import annotations

import functools
import os
import sys
from typing import Any

#: The kinds of document that making a client, and asking for regions, looks for.
KINDS = ("service-2", "endpoint-rule-set-1")
#: What looks into a folder of its own as well, and where that is below it.
OWNERS = (("boto3", "data"), ("moto", ""))


def find_services() -> None:
    """Find the list, where botocore is imported and is one that looks for it so."""
    loaders = vars(sys.modules.get("botocore.loaders", sys))
    loader = loaders.get("Loader")
    original = getattr(loader, "list_available_services", None)
    if original is None or loaders.get("os") is not os:
        return
    # As they are now: who replaces one of them wants it to be asked.
    functions = (os.listdir, os.stat, os.path.isdir, os.path.isfile)
    locations = getattr(loader, "_potential_locations", None)
    reader = loaders["JSONFileLoader"]
    changed: dict[str, int] = {}
    known: dict[str, dict[str, list[str]]] = {}
    for folder in service_folders(loader.BUILTIN_DATA_PATH):
        changed[folder] = os.stat(folder).st_mtime_ns
        known[folder] = {
            kind: loader(
                extra_search_paths=[folder], include_default_search_paths=False
            ).list_available_services(kind)
            for kind in KINDS
        }

    @functools.wraps(original)
    def list_available_services(self: Any, type_name: str) -> list[str]:
        if (
            type_name in KINDS
            and type(self.file_loader) is reader
            and getattr(type(self), "_potential_locations", None) is locations
            and loaders["os"] is os
            and functions == (os.listdir, os.stat, os.path.isdir, os.path.isfile)
        ):
            folders = [path for path in self.search_paths if os.path.isdir(path)]
            if all(
                os.stat(folder).st_mtime_ns == changed.get(folder) for folder in folders
            ):
                return sorted(
                    {name for folder in folders for name in known[folder][type_name]}
                )
        return original(self, type_name)

    loader.list_available_services = list_available_services


def service_folders(builtin: str) -> list[str]:
    """List the folders that sessions have botocore look into.

    Args:
        builtin: botocore's own.

    Returns:
        those that exist, by their absolute paths as the sessions have them.
    """
    folders = [builtin]
    for name, below in OWNERS:
        file = getattr(sys.modules.get(name), "__file__", None)
        if file is not None:
            package = os.path.dirname(file)
            folders.append(os.path.join(package, below) if below else package)
    return [folder for folder in folders if os.path.isdir(folder)]
