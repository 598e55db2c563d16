# Runs in LibreOffice's own Python (3.7 or later, no packages): the thin UNO side of fenji's functions.
# Calls go as JSON lines to fenji's interpreter; when it cannot be started, the cell and a log say why.
import json
import os
import struct
import subprocess
import sys
import threading
import time

import unohelper
from com.sun.star.lang import Locale, XServiceInfo, XServiceName
from com.sun.star.sheet import LocalizedName, XAddIn, XCompatibilityNames
from org.fenji.calc import XFunctions

IMPLEMENTATION = "org.fenji.calc.Functions"
SERVICES = ("com.sun.star.sheet.AddIn", IMPLEMENTATION)
# Calc keeps an error in a number as a NaN whose low bits are the error's code.
ERROR_CODES = {
    "#N/A": 32767,
    "#VALUE!": 519,
    "#NUM!": 503,
    "#DIV/0!": 532,
    "#REF!": 524,
    "#NAME?": 525,
    "#NULL!": 521,
}
RESTART_AFTER = 10.0  # seconds between two attempts to start an interpreter that would not start

# First line of the child: its own folders only, so that no file beside a workbook can take fenji's place.
START = "import sys; sys.path[:0] = %r; from addin.hosts.calc.worker import main; main()"


def load():
    """functions.json, beside this file in the extension: the registry and the interpreter to ask."""
    folder = os.path.dirname(
        unohelper.fileUrlToSystemPath(__file__) if __file__.startswith("file:") else __file__
    )
    with open(os.path.join(folder, "functions.json"), encoding="utf-8") as source:
        return json.load(source)


SETTINGS = load()
FUNCTIONS = SETTINGS["functions"]


def log_path():
    return os.path.join(os.path.expanduser("~"), ".fenji", "calc.log")


def log(message):
    path = log_path()
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if os.path.exists(path) and os.path.getsize(path) > 1000000:
            os.replace(path, path + ".1")
        with open(path, "a", encoding="utf-8") as target:
            target.write("%s %s\n" % (time.strftime("%Y-%m-%d %H:%M:%S"), message))
    except OSError:
        pass


class CannotStart(Exception):
    """fenji's interpreter does not answer; the message says why."""


class Interpreter:
    """The child process with fenji in it: started by the first call, started again when it ended."""

    def __init__(self):
        self.process = None
        self.failed = None
        self.lock = threading.Lock()

    def ask(self, name, arguments):
        request = json.dumps([name, arguments]).encode("utf-8") + b"\n"
        with self.lock:
            for attempt in (1, 2):
                process = self.running()
                try:
                    process.stdin.write(request)
                    process.stdin.flush()
                    line = process.stdout.readline()
                    if line:
                        return json.loads(line.decode("utf-8"))["result"]
                    reason = "it ended"
                except (OSError, ValueError) as error:
                    reason = str(error)
                log("%s: no answer (%s), attempt %d" % (name, reason, attempt))
                process.kill()
                self.process = None
            raise CannotStart("%s: %s" % (name, reason))

    def running(self):
        if self.process is not None and self.process.poll() is None:
            return self.process
        if self.failed and time.time() - self.failed[0] < RESTART_AFTER:
            raise CannotStart(self.failed[1])
        python = os.environ.get("FENJI_PYTHON") or SETTINGS["python"]
        environment = dict(os.environ)
        for name in ("PYTHONHOME", "PYTHONPATH", "LD_LIBRARY_PATH", "PYTHONSTARTUP"):
            environment.pop(name, None)
        if SETTINGS.get("lang"):
            environment.setdefault("FENJI_LANG", SETTINGS["lang"])
        try:
            process = subprocess.Popen(
                [python, "-I", "-X", "utf8", "-c", START % SETTINGS["folders"]],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            ready = process.stdout.readline()
            if not ready:
                process.wait(10)
                raise OSError(process.stderr.read().decode("utf-8", "replace").strip()[-2000:])
        except (OSError, subprocess.SubprocessError) as error:
            message = "%s: %s" % (python, error)
            self.failed = (time.time(), message)
            log("cannot start " + message)
            raise CannotStart(message) from error
        threading.Thread(target=self.listen, args=(process.stderr,), daemon=True).start()
        log("started %s (process %d)" % (python, process.pid))
        self.failed = None
        self.process = process
        return process

    @staticmethod
    def listen(stream):
        for line in stream:
            log(line.decode("utf-8", "replace").rstrip())


INTERPRETER = Interpreter()


def error_number(mark):
    """The number Calc shows as this error."""
    return struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000 | ERROR_CODES.get(mark, 519)))[0]


