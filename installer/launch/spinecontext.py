"""The installed command line: checks that the installation is whole, then runs ``inference``."""

import sys

from installer.launch.installation import check_or_exit

check_or_exit(sys.argv)

from inference.__main__ import main  # noqa: E402 (a damaged installation may not load)

sys.exit(main())
