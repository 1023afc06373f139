// The map: vis-network draws nodes and ties; this file decides their looks. Ties are background until a stakeholder is
// in focus; then the ties in reach carry colour, dash and arrows, and all else fades.
const box = hook("map");
const stage = document.querySelector(".stage");
const FADED = 0.12;
const PALE = Math.min(1, Math.sqrt(900 / Math.max(tieCount, 1))); // many ties: each paler, so that symbols stay in front
const NEGATIVE = { dash: [5, 4] };
let ink = null; // colours of the theme in force
let network = null;
let nodeSet = null;
let edgeSet = null;
const looks = { node: [], edge: [] }; // what each last looked like, so that only changes are sent to vis

function readInk() {
  const style = getComputedStyle(document.documentElement);
  const get = (name) => style.getPropertyValue(`--${name}`).trim();
  const dark = document.documentElement.dataset.theme === "dark" && !matchMedia("print").matches;
  ink = { paper: get("paper"), ink: get("ink"), soft: get("soft"), bad: get("bad"), dark };
  ink.edge = dark ? "140,154,172" : "104,116,132";
}

// On a small screen the whole map is shown small; symbols then shrink less than distances do.
let boost = 1;
const sizeOf = (i) => drawn.nodes[i].size * boost;

function nodeLook(i) {
  const faded = state.focus !== null && scene.steps[i] < 0;
  const chosen = i === state.focus;
  return {
    id: i,
    hidden: !scene.shown[i],
    size: sizeOf(i),
    opacity: faded ? FADED : 1,
    borderWidth: chosen ? 3 : 1.5,
    color: { background: data.marks[people.group[i]].color, border: chosen ? ink.ink : ink.paper },
  };
}

function edgeLook(t) {
  const strength = ties.strength[t] ?? 0.5;
  if (scene.lit[t]) return litLook(t, strength);
  const inside = people.community[ties.source[t]] === people.community[ties.target[t]];
  const alpha = state.focus !== null ? 0.07 * PALE : (inside ? 0.42 : 0.2) * PALE;
  return {
    id: t, hidden: !scene.tieShown[t], width: 0.5 + 0.8 * strength, dashes: false, arrows: "",
    color: { color: `rgba(${ink.edge},${alpha})`, inherit: false },
  };
}

function litLook(t, strength) {
  const stroke = data.strokes[ties.layer[t]];
  const negative = ties.sign[t] < 0;
  const dash = negative ? NEGATIVE.dash : stroke.dash;
  const heads = { to: { enabled: true, scaleFactor: 0.55 }, from: { enabled: ties.mutual[t], scaleFactor: 0.55 } };
  return {
    id: t, hidden: false, width: 1.2 + 1.4 * strength, dashes: dash.length ? dash : false,
    arrows: ties.structure[t] ? "" : heads,
    color: { color: negative ? ink.bad : stroke.color, inherit: false },
  };
}

// Sends to vis only the entries whose look has changed.
function send(set, last, total, look) {
  const changed = [];
  for (let k = 0; k < total; k += 1) {
    const next = look(k);
    const key = JSON.stringify(next);
    if (last[k] !== key) { last[k] = key; changed.push(next); }
  }
  if (changed.length) set.update(changed);
}

function drawMap() {
  if (!network) return;
  send(nodeSet, looks.node, count, nodeLook);
  send(edgeSet, looks.edge, tieCount, edgeLook);
  network.redraw();
}

function makeMap() {
  const fixed = { chosen: false, label: undefined, title: undefined };
  nodeSet = new vis.DataSet(drawn.nodes.map((node) => ({ ...node, ...fixed, ...remember("node", nodeLook(node.id)) })));
  edgeSet = new vis.DataSet(drawn.edges.map((edge) => ({ ...edge, chosen: false, ...remember("edge", edgeLook(edge.id)) })));
  const options = JSON.parse(drawn.options);
  options.interaction = { ...options.interaction, hover: false, selectable: false, keyboard: false, zoomSpeed: 0.6 };
  options.nodes = { scaling: { label: { enabled: false } }, labelHighlightBold: false };
  options.edges = { ...options.edges, arrowStrikethrough: false, selfReference: { size: 14 } };
  options.autoResize = true;
  network = new vis.Network(box, { nodes: nodeSet, edges: edgeSet }, options);
  network.on("beforeDrawing", drawIslands);
  network.on("afterDrawing", (context) => { drawMinuses(context); drawLabels(context); });
  network.on("click", (event) => {
    const i = nodeAt(event.pointer.DOM);
    focusOn(i === state.focus ? null : i, { move: false });
  });
  network.on("resize", () => { if (state.focus === null) fit(false); });
  // vis-network widens beyond reach when the wheel goes on; keep the map findable.
  network.on("zoom", () => { if (network.getScale() < 0.04) network.moveTo({ scale: 0.04 }); });
  pointAtNodes();
  fit(false);
}
function remember(kind, look) { looks[kind][look.id] = JSON.stringify(look); return look; }

