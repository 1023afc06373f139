"""The file system: reads are limited, writes happen whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from ecosystem_iq import files
from ecosystem_iq.errors import InputError, OutputError


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "old.txt"
    path.write_text("old", encoding="utf-8")
    return path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_reading_gives_the_bytes(file):
    assert files.read_bytes(file) == b"old"


@pytest.mark.parametrize(("limit", "fine"), [(3, True), (2, False)])
def test_a_file_above_the_limit_is_refused(file, limit, fine):
    if fine:
        assert files.read_bytes(file, limit) == b"old"
    else:
        with pytest.raises(InputError, match="has 3 bytes; at most 2"):
            files.read_bytes(file, limit)


def test_what_is_missing_or_no_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        files.read_bytes(tmp_path / "nothing")
    with pytest.raises(InputError, match="is not a file"):
        files.read_bytes(tmp_path)
    os.mkfifo(tmp_path / "pipe")  # reading it would wait for ever
    with pytest.raises(InputError, match="is not a file"):
        files.read_bytes(tmp_path / "pipe")


def test_a_file_which_may_not_be_read_is_refused(file, monkeypatch):
    def denied(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(InputError, match=r"cannot be read: Permission denied\."):
        files.read_bytes(file)


@pytest.mark.parametrize(("content", "text"), [(b"\xef\xbb\xbfa", "a"), ("ä日".encode(), "ä日"), (b"", "")])
def test_text_is_utf8_with_or_without_a_mark(file, content, text):
    file.write_bytes(content)
    assert files.read_text(file) == text


def test_other_text_is_refused_with_its_place(file):
    file.write_bytes(b"abc\xff")
    with pytest.raises(InputError, match=r"is not UTF-8 text \(byte 3\)"):
        files.read_text(file)


def test_shipped_files_are_found():
    assert "ecosystem-iq" in files.builtin_names("frameworks")
    assert files.read_builtin("ties.toml")


def test_a_folder_lists_plain_visible_files_by_name(tmp_path):
    for name in ("b.csv", "A.csv", ".hidden"):
        (tmp_path / name).touch()
    (tmp_path / "folder.csv").mkdir()
    assert [path.name for path in files.folder_files(tmp_path)] == ["A.csv", "b.csv"]


def test_what_is_no_folder_cannot_be_listed(file, tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        files.folder_files(tmp_path / "nothing")
    with pytest.raises(InputError, match="is a file, not a folder"):
        files.folder_files(file)
    with pytest.raises(InputError, match="cannot be listed"):
        files.folder_files(tmp_path / ("a" * 300))


def test_a_folder_which_may_not_be_looked_into_is_refused(tmp_path, monkeypatch):
    def denied(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    with pytest.raises(InputError, match=r"cannot be listed: Permission denied\."):
        files.folder_files(tmp_path)
    with pytest.raises(OutputError, match=r"cannot be used: Permission denied\."):
        files.refuse_occupied(tmp_path)


def test_writing_makes_folders_and_keeps_bytes(tmp_path):
    path = tmp_path / "a ü" / "日" / "x.txt"
    files.write_text(path, "a\r\nb\n")
    assert path.read_bytes() == b"a\r\nb\n"
    assert names(path.parent) == ["x.txt"]


@pytest.mark.parametrize("crash", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["disk", "ctrl-c"])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_crash_while_writing_leaves_the_old_file_and_nothing_else(file, monkeypatch, step, crash):
    def broken(*_):
        raise crash

    monkeypatch.setattr(os, "fsync", broken) if step == "fsync" else monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(OutputError if isinstance(crash, OSError) else KeyboardInterrupt):
        files.write_text(file, "new")
    assert file.read_text() == "old"
    assert names(file.parent) == ["old.txt"]


def test_the_file_is_flushed_before_it_takes_the_old_ones_place(file, monkeypatch):
    order = []
    flush, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("flush"), flush(handle))[1])
    monkeypatch.setattr(Path, "replace", lambda *both: (order.append("replace"), replace(*both))[1])
    files.write_text(file, "new")
    assert order[:2] == ["flush", "replace"]
    assert file.read_text() == "new"


def test_a_drive_which_flushes_no_folder_is_no_failure(file, monkeypatch):
    flush = os.fsync

    def only_files(handle):
        if os.path.isdir(f"/proc/self/fd/{handle}"):  # noqa: PTH112 - a handle, not a path
            raise OSError(22, "Invalid argument")
        flush(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    files.write_text(file, "new")
    assert file.read_text() == "new"


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_permissions_follow_the_umask(tmp_path, mask, mode):
    before = os.umask(mask)
    try:
        files.write_text(tmp_path / "x", "x")
    finally:
        assert os.umask(before) == mask
    assert (tmp_path / "x").stat().st_mode & 0o777 == mode


def test_what_cannot_be_written_is_an_output_error(file, tmp_path, monkeypatch):
    with pytest.raises(OutputError, match="cannot be written"):
        files.write_text(file / "below a file", "x")
    with pytest.raises(OutputError, match="cannot be written"):
        files.write_text(tmp_path / ("a" * 300), "x")

    def denied(**_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(tempfile, "mkstemp", denied)
    with pytest.raises(OutputError, match=r"cannot be written: Permission denied\."):
        files.write_text(tmp_path / "x", "x")
    assert names(tmp_path) == ["old.txt"]


def test_only_a_free_folder_may_be_filled(tmp_path):
    files.refuse_occupied(tmp_path / "new")
    (tmp_path / "empty").mkdir()
    files.refuse_occupied(tmp_path / "empty")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / ".hidden").touch()
    for taken in (tmp_path / "full", tmp_path / "full" / ".hidden"):
        with pytest.raises(OutputError, match="exists and is not empty"):
            files.refuse_occupied(taken)


def test_a_folder_which_cannot_be_looked_into_is_refused(tmp_path):
    with pytest.raises(OutputError, match="cannot be used: File name too long"):
        files.refuse_occupied(tmp_path / ("a" * 300))


def test_removing_needs_no_file(file, tmp_path):
    files.remove(file)
    files.remove(file)
    assert names(tmp_path) == []
    with pytest.raises(OutputError, match="cannot be deleted"):
        files.remove(tmp_path)
