// What the reader chose, and what follows from it. Map, table, panel, legend and status line all read `scene`, so that
// their counts cannot differ.
const state = {
  off: Object.fromEntries(Object.keys(facets).map((facet) => [facet, new Set()])),
  range: { confidence: [0], since: [null, null] },
  focus: null, depth: 1, view: "map", layout: data.layouts[0].id, colorBy: "group", sizeBy: "influence",
  path: null, engaged: new Set(), overlay: false, compare: false, open: new Set(),
};
let scene = null;
// Where other files hook in. Each list holds functions, called in this order after each change:
const onDerive = []; // (scene): add to the scene, or change `lit`, `faded` and `dimmed`
const looksOfNode = []; // (i, look): alter how a stakeholder is drawn
const looksOfTie = []; // (t, look): alter how a tie is drawn
const renderers = []; // (): draw a part of the page anew
const drawAbove = []; // (context): draw on the canvas above the symbols and below the labels, at each frame
const statusParts = []; // (): a part of the status line, or null
const keyParts = []; // (): entries of the key below pictures, {mark or stroke, text}: what marks mean
const panelSections = []; // {order, make: (i) => Element or null}: parts of the panel of a stakeholder
const homeSections = []; // {order, make: () => Element or null}: parts of the panel at the start

const nodeFacets = Object.keys(facets).filter((facet) => facets[facet].ofNode);
const tieFacets = Object.keys(facets).filter((facet) => facets[facet].ofTie);
const passes = (names, method, k) => names.every((facet) => !state.off[facet].has(facets[facet][method](k)));
const total = (flags) => flags.reduce((sum, flag) => sum + flag, 0);

function derive() {
  const shown = new Uint8Array(count);
  const tieShown = new Uint8Array(tieCount);
  const [ofNodes, ofTies] = [nodeFacets, tieFacets].map((names) => names.filter((facet) => state.off[facet].size));
  for (let i = 0; i < count; i += 1) shown[i] = passes(ofNodes, "ofNode", i) ? 1 : 0;
  const within = tieRanges();
  for (let t = 0; t < tieCount; t += 1) {
    tieShown[t] = shown[ties.source[t]] && shown[ties.target[t]] && passes(ofTies, "ofTie", t) && within(t) ? 1 : 0;
  }
  if (state.focus !== null && !shown[state.focus]) state.focus = null;
  const reached = reach(tieShown);
  const dimmed = state.focus !== null;
  const faded = Uint8Array.from(reached.steps, (step) => (dimmed && step < 0 ? 1 : 0));
  const next = { shown, tieShown, nodeTotal: total(shown), tieTotal: total(tieShown), ...reached, faded, dimmed, path: null };
  onDerive.forEach((add) => add(next));
  next.drawn = drawnNow(next);
  return next;
}

// Steps from the focus along shown ties, either way; a tie is lit when it starts within depth - 1 steps.
function reach(tieShown) {
  const steps = new Int8Array(count).fill(-1);
  const lit = new Uint8Array(tieCount);
  if (state.focus === null) return { steps, lit, within: 0 };
  steps[state.focus] = 0;
  let rim = [state.focus];
  let within = 0;
  for (let depth = 1; depth <= state.depth; depth += 1) {
    const next = [];
    for (const i of rim) {
      for (const t of tiesAt[i]) {
        if (!tieShown[t]) continue;
        lit[t] = 1;
        const j = otherEnd(t, i);
        if (steps[j] < 0) { steps[j] = depth; next.push(j); }
      }
    }
    within += next.length;
    rim = next;
  }
  return { steps, lit, within };
}

const visibleTies = (i) => tiesAt[i].filter((t) => scene.tieShown[t]);
const positions = (flags) => { const found = []; flags.forEach((flag, i) => flag && found.push(i)); return found; };
const shownNodes = () => positions(scene.shown);

function update() {
  const active = document.activeElement;
  scene = derive();
  renderers.forEach((renderer) => renderer());
  if (active && !active.isConnected) refocus(active.dataset);
}
// Renderers replace elements; keyboard focus goes to the same control again, or else to the new heading.
function refocus({ hook: name, node, tie }) {
  const again = window.iq.hooks(name).find((each) => each.dataset.node === node && each.dataset.tie === tie);
  (again ?? hook("name"))?.focus({ preventScroll: Boolean(again) });
}
// Makes somebody visible whom the legend hides or whose community is collapsed.
function reveal(i) {
  nodeFacets.forEach((facet) => state.off[facet].delete(facets[facet].ofNode(i)));
  if (isCollapsible(people.community[i])) state.open.add(people.community[i]);
}
function focusOn(i, { move = true } = {}) {
  if (i !== null) reveal(i);
  if (i === null) state.depth = 1;
  state.focus = i;
  update();
  if (i !== null && move) showNeighbourhood();
}
function setDepth(depth) { state.depth = depth; update(); showNeighbourhood(); }
function toggle(facet, index) {
  const off = state.off[facet];
  if (!off.delete(index)) off.add(index);
  update();
}
function solo(facet, index) {
  const off = state.off[facet];
  const { entries } = facets[facet];
  const others = entries.map((_, k) => k).filter((k) => k !== index && entries[k].count);
  const alone = !off.has(index) && others.every((k) => off.has(k));
  off.clear();
  if (!alone) others.forEach((k) => off.add(k));
  update();
}
function showAll(facet) { state.off[facet].clear(); update(); }
