// The page works without this script: sections fold by themselves. With it, accounts and triggers can be filtered.
const { hook, hooks, fold, ready } = window.iq;
const FEW = 3; // found accounts are opened when there are no more than these
const field = hook("search");
const counted = (n, all, noun) => `${n.toLocaleString("en")} of ${all.toLocaleString("en")} ${noun}`;

const accounts = hooks("account").map((box) => ({
  box,
  name: fold(box.querySelector('[data-hook="name"]').textContent),
  rows: [...box.querySelectorAll('[data-hook="row"]')].map((row) => ({ row, text: fold(row.textContent), type: row.dataset.type })),
  refused: box.querySelector('[data-hook="refused"]'),
  kept: [...box.querySelectorAll('[data-hook="refused"] li')].map((each) => fold(each.textContent)),
  count: box.querySelector('[data-hook="count"]'),
}));
const all = accounts.reduce((sum, account) => sum + account.rows.length, 0);
let type; // undefined: every type

// Each word must be in the account's name or in the text beside it.
const matches = (words, account, text) => words.every((word) => account.name.includes(word) || text.includes(word));

function sift(account, words) {
  let shown = 0;
  for (const each of account.rows) {
    each.row.hidden = !((type === undefined || each.type === type) && matches(words, account, each.text));
    if (!each.row.hidden) shown += 1;
  }
  const named = type === undefined && matches(words, account, "");
  const kept = type === undefined && words.length > 0 && !named && account.kept.some((text) => matches(words, account, text));
  if (kept) account.refused.open = true;
  account.box.hidden = !(shown || named || kept);
  account.count.textContent = shown === account.rows.length ? `${shown} to engage` : counted(shown, account.rows.length, "to engage");
  return shown;
}
function filter() {
  const words = fold(field.value).split(/\s+/).filter(Boolean);
  const shown = accounts.reduce((sum, account) => sum + sift(account, words), 0);
  const left = accounts.filter((account) => !account.box.hidden);
  if ((words.length || type !== undefined) && left.length <= FEW) left.forEach(({ box }) => { box.open = true; });
  for (const chip of hooks("type")) chip.setAttribute("aria-pressed", String(chip.dataset.type === type));
  hook("status").textContent = `${counted(left.length, accounts.length, "accounts")} · ${counted(shown, all, "triggers")}`;
  hook("nothing").hidden = left.length > 0;
  label();
}
function clear() { field.value = ""; type = undefined; filter(); }

const visible = () => accounts.filter(({ box }) => !box.hidden);
const allOpen = () => visible().every(({ box }) => box.open);
function label() {
  const button = hook("fold");
  if (button) button.textContent = allOpen() ? "Close all" : "Open all";
}
function jump() {
  const target = accounts.find(({ box }) => box.id === location.hash.slice(1));
  if (!target) return;
  if (target.box.hidden) clear();
  target.box.open = true;
  target.box.scrollIntoView();
}

if (field) {
  field.addEventListener("input", filter);
  for (const chip of hooks("type")) {
    chip.addEventListener("click", () => { type = chip.dataset.type === type ? undefined : chip.dataset.type; filter(); });
  }
  hook("fold")?.addEventListener("click", () => {
    const open = !allOpen();
    visible().forEach(({ box }) => { box.open = open; });
    label();
  });
  hook("clear").addEventListener("click", () => { clear(); field.focus(); });
  for (const { box } of accounts) box.addEventListener("toggle", label);
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) { event.preventDefault(); field.focus(); }
    if (event.key === "Escape" && event.target === field) { field.value = ""; filter(); }
  });
  window.addEventListener("hashchange", jump);
  filter();
  jump();
}
ready();
