"""Runs in a Windows Python: builds, installs, examines and takes away the add-in; writes what it saw as JSON.

The command line itself is left out: pydantic, which it needs, does not load under Wine 8.
"""

import hashlib
import json
import sys
from pathlib import Path

from addin.hosts.excel import doctor, install, xlam
from addin.hosts.excel.machine import this_machine


def states():
    return {finding.key: [finding.state, finding.seen.en] for finding in doctor.examine(machine)}


def there():
    paths = [machine.addin_file, machine.config_file]
    return [path.exists() for path in paths] + [bool(machine.registry.values(install.UNINSTALL_KEY))]


machine = this_machine()
seen = {"addin": hashlib.sha256(xlam.addin_bytes({})).hexdigest(), "before": there()}
install.carry_out(install.plan_install(machine), machine)
seen |= {"installed": there(), "doctor": states(), "config": machine.config_file.read_text("utf-8")}
install.carry_out(install.plan_uninstall(machine), machine)
seen["after"] = there()
Path(sys.argv[1]).write_text(json.dumps(seen), "utf-8")
