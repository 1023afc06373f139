"""The wheel holds the whole package, and renders a page from where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

IGNORED = shutil.ignore_patterns(".git", ".venv", "out", "dist", "__pycache__", ".*_cache", ".hypothesis")


def run(*command, **options):
    """Run a command away from the checkout's settings; its streams are shown when it fails."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV_"))}
    result = subprocess.run(
        [str(part) for part in command],
        env=environment | options.pop("env", {}),
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        **options,
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    """A wheel, built with the locked build backend from a copy of the checkout, .gitignore included."""
    folder = tmp_path_factory.mktemp("build")
    copy = folder / "checkout"
    shutil.copytree(root, copy, ignore=IGNORED)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder / "dist", cwd=copy)
    (built,) = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def package_files(root):
    """Files of the package as git has them, or would have them: nothing here may be ignored."""
    package = root / "ecosystem_iq"
    files = {file.relative_to(root).as_posix() for file in package.rglob("*") if file.is_file()}
    return {name for name in files if "__pycache__" not in name}


def test_the_wheel_has_every_file_of_the_package(root, names):
    assert package_files(root) <= names


def test_git_ignores_no_file_of_the_package(root):
    if not (root / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", "ecosystem_iq", cwd=root)
    assert package_files(root) <= set(listed.splitlines())


def test_the_wheel_has_nothing_but_the_package_and_its_metadata(names):
    assert {name.split("/")[0].split("-")[0] for name in names} == {"ecosystem_iq"}
    assert not [name for name in names if "/tests/" in name or name.endswith((".pyc", ".orig"))]


def test_the_wheel_has_the_licenses_and_is_typed(names):
    assert "ecosystem_iq/py.typed" in names
    for notice in ("LICENSE", "THIRD_PARTY_LICENSES"):
        assert any(name.endswith(f".dist-info/licenses/{notice}") for name in names)


def test_notices_list_every_locked_package(root):
    notices = (root / "THIRD_PARTY_LICENSES").read_text(encoding="utf-8")
    for line in (root / "requirements" / "run.txt").read_text().splitlines():
        if line[:1].isalnum():
            name, version = line.split(" ")[0].split("==")
            assert f"    {name} ".ljust(30) + version in notices


def empty_environment(folder):
    """A new environment without any library; its folder of packages, and its Python."""
    venv.create(folder, with_pip=False, symlinks=os.name == "posix")
    paths = sysconfig.get_paths("venv", {"base": str(folder), "platbase": str(folder)})
    return Path(paths["purelib"]), Path(paths["scripts"]) / "python"


def render(python, folder):
    """Make the demo workspace, view one account, and give back the page."""
    command = ["-c", "import sys; from ecosystem_iq.cli import main; sys.exit(main())"]
    imported = run(python, "-c", "import ecosystem_iq; print(ecosystem_iq.__file__)", cwd=folder).strip()
    assert Path(imported).is_relative_to(python.parent.parent)
    run(python, *command, "init", "--demo", folder / "demo", cwd=folder)
    accounts = (folder / "demo" / "accounts.csv").read_text(encoding="utf-8").splitlines()
    account = accounts[1].split(",")[accounts[0].split(",").index("account_id")]
    run(python, *command, "view", folder / "demo", "--account", account, "-o", folder / "pages", cwd=folder)
    (page,) = (folder / "pages").rglob("*.html")
    return page.read_text(encoding="utf-8")


def test_an_installed_wheel_renders_a_page(wheel, tmp_path):
    packages, python = empty_environment(tmp_path / "environment")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    # Libraries are those of the running interpreter, by a later entry of sys.path: what the wheel has comes first.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    page = render(python, tmp_path)
    assert "</html>" in page
    assert 'data-hook="map"' in page


@pytest.mark.slow
def test_a_truly_empty_environment_renders_a_page(root, wheel, tmp_path):
    if not find_spec("pip"):
        pytest.skip("this environment has no pip")
    _, python = empty_environment(tmp_path / "environment")
    pip = (sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "-r", root / "requirements" / "run.txt")
    run(*pip, "--no-deps", "--no-index", wheel)
    assert "</html>" in render(python, tmp_path)
    assert "ecosystem-iq" in run(python.with_name("ecosystem-iq"), "--help")
