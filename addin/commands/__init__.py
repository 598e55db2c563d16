"""One module per ribbon command, each `run(book, ...)`, written once against xlwings' object model."""
