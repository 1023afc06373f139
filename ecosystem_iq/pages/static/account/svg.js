// The map as a vector drawing. A recorder stands in for the canvas, so that all which the map draws comes along; ties
// and symbols become an element each, to be edited one by one. Everything is in pixels of the screen.
const svgAbove = []; // (view): an SVG element to lie above the symbols, in screen pixels, or null; drawAbove comes by itself

// Characters which XML cannot hold.
const forXml = (text) => String(text).replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/gu, "");
const short = (value) => String(Math.round(value * 100) / 100);
const KEPT = ["fillStyle", "strokeStyle", "globalAlpha", "lineWidth", "lineCap", "lineJoin", "font", "textAlign", "letterSpacing", "textBaseline", "matrix", "dash"];

class Recorder {
  constructor(root, w, h) {
    Object.assign(this, { canvas: { width: w, height: h }, layer: root, root, stack: [], d: "", matrix: [1, 0, 0, 1, 0, 0], dash: [] });
    Object.assign(this, { fillStyle: "#000", strokeStyle: "#000", globalAlpha: 1, lineWidth: 1, lineCap: "butt", lineJoin: "miter", font: "10px sans-serif", textAlign: "left", textBaseline: "alphabetic", letterSpacing: "0px" });
  }
  save() { this.stack.push(KEPT.map((key) => this[key])); }
  restore() { this.stack.pop()?.forEach((value, k) => { this[KEPT[k]] = value; }); }
  setTransform(...matrix) { this.matrix = matrix; }
  transform(a, b, c, d, e, f) {
    const [p, q, r, s, t, u] = this.matrix;
    this.matrix = [p * a + r * b, q * a + s * b, p * c + r * d, q * c + s * d, p * e + r * f + t, q * e + s * f + u];
  }
  translate(x, y) { this.transform(1, 0, 0, 1, x, y); }
  scale(x, y) { this.transform(x, 0, 0, y, 0, 0); }
  rotate(angle) { this.transform(Math.cos(angle), Math.sin(angle), -Math.sin(angle), Math.cos(angle), 0, 0); }
  get zoom() { const [a, b, c, d] = this.matrix; return Math.sqrt(Math.abs(a * d - b * c)); }
  at(x, y) { const [a, b, c, d, e, f] = this.matrix; return `${short(a * x + c * y + e)} ${short(b * x + d * y + f)}`; }

  beginPath() { this.d = ""; }
  moveTo(x, y) { this.d += `M${this.at(x, y)}`; }
  lineTo(x, y) { this.d += `${this.d ? "L" : "M"}${this.at(x, y)}`; }
  quadraticCurveTo(cx, cy, x, y) { this.d += `Q${this.at(cx, cy)} ${this.at(x, y)}`; }
  bezierCurveTo(ax, ay, bx, by, x, y) { this.d += `C${this.at(ax, ay)} ${this.at(bx, by)} ${this.at(x, y)}`; }
  closePath() { this.d += "Z"; }
  arc(x, y, r, from, to) {
    const point = (angle) => [x + r * Math.cos(angle), y + r * Math.sin(angle)];
    const radius = short(r * this.zoom);
    this.lineTo(...point(from));
    // In halves, as one arc cannot end where it began.
    const half = Math.max(-Math.PI, Math.min(Math.PI, (to - from) / 2));
    [from + half, from + 2 * half].forEach((end) => { this.d += `A${radius} ${radius} 0 0 ${half > 0 ? 1 : 0} ${this.at(...point(end))}`; });
  }
  rect(x, y, w, h) { this.d += `M${this.at(x, y)}L${this.at(x + w, y)}L${this.at(x + w, y + h)}L${this.at(x, y + h)}Z`; }
  roundRect(x, y, w, h, r) {
    this.moveTo(x + r, y);
    for (const [cx, cy, from] of [[x + w - r, y + r, -0.5], [x + w - r, y + h - r, 0], [x + r, y + h - r, 0.5], [x + r, y + r, 1]]) this.arc(cx, cy, r, from * Math.PI, (from + 0.5) * Math.PI);
    this.closePath();
  }
  setLineDash(dash) { this.dash = dash; }
  strokes() {
    const dash = this.dash.map((each) => short(each * this.zoom)).join(" ");
    return { stroke: this.strokeStyle, "stroke-width": short(this.lineWidth * this.zoom), "stroke-dasharray": dash || null, "stroke-linejoin": this.lineJoin === "miter" ? null : this.lineJoin, "stroke-linecap": this.lineCap === "butt" ? null : this.lineCap };
  }
  add(tag, attributes, ...children) { if (this.globalAlpha > 0) this.layer.append(svg(tag, { opacity: this.globalAlpha < 1 ? short(this.globalAlpha) : null, ...attributes }, ...children)); }
  fill() { if (this.d) this.add("path", { d: this.d, fill: this.fillStyle }); }
  stroke() { if (this.d) this.add("path", { d: this.d, fill: "none", ...this.strokes() }); }
  // What a canvas fills or strokes without touching the path at hand.
  apart(draw) { const { d } = this; this.d = ""; draw(); this.d = d; }
  fillRect(x, y, w, h) { this.apart(() => { this.rect(x, y, w, h); this.fill(); }); }
  strokeRect(x, y, w, h) { this.apart(() => { this.rect(x, y, w, h); this.stroke(); }); }

