// The samples on which a reach is estimated, and who is moved on them. A sample keeps some arcs of the map alive, each
// with its probability; whoever can be got to along live arcs is moved. The page carries what the samples are drawn
// from: the same generator from the same state gives those of estimate_spread. 32 samples are the bits of one number.
const samples = (() => {
  const given = data.what_if;
  const size = given?.samples ?? 0;
  const words = Math.ceil(size / 32);
  const places = count * words;
  const [LIMB, SHARE] = [2 ** 22, 2 ** -22];

  // numpy's generator, PCG64: 128 bits as six limbs, so that sums of products of two stay below 2^53.
  function limbs(hex) {
    let rest = BigInt(`0x${hex}`);
    return Array.from({ length: 6 }, () => { const limb = Number(rest % BigInt(LIMB)); rest /= BigInt(LIMB); return limb; });
  }
  const FACTOR = limbs("2360ed051fc65da44385df649fccf645");
  // Fills `out` with uniform numbers below 2^53. Written out, as some million are wanted at once.
  function draw(stream, out) {
    const [m0, m1, m2, m3, m4, m5] = FACTOR;
    const [c0, c1, c2, c3, c4, c5] = stream.increment;
    let [a0, a1, a2, a3, a4, a5] = stream.state;
    for (let k = 0; k < out.length; k += 1) {
      const s0 = a0 * m0 + c0, q0 = Math.floor(s0 * SHARE);
      const s1 = q0 + a1 * m0 + a0 * m1 + c1, q1 = Math.floor(s1 * SHARE);
      const s2 = q1 + a2 * m0 + a1 * m1 + a0 * m2 + c2, q2 = Math.floor(s2 * SHARE);
      const s3 = q2 + a3 * m0 + a2 * m1 + a1 * m2 + a0 * m3 + c3, q3 = Math.floor(s3 * SHARE);
      const s4 = q3 + a4 * m0 + a3 * m1 + a2 * m2 + a1 * m3 + a0 * m4 + c4, q4 = Math.floor(s4 * SHARE);
      const s5 = q4 + a5 * m0 + a4 * m1 + a3 * m2 + a2 * m3 + a1 * m4 + a0 * m5 + c5;
      a0 = s0 - q0 * LIMB; a1 = s1 - q1 * LIMB; a2 = s2 - q2 * LIMB; a3 = s3 - q3 * LIMB; a4 = s4 - q4 * LIMB;
      a5 = s5 - Math.floor(s5 * 2 ** -18) * 2 ** 18;
      const top = (a4 >>> 8) | (a5 << 14);
      const high = top ^ ((a1 >>> 10) | (a2 << 12));
      const low = ((a2 >>> 20) | (a3 << 2) | (a4 << 24)) ^ (a0 | (a1 << 22));
      const turn = top >>> 26; // both halves joined, turned right by so many bits
      const x = turn < 32 ? high : low;
      const y = turn < 32 ? low : high;
      const by = turn & 31;
      const first = by ? (x >>> by) | (y << (32 - by)) : x;
      const second = by ? (y >>> by) | (x << (32 - by)) : y;
      out[k] = (first >>> 0) * 2097152 + (second >>> 11);
    }
    stream.state = [a0, a1, a2, a3, a4, a5];
  }

  const column = (text) => new Uint16Array(Uint8Array.from(atob(text), (octet) => octet.charCodeAt(0)).buffer);
  // Arcs of stakeholder i: start[i] … stop[i] - 1; arc k is live on sample s where bit s of its `words` is 1.
  function load() {
    const [who, many, target] = [column(given.who), column(given.arcs), column(given.target)];
    const [start, stop] = [new Int32Array(count), new Int32Array(count)];
    let at = 0;
    who.forEach((i, k) => { start[i] = at; at += many[k]; stop[i] = at; });
    const limit = Float64Array.from(column(given.limit), (step) => (step / 65535) * 2 ** 53);
    for (const [arc, probability] of given.exact) limit[arc] = probability * 2 ** 53;
    const live = new Uint32Array(at * words);
    const stream = { state: limbs(given.state), increment: limbs(given.increment) };
    const numbers = new Float64Array(at);
    for (let s = 0; s < size; s += 1) {
      draw(stream, numbers);
      const [word, bit] = [s >>> 5, 1 << (s & 31)];
      for (let k = 0; k < at; k += 1) if (numbers[k] < limit[k]) live[k * words + word] |= bit;
    }
    return { start, stop, target, live };
  }
  let loaded = null; // drawing takes a moment: only once somebody asks
  const arcs = () => { loaded ??= load(); return loaded; };

  const everywhere = Uint32Array.from({ length: words }, (_, w) => (w < words - 1 || size % 32 === 0 ? 0xffffffff : 2 ** (size % 32) - 1));
  const walk = { mine: new Uint32Array(places), fresh: new Uint32Array(places), waits: new Uint8Array(count), known: new Uint8Array(count), going: new Uint32Array(words), touched: [] };
  function touch(i) { if (!walk.known[i]) { walk.known[i] = 1; walk.touched.push(i); } }
  function forget() {
    for (const i of walk.touched) { walk.mine.fill(0, i * words, (i + 1) * words); walk.known[i] = 0; }
    walk.touched = [];
  }
  // Whom one stakeholder moves on which samples (into walk.mine), not going where `blocked`; whatever is blocked must
  // block all that it leads to.
  function follow(seed, blocked) {
    const { start, stop, target, live } = arcs();
    const { mine, fresh, waits, going } = walk;
    for (let w = 0; w < words; w += 1) mine[seed * words + w] = fresh[seed * words + w] = everywhere[w] & ~blocked[seed * words + w];
    touch(seed);
    const queue = [seed];
    for (let head = 0; head < queue.length; head += 1) {
      const i = queue[head];
      waits[i] = 0;
      for (let w = 0; w < words; w += 1) { going[w] = fresh[i * words + w]; fresh[i * words + w] = 0; }
      for (let k = start[i]; k < stop[i]; k += 1) {
        const j = target[k];
        let some = 0;
        for (let w = 0, arc = k * words, at = j * words; w < words; w += 1, arc += 1, at += 1) {
          const bits = going[w] & live[arc] & ~mine[at] & ~blocked[at];
          if (bits) { mine[at] |= bits; fresh[at] |= bits; some = 1; }
        }
        if (some) { touch(j); if (!waits[j]) { waits[j] = 1; queue.push(j); } }
      }
    }
  }

  // How many of some stakeholders, or how much of their weight, have a bit on each sample.
  function perSample(nodes, bits, weight = null) {
    const sums = new Float64Array(size);
    for (const i of nodes) {
      const add = weight ? weight[i] : 1;
      for (let w = 0; w < words; w += 1) {
        for (let rest = bits[i * words + w]; rest; rest &= rest - 1) sums[w * 32 + 31 - Math.clz32(rest & -rest)] += add;
      }
    }
    return sums;
  }
  // Mean and its standard error.
  function summary(sums) {
    let mean = 0;
    let square = 0;
    for (let s = 0; s < size; s += 1) mean += sums[s];
    mean /= size;
    for (let s = 0; s < size; s += 1) square += (sums[s] - mean) ** 2;
    return { mean, error: Math.sqrt(square / (size - 1) / size) };
  }
  // Between what values the middle 90 % of the samples lie.
  function middle(sums) {
    const sorted = sums.slice().sort();
    return { low: sorted[Math.ceil(0.05 * size) - 1], high: sorted[Math.ceil(0.95 * size) - 1] };
  }
  function whatOne(seed, blocked) {
    follow(seed, blocked);
    const found = summary(perSample(walk.touched, walk.mine));
    forget();
    return found;
  }

  function ones(bits, from, to) {
    let found = 0;
    for (let at = from; at < to; at += 1) for (let rest = bits[at]; rest; rest &= rest - 1) found += 1;
    return found;
  }
  const chance = (bits, i) => ones(bits, i * words, (i + 1) * words) / size;

  // Whom some stakeholders together move (`moved`), and whom more than one of them does (`many`). On each sample nobody
  // is come to more than twice, so that this takes hardly longer for many than for few.
  const everybody = [...people.name.keys()];
  function spread(seeds) {
    const [moved, many] = [new Uint32Array(places), new Uint32Array(places)];
    for (const seed of seeds) {
      follow(seed, many);
      for (const i of walk.touched) {
        for (let at = i * words; at < (i + 1) * words; at += 1) { many[at] |= walk.mine[at] & moved[at]; moved[at] |= walk.mine[at]; }
      }
      forget();
    }
    const sums = perSample(everybody, moved);
    return { moved, many, total: { ...summary(sums), ...middle(sums) } };
  }
  // What would be lost without each of them, on average.
  function losses(seeds, { many }) {
    return seeds.map((seed) => {
      follow(seed, many);
      const lost = walk.touched.reduce((sum, i) => sum + chance(walk.mine, i), 0);
      forget();
      return lost;
    });
  }
  return {
    size, spread, losses,
    loss: (i, { many }) => whatOne(i, many),
    gain: (i, { moved }) => whatOne(i, moved),
    beyond: ({ moved }, other) => summary(perSample(everybody, moved.map((bits, at) => bits & ~other.moved[at]))),
    weighed: ({ moved }, weight) => summary(perSample(everybody, moved, weight)),
    chances: ({ moved }) => Float32Array.from(everybody, (i) => chance(moved, i)),
  };
})();
