// @ts-check
// Makes the assistant's forms live: asks without leaving the page and shows answers as they come.

import { fill, make, one, show, texts } from "./page.js";
import { Refused, Unreachable, follow, send } from "./stream.js";
import { TurnView } from "./turn.js";

/** From which share of the longest question on the number of characters left is shown. */
const COUNT_FROM = 0.75;

const form = /** @type {HTMLFormElement} */ (one(document, "#ask"));
const field = /** @type {HTMLTextAreaElement} */ (one(form, "#question"));
const nation = /** @type {HTMLSelectElement} */ (one(form, "#nation"));
const conversation = /** @type {HTMLInputElement} */ (one(form, "[name=conversation]"));
const turns = one(document, "#turns");
const announcer = one(document, "#announcer");
const limit = Number(field.dataset.limit);

/** @type {WeakMap<Element, TurnView>} */
const views = new WeakMap();

/** A question on its way: sent again after a failure, it must not be asked twice. */
let pending = { question: "", key: "" };

/**
 * Ask, and show the answer as it comes. A question that is not accepted stays in its field.
 *
 * @param {string} question
 */
async function ask(question) {
  const wrong = problemWith(question);
  showProblem(wrong);
  if (wrong || form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  try {
    await startConversation();
    const response = await postQuestion(question);
    const view = TurnView.append(turns, question, conversation.value);
    field.value = "";
    showCount();
    form.ariaBusy = "false";
    lookAt(view);
    await showAnswer(view, response.headers.get("Location") ?? "", response);
  } catch (error) {
    if (error instanceof Refused && error.type === "unknown-conversation") conversation.value = "";
    field.value ||= question;
    showProblem(reason(error));
  } finally {
    form.ariaBusy = "false";
  }
}

/** Start a conversation unless there is one; its session comes as a cookie. */
async function startConversation() {
  if (conversation.value) return;
  const response = await send("/chat/conversations", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ nation: nation.value || null }),
  });
  conversation.value = (await response.json()).id;
  history.replaceState(null, "", `/chat/${conversation.value}`);
  showTalking();
}

/** @param {string} question */
async function postQuestion(question) {
  if (pending.question !== question) pending = { question, key: randomKey() };
  const response = await send(`/v1/conversations/${conversation.value}/questions`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "text/event-stream",
      "Idempotency-Key": pending.key,
    },
    body: JSON.stringify({ question }),
  });
  pending = { question: "", key: "" };
  return response;
}

/**
 * @param {TurnView} view
 * @param {string} turnUrl
 * @param {Response | null} response the answer's stream, if it is open already
 */
async function showAnswer(view, turnUrl, response) {
  views.set(view.element, view);
  view.began(turnUrl.slice(turnUrl.lastIndexOf("/") + 1));
  try {
    await follow(
      turnUrl,
      response,
      ({ name, data }) => {
        view.handle(name, data);
        if (name === "sentence") announce(data.label ? `${data.label}: ${data.text}` : data.text);
      },
      (connected) => view.working(connected ? texts.script.searching : texts.script.reconnecting),
    );
    announce(fill(texts.script.announce_done, { count: view.cited }));
  } catch (error) {
    const unreachable = error instanceof Unreachable;
    view.lose(unreachable ? texts.script.lost : reason(error));
    announce(texts.script.lost);
  }
}

/** Follow the answers that were still being written when the server made the page. */
function followRunning() {
  for (const element of turns.querySelectorAll(".turn[data-outcome='']")) {
    const view = new TurnView(/** @type {HTMLElement} */ (element));
    view.restart();
    showAnswer(view, `/v1/turns/${view.id}`, null);
  }
}

// --- what the page shows -----------------------------------------------------

/** Turn the empty page into a conversation. */
function showTalking() {
  one(document, "#chat").classList.add("talking");
  one(document, "#welcome").hidden = true;
  for (const part of document.querySelectorAll("#before")) part.remove();
  one(document, "#talk-head").hidden = false;
  one(document, "#start-again").setAttribute("action", `/chat/${conversation.value}/delete`);
  const label = one(form, "#label");
  label.textContent = label.dataset.next ?? "";
  one(form, "#nation-field").hidden = true;
  const from = one(document, "#asking-from");
  show(from, nation.value && fill(from.dataset.text ?? "", { nation: texts.nations[nation.value] }));
}

