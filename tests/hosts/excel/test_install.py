"""Installing, examining and taking away the add-in, on a pretended Windows and a pretended Mac."""

import re
import sys
from pathlib import Path

import pytest

from addin.hosts.excel import doctor, install, server_probe, xlam
from addin.hosts.excel.machine import Machine, MemoryRegistry, System
from udfs.texts import FenjiError

XLWINGS = "0.37.8"


def machine(tmp_path: Path, system: System) -> Machine:
    """A computer with a user called 王 小明, Excel, and fenji in an environment of its own."""
    home = tmp_path / "王 小明"
    prefix = home / "fenji env"
    prefix.mkdir(parents=True)
    (prefix / f"xlwings64-{XLWINGS}.dll").write_bytes(b"MZ")
    registry = MemoryRegistry({doctor.EXCEL_PATHS[0]: {"": r"C:\Office\EXCEL.EXE"}})
    return Machine(
        system=system,
        python=Path(sys.executable),
        prefix=prefix,
        home=home,
        appdata=home / "AppData" / "Roaming",
        fenji_home=home / "AppData" / "Roaming" / "fenji",
        registry=registry,
        dll_folders=(prefix,),
        xlwings=XLWINGS,
    )


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}


def states(pretended: Machine) -> dict[str, str]:
    return {finding.key: finding.state for finding in doctor.examine(pretended)}


@pytest.fixture(autouse=True)
def answering_functions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(server_probe, "ask", lambda machine: "Champions")
    monkeypatch.setattr(doctor, "PROBE", f"print('{XLWINGS}')")
    monkeypatch.setenv("FENJI_HOME", str(tmp_path / "home"))


@pytest.fixture
def windows(tmp_path: Path) -> Machine:
    return machine(tmp_path, "windows")


@pytest.fixture
def mac(tmp_path: Path) -> Machine:
    return machine(tmp_path, "macos")


def test_windows_files_configuration_and_registry(windows: Machine) -> None:
    install.carry_out(install.plan_install(windows), windows)
    addin = windows.appdata / "Microsoft" / "Excel" / "XLSTART" / "fenji.xlam"
    assert addin.read_bytes() == xlam.addin_bytes({})
    assert (windows.appdata / "fenji" / "fenji.conf").read_text("utf-8") == (
        f"interpreter = {sys.executable}\ndll_folder = {windows.prefix}\n"
    )
    entry = windows.registry.values(install.UNINSTALL_KEY)
    assert entry["UninstallString"] == f'"{sys.executable}" -P -m addin.cli uninstall'


def test_uninstalling_takes_everything_away(windows: Machine) -> None:
    before, registry = files(windows.home), dict(windows.registry.keys)  # type: ignore[attr-defined]
    install.carry_out(install.plan_install(windows), windows)
    assert files(windows.home) != before
    (windows.fenji_home / "undo" / "step").mkdir(parents=True)
    for name in ("undo/step/before", "fenji.log", "guide.zh.html", "guide.en.html"):
        (windows.fenji_home / name).write_text("x")
    install.carry_out(install.plan_uninstall(windows), windows)
    assert files(windows.home) == before
    assert windows.registry.keys == registry  # type: ignore[attr-defined]


def test_installing_twice_is_the_same_as_once(windows: Machine) -> None:
    install.carry_out(install.plan_install(windows), windows)
    once = {file: (windows.home / file).read_bytes() for file in files(windows.home)}
    install.carry_out(install.plan_install(windows), windows)
    assert {file: (windows.home / file).read_bytes() for file in files(windows.home)} == once


def test_the_users_own_lines_in_the_configuration_stay(windows: Machine) -> None:
    windows.config_file.parent.mkdir(parents=True)
    windows.config_file.write_text("language = zh\ninterpreter = C:\\old\\python.exe\n", "utf-8")
    install.carry_out(install.plan_install(windows), windows)
    assert windows.config_file.read_text("utf-8").splitlines() == [
        f"interpreter = {sys.executable}",
        f"dll_folder = {windows.prefix}",
        "language = zh",
    ]


def test_the_dll_is_copied_beside_the_interpreter(windows: Machine, tmp_path: Path) -> None:
    elsewhere = tmp_path / "user base"
    elsewhere.mkdir()
    (windows.prefix / windows.dll).rename(elsewhere / windows.dll)
    windows.dll_folders = (windows.prefix, elsewhere)
    install.carry_out(install.plan_install(windows), windows)
    assert (windows.prefix / windows.dll).read_bytes() == b"MZ"


def test_a_missing_dll_is_said_before_anything_is_written(windows: Machine) -> None:
    (windows.prefix / windows.dll).unlink()
    with pytest.raises(FenjiError, match="Reinstall xlwings"):
        install.plan_install(windows)
    assert files(windows.home) == set()


def test_mac_addin_and_script(mac: Machine) -> None:
    mac.python = Path('/Users/王 小明/my "env"/bin/python')
    install.carry_out(install.plan_install(mac), mac)
    assert mac.addin_file is not None
    assert mac.addin_file.parent.name == "Excel"
    script = mac.script_file.read_text("utf-8")
    assert r'quoted form of "/Users/王 小明/my \"env\"/bin/python"' in script
    assert "{{" not in script
    install.carry_out(install.plan_uninstall(mac), mac)
    assert files(mac.home) == {f"fenji env/{mac.dll}"}


