// The score sheet: digits choose the mark, Enter goes on, the total keeps up.

const PAUSE = 700;
const LANGUAGE = document.documentElement.lang === "en" ? "en" : "ru";
let typed = { text: "", at: 0 };

function total() {
  const place = document.querySelector("[data-score-total] output");
  if (!place) return;
  let points = 0;
  for (const criterion of document.querySelectorAll("[data-criterion]")) {
    const chosen = criterion.querySelector("[data-scale] input:checked");
    if (chosen) points += (Number(criterion.dataset.weight) * Number(chosen.value)) / Number(criterion.dataset.highest);
    let meaning = "";
    for (const anchor of criterion.querySelectorAll(".anchors div")) {
      const [low, high = low] = anchor.querySelector("dt").textContent.split(/\D+/).filter(Boolean).map(Number);
      const isChosen = Boolean(chosen) && Number(chosen.value) >= low && Number(chosen.value) <= high;
      anchor.classList.toggle("is-chosen", isChosen);
      if (isChosen) meaning = [...anchor.children].map((part) => part.textContent.trim()).join(": ");
    }
    const shown = criterion.querySelector("[data-anchor-chosen]");
    if (shown) [shown.textContent, shown.hidden] = [meaning, !meaning];
  }
  place.textContent = points.toLocaleString(LANGUAGE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function choose(scale, text) {
  const mark = scale.querySelector(`input[value="${text}"]`);
  if (!mark || mark.disabled) return false;
  mark.focus();
  if (!mark.checked) {
    mark.checked = true;
    mark.dispatchEvent(new Event("input", { bubbles: true }));
    mark.dispatchEvent(new Event("change", { bubbles: true }));
  }
  return true;
}

function next(criterion) {
  const all = [...document.querySelectorAll("[data-criterion]")];
  const after = all[all.indexOf(criterion) + 1];
  const target = after?.querySelector("[data-scale] input:checked, [data-scale] input") ?? criterion.form?.querySelector("[type=submit]");
  target?.focus();
  target?.closest("[data-criterion]")?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  const scale = event.target.closest?.("[data-scale]");
  if (!scale || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter") {
    event.preventDefault();
    next(scale.closest("[data-criterion]"));
  } else if (/^\d$/.test(event.key)) {
    event.preventDefault();
    const both = event.timeStamp - typed.at < PAUSE ? typed.text + event.key : event.key;
    typed = { text: choose(scale, both) ? both : event.key, at: event.timeStamp };
    if (typed.text !== both) choose(scale, event.key);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.closest("[data-criterion]")) total();
});

total();
document.addEventListener("htmx:load", total);
