"""Starts Python's server through xlwings' DLL exactly as the add-in's VBA does, and asks for one function."""

from __future__ import annotations

import ctypes
from typing import Any

from addin.hosts.excel.machine import Machine
from addin.hosts.excel.xlam import FUNCTIONS_MODULE

TEXT_VARIANT = 8
START, STOP = 1, -1


class _Variant(ctypes.Structure):
    _fields_ = (
        ("kind", ctypes.c_ushort),
        ("reserved", ctypes.c_ushort * 3),
        ("pointer", ctypes.c_void_p),
        ("second", ctypes.c_void_p),
    )


def server_command(interpreter: str) -> str:
    """What starts the server: the same text as `FenjiServerCommand` in the add-in.

    >>> server_command("python.exe")
    '"python.exe" -P -B -c "from addin.hosts.excel.serve import serve; serve(\\'$(CLSID)\\')"'
    """
    return f'"{interpreter}" -P -B -c "from addin.hosts.excel.serve import serve; serve(\'$(CLSID)\')"'


def ask(machine: Machine, name: str = "RFM_SEGMENT", arguments: tuple[Any, ...] = (555.0,)) -> Any:
    """The answer of a fresh server to one function, which is ended afterwards. Windows only.

    Raises
    ------
    OSError
        The DLL cannot be loaded, or the server does not start or does not answer; the text says which.
    """
    import pythoncom
    import win32com.client

    pythoncom.CoInitialize()
    library = ctypes.WinDLL(str(machine.prefix / machine.dll))  # type: ignore[attr-defined]
    activate = library.XLPyDLLActivateAuto
    activate.restype = ctypes.c_long
    activate.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_long]
    command = server_command(str(machine.python)).encode("mbcs")
    result = _Variant()
    if activate(ctypes.byref(result), command, START) != 0 or result.kind == TEXT_VARIANT:
        raise OSError(
            ctypes.wstring_at(result.pointer) if result.kind == TEXT_VARIANT else "the server did not start"
        )
    try:
        server = win32com.client.Dispatch(
            pythoncom.ObjectFromAddress(result.pointer, pythoncom.IID_IDispatch)
        )
        return server.CallUDF(FUNCTIONS_MODULE, name, arguments)
    except pythoncom.com_error as error:
        raise OSError(str(error)) from error
    finally:
        server = None
        activate(ctypes.byref(_Variant()), command, STOP)
