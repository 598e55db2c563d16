"""`fenji serve` and `fenji build-lite`: the functions in the Office.js hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin import shell
from addin.cli.options import Language
from udfs.texts import Text

LANG = shell.language()
HELP = {
    name: text(LANG)
    for name, text in {
        "serve": Text(
            zh="通过 xlwings Server 提供按钮和函数（Excel 网页版、Mac）；需要 fenji[server] 和您自己的许可证密钥。",
            en="Serve the buttons and functions through xlwings Server (Excel on the web, Mac); needs fenji[server] and your own licence key.",
        ),
        "folder": Text(
            zh="服务器的文件夹；没有时自动新建，里面有设置和令牌。",
            en="The server's folder; made where there is none, with its settings and token.",
        ),
        "host": Text(zh="监听的地址。", en="The address to listen on."),
        "port": Text(zh="监听的端口。", en="The port to listen on."),
        "certificate": Text(
            zh="TLS 证书文件；不给时为这台电脑自制一份。",
            en="TLS certificate file; without one, a certificate for this computer is made.",
        ),
        "key": Text(zh="TLS 私钥文件。", en="TLS key file."),
        "plain": Text(
            zh="不用 TLS：只在前面有负责 TLS 的代理服务器时使用。",
            en="Without TLS: only behind a proxy that takes care of it.",
        ),
        "build-lite": Text(
            zh="生成 xlwings Lite 的 main.py，把函数放进工作簿。",
            en="Build main.py for xlwings Lite, which puts the functions into a workbook.",
        ),
        "output": Text(zh="写到这个文件。", en="The file to write."),
    }.items()
}


def register(app: typer.Typer) -> None:
    """Adds the subcommands to the `fenji` command."""
    app.command("serve", help=HELP["serve"])(serve)
    app.command("build-lite", help=HELP["build-lite"])(build_lite)


def serve(
    folder: Annotated[Path, typer.Argument(help=HELP["folder"])] = Path("fenji-server"),
    host: Annotated[str, typer.Option("--host", help=HELP["host"])] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help=HELP["port"])] = 8000,
    certificate: Annotated[Path | None, typer.Option("--certificate", help=HELP["certificate"])] = None,
    key: Annotated[Path | None, typer.Option("--key", help=HELP["key"])] = None,
    plain: Annotated[bool, typer.Option("--plain", help=HELP["plain"])] = False,
    lang: Language = None,
) -> None:
    from addin.hosts.server import certificate as certificates
    from addin.hosts.server import project

    spoken = shell.language(lang)
    with shell.messages(spoken):
        if project.create(folder):
            shell.say(
                Text(
                    zh=f"已新建 {folder}。把许可证密钥填入 {folder / '.env'}；其中的 {project.TOKEN} 是用户要填写的令牌。",
                    en=f"Created {folder}. Put your licence key into {folder / '.env'}; {project.TOKEN} there is the token users enter.",
                ),
                spoken,
            )
        project.check(folder, project.environment(folder))
        if not plain and certificate is None:
            certificate, key, is_new = certificates.own(folder, host)
            if is_new:
                shell.say(certificates.how_to_trust(certificate), spoken)
        scheme = "http" if plain else "https"
        address = f"{scheme}://{'localhost' if host in certificates.LOOPBACK else host}:{port}"
        shell.say(
            Text(
                zh=f"服务器地址 {address}；清单文件 {address}/manifest/download。按 Ctrl+C 停止。",
                en=f"Serving at {address}; manifest at {address}/manifest/download. Ctrl+C stops.",
            ),
            spoken,
        )
        project.serve(folder, host, port, spoken, certificate, key)


def build_lite(
    output: Annotated[Path, typer.Option("--output", "-o", help=HELP["output"])] = Path("main.py"),
    lang: Language = None,
) -> None:
    from addin.hosts.lite.build import build

    spoken = shell.language(lang)
    with shell.messages(spoken):
        written = build(output, spoken)
        shell.say(
            Text(
                zh=f"已生成 {written}。在 Excel 中打开 xlwings Lite 的编辑器，用它替换 main.py，再按 Restart。",
                en=f"Wrote {written}. Open xlwings Lite's editor in Excel, replace main.py with it, and press Restart.",
            ),
            spoken,
        )
