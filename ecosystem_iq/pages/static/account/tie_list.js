// The ties of a stakeholder in the panel, by what they mean to them.

// One to four dots for how strong a tie is; the number itself is there for assistive technology and as a title.
function strengthDots(strength) {
  if (strength === null) return [];
  const dots = Math.max(1, Math.ceil(strength * 4 - 1e-9));
  const circles = [0, 1, 2, 3].map((k) => svg("circle", { cx: 4 + 8 * k, cy: 4, r: 2.7, fill: "currentColor", "fill-opacity": k < dots ? 1 : 0.2 }));
  const label = `strength ${strength.toFixed(2)}`;
  return svg("svg", { viewBox: "0 0 32 8", width: 32, height: 8, role: "img", "aria-label": label }, svg("title", {}, label), circles);
}
const timeOf = (t) => {
  const [since, until] = [ties.since[t], ties.until[t]].map((day) => clip(day, 20));
  if (since && until) return `${since} to ${until}`;
  return since ? `since ${since}` : until && `until ${until}`;
};
function tieRow(t, i) {
  const role = roleIn(t, i);
  const fresh = data.before && ties.change[t] === "new" ? el("span", { class: "fresh" }, "new") : null;
  const meaning = el("span", { class: role.negative ? "about negative" : "about", dir: "auto" }, `${role.arrow} ${role.negative ? "(−) " : ""}${role.word} · ${clip(ties.kind[t], 80)} `, fresh);
  const known = [ties.confidence[t] !== null && `confidence ${percent(ties.confidence[t])}`, ties.confirmed[t] && `confirmed ${clip(ties.confirmed[t], 20)}`, timeOf(t)].filter(Boolean);
  const proof = known.length ? el("span", { class: "about" }, known.map((text, k) => [k ? " · " : null, el("span", { class: "keep" }, text)])) : null;
  return personRow(otherEnd(t, i), strengthDots(ties.strength[t]), [meaning, proof, ties.evidence[t], ties.note[t] && `“${clip(ties.note[t], 156)}”`], { "data-tie": t });
}

const PARTS = [["moves", "Moves", "opposes"], ["moved", "Moved by", "opposed by"], ["mutual", "Mutual", "opposing"], ["structure", "Structure", "opposing"]];
// "Moves", or "Moves or opposes" when both kinds of tie are in the list.
function partTitle(title, opposing, list) {
  const negative = list.filter((t) => ties.sign[t] < 0).length;
  if (negative === 0) return title;
  return negative < list.length ? `${title} or ${opposing}` : opposing[0].toUpperCase() + opposing.slice(1);
}
function tieLists(i) {
  const own = visibleTies(i);
  const heading = el("h2", {}, `Ties (${own.length.toLocaleString("en")})`);
  if (!own.length) return [heading, el("p", { class: "soft" }, "No ties are shown for this stakeholder.")];
  const lists = PARTS.flatMap(([part, title, opposing]) => {
    const some = own.filter((t) => roleIn(t, i).part === part);
    some.sort((a, b) => compare(ties.strength[a], ties.strength[b], true) || otherEnd(a, i) - otherEnd(b, i) || a - b);
    return some.length ? [el("h3", {}, `${partTitle(title, opposing, some)} (${some.length.toLocaleString("en")})`), ...longList(`ties-${part}`, some, (t) => tieRow(t, i), { "data-hook": `ties-${part}` })] : [];
  });
  return [heading, ...lists];
}
panelSections.push({ order: 70, make: tieLists });
