import assert from "node:assert/strict";
import { test } from "node:test";

import { backoff, judge, patience } from "../../static/js/outbox/answers.js";

const A = { id: "a" };
const B = { id: "b" };
const JSON_TYPE = "application/json";
const AT = "2026-11-12T04:00:00+00:00";
const half = { random: () => 0.5 };

const ours = (...answers) => ({
  status: 200,
  type: JSON_TYPE,
  json: { server_time: AT, answers },
});
const error = (status, more = {}) => ({
  status,
  type: JSON_TYPE,
  json: { error: { status, code: "x", message: "" } },
  ...more,
});
const html = (status) => ({ status, type: "text/html; charset=utf-8" });
const receipt = (id, outcome, more = {}) => ({
  id,
  outcome,
  message: "",
  received_at: AT,
  ...more,
});
const becomes = (judged) => judged.verdicts.map((each) => each.becomes);

// ---- What becomes of one command ----

const OUTCOMES = [
  ["applied", "sent", "ok"],
  ["look", "sent", "ok"],
  ["differs", "sent", "ok"],
  ["refused", "attention", "ok"],
  ["reused", "attention", "ok"],
  ["unreadable", "attention", "ok"],
  ["later", "keep", "retry"],
  ["not_yours", "keep", "sign_in"],
  ["something of next year", "keep", "retry"],
  [undefined, "keep", "retry"],
  [null, "keep", "retry"],
  [["applied"], "keep", "retry"],
  ["constructor", "keep", "retry"],
];

for (const [outcome, expected, line] of OUTCOMES) {
  test(`outcome ${JSON.stringify(outcome)}: ${expected}, ${line}`, () => {
    const judged = judge([A], ours(receipt("a", outcome)));
    assert.deepEqual(becomes(judged), [expected]);
    assert.equal(judged.line, line);
    assert.equal(judged.wait === null, expected !== "keep");
    assert.equal(judged.isAnswered, true);
  });
}

test("look and differs leave the phone, with something to look at", () => {
  const judged = judge([A], ours(receipt("a", "differs", { message: "2 berbeda", version: 4 })));
  assert.deepEqual(judged.verdicts, [
    {
      id: "a",
      outcome: "differs",
      message: "2 berbeda",
      becomes: "sent",
      toLook: true,
      receivedAt: AT,
      details: { version: 4 },
    },
  ]);
  assert.equal(judge([A], ours(receipt("a", "applied"))).verdicts[0].toLook, false);
  assert.equal(judged.serverTime, AT);
});

test("what is offered again without its notes is there with them: that is a receipt", () => {
  const before = { received_at: AT, details: { version: 4, proof: "4~3~sent" } };
  const [verdict] = judge([{ ...A, ...before }], ours({ id: "a", outcome: "reused" })).verdicts;
  assert.deepEqual(verdict, {
    id: "a",
    becomes: "sent",
    outcome: "applied",
    receivedAt: AT,
    details: before.details,
  });
  // Of one that never had a receipt it says that the program is at fault.
  assert.deepEqual(becomes(judge([A], ours({ id: "a", outcome: "reused" }))), ["attention"]);
});

for (const [said, epoch] of [
  ["e1", "e1"],
  ["", ""],
  [null, undefined],
  [3, undefined],
]) {
  test(`epoch ${JSON.stringify(said)} of the server is ${JSON.stringify(epoch)}`, () => {
    const heard = ours(receipt("a", "applied"));
    heard.json.epoch = said;
    assert.equal(judge([A], heard).epoch, epoch);
  });
}

for (const received_at of [undefined, null, "", "soon", 3]) {
  test(`received at ${JSON.stringify(received_at)} is no receipt`, () => {
    const judged = judge([A], ours(receipt("a", "applied", { received_at })));
    assert.deepEqual(becomes(judged), ["keep"]);
  });
}

test("each gets the answer that names it, whatever the order; the rest stay", () => {
  const judged = judge([A, B, { id: "c" }], ours(receipt("b", "refused"), receipt("a", "look")));
  assert.deepEqual(becomes(judged), ["sent", "attention", "keep"]);
  assert.equal(judged.line, "retry");
});

