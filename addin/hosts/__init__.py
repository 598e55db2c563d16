"""The places a command or a function can run in: desktop Excel, .xlsx files, LibreOffice, a server."""
