"""Runs a command and writes the processor seconds of all its processes to a file: rusage.py <file> <command> <args ...>."""

import resource
import signal
import subprocess
import sys

child = subprocess.Popen(sys.argv[2:])
for number in (signal.SIGINT, signal.SIGTERM):
    signal.signal(number, lambda received, _: child.send_signal(received))
status = child.wait()
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    file.write(str(usage.ru_utime + usage.ru_stime))
sys.exit(status if status >= 0 else 128 - status)
