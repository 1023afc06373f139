// What the reader chose, and what follows from it. Map, table, panel, legend and status line all read `scene`, so that
// their counts cannot differ.
const state = { off: { group: new Set(), layer: new Set(), community: new Set() }, focus: null, depth: 1, view: "map" };
let scene = null;
const renderers = []; // functions called after each change

function derive() {
  const shown = new Uint8Array(count);
  for (let i = 0; i < count; i += 1) {
    shown[i] = state.off.group.has(people.group[i]) || state.off.community.has(people.community[i]) ? 0 : 1;
  }
  const tieShown = new Uint8Array(tieCount);
  for (let t = 0; t < tieCount; t += 1) {
    tieShown[t] = shown[ties.source[t]] && shown[ties.target[t]] && !state.off.layer.has(ties.layer[t]) ? 1 : 0;
  }
  if (state.focus !== null && !shown[state.focus]) state.focus = null;
  const total = (flags) => flags.reduce((sum, flag) => sum + flag, 0);
  return { shown, tieShown, nodeTotal: total(shown), tieTotal: total(tieShown), ...reach(tieShown) };
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
function focusOn(i, { move = true } = {}) {
  if (i !== null && !scene.shown[i]) { // chosen from a list although the legend hides it: show it again
    state.off.group.delete(people.group[i]);
    state.off.community.delete(people.community[i]);
  }
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
  const alone = !off.has(index) && off.size === facets[facet].entries.length - 1;
  off.clear();
  if (!alone) facets[facet].entries.forEach((_, other) => other !== index && off.add(other));
  update();
}
function showAll(facet) { state.off[facet].clear(); update(); }
