// @ts-check
// Shows a source beside the answer: what it is, and which of its words the answer uses.

import { copyOf, fill, inWords, language, make, months, one, show, texts } from "./page.js";

/**
 * @typedef {{id: string, title: string, url: string, heading: string, text: string,
 *   updated?: string | null, nations?: string[], locale?: string}} Citation
 */

/** A source of one answer. */
export class SourceView {
  /** @type {string[]} */
  #used = [];
  #citation;

  /**
   * @param {Citation} citation
   * @param {string} id of the element
   */
  constructor(citation, id) {
    this.#citation = citation;
    this.element = copyOf("source-template");
    this.element.id = id;
    one(this.element, ".source-number").textContent = citation.id;
    const link = one(this.element, ".source-title a");
    link.textContent = citation.title;
    link.setAttribute("href", webAddress(citation.url));
    show(one(this.element, ".source-heading"), citation.heading);
    show(one(this.element, ".source-updated"), updated(citation));
    show(one(this.element, ".source-nations"), appliesTo(citation));
    if (citation.locale !== language) this.#quote.setAttribute("lang", citation.locale ?? "");
    this.#quote.textContent = readable(citation.text);
  }

  get #quote() {
    return one(this.element, "blockquote");
  }

  get id() {
    return this.#citation.id;
  }

  get title() {
    return this.#citation.title;
  }

  get locale() {
    return this.#citation.locale;
  }

  /** Whether a sentence of the answer cites it. */
  get cited() {
    return this.#used.length > 0;
  }

  /**
   * Show the source, mark what a sentence uses of it, and link back to the first one that does.
   *
   * @param {string} sentence
   * @param {string} markId
   */
  use(sentence, markId) {
    if (!this.cited) {
      const back = one(this.element, ".source-back");
      back.setAttribute("href", `#${markId}`);
      back.hidden = false;
      this.element.hidden = false;
    }
    this.#used.push(sentence);
    this.#quote.replaceChildren(...marked(readable(this.#citation.text), this.#used));
  }
}

/**
 * Cut a passage where used stretches begin and end (see quotes.py).
 *
 * @param {string} passage
 * @param {string[]} sentences
 */
function marked(passage, sentences) {
  const used = new Array(passage.length).fill(false);
  for (const sentence of sentences) {
    const start = passage.indexOf(sentence);
    if (start >= 0) used.fill(true, start, start + sentence.length);
  }
  const stretches = [];
  for (let start = 0, end = 1; end <= passage.length; end += 1) {
    if (end < passage.length && used[end] === used[start]) continue;
    const text = passage.slice(start, end);
    stretches.push(used[start] ? make("mark", {}, text) : text);
    start = end;
  }
  return stretches;
}

/**
 * The line signs of the plain block format, as a reader expects them.
 *
 * @param {string} passage
 */
function readable(passage) {
  return passage.replace(/^\| /gm, "").replace(/^( *)- /gm, "$1• ");
}

/**
 * The address if it leads to the web or stays on this site; else nothing.
 *
 * @param {string} url
 */
function webAddress(url) {
  return /^(https?:\/\/|\/(?![/\\]))/.test(url) ? url : "";
}

/** @param {Citation} citation */
function updated(citation) {
  if (!citation.updated) return "";
  const day = new Date(citation.updated);
  const date = `${day.getUTCDate()} ${months[day.getUTCMonth()]} ${day.getUTCFullYear()}`;
  return fill(texts.source.updated, { date });
}

/** @param {Citation} citation */
function appliesTo(citation) {
  const nations = citation.nations ?? [];
  if (!nations.length) return "";
  const all = Object.keys(texts.nations).length - 1;
  const names = nations.map((nation) => texts.nations[nation] ?? nation);
  const listed = nations.length === all ? texts.nations.all : inWords(names);
  return fill(texts.source.nations, { nations: listed });
}
