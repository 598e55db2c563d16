"""A folder that xlwings Server runs: fenji's functions, buttons and task pane, with access by token."""

from __future__ import annotations

import os
import secrets
import uuid
from importlib import util
from importlib.resources import files
from pathlib import Path

from addin.hosts.server.auth import SHORTEST_TOKEN
from udfs.texts import FenjiError, Lang

LICENCE = "XLWINGS_LICENSE_KEY"
TOKEN = "FENJI_SERVER_TOKEN"
SETTINGS = """# Settings of xlwings Server; documented at https://server.xlwings.org
[tool.xlwings_server]
project_name = "fenji"
functions_namespace = ""
environment = "prod"
auth_providers = ["fenji"]
enable_socketio = false
{ids}
"""
# Written anew at every start, so that they are those of this version; the settings above are made once.
MADE = "# Made by `fenji serve`; written anew at every start.\n"
FILES = {
    "custom_functions/__init__.py": f"{MADE}from addin.hosts.server.functions import *  # noqa: F403\n",
    "custom_scripts/__init__.py": f"{MADE}from addin.hosts.server.scripts import *  # noqa: F403\n",
    "auth/__init__.py": "",
    "auth/fenji/__init__.py": f"{MADE}from addin.hosts.server.auth import validate_token  # noqa: F401\n",
    "static/js/ribbon.js": "// The buttons of the ribbon are associated in main.js.\n",
}
COPIED = {
    "static/js/auth.js": "auth.js",
    "static/js/main.js": "main.js",
    "static/js/workbook.js": "workbook.js",
    "static/fenji/pane.css": "pane.css",
    "templates/taskpane.html": "taskpane.html",
}


def create(folder: Path) -> bool:
    """Makes the project's settings where there are none; existing ones stay. True when they were made."""
    if (folder / "pyproject.toml").exists():
        return False
    if folder.exists() and any(folder.iterdir()):
        raise FenjiError(
            zh=f"文件夹 {folder} 里已有其他文件。请换一个空文件夹。",
            en=f"The folder {folder} holds other files; choose an empty one.",
        )
    kinds = ("dev", "qa", "uat", "staging", "prod")
    ids = "\n".join(f'manifest_id_{kind} = "{uuid.uuid4()}"' for kind in kinds)
    _write(folder / "pyproject.toml", SETTINGS.format(ids=ids))
    (folder / ".env").touch(mode=0o600)  # before the token is in it
    _write(folder / ".env", f'{LICENCE}=""\n{TOKEN}="{secrets.token_urlsafe(24)}"\n')
    return True


def write_pages(folder: Path) -> None:
    """The functions, the script, the task pane, the manifest and the pictures of this version."""
    from addin.hosts.server import icons, manifest, pane

    for name, text in FILES.items():
        _write(folder / name, text)
    for name, source in COPIED.items():
        _write(folder / name, files("addin.hosts.server").joinpath("assets", source).read_text("utf-8"))
    _write(folder / "templates/fenji-pane.json", pane.as_json())
    _write(folder / "templates/manifest.xml", manifest.template())
    pictures = folder / "static/fenji/icons"
    pictures.mkdir(parents=True, exist_ok=True)
    for name in icons.PICTURES:
        for size in icons.SIZES:
            (pictures / f"{name}-{size}.png").write_bytes(icons.png(name, size))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def environment(folder: Path) -> dict[str, str]:
    """The settings of .env; what the shell sets already wins."""
    found: dict[str, str] = {}
    for line in (folder / ".env").read_text("utf-8").splitlines() if (folder / ".env").exists() else []:
        name, equals, value = line.partition("=")
        if equals and not name.strip().startswith("#"):
            found[name.strip()] = value.strip().strip("\"'")
    return found | {k: v for k, v in os.environ.items() if v}


def check(folder: Path, settings: dict[str, str]) -> None:
    """Says what is missing before the server is started, not after."""
    if util.find_spec("xlwings_server") is None:
        raise FenjiError(
            zh='没有安装 xlwings Server。请运行：pip install "fenji[server]"',
            en='xlwings Server is not installed. Run: pip install "fenji[server]"',
        )
    if not settings.get(LICENCE):
        raise FenjiError(
            zh=f"xlwings Server 需要您自己的许可证密钥。请填入 {folder / '.env'} 的 {LICENCE}；"
            "密钥见 https://www.xlwings.org/pricing （非商业用途可填 noncommercial）。"
            "桌面版 Excel、LibreOffice 和命令行不需要密钥。",
            en=f"xlwings Server needs your own licence key. Put it into {folder / '.env'} as {LICENCE}; "
            "see https://www.xlwings.org/pricing (for noncommercial use the key is: noncommercial). "
            "Desktop Excel, LibreOffice and the command line need no key.",
        )
    if len(settings.get(TOKEN, "")) < SHORTEST_TOKEN:
        raise FenjiError(
            zh=f"{folder / '.env'} 里的 {TOKEN} 太短，至少 {SHORTEST_TOKEN} 个字符。",
            en=f"{TOKEN} in {folder / '.env'} is too short: at least {SHORTEST_TOKEN} characters.",
        )


def serve(folder: Path, host: str, port: int, lang: Lang, certificate: Path | None, key: Path | None) -> None:
    """Runs the server until it is stopped."""
    settings = environment(folder)
    check(folder, settings)
    # xlwings looks for its key when it is first imported: nothing that imports it may come before.
    os.environ.update(settings)
    os.environ["XLWINGS_ON_SERVER"] = "true"
    os.environ["XLWINGS_PROJECT_DIR"] = str(folder.resolve())
    os.environ["FENJI_LANG"] = lang
    write_pages(folder)
    import uvicorn

    uvicorn.run(
        "xlwings_server.main:main_app",
        host=host,
        port=port,
        ssl_certfile=certificate and str(certificate),
        ssl_keyfile=key and str(key),
        log_level="warning",
    )