def to_calc(value):
    if isinstance(value, dict):
        return error_number(value["error"])
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, int):
        return float(value)
    return value


WHOLE_COLUMN = 65536  # from so many rows on a range may be a whole column


def used(arguments):
    """Whole sheet columns end where the longest of them has its last filled cell."""
    whole = [a for a in arguments if isinstance(a, tuple) and len(a) >= WHOLE_COLUMN]
    n = max([used_rows(a) for a in whole] or [0])
    return [a[:n] if isinstance(a, tuple) and len(a) >= WHOLE_COLUMN else a for a in arguments]


def used_rows(rows):
    n = len(rows)
    while n > 1 and all(cell == "" or cell is None for cell in rows[n - 1]):
        n -= 1
    return n


def call(name, one, arguments, lang):
    """One value, or a matrix: what the type library says of the function."""
    rows = answer(name, arguments, lang)
    if not one:
        return rows
    if len(rows) == len(rows[0]) == 1:
        return rows[0][0]
    return error_number("#VALUE!")  # it takes one record at a time here


def answer(name, arguments, lang):
    arguments = used(arguments)
    while arguments and arguments[-1] is None:
        arguments.pop()
    try:
        result = INTERPRETER.ask(name, arguments)
    except CannotStart as error:
        first = str(error).strip().splitlines()[-1]
        if lang == "zh":
            return (("fenji 无法启动（%s）。详情见 %s" % (first, log_path()),),)
        return (("fenji cannot start (%s). Details in %s" % (first, log_path()),),)
    except Exception as error:
        log("%s: %r" % (name, error))
        return ((error_number("#VALUE!"),),)
    rows = result if isinstance(result, list) else [[result]]
    return tuple(tuple(map(to_calc, row)) for row in rows)


def method(function):
    def ask(self, *arguments):
        return call(function["name"], function["one"], arguments, self.lang())

    return ask


class Functions(unohelper.Base, XFunctions, XAddIn, XCompatibilityNames, XServiceInfo, XServiceName):
    def __init__(self, context):
        self.context = context
        self.locale = None

    def lang(self):
        return "zh" if self.locale is not None and self.locale.Language == "zh" else "en"

    def text(self, texts):
        return texts[self.lang()]

    # XAddIn (the misspelling is UNO's)
    def getProgrammaticFuntionName(self, shown):
        return next((key for key, f in FUNCTIONS.items() if f["name"] == shown), "")

    def getDisplayFunctionName(self, key):
        return FUNCTIONS[key]["name"] if key in FUNCTIONS else ""

    def getFunctionDescription(self, key):
        return self.text(FUNCTIONS[key]["help"]) if key in FUNCTIONS else ""

    def argument(self, key, i):
        arguments = FUNCTIONS.get(key, {}).get("arguments", [])
        return arguments[i] if 0 <= i < len(arguments) else None

    def getDisplayArgumentName(self, key, i):
        argument = self.argument(key, i)
        return argument["name"] if argument else ""

    def getArgumentDescription(self, key, i):
        argument = self.argument(key, i)
        return self.text(argument["help"]) if argument else ""

    def getProgrammaticCategoryName(self, key):
        return "Add-In"

    def getDisplayCategoryName(self, key):
        return "Add-In"

    # XCompatibilityNames: the name under which Excel files keep the function
    def getCompatibilityNames(self, key):
        return (LocalizedName(Locale("en", "US", ""), self.getDisplayFunctionName(key)),)

    def setLocale(self, locale):
        self.locale = locale

    def getLocale(self):
        return self.locale

    # XServiceName, XServiceInfo
    def getServiceName(self):
        return IMPLEMENTATION

    def getImplementationName(self):
        return IMPLEMENTATION

    def supportsService(self, name):
        return name in SERVICES

    def getSupportedServiceNames(self):
        return SERVICES


for _key, _function in FUNCTIONS.items():
    setattr(Functions, _key, method(_function))

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Functions, IMPLEMENTATION, SERVICES)
log("loaded in Python %s of LibreOffice" % sys.version.split()[0])
