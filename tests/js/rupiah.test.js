import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { MOST_RUPIAH, parseRupiah } from "../../static/js/offline/rupiah.js";

/** The server reads the same ones (tests/core/test_money.py). */
const { most, ...amounts } = JSON.parse(
  readFileSync(new URL("../core/rupiah.json", import.meta.url), "utf-8"),
);

for (const [what, cases] of Object.entries(amounts)) {
  for (const [text, amount] of cases) {
    test(`${what}: ${JSON.stringify(text)}`, () => {
      assert.equal(parseRupiah(text), amount);
    });
  }
}

test("the largest amount is the server's", () => {
  assert.equal(MOST_RUPIAH, most);
});

test("hundredths of a million are read to the rupiah", () => {
  for (let hundredths = 0; hundredths < 10_000; hundredths += 1) {
    const point = (hundredths / 100).toFixed(2);
    assert.equal(parseRupiah(`${point} juta`), hundredths * 10_000);
    assert.equal(parseRupiah(`${point.replace(".", ",")}jt`), hundredths * 10_000);
  }
});
