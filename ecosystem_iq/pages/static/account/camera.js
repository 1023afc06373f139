// Where the map is looked at from, and where everybody stands: the way from one arrangement to the next.
let arranged = null; // the layout in force
let travel = 0; // counts journeys, so that a new one ends the one before
let arrival = 1; // how far the journey has come, 0 to 1
const JOURNEY = 520;

// Moves everybody to their places in the chosen layout; jumps when asked to keep still.
function arrange({ animate = arranged !== null && !calm() } = {}) {
  arranged = state.layout;
  travel += 1;
  reshape();
  const goal = goals();
  if (!animate) { arrival = 1; standAt(goal.x, goal.y); return; }
  const [mine, from, start] = [travel, { x: place.x.slice(), y: place.y.slice() }, performance.now()];
  moves(JOURNEY + 60);
  const step = (now) => {
    if (mine !== travel) return;
    const share = Math.min(1, Math.max(0, (now - start) / JOURNEY));
    arrival = share < 0.5 ? 4 * share ** 3 : 1 - (2 - 2 * share) ** 3 / 2;
    const between = (axis) => from[axis].map((value, i) => value + (goal[axis][i] - value) * arrival);
    standAt(between("x"), between("y"));
    if (share < 1) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}
function standAt(x, y) {
  place.x.set(x);
  place.y.set(y);
  redraw();
}

function bounds(nodes, margin) {
  const sides = [Infinity, Infinity, -Infinity, -Infinity];
  const goal = goals();
  const reachOut = (x, y, r) => {
    sides[0] = Math.min(sides[0], x - r); sides[1] = Math.min(sides[1], y - r);
    sides[2] = Math.max(sides[2], x + r); sides[3] = Math.max(sides[3], y + r);
  };
  for (const i of nodes) reachOut(goal.x[i], goal.y[i], ownSize(i));
  if (nodes.withGround) groundCorners().forEach(([x, y]) => reachOut(x, y, 0));
  return { x: sides[0] - margin, y: sides[1] - margin, w: sides[2] - sides[0] + 2 * margin, h: sides[3] - sides[1] + 2 * margin };
}

// Shows these stakeholders with room on all sides for labels, titles and the tools.
function show(nodes, { animate = true, largest = 1.4, margin = 0, duration = 380 } = {}) {
  if (!network || !(nodes.length || nodes.withGround) || !box.clientWidth) return undefined;
  const area = bounds(nodes, margin);
  const free = freeArea(Boolean(nodes.withGround && asGiven().frames));
  const scale = Math.min(largest, free.w / Math.max(area.w, 1), free.h / Math.max(area.h, 1));
  const position = { x: area.x + area.w / 2, y: area.y + area.h / 2 + free.lift / scale };
  const time = animate && !calm() ? duration : 0;
  if (time) moves(time + 60);
  network.moveTo({ position, scale, duration: time });
  return scale;
}
function fit(animate = true, duration = 380) {
  const nodes = Object.assign(positions(scene.drawn), { withGround: groundCorners().length > 0 });
  const scale = show(nodes, { animate, duration, margin: state.layout === "communities" && islands.length ? ISLAND_PAD : 0 });
  if (scale === undefined) return;
  const wanted = Math.min(1.35, Math.max(1, Math.sqrt(0.7 / scale)));
  if (Math.abs(wanted - boost) > 0.02) { boost = wanted; drawMap(); }
}
function showNeighbourhood(animate = true) { show(positions(scene.drawn).filter((i) => !scene.faded[i]), { margin: 30, animate }); }
function onResize() {
  const moved = reshape();
  if (moved) { travel += 1; arrival = 1; standAt(goals().x, goals().y); }
  measureFloats();
  if (moved || !scene.dimmed) lookAtChoice(false);
}
function lookAtChoice(animate) { if (scene.dimmed) showNeighbourhood(animate); else fit(animate); }
function zoomBy(factor) {
  if (!network) return;
  if (!calm()) moves(220);
  network.moveTo({ scale: network.view.scale * factor, duration: calm() ? 0 : 160 });
}

// Arrow keys walk to the neighbour (or, without a focus, start at the most influential stakeholder).
const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
function walk(event) {
  const way = ARROWS[event.key];
  if (onBubbleKey(event, way)) { event.preventDefault(); return; }
  if (!way || !count) return;
  event.preventDefault();
  if (state.focus === null) { const first = positions(scene.drawn)[0]; if (first !== undefined) focusOn(first); return; }
  const from = { x: place.x[state.focus], y: place.y[state.focus] };
  const others = visibleTies(state.focus).map((t) => otherEnd(t, state.focus)).filter((j) => j !== state.focus);
  const next = ahead(from, others.map((j) => ({ j, x: place.x[j], y: place.y[j] })), way);
  if (next) focusOn(next.j);
}
// The nearest of some points in a direction; those straight ahead count as nearer.
function ahead(from, points, way) {
  const rated = points.map((point) => {
    const [dx, dy] = [point.x - from.x, point.y - from.y];
    const far = Math.hypot(dx, dy);
    const forth = dx * way[0] + dy * way[1];
    return { point, forth, cost: far * (2 - forth / (far || 1)) };
  }).filter((each) => each.forth > 0);
  rated.sort((a, b) => a.cost - b.cost);
  return rated[0]?.point ?? null;
}
