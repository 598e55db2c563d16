"""Desktop Excel: builds fenji.xlam without Excel, installs it, checks it, and runs its buttons."""
