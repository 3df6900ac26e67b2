// Menus are popovers: the browser opens, closes and stacks them; this places them beside their button.
const GAP = 4;
const MARGIN = 8;
const PHONE = matchMedia("(max-width: 640px)");

function opener(menu) {
  return document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
}

function place(menu) {
  const button = opener(menu);
  if (!button || PHONE.matches) {
    menu.style.left = menu.style.top = "";
    return;
  }
  const from = button.getBoundingClientRect();
  const size = menu.getBoundingClientRect();
  const wanted = menu.classList.contains("hf-menu-end") ? from.right - size.width : from.left;
  const below = from.bottom + GAP;
  const fits = below + size.height + MARGIN <= innerHeight;
  menu.style.left = `${Math.max(MARGIN, Math.min(wanted, innerWidth - size.width - MARGIN))}px`;
  menu.style.top = `${fits ? below : Math.max(MARGIN, from.top - size.height - GAP)}px`;
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".hf-menu[popover]")) return;
  const open = event.newState === "open";
  opener(menu)?.setAttribute("aria-expanded", String(open));
  if (!open) {
    menu.style.left = menu.style.top = "";
    return;
  }
  place(menu);
  if (menu.contains(document.activeElement)) return;
  (menu.querySelector("[data-hf-menu-find]") ?? menu.querySelector("[aria-current]") ?? items(menu)[0])?.focus();
}, true);

addEventListener("resize", () => document.querySelectorAll(".hf-menu:popover-open").forEach(place));

function items(menu) {
  return [...menu.querySelectorAll("a, button")].filter((item) => !item.hidden && !item.disabled);
}

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".hf-menu:popover-open");
  if (!menu || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  if (event.target.matches("input") && ["Home", "End"].includes(event.key)) return;
  const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  event.preventDefault();
  all[(next + all.length) % all.length]?.focus();
});

// A long menu is narrowed by typing.
document.addEventListener("input", (event) => {
  const find = event.target.closest("[data-hf-menu-find]");
  if (!find) return;
  const wanted = find.value.trim().toLocaleLowerCase();
  for (const item of find.closest(".hf-menu").querySelectorAll("a")) {
    item.hidden = !item.textContent.toLocaleLowerCase().includes(wanted);
  }
});
document.addEventListener("keydown", (event) => {
  const find = event.target.closest?.("[data-hf-menu-find]");
  if (!find || event.key !== "Enter") return;
  event.preventDefault();
  items(find.closest(".hf-menu"))[0]?.click();
});

// A menu with several ticks stays open over the swap that each tick causes.
let open = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const menu = event.detail.target.querySelector?.(".hf-menu[data-hf-stay]:popover-open");
  open = menu ? { id: menu.id, focus: document.activeElement?.id } : null;
});
document.addEventListener("htmx:afterSwap", () => {
  if (!open) return;
  const { id, focus } = open;
  open = null;
  document.getElementById(id)?.showPopover();
  if (focus) document.getElementById(focus)?.focus();
});
