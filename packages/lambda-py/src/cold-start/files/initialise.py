"""Initialises a function as Lambda's runtime client does, and writes down the CPU time that it took.

The arguments are the file to write to and the handler. Times are in seconds, of all threads, since the process began.
"""

import sys
import time

INTERPRETER = time.process_time()

import awslambdaric.bootstrap  # noqa: E402, F401  # What Lambda's runtime loads before the function.

CLIENT = time.process_time()


def main(result: str, handler: str) -> None:
    """Import the handler's module and find the handler.

    Args:
        result: the file to write to.
        handler: `package.module.function`.
    """
    import importlib

    module_name, _, function_name = handler.rpartition(".")
    getattr(importlib.import_module(module_name), function_name)
    initialised = time.process_time()

    import json
    import os

    with open(result, "w", encoding="utf-8") as file:
        json.dump({"interpreter": INTERPRETER, "client": CLIENT, "initialised": initialised}, file)
    sys.stdout.flush()
    sys.stderr.flush()
    # Threads that the function has started are of no interest, and may never end.
    os._exit(0)


main(*sys.argv[1:])
