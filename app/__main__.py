"""The window's entry point: ``spinecontext-app`` and ``python -m app [PATHS]``."""

import multiprocessing
import sys
from collections.abc import Sequence
from functools import partial


def main(arguments: Sequence[str] | None = None) -> int:
    """Show the window, open the given paths, and return when it is closed."""
    # In a frozen program a child process starts here too and must not show a second window.
    multiprocessing.freeze_support()
    # Qt is loaded here, not above: the child process that runs the model imports this module.
    from PySide6.QtCore import QTimer

    from app.application import create_application, run_until_closed
    from app.defects import tell_of_defects
    from app.options import parse_options
    from app.settings.kept import KeptSettings
    from app.settings.places import admin_file, user_file
    from app.settings.store import SettingsStore
    from app.signals import EndingSignals
    from app.translation import install_translation
    from app.window.main_window import MainWindow
    from app.work.keeping import Keeping
    from app.work.log_keeping import KeptLog
    from inference.system.logs import logging_to_file
    from inference.system.quiet import quiet_libraries

    paths, typed = parse_options(arguments)
    quiet_libraries()
    keeping = Keeping()
    with logging_to_file(through=partial(KeptLog, keeping)):
        application = create_application()
        endings = EndingSignals(application)
        store = SettingsStore(user_file(), admin_file(), typed)
        kept = KeptSettings(store, keeping)
        install_translation(application, kept.load().settings.language)
        window = MainWindow(store, keeping)
        tell_of_defects(window.show_failure)
        window.show()
        QTimer.singleShot(0, window.load_engine)
        window.opener.open_paths(paths)
        code = run_until_closed(application, window, window.jobs, keeping)
        endings.ignore()
        return code


if __name__ == "__main__":
    sys.exit(main())
