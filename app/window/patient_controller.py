"""Shows whose CT it is, in the title bar and above the side panel, unless hidden."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.cases.identity import Identity, identity_of
from app.cases.session import Session
from app.settings.controller import SettingsController
from app.window.side_panel import SidePanel


class PatientController(QObject):
    """Shows whose CT is open, and owns the switch that hides it.

    Only whether it is shown is remembered, nothing about the patient.
    """

    def __init__(
        self, window: QWidget, session: Session, settings: SettingsController, side: SidePanel
    ) -> None:
        """Show it in the title of ``window`` and in ``side``."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._settings = settings
        self._side = side
        self.switch = QAction(self.tr("Show &patient data"), self)
        self.switch.setCheckable(True)
        self.switch.setEnabled("show_patient" not in settings.locked)
        self.switch.toggled.connect(self._show_or_hide)
        session.case_changed.connect(self._tell)
        settings.changed.connect(self._follow_settings)
        self._follow_settings()
        self._tell()

    @property
    def shown(self) -> bool:
        """Whether it may be shown."""
        return self._settings.current.show_patient

    @property
    def name(self) -> str:
        """What the open case is called in a question."""
        identity = self._identity()
        return identity.name if identity else self.tr("this CT")

    def _identity(self) -> Identity | None:
        case = self._session.case
        return identity_of(case.volume) if case and self.shown else None

    def _follow_settings(self) -> None:
        self.switch.setChecked(self.shown)

    def _show_or_hide(self, shown: bool) -> None:
        if shown != self.shown:
            self._settings.remember_show_patient(shown)
        self._tell()

    def _tell(self) -> None:
        identity = self._identity()
        program = self.tr("SpineContext Desktop")
        self._window.setWindowTitle(f"{identity.title} — {program}" if identity else program)
        hidden = Identity(self.tr("Patient data is hidden"))
        self._side.show_identity(identity or hidden)
