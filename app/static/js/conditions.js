// Questions that are asked only after a certain answer on the same screen. Without this script they stand there with a line
// that says when they are to be answered; the server decides by itself in any case.

// As the server reads a number: what is below nothing is none.
const digits = (text) => (/[-−]/.test(text) ? Number.NaN : Number(text.replace(/[^\d]/g, "") || Number.NaN));

// What is given to a question: the keys of ticked boxes, the parts of a name, the lines of a table, or a text.
function given(form, key) {
  const own = [...form.elements].filter((one) => one.name === key || one.name.startsWith(`${key}-`));
  const ticks = own.filter((one) => one.type === "radio" || one.type === "checkbox");
  if (ticks.length) return ticks.filter((one) => one.checked).map((one) => (one.value === "y" ? "yes" : one.value));
  return own.map((one) => one.value.trim()).filter(Boolean);
}

function isAsked(form, part) {
  const { askedIf, askedAnswers, askedFrom, askedTo } = part.dataset;
  const answers = given(form, askedIf);
  const before = [...form.querySelectorAll("[data-asked-if]")].find((one) => one.dataset.question === askedIf);
  if (!answers.length || before?.hidden) return false;
  if (askedAnswers) return askedAnswers.split(" ").some((one) => answers.includes(one));
  const number = digits(answers[0]);
  if (askedFrom !== undefined && !(number >= Number(askedFrom))) return false;
  return askedTo === undefined || number <= Number(askedTo);
}

function settle(form) {
  for (const part of form.querySelectorAll("[data-asked-if]")) part.hidden = !isAsked(form, part);
}

for (const form of document.querySelectorAll("form:has([data-asked-if])")) {
  for (const words of form.querySelectorAll("[data-asked-words]")) words.hidden = true;
  for (const event of ["input", "change", "rows:replaced"]) form.addEventListener(event, () => settle(form));
  settle(form);
}
