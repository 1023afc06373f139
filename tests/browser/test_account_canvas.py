"""The camera of the map: pointer, wheel and fingers move it, a click does not."""

from __future__ import annotations

import payloads
import pytest

from ecosystem_iq.pages import account_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page():
    return account_page(payloads.account(60))


def seen(opened):
    """Scale of the map, and where its origin lies."""
    view = opened.peek("viewOf()")
    return view["scale"], view["tx"], view["ty"]


def middle(opened):
    area = opened.hook("map").bounding_box()
    return area["x"] + area["width"] / 2, area["y"] + area["height"] / 2


def under(opened, point):
    """The place on the map which lies under a point of the window."""
    area = opened.hook("map").bounding_box()
    scale, x, y = seen(opened)
    return (point[0] - area["x"] - x) / scale, (point[1] - area["y"] - y) / scale


def test_a_drag_moves_the_map_by_as_much(show, page):
    opened = show(page, peek=True)
    scale, x, y = seen(opened)
    start = middle(opened)
    opened.page.mouse.move(*start)
    opened.page.mouse.down()
    opened.page.mouse.move(start[0] + 90, start[1] - 40, steps=9)
    opened.page.mouse.up()
    opened.settle()
    assert seen(opened) == (scale, pytest.approx(x + 90, abs=11), pytest.approx(y - 40, abs=5))  # less its first step
    assert opened.peek("state.focus") is None, "a drag is no click"
    opened.assert_clean()


def test_the_wheel_zooms_at_the_pointer(show, page):
    opened = show(page, peek=True)
    point = tuple(value + 60 for value in middle(opened))
    before, scale = under(opened, point), seen(opened)[0]
    opened.page.mouse.move(*point)
    opened.page.mouse.wheel(0, -300)
    opened.settle()
    assert seen(opened)[0] > 1.2 * scale
    assert under(opened, point) == pytest.approx(before, abs=0.5)
    for _ in range(40):
        opened.page.mouse.wheel(0, 3000)
    opened.settle()
    assert seen(opened)[0] == pytest.approx(0.04)


def test_two_fingers_zoom_and_move(show, page):
    opened = show(page, peek=True, has_touch=True)
    x, y = middle(opened)
    scale = seen(opened)[0]
    client = opened.page.context.new_cdp_session(opened.page)

    def touch(kind, *points):
        fingers = [{"x": px, "y": py, "id": k} for k, (px, py) in enumerate(points)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    touch("touchStart", (x - 40, y), (x + 40, y))
    for apart in (50, 60, 70, 80):
        touch("touchMove", (x - apart, y), (x + apart, y))
    touch("touchEnd")
    opened.settle()
    assert seen(opened)[0] == pytest.approx(2 * scale, rel=0.05)
    assert opened.peek("state.focus") is None
    opened.assert_clean()


def test_a_new_size_keeps_the_middle(show, page):
    opened = show(page, peek=True, viewport={"width": 1400, "height": 900})
    opened.find(payloads.account(60)["nodes"]["name"][0])
    opened.page.wait_for_timeout(500)
    before = under(opened, middle(opened))
    opened.page.set_viewport_size({"width": 1200, "height": 800})
    opened.settle()
    assert under(opened, middle(opened)) == pytest.approx(before, abs=1.0)
    assert opened.inked > 10


def test_the_canvas_is_as_sharp_as_the_screen(show, page):
    opened = show(page, device_scale_factor=2)
    width, shown = opened.page.evaluate(
        "(() => { const c = document.querySelector('[data-hook=map] canvas'); return [c.width, c.clientWidth]; })()"
    )
    assert width == 2 * shown
