"""The test suite's own rules: whose warnings are errors, and that a run without a browser can be made to fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import warnings

import pytest

BROWSER_TESTS = """
import pytest

@pytest.mark.browser
def test_page():
    {body}

def test_other():
    pass
"""


@pytest.mark.parametrize("module", ["ecosystem_iq", "ecosystem_iq.tables.readers"])
@pytest.mark.parametrize("category", [UserWarning, DeprecationWarning, RuntimeWarning])
def test_a_warning_which_our_code_causes_is_an_error(module, category):
    with pytest.raises(category):
        warnings.warn_explicit("old", category, "file.py", 1, module=module)


@pytest.mark.parametrize("module", ["numpy.linalg", "ecosystem_iqueue"])
def test_a_warning_of_another_library_is_none(module):
    with pytest.warns(DeprecationWarning, match="old"):
        warnings.warn_explicit("old", DeprecationWarning, "file.py", 1, module=module)


def outcome(folder, root, body, required):
    shutil.copy(root / "tests" / "conftest.py", folder)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser: needs one\n", encoding="utf-8")
    (folder / "test_it.py").write_text(BROWSER_TESTS.format(body=body), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *(("-k", "other") if body == "absent" else ())],
        cwd=folder,
        env=os.environ | {"ECOSYSTEM_IQ_REQUIRE_BROWSER": required},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("body", "required", "code"),
    [("pass", "1", 0), ("pytest.skip('no browser')", "", 0), ("pytest.skip('no browser')", "1", 1), ("absent", "1", 1)],
)
def test_a_skipped_browser_test_fails_a_run_which_requires_a_browser(tmp_path, root, body, required, code):
    result = outcome(tmp_path, root, body, required)
    assert result.returncode == code, result.stdout
    assert ("browser tests were skipped, or none ran" in result.stdout) == (code == 1)
