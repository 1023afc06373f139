"""scripts/ and requirements/: which interpreter is taken, when .venv is made anew, what is never done."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sh scripts")

PROGRAMS = ("demo", "test", "lock")
LOCKS = ("run", "test", "lint")
# Tools of the shell itself; the folder a test adds before them decides which Python is found.
TOOLS = ("cat", "cut", "dirname", "head", "id", "mkdir", "rm", "sh", "sha256sum", "shasum", "cksum", "uname")


@pytest.fixture
def sandbox(tmp_path, root):
    """A checkout with only scripts/ and requirements/, in a folder with a space and a quote, and an empty PATH."""
    checkout = tmp_path / "a check'out"
    shutil.copytree(root / "scripts", checkout / "scripts")
    shutil.copytree(root / "requirements", checkout / "requirements")
    shutil.copy(root / "pyproject.toml", checkout)
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in TOOLS:
        if found := shutil.which(tool):
            (tools / tool).symlink_to(found)
    return checkout


def sh(checkout, code, *, path=(), **environment):
    """Run a line of sh after sourcing the shared file, with only ``path`` and the plain tools on PATH."""
    folders = [*map(str, path), str(checkout.parent / "tools")]
    return subprocess.run(
        ["/bin/sh", "-euc", 'root=$(pwd -P); . scripts/_environment.sh; eval "$1"', "script", code],
        cwd=checkout,
        env={"PATH": ":".join(folders), "HOME": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def command(folder, name, body):
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return file


def real_python(folder, name="python3"):
    return command(folder, name, f'exec "{sys.executable}" "$@"')


def fake_venv(checkout, *stamps):
    """A .venv whose Python is the running one, stamped as the scripts would."""
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "python").symlink_to(sys.executable)
    assert sh(checkout, f"write_stamps {' '.join(stamps)}").returncode == 0


# ------------------------------------------------------------------------------------------------ interpreter


def test_a_shim_which_does_not_run_is_passed_over(sandbox, tmp_path):
    command(tmp_path / "shims", "python3", "echo 'pyenv: python3: command not found' >&2; exit 127")
    real_python(tmp_path / "real")
    result = sh(sandbox, "find_python", path=[tmp_path / "shims", tmp_path / "real"])
    assert Path(result.stdout.strip()).samefile(sys.executable)


def test_a_shim_which_prints_and_fails_is_passed_over(sandbox, tmp_path):
    command(tmp_path / "shims", "python3", "echo /usr/bin/python3; exit 1")
    real_python(tmp_path / "real", "python3.11")
    result = sh(sandbox, "find_python", path=[tmp_path / "shims", tmp_path / "real"])
    assert Path(result.stdout.strip()).samefile(sys.executable)


def test_without_any_python_the_remedy_is_said(sandbox):
    result = sh(sandbox, "find_python")
    assert result.returncode == 1
    assert "no Python >= 3.11" in result.stderr
    assert "ECOSYSTEM_IQ_PYTHON=" in result.stderr


def test_the_forced_interpreter_is_taken_or_refused(sandbox, tmp_path):
    chosen = real_python(tmp_path / "elsewhere", "mypython")
    assert sh(sandbox, "find_python", ECOSYSTEM_IQ_PYTHON=str(chosen)).returncode == 0
    real_python(tmp_path / "real")
    result = sh(sandbox, "find_python", path=[tmp_path / "real"], ECOSYSTEM_IQ_PYTHON="/nowhere/python")
    assert result.returncode == 1
    assert "/nowhere/python does not run" in result.stderr


# ------------------------------------------------------------------------------------------------ .venv


def test_an_unchanged_environment_is_left_alone(sandbox):
    fake_venv(sandbox, "run", "test", "lint", "project")
    for level in LOCKS:
        result = sh(sandbox, f"environment {level}")
        assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("change", ["lock", "interrupted", "moved", "dead interpreter"])
def test_a_changed_environment_is_made_anew(sandbox, change):
    fake_venv(sandbox, "run", "project")
    if change == "lock":
        (sandbox / "requirements" / "run.txt").write_text("click==1\n")
    elif change == "interrupted":
        (sandbox / ".venv" / "stamp-run").unlink()
    elif change == "moved":
        sandbox = sandbox.rename(sandbox.with_name("moved"))
    else:
        (sandbox / ".venv" / "bin" / "python").unlink()
    result = sh(sandbox, "make_venv() { fail 'made anew'; }; environment run")
    assert "made anew" in result.stderr


def test_new_metadata_only_installs_the_package_again(sandbox):
    fake_venv(sandbox, "run", "project")
    (sandbox / "pyproject.toml").write_text("[project]\n")
    result = sh(sandbox, 'pip_install() { printf "%s\n" "$*"; }; environment run')
    assert result.stdout.splitlines() == [f"--no-deps --no-build-isolation --editable {sandbox.resolve()}"]


def test_stamps_are_written_only_after_the_install(sandbox):
    fake_venv(sandbox, "run")
    result = sh(sandbox, "pip_install() { return 1; }; environment test")
    assert result.returncode == 1
    assert not list((sandbox / ".venv").glob("stamp-*"))


def test_an_environment_for_tests_serves_the_demo(sandbox):
    fake_venv(sandbox, "run", "project")
    assert sh(sandbox, "pip_install() { :; }; environment test").returncode == 0
    assert sh(sandbox, "make_venv() { fail anew; }; pip_install() { fail again; }; environment run").returncode == 0


def test_one_command_is_said_when_venv_and_pip_are_missing(sandbox, tmp_path):
    body = f'case " $* " in *" venv "*|*"import pip"*) exit 1 ;; esac; exec "{sys.executable}" "$@"'
    forced = command(tmp_path / "bare", "python3", body)
    # The real path would lead to the whole interpreter, so the probe is told to keep the bare one.
    code = f'usable_python() {{ echo "{forced}"; }}; id() {{ echo 1000; }}; make_venv'
    result = sh(sandbox, code, path=[tmp_path / "bare"])
    assert result.returncode == 1
    assert "run: " in result.stderr.splitlines()[-1]


# ------------------------------------------------------------------------------------------------ Chromium


@pytest.fixture
def driver(sandbox):
    """Playwright's driver, which runs."""
    folder = sandbox / ".venv" / "lib" / "python3" / "site-packages" / "playwright" / "driver"
    folder.mkdir(parents=True)
    return command(folder, "node", "echo v1")


