"""The settings files, read and written off the GUI thread."""

from concurrent.futures import Future

from app.settings.store import LoadedSettings, Settings, SettingsStore
from app.work.keeping import Keeping


class KeptSettings:
    """Loads settings without waiting for a drive that is gone, and saves them in order."""

    def __init__(self, store: SettingsStore, keeping: Keeping) -> None:
        """Use ``store`` on the thread of ``keeping``."""
        self._store = store
        self._keeping = keeping

    def load(self) -> LoadedSettings:
        """All layers; if the user's file does not answer in time, the others, with a note.

        The administrator's file lies on another disk, so it is then asked for on its own.
        """
        loaded = self.load_in_time()
        if loaded is None:
            loaded = Keeping().answer(self._store.load_without_user, None)
        return loaded or self._store.without_files()

    def load_in_time(self) -> LoadedSettings | None:
        """All layers; None if a file does not answer in time."""
        return self._keeping.answer(self._store.load, None)

    def save(self, settings: Settings, since: Settings) -> "Future[None]":
        """Keep what the user changed ``since``; the call returns at once.

        The future holds the ``OSError`` of a file that cannot be written.
        """
        return self._keeping.do(lambda: self._store.save(settings, since))
