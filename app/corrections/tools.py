"""The tools for corrections."""

import enum

BRUSH_MM = 4.0
"""Initial radius: a vertebral body has 15 to 25 mm, a lamina 6."""

BRUSH_LIMITS_MM = (0.5, 30.0)


class Tool(enum.Enum):
    """What pressing the left button in a slice does."""

    LOOK = "look"
    REMOVE = "remove"
    KEEP = "keep"
    BRUSH = "brush"
    ERASER = "eraser"
    CUT = "cut"
    GROW = "grow"
    SHRINK = "shrink"

    @property
    def has_radius(self) -> bool:
        """Whether the brush's radius applies to it."""
        return self in (Tool.BRUSH, Tool.ERASER, Tool.GROW, Tool.SHRINK)


class Command(enum.Enum):
    """What can be done to the whole mask at once."""

    GROW = "grow everywhere"
    SHRINK = "shrink everywhere"
    FILL = "fill holes"
