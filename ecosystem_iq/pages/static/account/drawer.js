// On a phone the panel is a sheet from below, beside which the map keeps its room: low, half or tall, by its handle.
const panelBox = details.parentElement;
const SHEETS = ["low", "half", "tall"];
const handle = el("button", { type: "button", class: "plain handle", "data-hook": "handle" });
const isPhone = () => matchMedia("screen and (max-width: 820px)").matches;

function setSheet(name) {
  panelBox.style.height = "";
  panelBox.dataset.sheet = name;
  handle.setAttribute("aria-expanded", String(name === "tall"));
  handle.setAttribute("aria-label", name === "tall" ? "Make the details smaller" : "Make the details larger");
  if (!isPhone() || !network) return;
  redraw(); // takes up the new size
  if (scene.dimmed) showNeighbourhood();
}
// Something new stands in the panel: it must be in sight.
function raisePanel() { if (panelBox.dataset.sheet === "low") setSheet("half"); }
function nextSheet() { setSheet({ low: "half", half: "tall", tall: "low" }[panelBox.dataset.sheet]); }

// Drawn with a finger, it stops at the nearest of its heights; a mere touch goes to the next one.
function drawSheet(event) {
  const [start, height, whole] = [event.clientY, panelBox.clientHeight, panelBox.parentElement.clientHeight];
  let moved = 0;
  const move = (next) => {
    moved = start - next.clientY;
    if (Math.abs(moved) > 4) panelBox.style.height = `${Math.min(Math.max(height + moved, 60), whole * 0.9)}px`;
  };
  const end = () => {
    handle.removeEventListener("pointermove", move);
    if (Math.abs(moved) <= 4) return;
    const share = (height + moved) / whole;
    setSheet(share < 0.3 ? "low" : share < 0.65 ? "half" : "tall");
    handle.addEventListener("click", (click) => click.stopImmediatePropagation(), { once: true, capture: true });
  };
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", end, { once: true });
  handle.addEventListener("pointercancel", end, { once: true });
}
panelBox.prepend(handle);
setSheet("low"); // the map first
handle.addEventListener("click", nextSheet);
handle.addEventListener("pointerdown", drawSheet);
