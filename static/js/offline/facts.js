// @ts-check
/**
 * What is said of a family: the body that a form makes, or what is to be put right in it. Pure.
 *
 * It is sealed, and what the server then refuses cannot be mended but only filled in anew: so
 * nothing is let through here that the server would not take.
 *
 * @typedef {[string, string, Record<string, string>?]} Problem name of the field ("": the whole
 *   form), of the words, and what goes into them
 * @typedef {{ problems: Problem[], on: string, body: Record<string, unknown> }} Read
 *   on: the day of it
 * @typedef {{ household: string, today: string, earliest: string,
 *   limits?: Record<string, number>, asked?: Record<string, string> }} Given
 *   limits: amounts above them are asked about; asked: what was asked about, as it was typed
 */

import { seemsToHaveNumber } from "./numbers.js";
import { inRupiah, MOST_RUPIAH, parseRupiah } from "./rupiah.js";

/** In the order of the page, and how each is asked about where a zero too many is likelier. */
const AMOUNTS = {
  income_per_month: "doubtfulMonth",
  savings_total: "doubtfulTotal",
  saves_per_month: "doubtfulMonth",
};
/** Problems that are questions: what is sent once more as it is, is right. */
const QUESTIONS = new Set(["doubtfulMonth", "doubtfulTotal", "hasNumber"]);
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
  const { limits = {}, asked: before = {} } = given;
  for (const [name, question] of Object.entries(AMOUNTS)) {
    const typed = text(form, name);
    const amount = typed === "" ? null : parseRupiah(typed);
    if (typed !== "" && amount === null) {
      problems.push([name, "amount"]);
    } else if (amount !== null && amount > MOST_RUPIAH) {
      problems.push([name, "tooLarge"]);
    } else if (
      amount !== null &&
      amount > (limits[name] ?? MOST_RUPIAH) &&
      before[name] !== typed
    ) {
      problems.push([name, question, { amount: inRupiah(amount) }]);
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
  const written = text(form, "note");
  const note = written.replace(/\s+/g, " ");
  if (seemsToHaveNumber(note) && before.note !== written) {
    problems.push(["note", "hasNumber"]);
  }
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
 * What was asked about in all of these problems, as it was typed.
 *
 * @param {FormData} form
 * @param {Problem[]} problems
 * @returns {Record<string, string>}
 */
export function askedAbout(form, problems) {
  const questions = problems.filter(([, why]) => QUESTIONS.has(why));
  return Object.fromEntries(questions.map(([name]) => [name, text(form, name)]));
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
