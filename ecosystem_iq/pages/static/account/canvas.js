// The canvas and the camera: panning by pointer, zooming by wheel or two fingers, journeys from one view to the next.
// What is drawn comes from the files around; they are called with the context in the coordinates of the map.
const NEAREST = 8;
const FARTHEST = 0.04; // beyond, the map could not be found again
const STILL = 4; // pixels within which a pointer clicks rather than drags
const ease = (share) => (share < 0.5 ? 2 * share ** 2 : 1 - (2 - 2 * share) ** 2 / 2);

function makeCanvas(frame, events) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  const context = canvas.getContext("2d");
  const view = { scale: 1, translation: { x: 0, y: 0 } };
  let asked = false; // a frame is on its way
  let journey = 0; // counts journeys, so that a new one ends the one before
  frame.append(canvas);

  function resize() {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(frame.clientWidth * ratio), Math.round(frame.clientHeight * ratio)];
    if (canvas.width === width && canvas.height === height) return false;
    const before = { x: canvas.width / ratio / 2, y: canvas.height / ratio / 2 };
    Object.assign(canvas, { width, height });
    Object.assign(canvas.style, { width: `${frame.clientWidth}px`, height: `${frame.clientHeight}px` });
    view.translation.x += frame.clientWidth / 2 - before.x; // what was in the middle stays there
    view.translation.y += frame.clientHeight / 2 - before.y;
    return true;
  }
  function draw() {
    asked = false;
    if (!canvas.width || !canvas.height) return;
    const ratio = canvas.width / frame.clientWidth || 1;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(ratio * view.scale, 0, 0, ratio * view.scale, ratio * view.translation.x, ratio * view.translation.y);
    events.draw(context);
  }
  function redraw() {
    resize();
    if (asked) return;
    asked = true;
    requestAnimationFrame(draw);
  }
  const bounded = (scale) => Math.min(NEAREST, Math.max(FARTHEST, scale));
  // Puts a point of the map at a point of the frame.
  function lay(scale, on, at) {
    view.scale = bounded(scale);
    view.translation = { x: at.x - on.x * view.scale, y: at.y - on.y * view.scale };
    redraw();
  }
  const middle = () => ({ x: frame.clientWidth / 2, y: frame.clientHeight / 2 });
  const onMap = (at) => ({ x: (at.x - view.translation.x) / view.scale, y: (at.y - view.translation.y) / view.scale });
  function moveTo({ position, scale = view.scale, duration = 0 }) {
    resize(); // before the middle is asked for
    position ??= onMap(middle());
    journey += 1;
    if (!duration) { lay(scale, position, middle()); return; }
    const [mine, start, from, first] = [journey, performance.now(), onMap(middle()), view.scale];
    const last = bounded(scale);
    const step = (now) => {
      if (mine !== journey) return;
      const share = ease(Math.min(1, Math.max(0, (now - start) / duration)));
      const between = (a, b) => a + (b - a) * share;
      lay(between(first, last), { x: between(from.x, position.x), y: between(from.y, position.y) }, middle());
      if (now - start < duration) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }
  function zoomAt(at, factor) {
    journey += 1;
    lay(view.scale * factor, onMap(at), at);
    events.zoom();
  }
  gestures(canvas, { view, zoomAt, redraw, events, stop: () => { journey += 1; } });
  new ResizeObserver(() => { if (resize()) { draw(); events.resize(); } }).observe(frame);
  resize();
  return { view, redraw, moveTo };
}

function gestures(canvas, { view, zoomAt, redraw, events, stop }) {
  const fingers = new Map(); // pointers which are down, and where
  let gone = 0; // how far the pointer has gone since it came down
  const spot = (event) => {
    const area = canvas.getBoundingClientRect();
    return { x: event.clientX - area.left, y: event.clientY - area.top };
  };
  const pinch = () => {
    const [a, b] = [...fingers.values()];
    return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) || 1 };
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    fingers.set(event.pointerId, spot(event));
    gone = fingers.size > 1 ? Infinity : 0;
    stop();
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = spot(event);
    const held = fingers.size === 2 ? pinch() : null;
    fingers.set(event.pointerId, now);
    if (held) {
      const next = pinch();
      view.translation.x += next.x - held.x;
      view.translation.y += next.y - held.y;
      zoomAt(next, next.apart / held.apart);
      return;
    }
    gone += Math.hypot(now.x - before.x, now.y - before.y);
    if (gone <= STILL || fingers.size > 1) return;
    events.drag(true);
    view.translation.x += now.x - before.x;
    view.translation.y += now.y - before.y;
    redraw();
  });
  const lift = (event) => {
    if (!fingers.delete(event.pointerId)) return;
    if (fingers.size) return;
    if (gone > STILL) events.drag(false);
    else if (event.type === "pointerup") events.click(spot(event));
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    zoomAt(spot(event), Math.exp(-Math.min(240, Math.max(-240, event.deltaY * lines)) * (event.ctrlKey ? 0.01 : 0.0016)));
  }, { passive: false });
}