def test_every_part_of_the_mac_command_line_is_quoted() -> None:
    (line,) = [line for line in install.applescript(Path("/p")).splitlines() if "set commandLine" in line]
    rest = re.sub(r'quoted form of (\([^)]*\)|\w+|"[^"]*")', "", line.partition(" to ")[2])
    variables = {"commandName", "languageName", "answer", "bookName", "excelFolder", "/p"}
    assert all(variable in line and variable not in rest for variable in variables)


def test_without_desktop_excel_it_says_what_works(tmp_path: Path) -> None:
    with pytest.raises(FenjiError, match="no desktop Excel"):
        install.plan_install(machine(tmp_path, "other"))


@pytest.mark.parametrize("system", ["windows", "macos"])
def test_doctor_finds_a_fresh_installation_well(tmp_path: Path, system: System) -> None:
    pretended = machine(tmp_path, system)
    install.carry_out(install.plan_install(pretended), pretended)
    assert [f for f in doctor.examine(pretended) if f.state == "bad"] == []


def test_doctor_before_installation(windows: Machine) -> None:
    found = states(windows)
    assert (found["excel"], found["addin"], found["configuration"]) == ("good", "bad", "bad")
    assert not doctor.is_well(doctor.examine(windows))


def test_doctor_sees_each_broken_link(windows: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    install.carry_out(install.plan_install(windows), windows)
    assert windows.addin_file is not None
    registry = windows.registry

    windows.addin_file.write_bytes(b"older")
    assert states(windows)["addin"] == "bad"
    windows.config_file.write_text("interpreter = C:\\other\\python.exe\n", "utf-8")
    assert states(windows)["configuration"] == "bad"
    (windows.prefix / windows.dll).unlink()
    assert states(windows)["dll"] == "bad"
    registry.set(install.DISABLED_ITEMS, "3A", "C:\\XLSTART\\FENJI.xlam".encode("utf-16-le"))
    assert states(windows)["blocked"] == "bad"
    registry.set(doctor.SECURITY_KEYS[0], "VBAWarnings", 4)
    assert states(windows)["macros"] == "bad"
    Path(f"{windows.addin_file}:Zone.Identifier").write_text("[ZoneTransfer]")
    assert states(windows)["mark_of_the_web"] == "bad"
    registry.keys.pop(doctor.EXCEL_PATHS[0])  # type: ignore[attr-defined]
    assert states(windows)["excel"] == "bad"
    monkeypatch.setattr(doctor, "PROBE", "import no_such_module")
    assert states(windows)["interpreter"] == "bad"
    monkeypatch.setattr(server_probe, "ask", refuses)
    assert states(windows)["functions"] == "bad"
    bad = [finding for finding in doctor.examine(windows) if finding.state == "bad"]
    assert len(bad) == 9
    assert all(finding.remedy and finding.remedy.zh and finding.remedy.en for finding in bad)


def refuses(_: Machine) -> str:
    raise OSError("the Python process exited")


def test_installing_again_unblocks(windows: Machine) -> None:
    key = install.DISABLED_ITEMS
    windows.registry.set(key, "3A", "C:\\XLSTART\\fenji.xlam".encode("utf-16-le"))
    windows.registry.set(key, "4B", "C:\\other.xlam".encode("utf-16-le"))
    install.carry_out(install.plan_install(windows), windows)
    assert set(windows.registry.values(key)) == {"4B"}


def test_the_probe_starts_the_server_as_the_addin_does() -> None:
    vba = xlam._vba_source("FenjiTexts.bas")
    assert "-P -B -c" in vba
    assert "from addin.hosts.excel.serve import serve; serve('$(CLSID)')" in vba
    assert server_probe.server_command("py") == (
        '"py" -P -B -c "from addin.hosts.excel.serve import serve; serve(\'$(CLSID)\')"'
    )


def test_every_line_of_the_report_has_its_state_in_words(windows: Machine) -> None:
    report = doctor.report(doctor.examine(windows))
    assert "[有问题] 加载项没有安装" in report.zh
    assert "    → Close Excel and run: fenji install" in report.en


@pytest.mark.parametrize("system", ["windows", "macos", "other"])
def test_nothing_is_taken_away_where_nothing_was_installed(tmp_path: Path, system: System) -> None:
    assert install.plan_uninstall(machine(tmp_path, system)) == []


def test_the_report_ends_with_what_to_do(windows: Machine, tmp_path: Path) -> None:
    findings = doctor.examine(windows)
    bad = sum(finding.state == "bad" for finding in findings)
    assert bad
    assert doctor.report(findings).zh.endswith(
        f"有 {bad} 处要修：请照箭头后面的话做，再运行一次 fenji doctor。"
    )
    well = [finding for finding in findings if finding.state != "bad"]
    assert doctor.report(well).en.endswith("No problem was found.")
