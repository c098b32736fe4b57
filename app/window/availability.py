"""Greys out in the menus what cannot be done now."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject

from app.cases.case_flow import CaseFlow
from app.cases.case_queue import CaseQueue
from app.cases.session import Session
from app.window.mask_opener import MaskOpener
from app.window.menus import MenuActions


class Availability(QObject):
    """Greys out menu actions that would do nothing."""

    def __init__(
        self,
        actions: MenuActions,
        session: Session,
        flow: CaseFlow,
        queue: CaseQueue,
        masks: MaskOpener,
        vertebrae_busy: Callable[[], bool],
        recent: Callable[[], Sequence[Path]],
        parent: QObject,
    ) -> None:
        """Follow what is open and running.

        Args:
            vertebrae_busy: whether vertebrae are being found or changed.
            recent: returns what was opened last.
        """
        super().__init__(parent)
        self._actions = actions
        self._session = session
        self._queue = queue
        self._masks = masks
        self._vertebrae_busy = vertebrae_busy
        self._recent = recent
        for signal in (
            *(session.case_changed, session.mask_changed, session.comparison_changed),
            *(flow.open_started, flow.run_started, flow.opened, flow.run_done),
            *(flow.failed, flow.cancelled, flow.several_found, queue.changed),
            actions.case_menu.aboutToShow,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Update what can be done."""
        case = self._session.case
        masks_busy = self._masks.busy
        busy = self._queue.busy or masks_busy
        has_case, has_mask = case is not None, case is not None and case.mask is not None
        possible = {
            "open_mask": has_case and not busy,
            "compare_mask": has_mask and not busy,
            "close_comparison": case is not None and case.compared is not None,
            "find_spine": has_case and not busy,
            "cancel": busy or self._vertebrae_busy(),
            "export": has_mask and not (self._queue.by_hand or self._queue.shows or masks_busy),
            "close_case": has_case and not busy,
            "show_whole_slices": has_case,
        }
        for name, can_be_done in possible.items():
            self._actions.commands[name].setEnabled(can_be_done)
        for action in self._actions.of_views:
            action.setEnabled(has_case)
        self._actions.recent.setEnabled(bool(self._recent()))