// The stakeholder under a point of the map, its label included; null when there is none.
function nodeAt(point) {
  const i = network.getNodeAt(point);
  if (i !== undefined && scene.shown[i]) return i;
  const hit = labelBoxes.find((b) => point.x >= b.x && point.x <= b.x + b.w && point.y >= b.y && point.y <= b.y + b.h);
  return hit ? hit.node : null;
}

function bounds(nodes, margin) {
  const sides = [Infinity, Infinity, -Infinity, -Infinity];
  for (const i of nodes) {
    const { x, y, size } = drawn.nodes[i];
    sides[0] = Math.min(sides[0], x - size); sides[1] = Math.min(sides[1], y - size);
    sides[2] = Math.max(sides[2], x + size); sides[3] = Math.max(sides[3], y + size);
  }
  return { x: sides[0] - margin, y: sides[1] - margin, w: sides[2] - sides[0] + 2 * margin, h: sides[3] - sides[1] + 2 * margin };
}

// Shows these stakeholders with room on all sides for labels, titles and the tools.
function show(nodes, { animate = true, largest = 1.4, margin = 0 } = {}) {
  if (!network || !nodes.length || !box.clientWidth) return undefined;
  const area = bounds(nodes, margin);
  const side = box.clientWidth < 600 ? 30 : 84;
  const free = { w: Math.max(80, box.clientWidth - 2 * side), h: Math.max(80, box.clientHeight - 118) };
  const scale = Math.min(largest, free.w / Math.max(area.w, 1), free.h / Math.max(area.h, 1));
  const position = { x: area.x + area.w / 2, y: area.y + area.h / 2 + 10 / scale };
  const animation = animate && !calm() ? { duration: 380, easingFunction: "easeInOutQuad" } : false;
  network.moveTo({ position, scale, animation });
  return scale;
}
const shownNodes = () => [...people.name.keys()].filter((i) => scene.shown[i]);
function fit(animate = true) {
  const scale = show(shownNodes(), { animate, margin: islands.length ? ISLAND_PAD : 0 });
  if (scale === undefined) return;
  const wanted = Math.min(1.35, Math.max(1, Math.sqrt(0.7 / scale)));
  if (Math.abs(wanted - boost) > 0.02) { boost = wanted; drawMap(); }
}
function showNeighbourhood() { show(shownNodes().filter((i) => scene.steps[i] >= 0), { margin: 30 }); }
function zoomBy(factor) { network?.moveTo({ scale: network.getScale() * factor, animation: calm() ? false : { duration: 160 } }); }

// A short tooltip of our own: vis would need markup for more than one line.
function pointAtNodes() {
  const tip = hook("tip");
  box.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons) { tip.hidden = true; return; }
    const area = box.getBoundingClientRect();
    const point = { x: event.clientX - area.left, y: event.clientY - area.top };
    const i = nodeAt(point);
    box.style.cursor = i === null ? "" : "pointer";
    tip.hidden = i === null;
    if (i === null) return;
    tip.replaceChildren(el("strong", { dir: "auto" }, clip(people.name[i], 80)), el("span", {}, clip(aboutOf(i), 120)));
    const flip = point.x > area.width - 250;
    tip.style.left = flip ? "auto" : `${point.x + 14}px`;
    tip.style.right = flip ? `${area.width - point.x + 10}px` : "auto";
    tip.style.top = `${Math.min(point.y + 14, area.height - 70)}px`;
  });
  box.addEventListener("pointerleave", () => { tip.hidden = true; });
}

// Arrow keys walk to the neighbour (or, without a focus, start at the most influential stakeholder).
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
function walk(event) {
  const way = ARROWS[event.key];
  if (!way || !count) return;
  event.preventDefault();
  if (state.focus === null) { const first = shownNodes()[0]; if (first !== undefined) focusOn(first); return; }
  const from = drawn.nodes[state.focus];
  const rated = visibleTies(state.focus).map((t) => otherEnd(t, state.focus)).filter((j) => j !== state.focus).map((j) => {
    const [dx, dy] = [drawn.nodes[j].x - from.x, drawn.nodes[j].y - from.y];
    const ahead = dx * way[0] + dy * way[1];
    return { j, ahead, cost: Math.hypot(dx, dy) * (2 - ahead / (Math.hypot(dx, dy) || 1)) };
  }).filter((each) => each.ahead > 0);
  rated.sort((a, b) => a.cost - b.cost);
  if (rated.length) focusOn(rated[0].j);
}