  text(text, x, y, paint) {
    const [, weight, size] = /^(\S+ )?([\d.]+)px/.exec(this.font) ?? [null, "", "10"];
    const [left, top] = this.at(x, y).split(" ").map(Number);
    const down = this.textBaseline === "middle" ? 0.35 * Number(size) : 0; // few programs know dominant-baseline
    const anchor = { center: "middle", right: "end", end: "end" }[this.textAlign] ?? null;
    const spacing = parseFloat(this.letterSpacing) ? this.letterSpacing : null;
    this.add("text", { x: short(left), y: short(top + down), "font-size": size, "font-weight": weight?.trim() || null, "text-anchor": anchor, "letter-spacing": spacing, ...paint }, forXml(text));
  }
  fillText(text, x, y) { this.text(text, x, y, { fill: this.fillStyle }); }
  // A halo is a text of its own below: where stroke and fill were one, some programs would put the stroke on top.
  strokeText(text, x, y) { this.text(text, x, y, { fill: "none", stroke: this.strokeStyle, "stroke-width": short(this.lineWidth), "stroke-linejoin": "round", "aria-hidden": "true", class: "halo" }); }
  measureText(text) { return measuring(this.font, text); }
  drawImage() { /* names are copied as pictures on the canvas, and written anew here */ }
  clip() { /* the drawing has a frame of its own */ }

  into(name, draw) {
    const before = this.layer;
    this.layer = svg("g", { class: name });
    before.append(this.layer);
    this.save();
    draw(this);
    this.restore();
    this.layer = before;
  }
}
const scratch = el("canvas").getContext("2d");
function measuring(font, text) { scratch.font = font; return scratch.measureText(text); }

// All of the map, from below to above.
function recordMap(pen, view) {
  const { scale, tx, ty } = view;
  const onScale = () => pen.setTransform(scale, 0, 0, scale, tx, ty);
  const part = (name, draw) => pen.into(name, () => { onScale(); draw(); });
  part("ground", () => drawGround(pen, view));
  part("ties", () => batches.forEach((batch) => recordTies(pen, batch)));
  part("signs", () => drawMinuses(pen));
  part("stakeholders", () => [...onMap].reverse().sort((a, b) => looks[a].opacity - looks[b].opacity).forEach((i) => recordSymbol(pen, i)));
  part("above", () => {
    drawAbove.forEach((draw) => draw(pen));
    pen.layer.append(...svgAbove.map((make) => make(view)).filter(Boolean));
  });
  part("labels", () => { drawLabels(pen); pen.setTransform(1, 0, 0, 1, 0, 0); recordNames(pen); });
}
function recordTies(pen, { look, list }) {
  Object.assign(pen, { strokeStyle: look.color, fillStyle: look.color, globalAlpha: look.opacity, lineWidth: Math.max(look.width, (look.lit ? 1.1 : 0.45) * pixel) });
  pen.setLineDash(look.dash.map((dash) => dash * Math.max(1, 0.7 * pixel)));
  for (const t of list) {
    const loop = ties.source[t] === ties.target[t];
    const { curve, heads } = look.lit && !loop ? arrowed(t, look) : { curve: curveOf(t), heads: [] };
    pen.beginPath();
    traceCurve(pen, t, curve);
    pen.add("path", { class: "tie", d: pen.d, fill: "none", ...pen.strokes() }, look.lit ? svg("title", {}, forXml(`${people.name[ties.source[t]]} – ${people.name[ties.target[t]]}: ${ties.kind[t]}`)) : null);
    for (const corners of heads) {
      pen.beginPath();
      corners.forEach(([x, y]) => pen.lineTo(x, y));
      pen.closePath();
      pen.fill();
    }
  }
}
function recordSymbol(pen, i) {
  const look = looks[i];
  Object.assign(pen, { strokeStyle: look.border, lineWidth: look.borderWidth, globalAlpha: look.opacity, lineJoin: "round" });
  pen.beginPath();
  traceSymbol(pen, i);
  pen.add("path", { class: "stakeholder", d: pen.d, fill: look.color, ...pen.strokes() }, svg("title", {}, forXml(people.name[i])));
}
function recordNames(pen) {
  Object.assign(pen, { textAlign: "left", textBaseline: "middle", lineWidth: 3.4, letterSpacing: "0px", globalAlpha: 1 });
  for (const { x, y, h, text, font } of labelBoxes) {
    pen.font = font;
    write(pen, text, x, y + h / 2, ink.ink);
  }
}
