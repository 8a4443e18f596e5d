// @ts-check
/** The questions of the readiness check, answered without signal. */

import { answered, QUESTION } from "./facts.js";
import { record } from "./recording.js";

/** @param {import("../pages/shell.js").Context} context */
export async function open(context) {
  const { questions } = context.kept.bundle;
  await record(context, {
    kind: "readiness",
    day: "answered_on",
    values: { questions: questions.map(([, question]) => ({ question })) },
    prepare: (form) => nameQuestions(form, questions),
    read: answered,
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {[string, string][]} questions
 */
function nameQuestions(form, questions) {
  form.querySelectorAll(".put-questions > fieldset").forEach((field, at) => {
    const name = `${QUESTION}${questions[at]?.[0]}`;
    field.id = name;
    for (const radio of field.querySelectorAll("input")) {
      radio.name = name;
      // While all had one name, only one of all could be chosen.
      radio.checked = radio.value === "";
    }
  });
}
