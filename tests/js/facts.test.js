import assert from "node:assert/strict";
import { test } from "node:test";

import { answered, askedAbout, isBegun, observed } from "../../static/js/offline/facts.js";

const GIVEN = { household: "h", today: "2026-11-12", earliest: "2007-01-01" };
const UNTOUCHED = {
  observed_on: "2026-11-12",
  income_per_month: "",
  savings_total: "",
  saves_per_month: "",
  keeps_budget: "",
  uses_bank_account: "",
  borrows_from: "",
  note: "",
};

function form(fields) {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    data.append(name, value);
  }
  return data;
}

function seen(fields) {
  return observed(form({ ...UNTOUCHED, ...fields }), GIVEN);
}

test("an observation says what was asked, and null of all the rest", () => {
  assert.deepEqual(seen({ income_per_month: "1,5 juta", keeps_budget: "no", note: " a \n b " }), {
    problems: [],
    on: "2026-11-12",
    body: {
      household: "h",
      observed_on: "2026-11-12",
      income_per_month: 1_500_000,
      savings_total: null,
      saves_per_month: null,
      keeps_budget: false,
      uses_bank_account: null,
      borrows_from: null,
      note: "a b",
    },
  });
});

test("nothing put aside is an answer, and so is a lender", () => {
  assert.equal(seen({ saves_per_month: "0" }).body.saves_per_month, 0);
  assert.deepEqual(seen({ saves_per_month: "0" }).problems, []);
  assert.equal(seen({ borrows_from: "bank" }).body.borrows_from, "bank");
});

test("a note alone is no observation", () => {
  assert.deepEqual(seen({ note: "ramai" }).problems, [["", "nothingSeen"]]);
});

test("amounts that may be two, or are too large, are told at their fields", () => {
  const { problems } = seen({
    income_per_month: "1.5",
    savings_total: "2 milyar",
    saves_per_month: "1.000.000.001",
  });
  assert.deepEqual(problems, [
    ["income_per_month", "amount"],
    ["savings_total", "amount"],
    ["saves_per_month", "tooLarge"],
  ]);
});

for (const [day, why] of [
  ["", "noDay"],
  ["12/11/2026", "noDay"],
  ["2026-11-13", "future"],
  ["2006-12-31", "tooLongAgo"],
]) {
  test(`a day cannot be ${day || "left out"}`, () => {
    assert.deepEqual(seen({ observed_on: day, keeps_budget: "yes" }).problems, [
      ["observed_on", why],
    ]);
    assert.deepEqual(answered(form({ answered_on: day, "question-a": "no" }), GIVEN).problems, [
      ["answered_on", why],
    ]);
  });
}

test("a check holds the questions that were asked", () => {
  const fields = { "question-a": "yes", "question-b": "", "question-c": "no", other: "yes" };
  assert.deepEqual(answered(form({ ...fields, answered_on: "2026-11-01" }), GIVEN), {
    problems: [],
    on: "2026-11-01",
    body: { household: "h", answered_on: "2026-11-01", answers: { a: true, c: false } },
  });
});

test("a check without any answer is none", () => {
  assert.deepEqual(
    answered(form({ "question-a": "", answered_on: "2026-11-12" }), GIVEN).problems,
    [["", "nothingAnswered"]],
  );
});

test("a form is begun with the first thing but the day", () => {
  assert.equal(isBegun(form(UNTOUCHED)), false);
  assert.equal(isBegun(form({ ...UNTOUCHED, observed_on: "2026-11-01" })), false);
  assert.equal(isBegun(form({ ...UNTOUCHED, note: "x" })), true);
  assert.equal(isBegun(form({ answered_on: "2026-11-12", "question-a": "no" })), true);
});

const LIMITS = { income_per_month: 7_550_850, savings_total: 9_000_000, saves_per_month: 3_775_425 };

test("an amount with a zero too many is asked about once, and taken as it is typed", () => {
  const given = { ...GIVEN, limits: LIMITS };
  const typed = form({ ...UNTOUCHED, income_per_month: "15.000.000", savings_total: "9.000.000" });
  const { problems, body } = observed(typed, given);
  assert.deepEqual(problems, [
    ["income_per_month", "doubtfulMonth", { amount: "Rp\u00a015.000.000" }],
  ]);
  assert.equal(body.income_per_month, 15_000_000);
  const asked = askedAbout(typed, problems);
  assert.deepEqual(observed(typed, { ...given, asked }).problems, []);
  // The answer says nothing of another amount.
  const other = form({ ...UNTOUCHED, income_per_month: "150.000.000" });
  assert.equal(observed(other, { ...given, asked }).problems.length, 1);
});

for (const [note, isAsked] of [
  ["NIK 7171 0299 1234 5678", true],
  ["7171.0299-1234 5678", true],
  ["7171029912345678", true],
  ["0812 3456 7890", false],
  ["Usaha 1.500.000, lalu 2.000.000", false],
]) {
  test(`a note is asked about once where a NIK seems to be in it: ${note}`, () => {
    const typed = form({ ...UNTOUCHED, keeps_budget: "yes", note });
    const { problems } = observed(typed, GIVEN);
    assert.deepEqual(problems, isAsked ? [["note", "hasNumber"]] : []);
    const asked = askedAbout(typed, problems);
    assert.deepEqual(observed(typed, { ...GIVEN, asked }).problems, []);
  });
}
