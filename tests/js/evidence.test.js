import assert from "node:assert/strict";
import { test } from "node:test";

import { fitted, shrunk } from "../../static/js/pages/evidence.js";

for (const [width, height, wanted] of [
  [4000, 3000, [2000, 1500]],
  [3000, 4000, [1500, 2000]],
  [2000, 100, [2000, 100]],
  [640, 480, [640, 480]],
]) {
  test(`a photo of ${width} x ${height} is sent as ${wanted.join(" x ")}`, () => {
    assert.deepEqual(fitted(width, height, 2000), wanted);
  });
}

test("what is small, or no photo, goes as it is", async () => {
  const small = new File([new Uint8Array(1000)], "a.jpg", { type: "image/jpeg" });
  const paper = new File([new Uint8Array(900_000)], "a.pdf", { type: "application/pdf" });
  assert.equal(await shrunk(small), small);
  assert.equal(await shrunk(paper), paper);
});

test("a browser that cannot make it smaller sends it as it is", async () => {
  const large = new File([new Uint8Array(900_000)], "a.jpg", { type: "image/jpeg" });
  assert.equal(await shrunk(large), large);
});
