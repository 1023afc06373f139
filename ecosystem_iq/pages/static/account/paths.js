// The strongest paths along influence, as network/paths.py has them: a path is as likely to carry as the product of
// its arcs' probabilities; of two equally strong ones that with fewer steps counts.
const SHORTEST = 1e-9;
const A_STEP = 1e-12;
const EQUAL = 1e-12;
const MOST_TIES = 20000; // beyond, only the strongest path is looked for
const MOST_WAYS = 4;

// Arcs of influence: ties of one direction and sign are one arc, p = 1 - Π (1 - p of each), and of the two signs the
// likelier one counts. Structure carries nothing. Returns for each stakeholder whom they move: {to, p, sign, far, ties}.
function arcsOf(tieShown) {
  const pairs = Array.from({ length: count }, () => new Map());
  const add = (mover, moved, t) => {
    const sides = pairs[mover].get(moved) ?? pairs[mover].set(moved, { 1: { miss: 0, ties: [] }, "-1": { miss: 0, ties: [] } }).get(moved);
    const own = sides[ties.sign[t] < 0 ? -1 : 1];
    own.miss += Math.log1p(-Math.min(ties.probability[t], 1));
    own.ties.push(t);
  };
  for (let t = 0; t < tieCount; t += 1) {
    const [source, target] = [ties.source[t], ties.target[t]];
    if (!tieShown[t] || ties.structure[t] || !(ties.probability[t] > 0) || source === target) continue;
    add(source, target, t);
    if (ties.mutual[t]) add(target, source, t);
  }
  return pairs.map((moved) => [...moved].map(([to, sides]) => {
    const [yes, no] = [-Math.expm1(sides[1].miss), -Math.expm1(sides[-1].miss)];
    const [p, sign] = yes >= no ? [yes, 1] : [no, -1];
    return { to, p, sign, far: Math.max(-Math.log(p), SHORTEST) + A_STEP, ties: sides[sign].ties };
  }));
}

// A heap of [distance, node], the nearest first.
function heapPush(heap, entry) {
  let k = heap.push(entry) - 1;
  while (k > 0 && heap[(k - 1) >> 1][0] > entry[0]) { heap[k] = heap[(k - 1) >> 1]; k = (k - 1) >> 1; }
  heap[k] = entry;
}
function heapPop(heap) {
  const [top, last] = [heap[0], heap.pop()];
  if (!heap.length) return top;
  let k = 0;
  for (let child = 1; child < heap.length; child = 2 * k + 1) {
    if (child + 1 < heap.length && heap[child + 1][0] < heap[child][0]) child += 1;
    if (heap[child][0] >= last[0]) break;
    heap[k] = heap[child];
    k = child;
  }
  heap[k] = last;
  return top;
}

// Dijkstra's algorithm: the nodes of the shortest way from the nearest start, or null. `closed` are never gone to, and
// from a start not to those in `notFirst`.
function shortest(arcs, starts, end, closed = new Set(), notFirst = new Set()) {
  const distance = new Float64Array(count).fill(Infinity);
  const before = new Int32Array(count).fill(-1);
  const heap = [];
  for (const start of starts) { distance[start] = 0; heapPush(heap, [0, start]); }
  while (heap.length) {
    const [far, i] = heapPop(heap);
    if (i === end) break;
    if (far > distance[i]) continue;
    for (const arc of arcs[i]) {
      const next = far + arc.far;
      if (next >= distance[arc.to] || closed.has(arc.to) || (far === 0 && notFirst.has(arc.to))) continue;
      distance[arc.to] = next;
      before[arc.to] = i;
      heapPush(heap, [next, arc.to]);
    }
  }
  if (distance[end] === Infinity) return null;
  const way = [end];
  while (before[way[0]] >= 0) way.unshift(before[way[0]]);
  return way;
}

const arcBetween = (arcs, mover, moved) => arcs[mover].find((arc) => arc.to === moved);
// A way with its steps and the chance that all of them carry.
function routeOf(arcs, nodes) {
  const steps = nodes.slice(1).map((moved, k) => ({ mover: nodes[k], moved, ...arcBetween(arcs, nodes[k], moved) }));
  return { nodes, steps, probability: steps.reduce((product, step) => product * step.p, 1), far: steps.reduce((sum, step) => sum + step.far, 0) };
}

// Yen's algorithm: the strongest ways from any of the starts which lead over nobody twice, nor from a start to another.
function strongestRoutes(arcs, starts, end, most) {
  const first = shortest(arcs, starts, end);
  const found = first ? [routeOf(arcs, first)] : [];
  const waiting = new Map();
  while (found.length && found.length < most) {
    detours(arcs, starts, end, found).forEach((nodes) => { const key = nodes.join(); if (!waiting.has(key)) waiting.set(key, routeOf(arcs, nodes)); });
    found.forEach(({ nodes }) => waiting.delete(nodes.join()));
    const [best] = [...waiting.values()].sort((a, b) => a.far - b.far);
    if (!best) break;
    found.push(best);
  }
  return found;
}
// Ways which leave the last one found at each of its nodes (before the first: which start elsewhere).
function detours(arcs, starts, end, found) {
  const { nodes } = found.at(-1);
  const others = [];
  for (let k = 0; k < nodes.length; k += 1) {
    const root = nodes.slice(0, k);
    const taken = new Set(found.filter((each) => root.every((node, at) => each.nodes[at] === node)).map((each) => each.nodes[k]));
    const way = k === 0
      ? shortest(arcs, starts.filter((start) => !taken.has(start)), end, new Set(starts))
      : shortest(arcs, [root[k - 1]], end, new Set([...starts, ...root]), taken);
    if (way) others.push([...root.slice(0, -1), ...way]);
  }
  return others;
}

// The strongest path, as strongest_path has it: from one of those covered only where that is stronger; then other ways.
function pathsBetween(arcs, from, to, covered) {
  const own = shortest(arcs, [from], to);
  const helped = covered.length ? shortest(arcs, covered, to) : null;
  const [mine, theirs] = [own, helped].map((nodes) => (nodes ? routeOf(arcs, nodes) : null));
  const best = theirs && (!mine || theirs.probability > mine.probability * (1 + EQUAL)) ? theirs : mine;
  if (!best || best.nodes.length < 2 || tieCount > MOST_TIES) return best ? [best] : [];
  const others = strongestRoutes(arcs, [...new Set([from, ...covered])], to, MOST_WAYS);
  return [best, ...others.filter((each) => each.nodes.join() !== best.nodes.join())].slice(0, MOST_WAYS);
}

// Everybody to whom arcs lead from `start`, itself excluded; or, of arcs turned round, who can get to it.
function reachedFrom(arcs, start) {
  const seen = new Set([start]);
  for (const i of seen) arcs[i].forEach((arc) => seen.add(arc.to));
  seen.delete(start);
  return seen;
}
function turnedRound(arcs) {
  const turned = arcs.map(() => []);
  arcs.forEach((list, mover) => list.forEach((arc) => turned[arc.to].push({ to: mover })));
  return turned;
}
