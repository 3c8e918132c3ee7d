// @ts-check
// Shows one question and its answer as the events come, in copies of the server's own markup.

import { addSentence, linkContacts } from "./answer.js";
import { copyOf, fill, inWords, language, make, one, show, texts } from "./page.js";
import { SourceView } from "./source.js";

/** Outcomes after which nobody is asked whether the answer was useful (see views.py). */
const UNRATED = ["guardrail_crisis", "guardrail_attack", "clarification"];

/** In place of an outcome: the connection was lost before there was one. */
const LOST = "error_lost";

/** A question on the page, with what has been shown for it. */
export class TurnView {
  /** @type {Map<string, SourceView>} */
  #sources = new Map();
  #sentences = 0;

  /** @param {HTMLElement} element the article of the question */
  constructor(element) {
    this.element = element;
  }

  /**
   * Add a question at the end of the page's conversation.
   *
   * @param {HTMLElement} turns
   * @param {string} question
   * @param {string} conversation
   */
  static append(turns, question, conversation) {
    const element = copyOf("turn-template");
    element.id = `question-${turns.querySelectorAll(".turn").length + 1}`;
    element.setAttribute("aria-labelledby", `${element.id}-title`);
    one(element, ".question").id = `${element.id}-title`;
    one(element, ".question-text").textContent = question;
    one(element, ".again [name=question]").setAttribute("value", question);
    one(element, ".again [name=conversation]").setAttribute("value", conversation);
    turns.append(element);
    return new TurnView(element);
  }

  get id() {
    return this.element.dataset.turn ?? "";
  }

  get running() {
    return !this.element.dataset.outcome;
  }

  /** @param {string} id of the turn */
  began(id) {
    this.element.dataset.turn = id;
    this.#part(".stop").setAttribute("action", `/chat/turns/${id}/stop`);
    this.#part(".feedback").setAttribute("action", `/chat/turns/${id}/feedback`);
  }

  /** Begin again from the first event. */
  restart() {
    this.element.dataset.outcome = "";
    this.#part(".progress").hidden = false;
    this.#part(".again").hidden = true;
    this.say("");
    this.#part(".answer-text").replaceChildren();
    this.#part(".source-list").replaceChildren();
    this.#sources.clear();
    this.#sentences = 0;
  }

  /**
   * Show one event.
   *
   * @param {string} name
   * @param {any} data
   */
  handle(name, data) {
    switch (name) {
      case "turn":
        return this.began(data.turn_id);
      case "status":
        return this.#status(data);
      case "sources":
        return this.#addSources(data.citations);
      case "sentence":
        return this.#addSentence(data);
      case "error":
        return this.say(data.message);
      case "outcome":
        return this.#ended(data.outcome);
    }
  }

  /** @param {string} text what is going on */
  working(text) {
    this.#part(".status-text").textContent = text;
  }

  /** @param {string} message what went wrong, and what to do */
  say(message) {
    show(this.#part(".message"), message);
  }

  /**
   * Say that the answer cannot be followed for now, and offer to try again.
   *
   * @param {string} message
   */
  lose(message) {
    this.say(message);
    this.#part(".again button").textContent = texts.script.resume;
    this.#finish(LOST);
  }

  get lost() {
    return this.element.dataset.outcome === LOST;
  }

  thank() {
    this.#part(".feedback").hidden = true;
    this.#part(".thanks").hidden = false;
    this.#part(".thanks").focus();
  }

  /** How many sources the answer cites. */
  get cited() {
    return [...this.#sources.values()].filter((source) => source.cited).length;
  }

  /** @param {string} selector */
  #part(selector) {
    return one(this.element, selector);
  }

  /** @param {{stage: string, message?: string, removed?: string[], position?: number | null}} status */
  #status(status) {
    if (status.removed?.length) {
      const kinds = status.removed.map((kind) => texts.removed[kind] ?? texts.removed.other);
      const listed = inWords(new Set(kinds));
      show(this.#part(".removed"), fill(texts.turn.removed, { kinds: listed }));
    }
    const known = status.stage === "queued" && !status.position ? "" : texts.script[status.stage];
    const text = known || status.message;
    if (text) this.working(fill(text, { position: status.position ?? "" }));
  }

  /** @param {import("./source.js").Citation[]} citations */
  #addSources(citations) {
    for (const citation of citations) {
      if (this.#sources.has(citation.id)) continue;
      const source = new SourceView(citation, `${this.element.id}-source-${citation.id}`);
      source.element.hidden = true;
      this.#sources.set(citation.id, source);
      this.#part(".source-list").append(source.element);
    }
  }

  /** @param {import("./answer.js").Sentence} sentence */
  #addSentence(sentence) {
    this.#sentences += 1;
    this.working(texts.script.answering);
    const cited = (sentence.citations ?? []).flatMap((id) => this.#sources.get(id) ?? []);
    const marks = make("span", { class: "marks" });
    for (const source of cited) {
      const mark = make("a", { class: "mark", href: `#${source.element.id}` }, source.id);
      mark.id = `${this.element.id}-mark-${this.#sentences}-${source.id}`;
      mark.ariaLabel = fill(texts.source.mark, { number: source.id, title: source.title });
      marks.append(mark);
      source.use(sentence.text, mark.id);
    }
    this.#part(".sources").hidden = this.cited === 0;
    addSentence(this.#part(".answer-text"), sentence, marks);
  }

  /** @param {string} outcome */
  #ended(outcome) {
    const failed = outcome.startsWith("error_");
    const message = this.#part(".message");
    if (message.hidden && (failed || !this.#sentences)) {
      this.say(texts.outcome[outcome] ?? texts.outcome.other);
    }
    this.#part(".verified").hidden = outcome !== "verified";
    this.#part(".caution").hidden = this.cited === 0 || outcome === "clarification";
    this.#part(".feedback").hidden = failed || UNRATED.includes(outcome);
    this.#settleSources();
    // A clarification may hold titles of pages, which are not ours.
    if (outcome !== "clarification") linkContacts(this.#part(".answer-text"));
    this.#finish(outcome);
  }

  /** Leave the cited sources; when there are none, all of them are a suggestion. */
  #settleSources() {
    const sources = [...this.#sources.values()];
    const suggested = this.cited === 0;
    if (suggested) this.#part(".sources-title").textContent = texts.turn.related;
    this.#part(".sources").hidden = sources.length === 0;
    for (const source of sources) {
      source.element.hidden = false;
      if (!suggested && !source.cited) source.element.remove();
    }
    const [locale, ...others] = new Set(sources.map((source) => source.locale));
    if (locale && locale !== language && !others.length) this.#part(".answer-text").lang = locale;
  }

  /** @param {string} outcome */
  #finish(outcome) {
    const hadFocus = this.#part(".progress").contains(document.activeElement);
    this.element.dataset.outcome = outcome;
    this.#part(".progress").hidden = true;
    this.#part(".again").hidden = !outcome.startsWith("error_");
    if (hadFocus) this.#part(".question").focus();
  }
}
