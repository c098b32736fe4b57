"""Runs all survival benchmarks with modest counts; each part has its own options.

python -m tests.benchmarks.survival
"""

import sys

from tests.benchmarks.survival import command_line, disks, soak, window


def main() -> int:
    """Run all parts; 1 if any found a fault."""
    return max(command_line.main([]), disks.main([]), window.main([]), soak.main([]))


if __name__ == "__main__":
    sys.exit(main())
