"""The spine's surface, drawn without OpenGL."""
