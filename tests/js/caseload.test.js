import assert from "node:assert/strict";
import { test } from "node:test";

import { isKey } from "../../static/js/offline/caseload.js";

test("only a key takes the place of a key", () => {
  assert.equal(isKey({ id: "0a1b2c3d", spki: "MIIB+/8=" }), true);
  for (const other of [null, "no", {}, { id: "0a1b2c3d" }, { id: "x", spki: "MIIB" }]) {
    assert.equal(isKey(other), false);
  }
  assert.equal(isKey({ id: "0a1b2c3d", spki: "<html>" }), false);
});
