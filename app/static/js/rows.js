// Answers that are tables: lines are added and removed in place, budgets are summed as they are typed.

const LANGUAGE = document.documentElement.lang === "en" ? "en" : "ru";
const MULTIPLES = [
  [/млн|mln|million/i, 1e6],
  [/мың|тыс|thousand/i, 1e3],
];

function number(text) {
  const digits = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".").match(/-?\d+(\.\d+)?/);
  const times = MULTIPLES.find(([word]) => word.test(text))?.[1] ?? 1;
  return digits ? Number(digits[0]) * times : 0;
}

const money = (amount) => `${Math.round(amount).toLocaleString(LANGUAGE)}\u00a0₸`;

const rowsOf = (table) => [...table.querySelector("[data-rows-body]").querySelectorAll(":scope > [data-row]")];

function sum(table) {
  const totals = { sum: 0, grant: 0, own: 0 };
  for (const row of rowsOf(table)) {
    const value = (column) => number(row.querySelector(`[data-column="${column}"]`).value);
    const line = value("quantity") * value("price");
    row.querySelector("[data-row-sum]").textContent = line ? money(line) : "–";
    totals.sum += line;
    totals.grant += value("grant");
    totals.own += value("own");
  }
  for (const place of table.querySelectorAll("[data-budget-total]")) {
    place.textContent = money(totals[place.dataset.budgetTotal]);
  }
  const cap = Number(table.dataset.budgetCap);
  table.querySelector("[data-budget-over]")?.classList.toggle("is-over", totals.grant > cap);
}

// Names carry the place of the line: NAME-0-item. After a change the lines are counted anew.
function renumber(table) {
  rowsOf(table).forEach((row, index) => {
    for (const element of row.querySelectorAll("[id], [name], [for], [value]")) {
      for (const attribute of ["id", "name", "for", "value"]) {
        const text = element.getAttribute(attribute);
        if (text?.startsWith(`${table.dataset.rows}-`)) {
          element.setAttribute(attribute, text.replace(/-(\d+|__index__)(?=-|$)/, `-${index}`));
        }
      }
    }
    row.setAttribute("aria-label", row.dataset.textLine.replace("%(number)s", index + 1));
  });
}

function changed(table) {
  renumber(table);
  if ("budget" in table.dataset) sum(table);
  table.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const add = event.target.closest("[data-rows-add]");
  const remove = event.target.closest("[data-rows-remove]");
  const table = (add ?? remove)?.closest("[data-rows]");
  if (!table) return;
  event.preventDefault();
  if (add) {
    table.querySelector("[data-rows-body]").append(table.querySelector("[data-rows-template]").content.cloneNode(true));
    changed(table);
    rowsOf(table).at(-1).querySelector("input, select").focus();
  } else {
    remove.closest("[data-row]").remove();
    changed(table);
    (rowsOf(table).at(-1)?.querySelector("input, select") ?? table.querySelector("[data-rows-add]")).focus();
  }
});

document.addEventListener("input", (event) => {
  const table = event.target.closest("[data-budget]");
  if (table) sum(table);
});

document.addEventListener("rows:replaced", (event) => {
  renumber(event.target);
  if ("budget" in event.target.dataset) sum(event.target);
});
