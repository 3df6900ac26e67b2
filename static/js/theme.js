// Light, dark or the system's choice; remembered on this device.
const system = matchMedia("(prefers-color-scheme: dark)");

function chosen() {
  try {
    return localStorage.getItem("hf-theme") || "auto";
  } catch {
    return "auto";
  }
}

function apply() {
  const theme = chosen();
  const dark = theme === "dark" || (theme === "auto" && system.matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
  for (const button of document.querySelectorAll("[data-hf-theme]")) {
    button.setAttribute("aria-pressed", String(button.dataset.hfTheme === theme));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-hf-theme]");
  if (!button) return;
  try {
    localStorage.setItem("hf-theme", button.dataset.hfTheme);
  } catch {
    // Nothing to remember it in: it holds for this page.
    document.documentElement.dataset.bsTheme = button.dataset.hfTheme === "dark" ? "dark" : "light";
    return;
  }
  apply();
});
system.addEventListener("change", apply);
addEventListener("storage", apply);
apply();
