// What is known of a stakeholder, in the panel.
function figure(value, label, name) { return el("div", { "data-hook": `figure-${name}` }, el("dt", {}, label), el("dd", {}, value)); }
const between = (low, high, text) => (low === null || high === null ? null : el("span", { class: "keep" }, `90\u00a0%: ${text(low)}${text(low) === text(high) ? "" : `–${text(high)}`}`));
function standing(i) {
  const share = between(people.influence_low[i], people.influence_high[i], (value) => percent(value).replace("\u00a0%", ""));
  if (share) share.append("\u00a0%");
  const rank = between(people.rank_low[i], people.rank_high[i], (value) => value.toLocaleString("en"));
  const place = el("i", {});
  place.style.left = `${people.percentile[i]}%`;
  return [
    el("dl", { class: "figures" }, figure(percent(people.influence[i]), ["of influence", share], "influence"),
      figure(people.rank[i].toLocaleString("en"), [`rank of ${count.toLocaleString("en")}`, rank], "rank"), figure(visibleTies(i).length.toLocaleString("en"), "ties shown", "ties")),
    el("div", { class: "percentile" }, el("div", { class: "place", "aria-hidden": "true" }, place), el("p", {}, `${ordinal(people.percentile[i])} percentile by influence in this account`)),
  ];
}

function actions() {
  const depth = el("div", { class: "segmented depth", role: "group", "aria-label": "Focus depth" },
    [1, 2, 3].map((steps) => el("button", { type: "button", "data-hook": `depth-${steps}`, "aria-pressed": String(steps === state.depth), "aria-label": plural(steps, "step", "steps"), onclick: () => setDepth(steps) }, String(steps))));
  const path = count > 1 ? el("button", { type: "button", "data-hook": "path-from-here", "aria-keyshortcuts": "P", onclick: () => startPath(state.focus) }, "Path from here") : null;
  return el("div", { class: "actions" }, el("span", { class: "steps" }, el("span", { "aria-hidden": "true" }, "Steps"), depth), path);
}

function factList(i) {
  const contacts = people.contacts[i] ? `${people.contacts[i].toLocaleString("en")} in 12 months` : "";
  const last = people.last_contact[i] && clip(people.last_contact[i], 60);
  const before = (value, earlier) => (value && earlier && value !== earlier ? `${value} (before: ${earlier})` : value);
  const stanceBefore = data.before && people.stance_before[i] !== null ? STANCES[people.stance_before[i]] : "";
  const facts = [["Stance", before(stanceOf(i), stanceBefore)], ["Decision role", people.decision_role[i]], ["Contact", people.contact[i]],
    ["Last contact", [last, contacts].filter(Boolean).join(" · ")], ["Care setting", people.care_setting[i]], [communityTitle, facets.community.entries[people.community[i]]?.label ?? ""]];
  return el("dl", { class: "facts" }, facts.filter(([, value]) => value).map(([name, value]) => [el("dt", {}, clip(name, 40)), el("dd", { dir: "auto" }, clip(value, 200))]));
}

// Each measure with the place it gives, and what it means on demand.
const RANKED = ["brokerage", "reach", "value"];
function measureRows(i) {
  const rows = data.measures.filter(({ id }) => id !== "influence" && people[id]?.[i] != null).map((measure) => {
    const value = people[measure.id][i];
    const place = RANKED.includes(measure.id) ? people[measure.id].reduce((rank, other) => rank + (other > value ? 1 : 0), 1) : null;
    const scale = measure.unit === "score" ? " of 20" : place && `${ordinal(place)} of ${count.toLocaleString("en")}`;
    return measureRow(measure.id, measure.label, measureText(measure, value), scale, measure.meaning);
  });
  if (people.at_risk[i] !== null) rows.push(measureRow("at_risk", "At risk", percent(people.at_risk[i]), null, "Share of the account’s value which they may lose, or put at risk for others."));
  return rows.length ? [el("h2", {}, "Measures"), el("div", { class: "measures" }, rows)] : null;
}
function measureRow(id, label, value, place, meaning) {
  const key = `measure-${id}`;
  return el("details", { open: folds.get(key) ?? false, "data-hook": key, ontoggle: (event) => folds.set(key, event.target.open) },
    el("summary", { "data-hook": `about-${id}` }, el("span", {}, clip(label, 40)), el("span", { class: "soft" }, place), el("span", { class: "value" }, value)),
    el("p", { class: "soft" }, meaning || "No explanation is given."));
}

const PERSPECTIVES = { received: "Receives", created: "Creates" };
function valueRows(i) {
  const rows = data.values[i] ?? [];
  if (!rows.length) return null;
  const groups = new Map();
  rows.forEach((row) => groups.set(row.perspective, [...(groups.get(row.perspective) ?? []), row]));
  const amount = ({ share, amount: money }) => [share === null ? null : percent(share), money].filter(Boolean).join(" · ");
  return [el("h2", {}, "Value"), el("div", { "data-hook": "values" }, [...groups].map(([perspective, some]) => [
    el("h3", { dir: "auto" }, Object.hasOwn(PERSPECTIVES, perspective) ? PERSPECTIVES[perspective] : clip(perspective, 60).replace(/^./u, (letter) => letter.toUpperCase())),
    el("dl", { class: "facts wide" }, some.map((row) => [el("dt", { dir: "auto" }, clip(row.type, 60)), el("dd", { dir: "auto" }, clip(amount(row) || "not quantified", 60))]))]))];
}

// Opportunity, 0 to 20: a band for the interval, a point for the estimate.
function jobBar({ opportunity, low, high }) {
  const at = (value) => Math.min(100, Math.max(0, 5 * value));
  const [band, point] = [el("span", { class: "band" }), el("span", { class: "point" })];
  if (low !== null && high !== null) Object.assign(band.style, { left: `${at(low)}%`, width: `${at(high) - at(low)}%` });
  point.style.left = `${at(opportunity)}%`;
  return el("div", { class: "job-bar", "aria-hidden": "true" }, band, point);
}
function jobRows(i) {
  const jobs = (data.jobs[data.groups[people.group[i]].id] ?? []).slice(0, 3);
  if (!jobs.length) return null;
  const row = (job) => el("li", {}, el("div", { class: "job" }, el("p", { dir: "auto" }, clip(job.statement, 240)), el("strong", {}, job.opportunity.toFixed(1))), jobBar(job),
    el("p", { class: "soft", dir: "auto" }, clip([job.low === null ? "" : `90\u00a0%: ${job.low.toFixed(1)}–${job.high.toFixed(1)}`, `n\u00a0=\u00a0${job.n.toLocaleString("en")}`, job.form, job.band].filter(Boolean).join(" · "), 120)));
  return [el("h2", {}, `Jobs of the group ${clip(groupOf(i), 40)}`), el("ul", { class: "jobs", "data-hook": "jobs" }, jobs.map(row)), el("p", { class: "soft fine" }, "Opportunity from 0 to 20: important, and badly served so far.")];
}

function noteRows(i) {
  const own = data.notes.filter((note) => note.node === i);
  return own.length ? [el("h2", {}, "Notes"), el("ul", { class: "notes", "data-hook": "person-notes" }, own.map((note) => el("li", {}, el("p", { dir: "auto" }, clip(note.text, 1200)), note.date ? el("p", { class: "soft" }, clip(note.date, 40)) : null)))] : null;
}
panelSections.push({ order: 10, make: standing }, { order: 14, make: actions }, { order: 20, make: factList }, { order: 30, make: measureRows }, { order: 40, make: valueRows }, { order: 50, make: jobRows }, { order: 60, make: noteRows });
