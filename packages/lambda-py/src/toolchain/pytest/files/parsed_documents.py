"""Documents that a parent process has parsed for the processes that it forks.

botocore's descriptions of services are megabytes of JSON: most of what a process has to parse, and most of what its
garbage collector has to look at. The forked process reads the files itself; where a text is one that the parent has
parsed, it gets what it would have made of it.
"""

from __future__ import annotations

import contextlib
import sys
import types
from collections import OrderedDict
from typing import Any

#: What the tests of most services read, and how often in one process: botocore's session and moto's each read theirs.
DOCUMENTS = (
    ("endpoints", 2),
    ("partitions", 2),
    ("dynamodb/service-2", 2),
    ("dynamodb/endpoint-rule-set-1", 1),
)


class DocumentParser(types.ModuleType):
    """Stands for `json` in `botocore.loaders`: the same, but that it knows some texts."""

    def __init__(self, module: types.ModuleType) -> None:
        """Stand for a module.

        Args:
            module: `json`.
        """
        super().__init__(module.__name__)
        own = object.__getattribute__(self, "__dict__")
        own.update(_module=module, _original=module.loads, _documents={})

    def __getattribute__(self, name: str) -> Any:
        own = object.__getattribute__(self, "__dict__")
        module = own["_module"]
        value = getattr(module, name)
        if name != "loads" or value is not own["_original"]:
            # Who has replaced it wants his own.
            return value
        documents = own["_documents"]

        def loads(*arguments: Any, **options: Any) -> Any:
            if options == {"object_pairs_hook": OrderedDict} and len(arguments) == 1:
                text = arguments[0]
                parsed = documents.get(text) if type(text) is str else None
                if parsed:
                    # Whoever gets it may change it.
                    return parsed.pop()
            return value(*arguments, **options)

        return loads

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(object.__getattribute__(self, "__dict__")["_module"], name, value)

    def __delattr__(self, name: str) -> None:
        delattr(object.__getattribute__(self, "__dict__")["_module"], name)


def parse_documents() -> None:
    """Parse the documents, where botocore is imported and is one that reads them so."""
    loaders = sys.modules.get("botocore.loaders")
    module = getattr(loaders, "json", None)
    if not isinstance(module, types.ModuleType):
        return
    parser = DocumentParser(module)
    documents = object.__getattribute__(parser, "__dict__")["_documents"]

    class Collector:
        """Takes what is read."""

        @staticmethod
        def loads(text: str, **options: Any) -> Any:
            """Parse a text, as often as it is needed."""
            if options == {"object_pairs_hook": OrderedDict}:
                documents[text] = [module.loads(text, **options) for _ in range(count)]
            return module.loads(text, **options)

    vars(loaders)["json"] = Collector
    try:
        loader = vars(loaders)["Loader"]
        found = loader(include_default_search_paths=False)
        found.search_paths.append(loader.BUILTIN_DATA_PATH)
        for name, count in DOCUMENTS:
            service, _, kind = name.partition("/")
            # Not every botocore has each.
            with contextlib.suppress(Exception):
                if kind:
                    version = found.determine_latest_version(service, kind)
                    name = f"{service}/{version}/{kind}"
                found.load_data(name)
    finally:
        vars(loaders)["json"] = parser
