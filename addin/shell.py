"""The shell's side of a command: language, messages, exit codes. Results go to stdout, the rest to stderr."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

from udfs.texts import FenjiError, Lang, Text

if TYPE_CHECKING:
    from rich.console import Console

DONE, CANNOT, WRONG_USE = 0, 1, 2


def language(wanted: str | None = None) -> Lang:
    """The language to speak: as wanted, else FENJI_LANG, else the system's, else English.

    >>> language("zh")
    'zh'
    """
    for name in (wanted, os.environ.get("FENJI_LANG"), *_system_languages()):
        if name:
            return "zh" if name.lower().startswith(("zh", "chinese")) else "en"
    return "en"


def _system_languages() -> Iterator[str | None]:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        yield os.environ.get(variable)
    if sys.platform == "win32":
        import ctypes

        yield locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage())
    yield locale.getlocale()[0]


def say(text: Text | str, lang: Lang, *, error: bool = False) -> None:
    """Prints one line; what the console's encoding lacks is replaced, never a crash."""
    stream = sys.stderr if error else sys.stdout
    line = text if isinstance(text, str) else text(lang)
    encoding = stream.encoding or "utf-8"
    print(line.encode(encoding, "replace").decode(encoding), file=stream, flush=True)


def stop(text: Text, lang: Lang, code: int = CANNOT) -> NoReturn:
    """Ends the command with a message and an exit code."""
    say(text, lang, error=True)
    raise SystemExit(code)


def console() -> Console:
    """Where tables are printed: texts stand as they are, since names may hold brackets or colons."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


@contextmanager
def progress(lang: Lang) -> Iterator[Callable[[Text], None]]:
    """What is being done, on one line of stderr while it lasts; nothing where nobody is watching."""
    from rich.console import Console
    from rich.text import Text as Plain

    with Console(stderr=True, highlight=False).status("") as status:
        yield lambda text: status.update(Plain(text(lang)))


@contextmanager
def messages(lang: Lang) -> Iterator[None]:
    """Turns errors inside the block into a sentence and an exit code; no traceback reaches the user."""
    try:
        yield
    except FenjiError as error:
        stop(error.text, lang)
    except KeyboardInterrupt:
        stop(Text(zh="已停止，文件没有改动。", en="Stopped. No file was changed."), lang)
    except BrokenPipeError:  # `fenji functions | head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(DONE) from None
    except MemoryError:
        stop(
            Text(
                zh="内存不够，文件没有改动。请关闭其他程序，或把数据分成几个文件再试。",
                en="Not enough memory. No file was changed. Close other programs, or split the data into several files.",
            ),
            lang,
        )
    except Exception as error:
        if os.environ.get("FENJI_TRACEBACK"):  # for developers
            raise
        from addin import log

        where = log.write_unexpected(error)
        stop(
            Text(
                zh=f"fenji 出错了（{type(error).__name__}），文件没有改动。详情已写入 {where}，请把它发给维护者。",
                en=f"fenji failed ({type(error).__name__}). No file was changed. Details are in {where}; please send it to the maintainers.",
            ),
            lang,
        )
