"""Runs in a Windows Python: starts xlwings' COM server through its own DLL, as the add-in's bridge does, and
passes it calls. Arguments: the DLL, the server's command, a JSON file of calls, the JSON file to write.

A call is a list: name and arguments. {"missing": true} is an argument left out, {"date": "2024-01-05"} a date,
{"numbers": n} a column of n numbers; lists of rows are ranges.
"""

import ctypes
import datetime as dt
import json
import sys
import time

import pythoncom
import pywintypes
import win32com.client

MODULE = "addin.hosts.excel.functions"
MISSING = -2147352572


class Variant(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_ushort),
        ("reserved", ctypes.c_ushort * 3),
        ("pointer", ctypes.c_void_p),
        ("rest", ctypes.c_void_p),
    )


def argument(value):
    if isinstance(value, dict) and "missing" in value:
        return MISSING
    if isinstance(value, dict) and "date" in value:
        return pywintypes.Time(dt.datetime.fromisoformat(value["date"]))
    if isinstance(value, dict):
        return tuple((float(i * 7919 % 9973),) for i in range(value["numbers"]))
    if isinstance(value, list):
        return tuple(tuple(argument(v) for v in row) for row in value)
    return value


def main():
    library, command, calls, answers = sys.argv[1:]
    pythoncom.CoInitialize()
    activate = ctypes.WinDLL(library).XLPyDLLActivateAuto
    activate.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_long]
    found = Variant()
    begin = time.perf_counter()
    code = activate(ctypes.byref(found), command.encode(), 1)
    if code or found.kind != 9:
        raise SystemExit(
            f"no server: {code}, {ctypes.wstring_at(found.pointer) if found.kind == 8 else found.kind}"
        )
    server = win32com.client.Dispatch(pythoncom.ObjectFromAddress(found.pointer, pythoncom.IID_IDispatch))
    results = [{"started": time.perf_counter() - begin}]
    with open(calls, encoding="utf-8") as source:
        for name, *arguments in json.load(source):
            given = tuple(argument(a) for a in arguments)
            begin = time.perf_counter()
            result = server.CallUDF(MODULE, name, given, None, None)
            results.append({"result": result, "seconds": time.perf_counter() - begin})
    with open(answers, "w", encoding="utf-8") as target:
        json.dump(results, target, ensure_ascii=False)
    activate(ctypes.byref(Variant()), command.encode(), -1)


main()
