"use strict";
const table = document.getElementById("table"), rows = [...table.tBodies[0].rows];
const heads = [...table.tHead.rows[0].cells], find = document.getElementById("find"), show = document.getElementById("show");
const collator = new Intl.Collator(undefined, {numeric: true});
const text = new Map(rows.map(row => [row, row.textContent.toLowerCase()]));
function sort(column) {
  const head = heads[column], numbers = rows.some(row => row.cells[column].classList.contains("number"));
  const first = numbers ? "descending" : "ascending", other = numbers ? "ascending" : "descending";
  const order = head.getAttribute("aria-sort") === first ? other : first;
  for (const each of heads) each.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", order);
  const sign = order === "ascending" ? 1 : -1;
  const keyed = rows.map(row => {
    const told = row.cells[column].textContent.trim();
    const key = numbers ? parseFloat(told) : told;
    return [row, key, numbers ? Number.isNaN(key) : !key]; // what has none comes last either way
  });
  keyed.sort(([, a, none], [, b, nothing]) => none - nothing || (none ? 0 : sign * (numbers ? a - b : collator.compare(a, b))));
  table.tBodies[0].append(...keyed.map(([row]) => row));
}
function filter() {
  const wanted = find.value.trim().toLowerCase(), state = show.value;
  let count = 0;
  for (const row of rows) {
    const states = row.dataset.state, fits = state === "waits" ? states.endsWith(" waits") : !state || states.replace(/ waits$/, "") === state;
    row.hidden = !(fits && text.get(row).includes(wanted));
    count += !row.hidden;
  }
  document.getElementById("shown").textContent = count === rows.length ? `${count} students` : `${count} of ${rows.length} students`;
}
heads.forEach((head, column) => head.firstElementChild.addEventListener("click", () => sort(column)));
find.addEventListener("input", filter);
show.addEventListener("change", filter);
filter(); // a browser may keep what was typed before the page was loaded again
let folded = [];
addEventListener("beforeprint", () => { folded = [...document.querySelectorAll("details:not([open], #similar details)")]; for (const each of folded) each.open = true; });
addEventListener("afterprint", () => { for (const each of folded) each.open = false; });
