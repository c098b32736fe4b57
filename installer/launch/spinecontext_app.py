"""The installed window: checks that the installation is whole, then runs ``app``."""

import sys

from installer.launch.installation import check_or_exit

check_or_exit(sys.argv)

# Under our own program on Windows, multiprocessing would start a child as if with python.exe.
sys.frozen = True  # type: ignore[attr-defined]

from app.__main__ import main  # noqa: E402 (a damaged installation may not load)

sys.exit(main())
