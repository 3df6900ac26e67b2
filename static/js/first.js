// Runs before the first paint, so that a dark page never flashes white. Kept tiny: it blocks.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("hf-theme");
  } catch {
    // Storage may be forbidden; the system's choice serves.
  }
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
})();
