"""What Qt's own style lacks: emphasis, and visible edges of tick boxes."""

from importlib import resources
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.application import BLUE

TICK = Path(str(resources.files("assets"))) / "icons" / "check.svg"

STYLE = f"""
QPushButton {{
    background: palette(button);
    border: 1px solid palette(dark);
    border-radius: 4px;
    padding: 4px 12px;
}}
QPushButton:hover {{ background: palette(light); }}
QPushButton:pressed {{ background: palette(midlight); }}
QPushButton:focus {{ border: 2px solid palette(text); padding: 3px 11px; }}
QPushButton[emphasised="true"] {{
    background: {BLUE};
    color: white;
    border: 2px solid {BLUE};
    padding: 3px 11px;
    font-weight: bold;
}}
QPushButton[emphasised="true"]:hover {{ background: #2a7fbc; }}
QPushButton[emphasised="true"]:pressed {{ background: #175884; }}
QPushButton[emphasised="true"]:focus {{ border-color: palette(text); }}
QPushButton[emphasised="true"]:disabled {{
    background: palette(button);
    color: palette(mid);
    border-color: palette(dark);
}}
QPushButton[choice="true"]:checked {{
    background: palette(base);
    border: 2px solid {BLUE};
    padding: 3px 5px;
    font-weight: bold;
}}
QPushButton[choice="true"] {{ padding: 4px 6px; }}
QPushButton[choice="true"]:focus {{ border: 2px solid palette(text); padding: 3px 5px; }}
QPushButton[link="true"] {{
    background: transparent;
    text-align: left;
    padding: 3px 4px;
    border: 1px solid transparent;
    border-radius: 3px;
}}
QPushButton[link="true"]:hover {{ background: palette(button); border-color: palette(dark); }}
QPushButton[link="true"]:focus {{ border: 2px solid palette(text); padding: 2px 3px; }}
QCheckBox::indicator {{
    width: 13px;
    height: 13px;
    border: 1px solid palette(placeholder-text);
    border-radius: 3px;
    background: palette(base);
}}
QCheckBox::indicator:checked {{
    background: {BLUE};
    border-color: {BLUE};
    image: url("{TICK.as_posix()}");
}}
QCheckBox::indicator:disabled {{ border-color: palette(dark); }}
QTextBrowser, QPlainTextEdit, QListWidget {{
    border: 1px solid palette(dark);
    border-radius: 3px;
}}
QTextBrowser:focus, QPlainTextEdit:focus, QListWidget:focus {{ border-color: palette(text); }}
QMenu::separator {{ height: 1px; margin: 3px 4px; background: palette(dark); }}
QLabel:focus {{ border: 1px solid palette(text); border-radius: 3px; }}
QLabel[quiet="true"] {{ color: palette(placeholder-text); }}
QLabel[heading="true"] {{ font-weight: bold; }}
QLabel[dropframe="true"] {{
    border: 4px solid {BLUE};
    color: white;
    background: rgba(16, 56, 84, 190);
    padding: 24px;
    font-size: 16px;
    font-weight: bold;
}}
QFrame[dropzone="true"] {{
    border: 2px dashed palette(placeholder-text);
    border-radius: 12px;
    background: palette(base);
}}
QFrame[dropzone="hot"] {{
    border: 2px solid {BLUE};
    border-radius: 12px;
    background: palette(base);
}}
"""
"""For the whole application. The other colours are the palette's, so it is dark or light like the
desktop. In the dark theme, Qt's own tick boxes have no visible edges, and its menus no visible
lines.
"""


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that ``STYLE`` uses, and redraw the widget."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)
