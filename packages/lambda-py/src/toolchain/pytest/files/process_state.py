"""What an import must not change of a process."""

from __future__ import annotations

import builtins
import logging
import os
import signal
import sys
import threading
from typing import Any


def process_state() -> dict[str, Any]:
    """Look at what an import must not change.

    Returns:
        values that compare equal where nothing changed.
    """
    return {
        "environment": dict(os.environ),
        "path": list(sys.path),
        "path hooks": list(sys.path_hooks),
        "exception hook": sys.excepthook,
        "handlers": list(logging.root.handlers),
        "level": logging.root.level,
        "disabled": logging.root.manager.disable,
        "builtins": set(vars(builtins)),
        "folder": os.getcwd(),
        "threads": threading.active_count(),
        "signals": [signal.getsignal(one) for one in signal.valid_signals()],
    }


def restore_environment(state: dict[str, Any]) -> None:
    """Take back what an import did to the process, as far as it can be taken back.

    Args:
        state: what :func:`process_state` returned before.
    """
    os.environ.clear()
    os.environ.update(state["environment"])
    sys.path[:] = state["path"]
    sys.path_hooks[:] = state["path hooks"]
    sys.excepthook = state["exception hook"]
    logging.root.handlers[:] = state["handlers"]
    logging.root.setLevel(state["level"])
    logging.disable(state["disabled"])
    os.chdir(state["folder"])
