"""The account page in a real browser: drawn without a request or a message, and its parts agree with each other."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def account():
    return payloads.account(60)


def without_ties(n):
    payload = payloads.account(n)
    payload["ties"] = {name: [] for name in payload["ties"]}
    return payload


def all_opposing():
    payload = payloads.account(30)
    payload["ties"]["sign"] = [-1] * len(payload["ties"]["sign"])
    return payload


@pytest.mark.parametrize("n", [0, 1, 3, 60, 2_000])
def test_accounts_of_any_size_are_drawn_without_a_request_or_a_message(show, n):
    opened = show(account_page(payloads.account(n)))
    assert opened.counts[0] == n
    assert opened.hook("empty").count() == (n == 0)
    opened.hook("view-table").click()
    assert opened.rows == min(n, 500)
    opened.assert_clean()


@pytest.mark.parametrize("payload", [without_ties(20), all_opposing()], ids=["no ties", "all opposing"])
def test_unusual_ties_are_no_trouble(show, payload):
    opened = show(account_page(payload))
    opened.find(payload["nodes"]["name"][0])
    opened.hook("depth-3").click()
    opened.assert_clean()


def test_the_policy_refuses_a_script_which_is_not_ours(show, account):
    page = account_page(account)
    tampered = type(page)(page.html.replace("</body>", "<script>document.title = 'pwned'</script></body>"), page.title)
    opened = show(tampered)
    assert opened.page.title() == account["title"]
    assert any("Content Security Policy" in message for message in opened.messages)


def test_hostile_text_is_shown_and_does_nothing(show):
    payload = payloads.hostile_account()
    opened = show(account_page(payload))
    for name in payloads.HOSTILE[:3]:
        opened.find(name)
        assert opened.hook("name").inner_text() == name
        opened.hook("depth-2").click()
    opened.hook("png").click()
    opened.hook("view-table").click()
    assert opened.page.title() == payload["title"]
    assert opened.page.locator("img").count() == 0
    assert opened.page.evaluate(WIDER) <= 0
    opened.assert_clean()


# --- search ------------------------------------------------------------------------------------------------------


def test_search_folds_accents_and_opens_the_panel(show, account):
    name = next(name for name in account["nodes"]["name"] if name.startswith("Zoë"))
    opened = show(account_page(account))
    opened.page.keyboard.press("/")
    opened.page.keyboard.type(name.replace("ë", "e").lower())
    assert opened.hook("search").get_attribute("aria-expanded") == "true"
    opened.page.keyboard.press("Enter")
    assert opened.hook("name").inner_text() == name
    assert opened.hook("search").get_attribute("aria-expanded") == "false"


def test_search_finds_roles_and_organisations_and_walks_with_arrows(show, account):
    opened = show(account_page(account))
    field = opened.hook("search")
    field.fill("professor harrow")
    hits = opened.hook("hit")
    wanted = [
        i
        for i in range(60)
        if account["nodes"]["title"][i] == "Professor" and account["nodes"]["org"][i].startswith("Harrow")
    ]
    assert [int(hit.get_attribute("data-node")) for hit in hits.all()] == wanted[:12]
    field.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "hit-1"
    assert hits.nth(1).get_attribute("aria-selected") == "true"
    field.press("ArrowUp")
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") == f"hit-{hits.count() - 1}"
    field.press("Escape")
    assert opened.hook("hits").is_hidden()


def test_search_says_when_nobody_matches(show, account):
    opened = show(account_page(account))
    opened.hook("search").fill("zzzz")
    assert opened.hook("hits").inner_text() == "Nobody matches."
    opened.hook("search").press("Enter")
    assert opened.hook("details").is_hidden()


# --- legend ------------------------------------------------------------------------------------------------------


def test_a_layer_of_mutual_ties_is_a_line_without_an_arrowhead(show):
    payload = payloads.account(60)
    layers = payload["layers"]
    layers[2]["mutual"] = True
    opened = show(account_page(payload))
    parts = [opened.page.locator(f'[data-hook="legend-layer"][data-index="{k}"] svg path').count() for k in range(5)]
    assert [layer["structure"] for layer in layers] == [False] * 4 + [True]
    assert parts == [2, 2, 1, 2, 1]
    opened.assert_clean()


def test_legend_status_and_table_agree(show, account):
    opened = show(account_page(account))
    nodes, ties = account["nodes"], account["ties"]
    group = nodes["group"][0]
    button = opened.page.locator(f'[data-hook="legend-group"][data-index="{group}"]')
    button.click()
    assert button.get_attribute("aria-pressed") == "false"
    kept = [g != group for g in nodes["group"]]
    pairs = zip(ties["source"], ties["target"], strict=True)
    assert opened.counts == (sum(kept), sum(kept[a] and kept[b] for a, b in pairs))
    opened.hook("view-table").click()
    assert opened.rows == sum(kept)
    opened.hook("all-group").click()
    assert opened.rows == 60


def test_hiding_a_layer_hides_its_ties_only(show, account):
    opened = show(account_page(account))
    opened.page.locator('[data-hook="legend-layer"][data-index="0"]').click()
    shown = [layer != 0 for layer in account["ties"]["layer"]]
    assert opened.counts == (60, sum(shown))


@pytest.mark.parametrize("how", ["double", "alt"])
def test_a_double_or_alt_click_shows_one_group_alone_and_again_shows_all(show, account, how):
    opened = show(account_page(account))
    group = account["nodes"]["group"][0]
    button = opened.page.locator(f'[data-hook="legend-group"][data-index="{group}"]')
    act = button.dblclick if how == "double" else lambda: button.click(modifiers=["Alt"])
    act()
    assert opened.counts[0] == account["nodes"]["group"].count(group)
    act()
    assert opened.counts[0] == 60


def test_choosing_someone_hidden_shows_their_group_again(show, account):
    opened = show(account_page(account))
    group = account["nodes"]["group"][0]
    opened.page.locator(f'[data-hook="legend-group"][data-index="{group}"]').click()
    opened.hook("most-influential").locator("button").first.click()
    assert opened.hook("name").inner_text() == account["nodes"]["name"][0]
    assert opened.counts[0] == 60


# --- focus -------------------------------------------------------------------------------------------------------


def reach(account, start, depth):
    """How many others are within some steps along ties, either way."""
    seen, rim = {start}, {start}
    pairs = list(zip(account["ties"]["source"], account["ties"]["target"], strict=True))
    for _ in range(depth):
        rim = {b for pair in pairs for a, b in (pair, pair[::-1]) if a in rim} - seen
        seen |= rim
    return len(seen) - 1


def test_depth_widens_the_focus_and_the_status_counts_it(show, account):
    opened = show(account_page(account))
    opened.hook("most-influential").locator("button").first.click()
    for depth, word in ((1, "step"), (2, "steps"), (3, "steps")):
        opened.hook(f"depth-{depth}").click()
        assert f"{reach(account, 0, depth)} within {depth} {word} of" in opened.status
        assert opened.hook(f"depth-{depth}").get_attribute("aria-pressed") == "true"
    opened.page.keyboard.press("Escape")
    assert "within" not in opened.status
    assert opened.hook("details").is_hidden()


def test_the_panel_lists_each_tie_once_with_its_direction(show, account):
    opened = show(account_page(account))
    opened.hook("most-influential").locator("button").first.click()
    ties = account["ties"]
    mine = [t for t in range(len(ties["kind"])) if 0 in (ties["source"][t], ties["target"][t])]
    free = [t for t in mine if not ties["mutual"][t] and not ties["structure"][t]]
    listed = {
        part: opened.hook(f"ties-{part}").locator("li").count() for part in ("moves", "moved", "mutual", "structure")
    }
    assert listed["moves"] == sum(ties["source"][t] == 0 for t in free)
    assert listed["moved"] == sum(ties["target"][t] == 0 for t in free)
    assert sum(listed.values()) == len(mine) == account["nodes"]["ties"][0]


def test_opposing_ties_say_so_in_words_and_with_a_sign(show):
    payload = all_opposing()
    opened = show(account_page(payload))
    opened.hook("most-influential").locator("button").first.click()
    texts = opened.page.locator('[data-hook="details"] .negative').all_inner_texts()
    assert texts
    assert all("−" in text and "oppos" in text for text in texts)


def test_a_click_on_a_symbol_focuses_it_and_on_the_paper_clears(show):
    payload = payloads.account(1)
    opened = show(account_page(payload))
    area = opened.hook("map").bounding_box()
    middle = (area["x"] + area["width"] / 2, area["y"] + area["height"] / 2 - 10)
    opened.page.mouse.click(*middle)
    opened.hook("name").wait_for()
    assert opened.hook("name").inner_text() == payload["nodes"]["name"][0]
    opened.page.mouse.click(area["x"] + 30, area["y"] + 200)
    opened.hook("name").wait_for(state="detached")


def test_arrow_keys_walk_along_ties(show, account):
    opened = show(account_page(account))
    opened.hook("map").focus()
    opened.page.keyboard.press("ArrowRight")
    assert opened.hook("details").get_attribute("data-node") == "0"
    before = opened.hook("details").get_attribute("data-node")
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"):
        opened.page.keyboard.press(key)
        if opened.hook("details").get_attribute("data-node") != before:
            break
    assert opened.hook("details").get_attribute("data-node") != before


@pytest.mark.parametrize("n", [60, 300, 2_000])
def test_the_ten_most_influential_are_always_labelled(show, n):
    payload = payloads.account(n)
    payload["nodes"]["name"] = [f"Person number {i}" for i in range(n)]
    opened = show(account_page(payload))
    written = opened.page.evaluate(
        """() => new Promise(done => {
            const seen = new Set(), write = CanvasRenderingContext2D.prototype.fillText;
            CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
                seen.add(text);
                return write.call(this, text, ...rest);
            };
            document.querySelector('[data-hook="fit"]').click();
            document.querySelector('[data-hook="theme"]').click();
            requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done([...seen]))));
        })"""
    )
    assert {f"Person number {i}" for i in range(10)} <= set(written)


# --- table -------------------------------------------------------------------------------------------------------


def column(opened, place):
    return [
        cell.strip()
        for cell in opened.page.locator(f'[data-hook="sheet"] tbody td:nth-child({place})').all_inner_texts()
    ]


def test_the_table_sorts_and_says_how(show, account):
    opened = show(account_page(account))
    opened.hook("view-table").click()
    assert column(opened, 1) == [str(rank) for rank in range(1, 61)]
    opened.hook("sort-ties").click()
    ties = [int(text) for text in column(opened, 10)]
    assert ties == sorted(account["nodes"]["ties"], reverse=True)
    head = opened.page.locator("th[aria-sort]")
    assert head.count() == 1
    assert head.get_attribute("aria-sort") == "descending"
    opened.hook("sort-ties").click()
    assert [int(text) for text in column(opened, 10)] == ties[::-1]
    assert head.get_attribute("aria-sort") == "ascending"


def test_missing_values_sort_last_both_ways(show, account):
    opened = show(account_page(account))
    opened.hook("view-table").click()
    missing = account["nodes"]["stance"].count(None)
    for _ in range(2):
        opened.hook("sort-stance").click()
        assert column(opened, 8)[-missing:] == [""] * missing
        assert "" not in column(opened, 8)[:-missing]


def test_a_row_focuses_and_keeps_the_keyboard(show, account):
    opened = show(account_page(account))
    opened.hook("view-table").click()
    opened.page.locator('[data-hook="row"][data-node="4"]').press("Enter")
    assert opened.hook("name").inner_text() == account["nodes"]["name"][4]
    assert opened.page.evaluate("document.activeElement.dataset.node") == "4"
    assert opened.page.locator('tr[aria-current="true"]').get_attribute("data-node") == "4"
    dimmed = opened.page.locator("tr.dim").count()
    assert dimmed == 59 - reach(account, 4, 1)


# --- looks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system_and_the_button(show, account, scheme):
    opened = show(account_page(account), color_scheme=scheme)
    theme = lambda: opened.page.evaluate("document.documentElement.dataset.theme")  # noqa: E731
    paper = lambda: opened.page.evaluate("getComputedStyle(document.body).backgroundColor")  # noqa: E731
    assert theme() == scheme
    before = paper()
    opened.hook("theme").click()
    assert theme() != scheme
    assert paper() != before
    opened.page.reload()
    opened.page.locator('html[data-ready="true"]').wait_for(state="attached")
    assert theme() != scheme, "the choice is remembered"
    opened.assert_clean()


def test_storage_which_throws_does_no_harm(show, account):
    page = account_page(account)
    opened = show(page)
    opened.page.add_init_script("Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }})")
    opened.page.reload()
    opened.page.locator('html[data-ready="true"]').wait_for(state="attached")
    opened.hook("theme").click()
    opened.assert_clean()


@pytest.mark.parametrize("payload", [payloads.account(60), payloads.hostile_account()], ids=["plain", "hostile"])
def test_a_phone_needs_no_sideways_scrolling(show, payload):
    opened = show(account_page(payload), **PHONE)
    assert opened.page.evaluate(WIDER) <= 0
    opened.hook("filters").click()
    assert opened.hook("legend").is_visible()
    assert opened.page.evaluate(WIDER) <= 0
    opened.hook("filters-close").click()
    opened.hook("most-influential").locator("button").first.click()
    assert opened.page.evaluate(WIDER) <= 0
    opened.hook("view-table").click()
    assert opened.page.evaluate(WIDER) <= 0
    opened.assert_clean()


def test_touch_targets_on_a_phone_are_large(show, account):
    opened = show(account_page(account), **PHONE)
    small = """() => [...document.querySelectorAll("button, input:not([type=range]), select, summary, a")]
        .map(each => [each.textContent || each.dataset.hook,
            (each.type === "checkbox" ? each.closest("label") : each).getBoundingClientRect()])
        .filter(([, area]) => area.width && (area.height < 40 || area.width < 40)).map(([name]) => name)"""
    opened.hook("most-influential").locator("button").first.click()
    assert opened.page.evaluate(small) == []
    opened.hook("filters").click()
    assert opened.page.evaluate(small) == []


def test_a_look_at_the_table_keeps_the_place_on_the_map(show, account):
    opened = show(account_page(account))
    for _ in range(3):
        opened.hook("zoom-in").click()
    drawn = """async () => {
        for (let frame = 0; frame < 5; frame += 1) await new Promise(requestAnimationFrame);
        return document.querySelector("canvas").toDataURL();
    }"""
    before = opened.page.evaluate(drawn)
    opened.hook("view-table").click()
    opened.page.wait_for_timeout(1_200)  # vis-network looks for a new size once a second
    opened.hook("view-map").click()
    assert opened.page.evaluate(drawn) == before


def test_the_map_is_saved_as_a_picture(show, account):
    opened = show(account_page(account))
    with opened.page.expect_download() as download:
        opened.hook("png").click()
    assert download.value.suggested_filename == "northmere-health-system.png"
    assert download.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    opened.assert_clean()


def test_paper_is_white_even_when_the_screen_is_dark(show, account):
    opened = show(account_page(account), color_scheme="dark")
    colors = "(style => [style.backgroundColor, style.color])(getComputedStyle(document.body))"
    opened.page.emulate_media(media="print")
    assert opened.page.evaluate(colors) == ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]
    assert opened.hook("search").is_hidden()
    opened.assert_clean()


def test_a_notebook_can_show_the_page_in_its_sandbox(chromium, account):
    context = chromium.new_context()
    page, messages = context.new_page(), []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.set_content(account_page(account)._repr_html_())
    frame = page.frame_locator("iframe")
    frame.locator('html[data-ready="true"]').wait_for(state="attached")
    frame.locator('[data-hook="theme"]').click()
    frame.locator('[data-hook="most-influential"] button').first.click()
    assert frame.locator('[data-hook="name"]').inner_text() == account["nodes"]["name"][0]
    assert messages == []
    context.close()
