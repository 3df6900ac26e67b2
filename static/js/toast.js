// Short words about what just happened. Anyone says one with the event hf:toast {text, tone, label?, url?}.
const STAY = 7000;
const box = document.getElementById("toasts");

function leave(toast) {
  let timer = setTimeout(() => toast.remove(), STAY);
  const hold = () => clearTimeout(timer);
  const resume = () => { hold(); timer = setTimeout(() => toast.remove(), STAY); };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", resume);
  toast.addEventListener("focusout", resume);
}

function dress(toast) {
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.textContent = "×";
  close.setAttribute("aria-label", box.dataset.close);
  close.addEventListener("click", () => toast.remove());
  toast.append(close);
  // What failed stays until it has been read.
  if (!["broken", "urgent"].some((tone) => toast.classList.contains(tone))) leave(toast);
}

function show({ text, tone = "fine", label, url }) {
  const toast = document.createElement("div");
  toast.className = `hf-toast ${tone}`;
  const words = document.createElement("span");
  words.textContent = text;
  toast.append(words);
  if (label && url) {
    const link = document.createElement("a");
    link.textContent = label;
    link.setAttribute("href", url);
    toast.append(link);
  }
  dress(toast);
  box.append(toast);
  while (box.childElementCount > 3) box.firstElementChild.remove();
}

if (box) {
  box.querySelectorAll("[data-hf-toast]").forEach(dress);
  document.addEventListener("hf:toast", (event) => show(event.detail));
}
