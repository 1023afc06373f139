"""What pages hold, that they are the same on each run, and that making them leaves no trace."""

from __future__ import annotations

import copy
import os
import re
import subprocess
import sys
from pathlib import Path

import payloads
import pytest
from reading import read

from ecosystem_iq.errors import OutputError
from ecosystem_iq.pages import Page, account_page, archetypes_page, benchmark_page, portal_page, triggers_page
from ecosystem_iq.pages.benchmark import HEIGHT, WIDTH, rank_ticks, scatter_points

KINDS = (
    "account", "empty", "single", "hostile", "benchmark", "hostile benchmark", "portal", "hostile portal",
    "triggers", "no triggers", "hostile triggers", "archetypes", "no archetypes", "hostile archetypes",
)  # fmt: skip
NO_REPORTS = dict.fromkeys(("benchmark", "triggers", "archetypes"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_a_whole_document(pages: dict[str, Page], kind: str) -> None:
    html = pages[kind].html
    document = read(html)
    assert html.lstrip().lower().startswith("<!doctype html>")
    assert document.all("html")[0].attributes["lang"] == "en"
    assert document.all("title")[0].text == pages[kind].title
    assert "width=device-width" in document.meta(name="viewport")
    icons = [link.attributes["href"] for link in document.all("link") if link.attributes["rel"] == "icon"]
    assert icons == ["data:,"]
    assert html.rstrip().endswith("</html>")
    ids = [element.attributes["id"] for element in document.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    ("make", "payload"),
    [
        (account_page, payloads.account),
        (benchmark_page, payloads.benchmark),
        (portal_page, payloads.portal),
        (triggers_page, payloads.triggers),
        (archetypes_page, payloads.archetypes),
    ],
)
def test_the_same_payload_gives_the_same_bytes_and_stays_as_it_was(make, payload) -> None:
    first = payload()
    kept = copy.deepcopy(first)
    assert make(first).html == make(payload()).html
    assert first == kept


def test_one_account_does_not_leak_into_the_next() -> None:
    before = account_page(payloads.account(12)).html
    account_page(payloads.hostile_account())
    assert account_page(payloads.account(12)).html == before


@pytest.mark.parametrize(("n", "limit"), [(300, 900_000), (2_000, 2_000_000)])
def test_pages_can_be_mailed(n: int, limit: int) -> None:
    assert len(account_page(payloads.account(n)).html.encode()) < limit


def test_making_and_saving_leave_the_working_folder_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work, out = tmp_path / "work", tmp_path / "out"
    work.mkdir()
    monkeypatch.chdir(work)
    target = account_page(payloads.account(5)).save(out / "accounts" / "page.html")
    assert list(work.iterdir()) == []
    assert [path.name for path in target.parent.iterdir()] == ["page.html"]
    assert target.read_text(encoding="utf-8") == account_page(payloads.account(5)).html


def test_a_page_which_cannot_be_saved_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        portal_page(payloads.portal()).save(tmp_path / "file" / "page.html")


@pytest.mark.parametrize("module", ["ecosystem_iq.pages", "ecosystem_iq.pages.container"])
def test_importing_pages_imports_neither_pyvis_nor_ipython(module: str) -> None:
    code = f"import sys, {module}; print(sorted({{'pyvis', 'IPython', 'networkx', 'pandas'}} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.stdout.strip() == "[]", result.stderr


def test_a_page_is_saved_as_utf8_in_any_locale(tmp_path: Path) -> None:
    code = (
        "import sys; sys.path.insert(0, sys.argv[2]); import payloads; from ecosystem_iq.pages import account_page;"
        "account_page(payloads.hostile_account()).save(sys.argv[1])"
    )
    helpers = str(Path(payloads.__file__).parent)
    environment = os.environ | {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-c", code, str(tmp_path / "page.html"), helpers]
    subprocess.run(command, env=environment, check=True)
    expected = account_page(payloads.hostile_account()).html
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == expected


def test_a_notebook_shows_a_page_in_a_sandbox(pages: dict[str, Page]) -> None:
    frame = read(pages["hostile"]._repr_html_()).all("iframe")
    assert len(frame) == 1
    assert frame[0].attributes["sandbox"] == "allow-scripts allow-downloads"
    assert frame[0].attributes["srcdoc"] == pages["hostile"].html


def test_a_page_prints_short() -> None:
    assert repr(portal_page(payloads.portal())) == "Page(title='Cardiology ecosystem')"


# --- benchmark ---------------------------------------------------------------------------------------------------


def test_every_ranked_company_is_on_the_plot_and_in_all_tables(pages: dict[str, Page]) -> None:
    document = read(pages["benchmark"].html)
    marked = [e for e in document.elements if e.attributes.get("data-hook") == "company"]
    assert [sum(e.tag == tag for e in marked) for tag in ("g", "tr")] == [11, 33]
    text = "".join(document.texts)
    assert "Not ranked: insufficient data" in text
    assert text.count("Marlowe Sciences") == 1


def test_without_two_axes_there_is_a_table_and_no_plot() -> None:
    payload = payloads.benchmark() | {"axes": [{"id": "readiness", "label": "Readiness"}]}
    document = read(benchmark_page(payload).html)
    assert not [e for e in document.all("svg") if e.attributes.get("data-hook") == "scatter"]
    assert len(document.all("table")) == 3


def test_measurement_and_recipe_stand_side_by_side_in_words_and_in_a_drawing() -> None:
    payload = payloads.benchmark()
    payload["companies"][3].update(rank_low=2, rank_high=7, recipe_low=4, recipe_high=4)
    document = read(benchmark_page(payload).html)
    text = "".join(document.texts)
    assert "Measured again" in text
    assert "Other recipes" in text
    assert "under 2,000 others" in text
    assert "12 of 2,000 recipes failed" in text
    assert [sum(has_class(e, name) for e in document.elements) for name in ("again", "twice")] == [12, 12]
    places = read(benchmark_page(payload).html.split('class="twofold"')[1].split("</table>")[0])
    widths = [e.attributes["data-value"] for e in places.all("td") if has_class(e, "number")]
    assert widths[9:12] == ["4", "5", "0"]  # the rank, and how wide its two intervals are: columns sort by it
    assert {"2–7", "4"} <= {text.strip() for text in places.texts}


def has_class(element, name) -> bool:
    return name in element.attributes.get("class", "").split()


def test_where_the_recipe_was_not_varied_nothing_is_said_of_it() -> None:
    document = read(benchmark_page(payloads.benchmark() | {"recipe": None}).html)
    assert "recipe" not in "".join(document.texts)
    assert len(document.all("table")) == 2


def test_choices_which_move_nothing_have_dashes() -> None:
    payload = payloads.benchmark()
    for factor in payload["recipe"]["factors"]:
        factor.update(dict.fromkeys(("first", "total", "total_low", "total_high")))
    for company in payload["companies"]:
        company.update(recipe_low=None, recipe_high=None)
    document = read(benchmark_page(payload).html)
    assert "None" not in "".join(document.texts)
    assert not [e for e in document.all("rect") if has_class(e, "filled")]


@pytest.mark.parametrize("last", [1, 2, 6, 7, 13, 40, 99, 100, 500])
def test_ticks_are_few_and_hold_the_first_and_the_last(last: int) -> None:
    ticks = rank_ticks(last)
    assert ticks == sorted(set(ticks))
    assert (ticks[0], ticks[-1], len(ticks) <= 6) == (1, last, True)


def test_a_benchmark_in_which_no_company_is_ranked_says_so() -> None:
    document = read(benchmark_page(payloads.benchmark(n=2, unranked=2)).html)
    assert not document.all("table")
    assert "No company can be ranked yet." in "".join(document.texts)


def test_missing_scores_are_dashes_not_words() -> None:
    payload = payloads.benchmark()
    company = payload["companies"][0]
    for key in (
        "gap",
        "action",
        "action_low",
        "action_high",
        "quadrant_probability",
        "p_first",
        "rank_low",
        "rank_high",
    ):
        company[key] = None
    company["dimensions"]["value"] = None
    document = read(benchmark_page(payload).html)
    assert "None" not in "".join(document.texts)
    assert len([e for e in document.elements if e.attributes.get("data-hook") == "company" and e.tag == "g"]) == 10


def test_labels_stay_on_the_plot_and_off_each_other() -> None:
    companies = [company for company in payloads.benchmark()["companies"] if company["ranked"]]
    points = scatter_points(companies, ["readiness", "action"])
    boxes = []
    for point in points:
        w = 6.0 * len(point.name)
        left = point.label[0] - {"start": 0, "end": w, "middle": w / 2}[point.anchor]
        assert left >= 0
        assert left + w <= WIDTH
        assert 0 < point.label[1] < HEIGHT
        boxes.append((left, point.label[1], w))
    for i, (x, y, w) in enumerate(boxes):
        for other_x, other_y, other_w in boxes[:i]:
            assert abs(y - other_y) >= 12 or x + w <= other_x or other_x + other_w <= x


# --- index -------------------------------------------------------------------------------------------------------


def test_the_index_links_to_every_account_and_table(pages: dict[str, Page]) -> None:
    links = {link.attributes["href"] for link in read(pages["portal"].html).all("a")}
    payload = payloads.portal()
    reports = (payload[name] for name in ("benchmark", "triggers", "archetypes"))
    wanted = {entry["href"] for entry in (*payload["accounts"], *payload["tables"], *reports)}
    assert links == wanted


def test_the_index_says_what_each_report_holds(pages: dict[str, Page]) -> None:
    text = "".join(read(pages["portal"].html).texts)
    for words in ("13 companies · led by Aurelis", "24 accounts", "18 of 24 accounts have a name"):
        assert words in text
    for report in ("triggers", "archetypes"):
        assert payloads.portal()[report]["headline"] in text


@pytest.mark.parametrize("report", ["benchmark", "triggers", "archetypes"])
def test_a_report_which_was_not_made_has_no_card(report: str) -> None:
    payload = payloads.portal()
    href = payload[report]["href"]
    without = [payload | {report: None}]
    if report != "benchmark":
        without.append({key: value for key, value in payload.items() if key != report})
    for each in without:
        assert href not in {link.attributes["href"] for link in read(portal_page(each).html).all("a")}


def test_an_index_without_accounts_or_benchmark_is_still_a_page() -> None:
    document = read(portal_page(payloads.portal(0) | {"tables": [], "findings": []} | NO_REPORTS).html)
    assert "No accounts have been published yet." in "".join(document.texts)
    assert not document.all("table")


def test_numbers_in_tables_have_a_value_to_sort_by(pages: dict[str, Page]) -> None:
    for kind in ("benchmark", "portal"):
        cells = [e for e in read(pages[kind].html).all("td") if "number" in (e.attributes.get("class") or "").split()]
        assert cells
        assert all(re.fullmatch(r"-?[0-9.e-]*", cell.attributes["data-value"] or "") for cell in cells)
