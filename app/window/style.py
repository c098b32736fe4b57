"""The little that Qt's own style does not do: the one emphasised button and quiet text."""

STYLE = """
QPushButton[emphasised="true"] {
    background: palette(highlight);
    color: palette(highlighted-text);
    border: 2px solid palette(highlight);
    border-radius: 4px;
    padding: 8px;
    font-weight: bold;
}
QPushButton[emphasised="true"]:focus { border-color: palette(text); }
QPushButton[emphasised="true"]:disabled {
    background: palette(button);
    color: palette(mid);
    border-color: palette(mid);
}
QLabel[quiet="true"] { color: palette(placeholder-text); }
QLabel[heading="true"] { font-weight: bold; }
"""
"""For the whole application; its colours are those of the palette, so that it is dark or light with
the desktop."""
