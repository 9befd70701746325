"""Regular expressions that every run compiles, and that take longest, compiled once for all processes that are forked.

Python keeps them by their text. Nothing but that memory of its own is changed by the calls below.
"""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Callable

#: What compiles one, by the module that has it; modules that nobody has imported are left out.
USES: dict[str, Callable[[], object]] = {
    # The characters that XML may not contain: a third of what all expressions of a run take.
    "_pytest.junitxml": lambda: sys.modules["_pytest.junitxml"].bin_xml_escape(""),
    # Names of what is to be mocked.
    "pkgutil": lambda: sys.modules["pkgutil"].resolve_name("sys"),
    # Sources that coverage reports on.
    "tokenize": lambda: list(
        sys.modules["tokenize"].generate_tokens(io.StringIO('"""\n"""\n').readline)
    ),
}


def compile_patterns() -> None:
    """Use each once."""
    for name, use in USES.items():
        if name in sys.modules:
            # A version that does not have it compiles its own later.
            with contextlib.suppress(Exception):
                use()
