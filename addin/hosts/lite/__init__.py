"""The worksheet functions in xlwings Lite: one main.py that carries them, to paste into its editor."""
