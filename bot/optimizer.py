"""The program that computes personal FSRS parameters: ``python -m bot.optimizer``, with limited memory and CPU time.

Reads a JSON array of ``[card, time, rating]`` from standard input, and writes the parameters as a JSON array.
"""

import json
import os
import resource
import sys

MEMORY = 2 << 30
"""Bytes of data; PyTorch and 6,000 reviews need less than half."""
CPU_SECONDS = 600
"""Ends the program even if the bot that started it is gone."""


def main() -> None:
    """Compute. A failure ends the process with a traceback on standard error."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    os.nice(10)
    os.environ["OMP_NUM_THREADS"] = "1"  # read when PyTorch is imported
    from bot.core.questions.fsrs import fit_parameters  # noqa: PLC0415  # inside the limits

    json.dump(fit_parameters(map(tuple, json.load(sys.stdin))), sys.stdout)


if __name__ == "__main__":
    main()
