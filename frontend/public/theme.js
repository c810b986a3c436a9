// Runs before the first paint, so that a dark page never flashes white. Keep the key in step with src/lib/theme.ts.
(() => {
  let theme = "system";
  let language = "";
  try {
    theme = localStorage.getItem("rapport.theme") || "system";
    language = localStorage.getItem("rapport.language") || "";
  } catch {
    // Storage may be blocked; the system's theme is then used.
  }
  const dark =
    theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
  document.documentElement.lang =
    language || (navigator.language.toLowerCase().startsWith("zh") ? "zh-CN" : "en");
})();
