"""What an account's page costs in Chromium: CPU of its main thread, as Chromium itself counts it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FRAMES = 60
PATIENCE = 30  # seconds until a page which is not ready counts as never ready
SECOND = "new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)), 1000))"
STILL = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
# Each page says for itself when a reader sees the network at rest.
READY = {
    "ours": "document.documentElement.dataset.ready === 'true'",
    "fixed": "typeof network === 'object' && document.readyState === 'complete'",
    "stock": "typeof network === 'object' && network.physics.stabilized",
}
# One gesture, one step a frame; the canvas hears what a mouse would send.
GESTURE = """async ([kind, frames]) => {
    const canvas = document.querySelector('canvas'), area = canvas.getBoundingClientRect();
    const [x, y] = [area.left + area.width / 2 + 3, area.top + area.height / 2 + 3];
    const frame = () => new Promise(requestAnimationFrame);
    const send = (type, dx, buttons) => canvas.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true,
        pointerId: 1, pointerType: 'mouse', isPrimary: true, clientX: x + dx, clientY: y + dx / 2, buttons,
        button: type === 'pointermove' ? -1 : 0 }));
    const turn = (k) => canvas.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, clientX: x,
        clientY: y, deltaY: k < frames / 2 ? -40 : 40 }));
    if (kind === 'pan') { send('pointerdown', 0, 1); await frame(); }
    for (let k = 0; k < frames; k += 1) {
        if (kind === 'pan') send('pointermove', 4 * (k < frames / 2 ? k : frames - k), 1); else turn(k);
        await frame();
    }
    if (kind === 'pan') send('pointerup', 0, 0);
}"""


@contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser without a network."""
    from playwright.sync_api import sync_playwright

    named = os.environ.get("ECOSYSTEM_IQ_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        arguments = ["--disable-gpu", *(["--no-sandbox"] if as_root else [])]
        browser = playwright.chromium.launch(executable_path=named, args=arguments)
        yield browser
        browser.close()


class Timed:
    """A page, its readiness and its frames, in CPU seconds of the main thread; None where it was never ready."""

    def __init__(self, browser: Any, file: Path, kind: str) -> None:
        self.context = browser.new_context(
            viewport={"width": 1600, "height": 980}, reduced_motion="reduce", offline=True, bypass_csp=True
        )
        self.page = self.context.new_page()
        self.session = self.context.new_cdp_session(self.page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})
        self.page.goto(file.as_uri(), wait_until="commit")
        self.ready = self._spent() if self._waited(READY[kind]) else None

    def _waited(self, condition: str) -> bool:
        """Ask once in a while, so that asking costs nothing; whoever is late has not answered by then."""
        from playwright.sync_api import TimeoutError as Late

        try:
            self.page.wait_for_function(condition, timeout=1000 * PATIENCE, polling=50)
            self.page.evaluate(STILL)
        except Late:
            return False
        return True

    def _spent(self) -> float:
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")

    def frame(self, kind: str) -> float | None:
        """CPU seconds of one frame of a gesture: ``pan`` or ``zoom``; the best of three, as others use the machine."""
        if self.ready is None:
            return None
        return min(self._gesture(kind) for _ in range(3))

    def _gesture(self, kind: str) -> float:
        self.page.evaluate(SECOND)
        before = self._spent()
        self.page.evaluate(GESTURE, [kind, FRAMES])
        return (self._spent() - before) / FRAMES

    def close(self) -> None:
        """Leave the page."""
        self.context.close()
