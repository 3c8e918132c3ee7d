// @ts-check
// What the page brings for the script: words for the reader, and markup to copy.

const brought = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");

/**
 * Words in the page's language, in the groups of `translations/*.toml`.
 *
 * @type {Record<string, Record<string, string>>}
 */
export const texts = brought.texts;

/**
 * Names of the months: browsers do not know them in every language.
 *
 * @type {string[]}
 */
export const months = brought.months;

/** Language of the page. */
export const language = document.documentElement.lang;

/**
 * Put values into the braces of a text.
 *
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * Words as a list in a sentence: "a, b and c".
 *
 * @param {Iterable<string>} words
 */
export function inWords(words) {
  const all = [...words];
  const last = all.pop() ?? "";
  return all.length ? all.join(", ") + brought.last_joined_by + last : last;
}

/**
 * The element that must be there.
 *
 * @param {ParentNode} within
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function one(within, selector) {
  const found = within.querySelector(selector);
  if (!found) throw new Error(`the page lacks ${selector}`);
  return /** @type {HTMLElement} */ (found);
}

/**
 * A copy of the only element in a template of the page.
 *
 * @param {string} id
 */
export function copyOf(id) {
  const template = /** @type {HTMLTemplateElement} */ (one(document, `#${id}`));
  return /** @type {HTMLElement} */ (one(template.content, "*").cloneNode(true));
}

/**
 * A new element. Text from outside is only ever set as text.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string>} [attributes]
 * @param {...(Node | string)} children
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/**
 * Show an element with a text, or hide it for want of one.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
export function show(element, text) {
  element.textContent = text;
  element.hidden = !text;
}