CHOSEN = 'find_chromium; sh -c \'printf "%s" "${ECOSYSTEM_IQ_CHROMIUM-unset}"\''


@pytest.mark.usefixtures("driver")
def test_a_browser_which_does_not_run_is_passed_over(sandbox, tmp_path):
    command(tmp_path / "bin", "chromium", "exit 1")
    real = command(tmp_path / "bin", "google-chrome", "echo Chrome 1")
    assert sh(sandbox, CHOSEN, path=[tmp_path / "bin"]).stdout == str(real)


@pytest.mark.usefixtures("driver")
def test_without_a_browser_that_is_said(sandbox):
    result = sh(sandbox, f"system_chromium() {{ return 1; }}; id() {{ echo 1000; }}; {CHOSEN}")
    assert result.stdout == "unset"
    assert "no Chromium found, and none could be installed: browser tests are skipped" in result.stderr


def test_without_a_driver_that_is_said(sandbox, tmp_path, driver):
    driver.unlink()
    command(tmp_path / "bin", "chromium", "echo Chromium 1")
    result = sh(sandbox, f"id() {{ echo 1000; }}; {CHOSEN}", path=[tmp_path / "bin"])
    assert result.stdout == "unset"
    assert "Playwright's driver does not run" in result.stderr


@pytest.mark.usefixtures("driver")
def test_the_named_browser_is_taken_refused_or_not_wanted(sandbox, tmp_path):
    browser = command(tmp_path / "bin", "mine", "echo Chromium 1")
    assert sh(sandbox, CHOSEN, ECOSYSTEM_IQ_CHROMIUM=str(browser)).stdout == str(browser)
    assert sh(sandbox, CHOSEN, ECOSYSTEM_IQ_CHROMIUM="/nowhere").returncode == 1
    assert sh(sandbox, CHOSEN, ECOSYSTEM_IQ_CHROMIUM="none").stdout == "unset"


# ------------------------------------------------------------------------------------------------ texts


@pytest.mark.parametrize("name", [*PROGRAMS, "_environment.sh"])
def test_scripts_are_valid_sh(root, name):
    for shell in filter(None, (shutil.which("sh"), shutil.which("dash"))):
        subprocess.run([shell, "-n", root / "scripts" / name], check=True)


@pytest.mark.parametrize("name", PROGRAMS)
def test_scripts_can_be_started(root, name):
    assert os.access(root / "scripts" / name, os.X_OK)
    assert (root / "scripts" / name).read_text().startswith("#!/bin/sh\n")


def test_scripts_never_take_more_rights_than_they_have(root):
    for file in [*(root / "scripts" / name for name in (*PROGRAMS, "_environment.sh")), root / ".ci" / "run"]:
        text = file.read_text()
        assert "sudo" not in text
        assert "break-system-packages" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_index_and_no_machine(root, lock):
    text = (root / "requirements" / f"{lock}.txt").read_text()
    assert not re.search(r"://|^\s*-(?!-hash=)|/(home|tmp|root|opt|users)/", text, re.MULTILINE | re.IGNORECASE)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash_and_one_version(root, lock):
    text = (root / "requirements" / f"{lock}.txt").read_text()
    names = re.findall(r"^([a-z0-9._-]+)==\S+.*\\\n    --hash=sha256:", text, re.MULTILINE)
    assert len(names) == len(re.findall(r"^\S+==", text, re.MULTILINE))
    assert len(names) == len(set(names))


def versions(root, lock):
    return dict(re.findall(r"^(\S+)==(\S+)", (root / "requirements" / f"{lock}.txt").read_text(), re.MULTILINE))


def test_locks_agree(root):
    run, test, lint = (versions(root, lock) for lock in LOCKS)
    assert run.items() <= test.items()
    assert all(test.get(name, version) == version for name, version in lint.items())


def test_numerical_packages_are_those_every_supported_python_has(root):
    run = versions(root, "run")
    assert (run["numpy"][:4], run["scipy"][:5], run["networkx"][:4]) == ("2.4.", "1.17.", "3.6.")
