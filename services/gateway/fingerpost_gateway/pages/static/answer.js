// @ts-check
// Sets the sentences of an answer as they come: in paragraphs, lists and tables (see answers.py).

import { make, texts } from "./page.js";

/** @typedef {{text: string, citations?: string[], label?: string, block?: string}} Sentence */

/** Telephone numbers and web addresses in fixed texts, as in contacts.py. */
const CONTACT =
  /(?<!\w)(?:(?<phone>999|111|101|18000|116 ?\d{3}|0\d{2,4}(?: ?\d{2,4}){1,3})(?!\w)|(?<web>www\.[a-z0-9.-]+[a-z](?:\/[a-z0-9\/-]*[a-z0-9])?))/g;

/**
 * Add a sentence to an answer.
 *
 * @param {HTMLElement} answer
 * @param {Sentence} sentence
 * @param {HTMLElement} marks links to its sources
 */
export function addSentence(answer, sentence, marks) {
  const label = sentence.label ?? "";
  const cells = sentence.block === "row" ? cellsOf(sentence.text) : [];
  if (cells.length > 1) {
    const row = make("tr", { role: "row", class: "sentence" });
    for (const [header, value] of cells) {
      row.append(make("td", { role: "cell", "data-header": header }, value));
    }
    row.append(make("td", { role: "cell" }, marks));
    bodyFor(answer, cells.map(([header]) => header), label).append(row);
  } else {
    const span = make("span", { class: "sentence" }, sentence.text);
    if (label) span.prepend(make("strong", {}, `${label}:`), " ");
    const block = blockFor(answer, sentence, label);
    block.append(span, ...(marks.hasChildNodes() ? [marks, " "] : []));
  }
}

/**
 * Make the contacts in the sentences that people wrote, those without a source, into links.
 *
 * @param {HTMLElement} answer
 */
export function linkContacts(answer) {
  for (const sentence of answer.querySelectorAll(".sentence:not(:has(+ .marks), tr)")) {
    const text = sentence.textContent ?? "";
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(CONTACT)) {
      const { phone, web } = match.groups ?? {};
      const href = phone ? `tel:${phone.replaceAll(" ", "")}` : `https://${web}`;
      parts.push(text.slice(end, match.index), make("a", { href }, match[0]));
      end = match.index + match[0].length;
    }
    sentence.replaceChildren(...parts, text.slice(end));
  }
}

/**
 * The headers and values of a table row, "Header: value; Header: value" (see rows.py).
 *
 * @param {string} row
 * @returns {[string, string][]}
 */
function cellsOf(row) {
  /** @type {[string, string][]} */
  const cells = row.split(/; (?=[^;:]{1,120}: )/).map((part) => {
    const colon = part.indexOf(": ");
    return colon < 0 ? ["", part] : [part.slice(0, colon), part.slice(colon + 2)];
  });
  const headers = new Set(cells.map(([header]) => header));
  return headers.size < cells.length ? [["", row]] : cells;
}

/**
 * The body of the table that is being filled, if its headers are these; else of a new one.
 *
 * @param {HTMLElement} answer
 * @param {string[]} headers
 * @param {string} label
 */
function bodyFor(answer, headers, label) {
  const name = headers.join("\n");
  const last = answer.lastElementChild;
  const same = last instanceof HTMLTableElement && last.dataset.headers === name;
  if (same && !label) return last.tBodies[0];
  const head = make("tr", { role: "row" });
  for (const header of headers) {
    head.append(make("th", { role: "columnheader", scope: "col" }, header));
  }
  const source = make("span", { class: "unseen" }, texts.turn.source_column);
  head.append(make("th", { role: "columnheader", scope: "col" }, source));
  const body = make("tbody", { role: "rowgroup" });
  const table = make("table", { class: "stacking", role: "table", "data-headers": name });
  if (label) table.append(make("caption", {}, label));
  table.append(make("thead", { role: "rowgroup" }, head), body);
  answer.append(table);
  return body;
}

/**
 * The list item or paragraph for a sentence: a paragraph goes on while its sources are the same,
 * and what has a label, or no source, begins anew.
 *
 * @param {HTMLElement} answer
 * @param {Sentence} sentence
 * @param {string} label
 * @returns {HTMLElement}
 */
function blockFor(answer, sentence, label) {
  const last = answer.lastElementChild;
  if (sentence.block === "item") {
    const list = last instanceof HTMLUListElement ? last : make("ul");
    if (list !== last) answer.append(list);
    return list.appendChild(make("li"));
  }
  const sources = `${sentence.block} ${(sentence.citations ?? []).join(" ")}`;
  const same = last instanceof HTMLParagraphElement && last.dataset.sources === sources;
  if (same && !label && sentence.citations?.length) return last;
  return answer.appendChild(make("p", { "data-sources": sources }));
}
