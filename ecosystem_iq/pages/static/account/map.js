// The map: what is drawn comes from the files around. Ties are background until a stakeholder is in focus; then those in reach carry colour, and all else fades.
const box = hook("map");
const stage = document.querySelector(".stage");
const BUSY = 1000; // above so many symbols, or so many ties, pale ties rest while the map moves
let ink = null; // colours of the theme in force
let network = null;

function readInk() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(`--${name}`).trim();
  ink = { paper: get("paper"), ink: get("ink"), soft: get("soft"), bad: get("bad"), line: get("line"), accent: get("accent"), dark: isDark() };
  ink.edge = ink.dark ? "#8c9aac" : "#687484";
  ink.family = getComputedStyle(document.body).fontFamily;
}

const redraw = () => network?.redraw();

function drawMap() {
  if (!network) return;
  chooseColors();
  chooseSizes();
  if (state.layout !== arranged) arrange();
  gatherSymbols();
  gatherTies();
  gatherBubbles();
  foremost = new Set(onMap.filter((i) => !scene.faded[i]).slice(0, NAMED_ALWAYS));
  redraw();
}

function makeMap() {
  chooseColors();
  chooseSizes();
  network = makeCanvas(box, {
    draw: paint,
    click: onMapClick,
    resize: onResize,
    drag: (on) => moves(on ? Infinity : 0),
    zoom: () => moves(200),
  });
  arrange({ animate: false });
  pointAtNodes();
}
let onFirstFrame = null;
function paint(context) {
  drawPicture(context);
  drawAbove.forEach((draw) => draw(context));
  drawLabels(context);
  onFirstFrame?.();
  onFirstFrame = null;
}
function drawPicture(context) {
  const view = viewOf();
  pixel = 1 / view.scale;
  drawGround(context, view);
  drawTies(context, view);
  drawMinuses(context);
  drawSymbols(context, view);
}
function onMapClick(point) {
  if (onBubbleClick(point)) return;
  const i = nodeAt(point);
  focusOn(i === state.focus ? null : i, { move: false });
}

// The part of the map in sight, and how large it is shown.
function viewOf() {
  const { scale, translation: { x, y } } = network.view;
  return { scale, tx: x, ty: y, left: -x / scale, top: -y / scale, right: (box.clientWidth - x) / scale, bottom: (box.clientHeight - y) / scale };
}

// While the map moves, pale ties of a large or dense network rest.
let moving = false;
let stillTimer = 0;
function moves(milliseconds) {
  clearTimeout(stillTimer);
  moving = milliseconds > 0;
  if (Number.isFinite(milliseconds)) stillTimer = setTimeout(() => { moving = false; redraw(); }, milliseconds);
}
const tiesHidden = () => moving && (onMap.length + bundles.length > BUSY || paleTies > BUSY);

// The stakeholder under a point of the map, its label included; null when there is none.
function nodeAt(point) {
  const i = symbolAt(point);
  if (i !== null) return i;
  const hit = labelBoxes.find((b) => point.x >= b.x && point.x <= b.x + b.w && point.y >= b.y && point.y <= b.y + b.h);
  return hit ? hit.node ?? null : null;
}

// A short tooltip.
function pointAtNodes() {
  const tip = hook("tip");
  box.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons) { tip.hidden = true; return; }
    const area = box.getBoundingClientRect();
    const point = { x: event.clientX - area.left, y: event.clientY - area.top };
    const i = nodeAt(point);
    const bubble = i === null ? bubbleAt(point) : null;
    box.style.cursor = i === null && bubble === null ? "" : "pointer";
    tip.hidden = i === null && bubble === null;
    if (tip.hidden) return;
    tip.replaceChildren(...(i === null ? bubbleTip(bubble) : [el("strong", { dir: "auto" }, clip(people.name[i], 80)), el("span", {}, clip(aboutOf(i), 120))]));
    const flip = point.x > area.width - 250;
    tip.style.left = flip ? "auto" : `${point.x + 14}px`;
    tip.style.right = flip ? `${area.width - point.x + 10}px` : "auto";
    tip.style.top = `${Math.min(point.y + 14, area.height - 70)}px`;
  });
  box.addEventListener("pointerleave", () => { tip.hidden = true; });
}
