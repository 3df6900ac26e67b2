// Keys for those who do this all day: Ctrl-K, /, g + letter, j, k, x, Enter, ?.
const TYPING = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const GO_WITHIN = 1200;
let going = 0;

function rows() {
  return [...document.querySelectorAll("tr[data-href], [data-hf-row]")];
}

function here() {
  return document.querySelector(".here");
}

function move(by) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(here());
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))];
  here()?.classList.remove("here");
  next.classList.add("here");
  (next.querySelector("th a, a") ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: () => here()?.querySelector("input[name=pick]")?.click(),
  Enter: () => {
    const row = here();
    if (row?.dataset.href) location.assign(row.dataset.href);
  },
  "/": () => document.querySelector("[data-hf-find]")?.focus(),
  "?": () => help(),
};

function help() {
  const keys = document.getElementById("keys");
  document.querySelectorAll(".hf-menu:popover-open").forEach((menu) => menu.hidePopover());
  if (keys && !keys.open) keys.showModal();
}

document.addEventListener("keydown", (event) => {
  if (!(event.target instanceof Element)) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    const search = document.querySelector("[data-hf-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  if (going && Date.now() - going < GO_WITHIN) {
    going = 0;
    const link = document.querySelector(`[data-hf-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  if (event.key === "g") {
    going = Date.now();
    return;
  }
  // Enter on a control is that control's own.
  if (event.key === "Enter" && event.target.closest("a, button, summary, input")) return;
  if (!KEYS[event.key]) return;
  if (event.key !== "Enter") event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest?.("tr[data-href], [data-hf-row]");
  if (!row || row === here()) return;
  here()?.classList.remove("here");
  row.classList.add("here");
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-hf-keys]")) help();
});
