// The reader's choice of theme: kept in a cookie, so that the server renders it at once.

const YEAR = 365 * 24 * 3600;

function choose(theme) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${theme}; Path=/; Max-Age=${theme === "system" ? 0 : YEAR}; SameSite=Lax${secure}`;
  document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme));
  }
}

for (const group of document.querySelectorAll("[data-themes]")) group.hidden = false;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-theme-choice]");
  if (button) choose(button.dataset.themeChoice);
});