test("two answers that contradict each other say nothing", () => {
  const both = [receipt("a", "applied"), receipt("a", "refused")];
  assert.deepEqual(becomes(judge([A], ours(...both))), ["keep"]);
  assert.deepEqual(becomes(judge([A], ours(...both, both[0]))), ["keep"]);
});

test("what is no answer among the answers is passed over", () => {
  const judged = judge([A], ours(null, "a", 7, [], {}, receipt("b", "applied")));
  assert.deepEqual(becomes(judged), ["keep"]);
});

// ---- What came back instead ----

const INSTEAD = [
  ["nothing", null, "retry"],
  ["500", error(500), "retry"],
  ["503", error(503), "retry"],
  ["502 of a proxy", html(502), "retry"],
  ["504 of a proxy", html(504), "retry"],
  ["429", error(429), "retry"],
  ["429 of a proxy", html(429), "retry"],
  ["408", html(408), "retry"],
  ["401", error(401), "sign_in"],
  ["401 of somebody else", html(401), "portal"],
  ["403", error(403), "refused_by_server"],
  ["404", error(404), "refused_by_server"],
  ["413", error(413), "refused_by_server"],
  ["422", error(422), "refused_by_server"],
  ["403 of somebody else", html(403), "portal"],
  ["a portal's page", html(200), "portal"],
  ["a portal's page that says it is JSON", { status: 200, type: JSON_TYPE }, "portal"],
  ["a redirect", { status: 0, type: "" }, "portal"],
  ["302", html(302), "portal"],
  ["407", html(407), "portal"],
  ["511", html(511), "portal"],
  ["204", { status: 204, type: "" }, "portal"],
  ["JSON of somebody else", { status: 200, type: JSON_TYPE, json: { ok: true } }, "portal"],
  ["null", { status: 200, type: JSON_TYPE, json: null }, "portal"],
  ["answers that are none", { status: 200, type: JSON_TYPE, json: { answers: {} } }, "portal"],
  ["our answers as HTML", { ...ours(receipt("a", "applied")), type: "text/html" }, "portal"],
  ["our answers with 500", { ...ours(receipt("a", "applied")), status: 500 }, "retry"],
];

for (const [name, heard, line] of INSTEAD) {
  test(`${name}: everything is kept, ${line}`, () => {
    const judged = judge([A, B], heard, half);
    assert.deepEqual(becomes(judged), ["keep", "keep"]);
    assert.equal(judged.line, line);
    assert.equal(judged.isAnswered, false);
    assert.ok(judged.wait > 0);
  });
}

// ---- When it is tried again ----

test("waits double from two seconds to five minutes, any moment within", () => {
  const longest = [0, 1, 2, 3, 7, 8, 1000].map((tries) => backoff(tries, () => 1));
  assert.deepEqual(longest, [2000, 4000, 8000, 16_000, 256_000, 300_000, 300_000]);
  assert.equal(
    backoff(1000, () => 0),
    1000,
  );
});

test("a login or a portal is not asked again every two seconds", () => {
  assert.equal(judge([A], error(401), { random: () => 1 }).wait, 300_000);
  assert.equal(judge([A], html(200), { random: () => 1 }).wait, 300_000);
});

const PATIENCE = [
  ["30", 30_000],
  [" 0 ", 0],
  ["Thu, 12 Nov 2026 04:00:30 GMT", 30_000],
  ["Thu, 12 Nov 2020 04:00:30 GMT", 0],
  ["99999999", 3_600_000],
  ["soon", 0],
  ["", 0],
  [null, 0],
  [undefined, 0],
];

for (const [retryAfter, wait] of PATIENCE) {
  test(`Retry-After ${JSON.stringify(retryAfter)} is ${wait} ms`, () => {
    assert.equal(patience(error(429, { retryAfter }), Date.parse(AT)), wait);
  });
}

