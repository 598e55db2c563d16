"""Run by the Python that LibreOffice's bridge belongs to: calls VBA functions of a file, prints JSON.

usage: python3 libreoffice_vba.py FILE PIPE  (reads [[module, function, [arguments]], ...] from stdin)
"""

import json
import os
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

path, pipe = sys.argv[1:]
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for _attempt in range(200):
    try:
        context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        break
    except NoConnectException:
        time.sleep(0.1)
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
hidden = PropertyValue(Name="Hidden", Value=True)
macros = PropertyValue(Name="MacroExecutionMode", Value=4)
document = desktop.loadComponentFromURL(uno.systemPathToFileUrl(path), "_blank", 0, (hidden, macros))
provider = document.getScriptProvider()
answers = []
for module, function, arguments in json.load(sys.stdin):
    url = f"vnd.sun.star.script:Fenji.{module}.{function}?language=Basic&location=document"
    try:
        answers.append(provider.getScript(url).invoke(tuple(arguments), (), ())[0])
    except Exception as error:
        answers.append(f"{type(error).__name__}: {error}"[:300])
document.close(True)
print(json.dumps(answers, ensure_ascii=False, default=str), flush=True)
os._exit(0)  # the bridge may crash when Python takes it down; the test ends LibreOffice itself
