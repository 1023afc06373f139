"""The one room which touches the file system: limited reads, atomic writes.

A write goes to a temporary name in the same folder, is flushed to the disk, and is renamed into place, so that a
reader (or a crash) sees the old file or the new one, never half of one.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from ecosystem_iq.errors import EcosystemError, InputError, OutputError, did_you_mean

BUILTIN = "builtin:"
"""Prefix of the name of a shipped file."""

READ_LIMIT = 1024**3
"""Bytes which one text file may have."""


def read_bytes(path: Path, limit: int = READ_LIMIT) -> bytes:
    """The bytes of a file, refused above ``limit``.

    Raises
    ------
    InputError
        When the file is missing, unreadable, not a regular file, or too large.
    """
    try:
        if not path.is_file():
            raise InputError(f"{path} is not a file." if path.exists() else f"{path} does not exist.")
        size = path.stat().st_size
        if size > limit:
            raise InputError(f"{path} has {size:,} bytes; at most {limit:,} are read.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error


def read_text(path: Path, limit: int = READ_LIMIT) -> str:
    """The text of a UTF-8 file (a byte-order mark is dropped)."""
    try:
        return read_bytes(path, limit).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start}).") from error


def read_builtin(*parts: str) -> str:
    """The text of a file shipped in ``ecosystem_iq/builtin``."""
    return resources.files("ecosystem_iq").joinpath("builtin", *parts).read_text(encoding="utf-8")


def builtin_names(*parts: str) -> list[str]:
    """Names, without suffix, of the TOML files in a folder of ``ecosystem_iq/builtin``."""
    folder = resources.files("ecosystem_iq").joinpath("builtin", *parts)
    return sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))


def read_toml(path: str | Path, folder: str, what: str, error: type[EcosystemError] = InputError) -> dict[str, Any]:
    """A TOML file of the user's, or the shipped one which ``builtin:<name>`` names.

    Parameters
    ----------
    path : str or Path
    folder : str
        Where below ``ecosystem_iq/builtin`` the shipped ones lie.
    what : str
        What they are called in messages.
    error : type
        Raised where there is no such shipped one, or the text is not TOML.
    """
    name = str(path)
    if name.startswith(BUILTIN):
        known, shipped = builtin_names(folder), name.removeprefix(BUILTIN)
        if shipped not in known:
            raise error(f'There is no shipped {what} "{name}". {did_you_mean(shipped, known)}'.strip())
        text = read_builtin(folder, f"{shipped}.toml")
    else:
        text = read_text(Path(path), limit=10**7)
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as fault:  # a number of 5,000 digits, brackets within brackets
        raise error(f"{name} is not TOML: {fault}.") from fault


def folder_files(folder: Path) -> list[Path]:
    """Plain files directly in a folder, by name; hidden ones left out.

    Raises
    ------
    InputError
        When the folder is missing or cannot be listed.
    """
    try:
        if not folder.is_dir():
            found = "is a file, not a folder" if folder.exists() else "does not exist"
            raise InputError(f"{folder} {found}.")
        return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    except OSError as error:
        raise InputError(f"{folder} cannot be listed: {error.strerror or error}.") from error


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically: temporary name, fsync, rename; folders are made.

    Raises
    ------
    OutputError
        When it cannot be written; an existing file is then unchanged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(temporary).chmod(0o666 & ~_umask())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror or error}.") from error


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text, atomically; line ends are written as they are."""
    write_bytes(path, text.encode("utf-8"))


def is_file(path: Path) -> bool:
    """Whether there is a file (which may still be unreadable)."""
    return path.is_file()


def refuse_occupied(folder: Path) -> None:
    """Raise unless a folder is free to be filled: absent, or empty.

    Raises
    ------
    OutputError
        When it holds anything, is a file, or cannot be looked into.
    """
    try:
        occupied = folder.exists() and (not folder.is_dir() or any(folder.iterdir()))
    except OSError as error:
        raise OutputError(f"{folder} cannot be used: {error.strerror or error}.") from error
    if occupied:
        raise OutputError(f"{folder} exists and is not empty; name another folder, or empty it first.")


def _umask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system lets folders be flushed (not on Windows, nor on some network drives)."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):  # the file is in place already
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def remove(path: Path) -> None:
    """Delete a file if it is there.

    Raises
    ------
    OutputError
        When it cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{path} cannot be deleted: {error.strerror or error}.") from error
