// Links the scatter with the ranking: pointing at either marks both. Tables sort by their headers.
const { hook, hooks, sortable, ready } = window.iq;
const parts = hooks("company");

function highlight(index) {
  for (const part of parts) part.classList.toggle("on", part.dataset.index === index);
  hook("scatter")?.classList.toggle("pointing", index !== null);
}
for (const part of parts) {
  part.addEventListener("pointerenter", () => highlight(part.dataset.index));
  part.addEventListener("pointerleave", () => highlight(null));
  part.addEventListener("focusin", () => highlight(part.dataset.index));
  part.addEventListener("focusout", () => highlight(null));
}
hooks("sortable").forEach(sortable);
ready();
