"""What views that draw a picture have in common."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

WHEEL_STEP = 120
"""One notch of a mouse wheel, in eighths of a degree (Qt's QWheelEvent)."""


def fill_with_picture(
    view: QWidget, least_size: tuple[int, int], name: str, description: str
) -> None:
    """Let a view take all the room there is, and the keys, and draw every pixel of itself.

    Args:
        least_size: width and height in pixels.
        name, description: for screen readers.
    """
    view.setMinimumSize(*least_size)
    view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    view.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
    view.setAccessibleName(name)
    view.setAccessibleDescription(description)
