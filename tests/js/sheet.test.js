import assert from "node:assert/strict";
import { test } from "node:test";

import { without } from "../../static/js/offline/form.js";
import { counterText, matches, searchable } from "../../static/js/pages/sheet.js";

const WORDS = "{marked} ditandai · {left} belum";

test("the counter says how many are marked and how many are not", () => {
  assert.equal(counterText(WORDS, 18, 30), "18 ditandai · 12 belum");
  assert.equal(counterText(WORDS, 0, 30), "0 ditandai · 30 belum");
  assert.equal(counterText(WORDS, 30, 30), "30 ditandai · 0 belum");
});

test("a search takes no notice of capitals, accents and doubled spaces", () => {
  assert.equal(searchable("  Wilhelmína   PETRONELA "), "wilhelmina petronela");
});

const NAMES = [
  ["wil", true],
  ["petro wil", true],
  ["tumanduk", true],
  ["rumokoy-tu", true],
  ["", true],
  ["helmina", false],
  ["wil santoso", false],
];

for (const [typed, found] of NAMES) {
  test(`"${typed}" ${found ? "finds" : "does not find"} the name`, () => {
    assert.equal(matches("Wilhelmina Petronela Rumokoy-Tumanduk", typed), found);
  });
}

test("a row marked by hand is no longer one of those marked at once", () => {
  assert.equal(without("3.4.13", "3"), "4.13");
  assert.equal(without("13", "3"), "13");
  assert.equal(without("", "3"), "");
  assert.equal(without("3", "3"), "");
});
