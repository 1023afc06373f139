"""An assessment → a folder which opens by double click."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from ecosystems import accounts, companies, ecosystem, mapped, mapped_and_scored, members, people, ties
from hypothesis import given
from hypothesis import strategies as st

from ecosystem_iq import publication
from ecosystem_iq.assessment import assess
from ecosystem_iq.errors import InputError, OutputError
from ecosystem_iq.files import write_text
from ecosystem_iq.publication import account_codes, network_view, publish

NAMES = ["Nord/Süd", "nord sued", "../../etc"]


@pytest.fixture(scope="module")
def assessment():
    """Three accounts with awkward ids, and a benchmark."""
    rows = [{"company_id": c, "indicator_id": f"{a}{k}", "value": 40} for c in "xy" for a in "RA" for k in range(1, 14)]
    return mapped_and_scored(
        ecosystem(
            stakeholders=people(*"abc"), accounts=accounts(*NAMES), companies=companies("x", "y"), scores=rows,
            memberships=[row for name in NAMES for row in members(name, *"abc")], ties=ties("ab", "bc", confidence=0.7),
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def whole():
    """Two accounts of four, assessed with everything."""
    names = ["acc/1", "acc 1"]
    rows = [{"company_id": c, "indicator_id": f"{a}{k}", "value": 40} for c in "xy" for a in "RA" for k in range(1, 14)]
    return assess(
        ecosystem(
            stakeholders=people(*"abcd"), accounts=accounts(*names), companies=companies("x", "y"), scores=rows,
            memberships=[row for name in names for row in members(name, *"abcd")], ties=ties("ab", "bc", "cd"),
        ),
        draws=50,
    )  # fmt: skip


def files_in(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_how_much_hangs_on_the_recipe_has_tables(whole, tmp_path):
    publish(whole, tmp_path / "out")
    tables = {name: (tmp_path / "out" / "tables" / f"{name}.csv") for name in ("robustness", "sensitivity")}
    heads = {name: path.read_text(encoding="utf-8-sig").splitlines()[0] for name, path in tables.items()}
    assert heads["robustness"].split(",") == list(whole.robustness.to_frame())
    assert heads["sensitivity"].startswith("output,factor,first")


def test_every_file_is_in_the_manifest_with_its_hash(assessment, tmp_path):
    manifest = publish(assessment, tmp_path / "out")
    assert files_in(tmp_path / "out") == {*manifest.files, "manifest.json"}
    assert set(manifest.files) >= {
        "index.html", "benchmark.html", "tables/influence.csv", "tables/benchmark.csv", "tables/indicators.csv",
        "accounts/nord-s-d.html", "accounts/nord-sued.html", "accounts/etc.html",
    }  # fmt: skip
    for name, digest in manifest.files.items():
        assert hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() == digest
    written = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert written["files"] == dict(manifest.files)
    assert written["program"].startswith("ecosystem-iq ")
    assert written["fingerprint"] == assessment.ecosystem.fingerprint
    assert written["rows"]["ties"] == 2
    assert manifest.index.is_file()
    assert manifest.to_frame()["path"].tolist() == list(manifest.files)


def test_the_index_is_last_and_progress_is_told(assessment, tmp_path):
    told = []
    publish(assessment, tmp_path / "out", progress=lambda *step: told.append(step))
    assert [done for done, _, _ in told] == list(range(1, len(told) + 1))
    assert {total for _, total, _ in told} == {len(told)}
    assert told[-1][2] == "index.html"


def test_every_link_of_the_index_leads_to_a_file(assessment, tmp_path):
    manifest = publish(assessment, tmp_path / "out")
    hrefs = set(re.findall(r'<a\b[^>]*\bhref="([^"#]+)"', manifest.index.read_text(encoding="utf-8")))
    assert {name for name in manifest.files if name.startswith("accounts/")} <= hrefs <= set(manifest.files)


def links_of(path):
    return set(re.findall(r'<a\b[^>]*\bhref="([^"#]+)"', path.read_text(encoding="utf-8")))


def test_every_report_is_written_linked_from_the_index_and_leads_back(whole, tmp_path):
    manifest = publish(whole, tmp_path / "out")
    pages = {"benchmark.html", "triggers.html", "archetypes.html"}
    assert pages | {f"tables/{name}.csv" for name in ("triggers", "archetypes", "features")} <= set(manifest.files)
    assert pages <= links_of(manifest.index)
    for page in pages:
        assert "index.html" in links_of(tmp_path / "out" / page)


def test_every_link_of_every_page_leads_to_a_file(whole, tmp_path):
    manifest = publish(whole, tmp_path / "out")
    for name in manifest.files:
        if name.endswith(".html"):
            file = tmp_path / "out" / name
            assert links_of(file)
            assert all((file.parent / href).is_file() for href in links_of(file)), name
    for page in ("triggers.html", "archetypes.html"):
        assert {"accounts/acc-1.html", "accounts/acc-1-1.html"} <= links_of(tmp_path / "out" / page)


def test_reports_link_only_to_accounts_which_have_a_page(whole, tmp_path):
    publish(whole, tmp_path / "out", accounts=["acc 1"])
    for page in ("triggers.html", "archetypes.html"):
        links = {href for href in links_of(tmp_path / "out" / page) if href.startswith("accounts/")}
        assert links == {"accounts/acc-1-1.html"}


def test_the_order_of_writing_is_the_order_of_the_plan(whole, tmp_path):
    told = []
    manifest = publish(whole, tmp_path / "out", progress=lambda _, __, name: told.append(name))
    assert told == list(manifest.files)
    assert told[-4:] == ["benchmark.html", "triggers.html", "archetypes.html", "index.html"]


@pytest.mark.parametrize("before", [0, 1, 5])
@pytest.mark.parametrize("existing", [False, True], ids=["new folder", "published before"])
def test_a_run_which_was_cut_short_can_be_run_again(whole, assessment, tmp_path, monkeypatch, before, existing):
    """In the middle of writing the disk is full; what is there is ours, so the next run may replace it."""
    out, left = tmp_path / "out", [before + 1]
    if existing:
        publish(assessment, out)  # other accounts: their pages are stale afterwards

    def failing(path, text):
        if not left[0]:
            raise OutputError("No space left on device")
        left[0] -= 1
        write_text(path, text)

    monkeypatch.setattr(publication, "write_text", failing)
    with pytest.raises(OutputError, match="No space left"):
        publish(whole, out)
    assert existing or not (out / "index.html").exists()
    monkeypatch.undo()
    again = publish(whole, out)
    assert files_in(out) == {*again.files, "manifest.json"}
    assert again.files == publish(whole, tmp_path / "elsewhere").files


def test_the_same_assessment_gives_the_same_bytes(assessment, tmp_path):
    one, other = publish(assessment, tmp_path / "one"), publish(assessment, tmp_path / "other")
    assert one.to_json() == other.to_json()


def test_only_some_accounts(assessment, tmp_path):
    manifest = publish(assessment, tmp_path / "out", accounts=["nord sued"])
    assert {name for name in manifest.files if name.startswith("accounts")} == {"accounts/nord-sued.html"}
    again = publish(assessment, tmp_path / "out", accounts="nord sued")
    assert again.files == manifest.files


def test_an_unknown_account_is_refused_before_anything_is_written(assessment, tmp_path):
    with pytest.raises(InputError, match='There is no account "nord sud"'):
        publish(assessment, tmp_path / "out", accounts=["nord sud"])
    assert not (tmp_path / "out").exists()


def test_a_second_run_removes_what_is_stale_and_leaves_what_is_not_its_own(assessment, tmp_path):
    out = tmp_path / "out"
    publish(assessment, out)
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    manifest = publish(assessment, out, accounts=["nord sued"])
    assert files_in(out) == {*manifest.files, "manifest.json", "notes.txt"}


def test_a_new_or_empty_folder_is_filled(assessment, tmp_path):
    (tmp_path / "empty").mkdir()
    assert publish(assessment, tmp_path / "empty", accounts=[]).index.is_file()
    assert publish(assessment, str(tmp_path / "new" / "deep"), accounts=[]).index.is_file()


FOREIGN = {
    "a folder of something else": {"index.html": "hello"},
    "no JSON": {"manifest.json": "hello"},
    "no object": {"manifest.json": "[1]"},
    "no files": {"manifest.json": "{}"},
    "files as a list": {"manifest.json": '{"program": "ecosystem-iq 1", "files": [1]}'},
    "another program's": {"manifest.json": '{"files": {"main.js": "abc"}}', "main.js": "hello"},
    "a program of like name": {"manifest.json": '{"program": "ecosystem-iqx 1", "files": {"a": ""}}', "a": "hello"},
    "not text": {"manifest.json": b"\xff\xfe\x00"},
}


@pytest.mark.parametrize("content", FOREIGN.values(), ids=FOREIGN)
def test_a_foreign_folder_is_refused_and_stays_as_it_is(assessment, tmp_path, content):
    for name, text in content.items():
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(OutputError, match="name another folder"):
        publish(assessment, tmp_path)
    assert files_in(tmp_path) == set(content)


def test_a_file_is_no_folder(assessment, tmp_path):
    (tmp_path / "out").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError):
        publish(assessment, tmp_path / "out")
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"


def test_paths_which_lead_out_of_the_folder_are_never_removed(assessment, tmp_path):
    out, outside, absolute = tmp_path / "out", tmp_path / "outside.txt", tmp_path / "absolute.txt"
    publish(assessment, out, accounts=[])
    for path in (outside, absolute):
        path.write_text("mine", encoding="utf-8")
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"] |= {"../outside.txt": "", "accounts/../../outside.txt": "", str(absolute): "", "gone.html": ""}
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    publish(assessment, out, accounts=[])
    assert outside.is_file()
    assert absolute.is_file()


def test_without_a_map_or_a_benchmark_the_rest_is_there(tmp_path):
    alone = mapped(ecosystem(stakeholders=people("a", "b"), ties=ties("ab")))
    assert set(publish(alone, tmp_path / "map").files) == {
        "tables/influence.csv", "tables/accounts.csv", "tables/layers.csv", "accounts/all.html", "index.html",
    }  # fmt: skip
    rows = [{"company_id": "x", "indicator_id": "R1", "value": 3}]
    compared = assess(ecosystem(companies=companies("x"), scores=rows), draws=50)
    assert set(publish(compared, tmp_path / "benchmark").files) == {
        "tables/benchmark.csv", "tables/indicators.csv", "benchmark.html", "index.html",
    }  # fmt: skip


def test_rows_set_aside_are_published_and_counted(tmp_path):
    from ecosystem_iq.tables import load

    workspace = tmp_path / "workspace"
    workspace.mkdir()
    (workspace / "stakeholders.csv").write_text("stakeholder_id,name,kind\na,A,person\nb,B,person\n", encoding="utf-8")
    (workspace / "ties.csv").write_text("source,target\na,b\na,nobody\n", encoding="utf-8")
    manifest = publish(mapped(load(workspace, keep_going=True)), tmp_path / "out")
    assert "rejected/ties.csv" in manifest.files
    assert manifest.facts["rows_set_aside"] == {"ties": 1}
    assert "nobody" in (tmp_path / "out" / "rejected" / "ties.csv").read_text(encoding="utf-8")


def test_a_single_account_need_not_be_named():
    eco = ecosystem(
        stakeholders=people("a", "b"), accounts=accounts("A"), memberships=members("A", "a", "b"), ties=ties("ab")
    )
    assert "Account A" in network_view(mapped(eco)).html
    assert "Account A" in network_view(mapped(eco), "A").html


def test_of_several_accounts_one_must_be_named(assessment):
    with pytest.raises(InputError, match='There is no account "all"'):
        network_view(assessment)
    assert "Account nord sued" in network_view(assessment, "nord sued").html


def test_codes_by_hand():
    found = account_codes(["Nord/Süd", "nord sued", "NORD SUED", "CON", "com1", "../..", "", "日本", "a" * 99])
    assert list(found.values()) == [
        "nord-s-d", "nord-sued", "nord-sued-1", "con-1", "com1-1", "account", "account-1", "account-2", "a" * 60,
    ]  # fmt: skip


@given(st.lists(st.one_of(st.text(max_size=8), st.text("aA/.-_ 1\\", max_size=4)), unique=True, max_size=30))
def test_codes_are_unique_safe_and_of_lower_case(names):
    codes = account_codes(names)
    assert list(codes) == names
    assert len({code.casefold() for code in codes.values()}) == len(names)
    reserved = {"con", "prn", "aux", "nul", *(f"{p}{k}" for p in ("com", "lpt") for k in range(10))}
    for code in codes.values():
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]*", code)
        assert code not in reserved
        assert Path(code).name == code
        assert len(code) < 80