/** @param {TurnView} view */
function lookAt(view) {
  announcer.replaceChildren();
  announce(texts.script.announce_asked);
  const heading = one(view.element, ".question");
  heading.focus({ preventScroll: true });
  view.element.scrollIntoView({ block: "start" });
}

/**
 * Have a screen reader say something after what it is saying now.
 *
 * @param {string} text
 */
function announce(text) {
  announcer.append(make("p", {}, text));
}

/** @param {string} text what is wrong with the question; empty when nothing is */
function showProblem(text) {
  show(one(form, "#problem-text"), text);
  one(form, "#problem").hidden = !text;
  one(form, "#field").classList.toggle("wrong", Boolean(text));
  field.ariaInvalid = text ? "true" : null;
  field.setAttribute("aria-describedby", text ? "hint problem count" : "hint count");
  if (text) field.focus();
}

function showCount() {
  const left = limit - characters(field.value);
  const near = left < limit * (1 - COUNT_FROM);
  const text = left < 0 ? texts.script.characters_over : texts.script.characters_left;
  const count = one(form, "#count");
  count.textContent = near ? fill(text, { count: Math.abs(left).toLocaleString("en-GB") }) : "";
  count.classList.toggle("over", left < 0);
}

// --- what can go wrong -------------------------------------------------------

/** @param {string} question */
function problemWith(question) {
  if (!question.trim()) return texts.problem.empty;
  return characters(question) > limit ? tooLong() : "";
}

/**
 * @param {unknown} error
 * @returns {string} what to tell the reader
 */
function reason(error) {
  if (error instanceof Unreachable) return texts.script.unreachable;
  if (!(error instanceof Refused)) throw error;
  switch (error.type) {
    case "empty-question":
      return texts.problem.empty;
    case "question-too-long":
    case "request-entity-too-large":
      return tooLong();
    case "rate-limited":
      return fill(texts.problem.rate_limited, { seconds: error.retryAfter });
    case "too-many-turns":
      return texts.problem.full;
    case "unknown-conversation":
      return texts.problem.gone;
    default:
      return error.retryAfter ? texts.problem.busy : texts.script.failed;
  }
}

function tooLong() {
  return fill(texts.problem.too_long, { limit: limit.toLocaleString("en-GB") });
}

/**
 * Characters as the server counts them.
 *
 * @param {string} text
 */
function characters(text) {
  return [...text].length;
}

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- what the reader does ----------------------------------------------------

/**
 * The forms of a turn, by their class; each works without this script, too.
 *
 * @type {Record<string, (view: TurnView, form: HTMLFormElement, value: string) => Promise<unknown>>}
 */
const turnForms = {
  stop: (view) => send(`/v1/turns/${view.id}/stop`, { method: "POST" }),
  feedback: async (view, _, rating) => {
    await send(`/v1/turns/${view.id}/feedback`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ rating }),
    });
    view.thank();
  },
  again: async (view, again) => {
    if (!view.lost) return ask(String(new FormData(again).get("question")));
    view.restart();
    return showAnswer(view, `/v1/turns/${view.id}`, null);
  },
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const chosen = /** @type {HTMLButtonElement | null} */ (event.submitter);
  ask(chosen?.name === "suggestion" ? chosen.value : field.value);
});

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  form.requestSubmit();
});

field.addEventListener("input", showCount);

turns.addEventListener("submit", async (event) => {
  const sent = /** @type {HTMLFormElement} */ (event.target);
  const element = /** @type {HTMLElement} */ (sent.closest(".turn"));
  const value = /** @type {HTMLButtonElement | null} */ (event.submitter)?.value ?? "";
  const view = views.get(element) ?? new TurnView(element);
  event.preventDefault();
  try {
    await turnForms[sent.className](view, sent, value);
  } catch (error) {
    view.say(reason(error));
    announce(reason(error));
  }
});

turns.addEventListener("click", (event) => {
  const mark = /** @type {Element} */ (event.target).closest("a.mark");
  const source = mark && document.querySelector(mark.getAttribute("href") ?? "");
  const passage = source?.querySelector("details");
  if (passage) passage.open = true;
});

showCount();
followRunning();
