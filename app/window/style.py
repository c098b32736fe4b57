"""The little that Qt's own style does not do: what must stand out, and the edges of tick boxes."""

from importlib import resources
from pathlib import Path

BLUE = "#1f6ea6"
"""Of what stands out; white on it has a contrast of 5.4 to 1."""

TICK = Path(str(resources.files("assets"))) / "icons" / "check.svg"

STYLE = f"""
QPushButton[emphasised="true"] {{
    background: {BLUE};
    color: white;
    border: 2px solid {BLUE};
    border-radius: 4px;
    padding: 4px 12px;
    font-weight: bold;
}}
QPushButton[emphasised="true"]:focus {{ border-color: palette(text); }}
QPushButton[emphasised="true"]:disabled {{
    background: palette(button);
    color: palette(mid);
    border-color: palette(mid);
}}
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
QCheckBox::indicator:disabled {{ border-color: palette(mid); }}
QLabel[quiet="true"] {{ color: palette(placeholder-text); }}
QLabel[heading="true"] {{ font-weight: bold; }}
"""
"""For the whole application; the other colours are those of the palette, so that it is dark or
light with the desktop. Qt's own tick boxes have no edge to see in the dark."""
