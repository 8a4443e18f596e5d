// @ts-check
/**
 * What is said of a family: the body that a form makes, or what is to be put right in it. Pure.
 *
 * It is sealed, and what the server then refuses cannot be mended but only filled in anew: so
 * nothing is let through here that the server would not take.
 *
 * @typedef {[string, string]} Problem name of the field ("": the whole form) and of the words
 * @typedef {{ problems: Problem[], on: string, body: Record<string, unknown> }} Read
 *   on: the day of it
 * @typedef {{ household: string, today: string, earliest: string }} Given
 */

import { MOST_RUPIAH, parseRupiah } from "./rupiah.js";

/** In the order of the page, which with signal asks about large ones; here they go as they are typed. */
const AMOUNTS = ["income_per_month", "savings_total", "saves_per_month"];
/** Before the id of a question, as on the page with signal. */
export const QUESTION = "question-";

/**
 * @param {FormData} form
 * @param {Given} given
 * @returns {Read}
 */
export function observed(form, given) {
  const on = text(form, "observed_on");
  const problems = problemsOfDay("observed_on", on, given);
  /** @type {Record<string, number | null>} */
  const amounts = {};
  for (const name of AMOUNTS) {
    const typed = text(form, name);
    const amount = typed === "" ? null : parseRupiah(typed);
    if (typed !== "" && amount === null) {
      problems.push([name, "amount"]);
    } else if (amount !== null && amount > MOST_RUPIAH) {
      problems.push([name, "tooLarge"]);
    }
    amounts[name] = amount;
  }
  const asked = {
    ...amounts,
    keeps_budget: truth(form.get("keeps_budget")),
    uses_bank_account: truth(form.get("uses_bank_account")),
    borrows_from: text(form, "borrows_from") || null,
  };
  if (problems.length === 0 && Object.values(asked).every((each) => each === null)) {
    problems.push(["", "nothingSeen"]);
  }
  const note = text(form, "note").replace(/\s+/g, " ");
  return { problems, on, body: { household: given.household, observed_on: on, ...asked, note } };
}

/**
 * @param {FormData} form
 * @param {Given} given
 * @returns {Read}
 */
export function answered(form, given) {
  const on = text(form, "answered_on");
  const problems = problemsOfDay("answered_on", on, given);
  /** @type {Record<string, boolean>} */
  const answers = {};
  for (const [name, value] of form) {
    const said = name.startsWith(QUESTION) ? truth(value) : null;
    if (said !== null) {
      answers[name.slice(QUESTION.length)] = said;
    }
  }
  if (problems.length === 0 && Object.keys(answers).length === 0) {
    problems.push(["", "nothingAnswered"]);
  }
  return { problems, on, body: { household: given.household, answered_on: on, answers } };
}

/**
 * Whether anything but the day was filled in.
 *
 * @param {FormData} form
 * @returns {boolean}
 */
export function isBegun(form) {
  return [...form.keys()].some((name) => !name.endsWith("_on") && text(form, name) !== "");
}

/**
 * @param {string} name
 * @param {string} day
 * @param {Given} given
 * @returns {Problem[]}
 */
function problemsOfDay(name, day, { today, earliest }) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) {
    return [[name, "noDay"]];
  }
  if (day > today) {
    return [[name, "future"]];
  }
  return day < earliest ? [[name, "tooLongAgo"]] : [];
}

/**
 * @param {FormData} form
 * @param {string} name
 * @returns {string}
 */
function text(form, name) {
  return String(form.get(name) ?? "").trim();
}

/**
 * @param {unknown} answer
 * @returns {boolean | null} null: not asked
 */
function truth(answer) {
  return answer === "yes" ? true : answer === "no" ? false : null;
}
