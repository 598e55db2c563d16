"""The commands and worksheet functions behind xlwings Server (Office.js): optional, with the user's own licence key."""
