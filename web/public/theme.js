// Sets the colour theme before the first paint; a file of its own, because the page's policy allows no inline script.
(() => {
  let wanted = null;
  try {
    wanted = localStorage.getItem("we1web.theme");
  } catch {
    // Storage is off: the system decides.
  }
  const dark = wanted === "dark" || (wanted !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