test("what the server asks for is waited, and then not all at once", () => {
  const judged = judge([A], error(429, { retryAfter: "60" }), { random: () => 1 });
  assert.equal(judged.quiet, 60_000);
  assert.equal(judged.wait, 62_000);
});

// ---- What fails again and again ----

test("later with a code is counted, and flagged after ten; it is kept all the same", () => {
  const again = ours({ id: "a", outcome: "later", message: "G-12AB" });
  assert.deepEqual(judge([{ id: "a", later: 8 }], again).verdicts, [
    { id: "a", becomes: "keep", later: 9, code: "G-12AB", isStuck: false, outcome: "later" },
  ]);
  assert.equal(judge([{ id: "a", later: 9 }], again).verdicts[0].isStuck, true);
});

test("later is counted, so that one which never gets through comes to light", () => {
  const [verdict] = judge([A], ours({ id: "a", outcome: "later", message: "" })).verdicts;
  assert.deepEqual(verdict, {
    id: "a",
    becomes: "keep",
    outcome: "later",
    later: 1,
    code: "later",
    isStuck: false,
  });
});

const BLAME = [
  [[A], error(500), "HTTP 500"],
  [[A], error(413), "HTTP 413"],
  [[A], error(422), "HTTP 422"],
  [[A, B], error(500), undefined],
  [[A], error(503), undefined],
  [[A], error(401), undefined],
  [[A], error(404), undefined],
  [[A], html(500), undefined],
  [[A], null, undefined],
];

for (const [sent, heard, code] of BLAME) {
  test(`${sent.length} sent, ${heard?.type} ${heard?.status}: blamed with ${code}`, () => {
    const { verdicts } = judge(sent, heard);
    assert.ok(verdicts.every((each) => each.becomes === "keep" && each.code === code));
  });
}

// ---- Whatever comes back ----

test("nothing ever leaves without a receipt that names it", () => {
  const random = seeded(20_261_112);
  const pick = (choices) => choices[Math.floor(random() * choices.length)];
  const outcomes = [...OUTCOMES.map(([outcome]) => outcome), "applied", "applied"];
  let left = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const sent = ["a", "b", "c", "d"].slice(0, 1 + Math.floor(random() * 4)).map((id) => ({ id }));
    const answers = Array.from({ length: Math.floor(random() * 6) }, () =>
      pick([
        receipt(pick(["a", "b", "c", "d", "", 1, null]), pick(outcomes)),
        receipt(pick(["a", "b"]), pick(outcomes), { received_at: pick([AT, "", null]) }),
        pick([null, 1, "a", [], {}]),
      ]),
    );
    const heard = pick([
      null,
      { ...ours(...answers), status: pick([200, 200, 200, 0, 302, 401, 403, 429, 500]) },
      { ...ours(...answers), type: pick([JSON_TYPE, `${JSON_TYPE}; charset=utf-8`, "text/html"]) },
      { status: 200, type: JSON_TYPE, json: pick([null, 1, "x", [], answers, { answers: 1 }]) },
    ]);
    const judged = judge(sent, heard, { random });
    assert.deepEqual(
      judged.verdicts.map((each) => each.id),
      sent.map((each) => each.id),
    );
    for (const { id, becomes } of judged.verdicts.filter((each) => each.becomes !== "keep")) {
      left += 1;
      const naming = answers.filter((each) => each?.id === id);
      assert.ok(heard?.status === 200 && /json/.test(heard.type));
      assert.ok(naming.length > 0 && new Set(naming.map((each) => each.outcome)).size === 1);
      const allowed =
        becomes === "sent" ? ["applied", "look", "differs"] : ["refused", "reused", "unreadable"];
      assert.ok(allowed.includes(naming[0].outcome));
      assert.ok(becomes !== "sent" || naming.some((each) => each.received_at === AT));
    }
    assert.equal(judged.wait === null, becomesAll(judged));
  }
  assert.ok(left > 1000, `the loop reached receipts: ${left}`);
});

const becomesAll = (judged) => judged.verdicts.every((each) => each.becomes !== "keep");

/** The same chance in every run (mulberry32). */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
