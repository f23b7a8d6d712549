"""
Runs a command for `bench.runs`, and writes what it took to a file: `launcher.py FILE COMMAND…`.

The kernel counts a process's peak memory from that of the process that began it (exec keeps the old mark):
so it is begun by this small one, and not by the bench, which holds mail.
"""

import os
import sys
import time

into, *words = sys.argv[1:]
began = time.perf_counter()
_, status, usage = os.wait4(os.posix_spawnp(words[0], words, os.environ), 0)
seconds = time.perf_counter() - began
with open(into, "w") as taken:  # noqa: PTH123 -- pathlib would be most of what this process holds
    print(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=taken)
sys.exit(os.waitstatus_to_exitcode(status) % 256)
