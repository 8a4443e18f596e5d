import assert from "node:assert/strict";
import { test } from "node:test";

import { OutboxError } from "../../static/js/outbox/database.js";
import { Sender } from "../../static/js/outbox/sender.js";

const HER = "her";
const AT = "2026-11-12T04:00:00+00:00";

/** What Store promises, in memory. */
class Memory {
  sent = new Map();
  told = [];
  spent = [0, 0];
  items;

  constructor(...items) {
    this.items = new Map(items.map((each) => [each.id, each]));
  }

  async waiting(owner) {
    return [...this.items.values()].filter(
      (each) => each.owner === owner && each.state === "waiting",
    );
  }

  async settle(_owner, verdicts) {
    for (const { id, becomes, ...known } of verdicts) {
      const item = this.items.get(id);
      if (item && becomes === "sent") {
        assert.ok(known.receivedAt);
        this.sent.set(id, { ...item, ...known });
        this.items.delete(id);
      } else if (item) {
        const state = becomes === "attention" ? "attention" : "waiting";
        this.items.set(id, { ...item, ...known, state });
      }
    }
  }

  phone = {
    spend: async (up, down) => {
      this.spent = [this.spent[0] + up, this.spent[1] + down];
    },
  };

  tell(told) {
    this.told.push(told);
  }

  listen() {
    return () => {};
  }
}

const item = (seq, owner = HER) => {
  const id = `id-${seq}`;
  const text = JSON.stringify({ id, owner, seq });
  return { id, owner, seq, text, bytes: text.length, later: 0, state: "waiting" };
};
const many = (count) => Array.from({ length: count }, (_, index) => item(index + 1));
const commandsOf = (body) => JSON.parse(body).commands;
const applied = ({ id }) => ({ id, outcome: "applied", message: "", received_at: AT });
const answering = (answers) => ({
  status: 200,
  type: "application/json",
  json: { server_time: AT, answers },
  bytes: 10,
});
const error = (status) => ({
  status,
  type: "application/json",
  json: { error: { status } },
  bytes: 5,
});

test("a first sending is small, then larger ones follow, each command once and in order", async () => {
  const store = new Memory(...many(130));
  const sizes = [];
  const seen = [];
  const post = async (body) => {
    const commands = commandsOf(body);
    sizes.push(commands.length);
    seen.push(...commands.map((each) => each.seq));
    return answering(commands.map(applied));
  };
  const state = await new Sender(store, HER, { post }).send();
  assert.deepEqual(state, { line: "ok", at: null });
  assert.deepEqual(sizes, [10, 20, 40, 50, 10]);
  assert.deepEqual(
    seen,
    many(130).map((each) => each.seq),
  );
  assert.equal(store.items.size, 0);
  assert.equal(store.spent[1], 50);
});

test("what is sent again is the same to the letter", async () => {
  const store = new Memory(...many(3));
  const bodies = [];
  const post = async (body) => {
    bodies.push(body);
    return bodies.length === 1 ? null : answering(commandsOf(body).map(applied));
  };
  const sender = new Sender(store, HER, { post });
  const first = await sender.send();
  assert.equal(first.line, "retry");
  assert.ok(first.at > Date.now());
  await sender.send();
  const [whole, ...parts] = bodies.map(commandsOf);
  assert.deepEqual(parts.flat(), whole);
});

test("less is sent over a line that fails, down to one at a time", async () => {
  const store = new Memory(...many(30));
  const sizes = [];
  const post = async (body) => {
    sizes.push(commandsOf(body).length);
    return null;
  };
  const sender = new Sender(store, HER, { post });
  for (let round = 0; round < 6; round += 1) {
    await sender.send();
  }
  assert.deepEqual(sizes, [10, 5, 2, 1, 1, 1]);
  assert.equal(store.items.size, 30);
});

test("signal that comes back begins anew, so that its first stumble is soon mended", async (t) => {
  const events = new EventTarget();
  t.mock.method(Math, "random", () => 0.99);
  globalThis.addEventListener = events.addEventListener.bind(events);
  t.after(() => delete globalThis.addEventListener);
  const sender = new Sender(new Memory(...many(1)), HER, { post: async () => null });
  t.after(() => sender.stop());
  await sender.start();
  for (let round = 0; round < 6; round += 1) {
    await sender.send();
  }
  assert.ok(sender.state.at > Date.now() + 60_000);
  events.dispatchEvent(new Event("online"));
  await sender.send(); // waits for the one that the signal began, and is the second since
  assert.ok(sender.state.at < Date.now() + 5_000);
});

test("one at which the server fails as a whole keeps none of the others back", async () => {
  const store = new Memory(...many(25));
  const post = async (body) => {
    const commands = commandsOf(body);
    return commands.some((each) => each.seq === 1) ? error(500) : answering(commands.map(applied));
  };
  const sender = new Sender(store, HER, { post });
  for (let round = 0; round < 6; round += 1) {
    await sender.send();
  }
  assert.deepEqual([...store.items.keys()], ["id-1"]);
  assert.equal(store.items.get("id-1").code, "HTTP 500");
});

test("one that is answered 'later' is not sent twice in one go", async () => {
  const store = new Memory(...many(12));
  let sendings = 0;
  const post = async (body) => {
    sendings += 1;
    return answering(
      commandsOf(body).map((each) =>
        each.seq === 1 ? { id: each.id, outcome: "later", message: "G-1" } : applied(each),
      ),
    );
  };
  const state = await new Sender(store, HER, { post }).send();
  assert.equal(state.line, "retry");
  assert.equal(sendings, 2);
  assert.deepEqual([...store.items.keys()], ["id-1"]);
});

test("without a login one command asks, not fifty", async () => {
  const store = new Memory(...many(50));
  const sizes = [];
  const post = async (body) => {
    sizes.push(commandsOf(body).length);
    return error(401);
  };
  const sender = new Sender(store, HER, { post });
  assert.equal((await sender.send()).line, "sign_in");
  await sender.send();
  assert.deepEqual(sizes, [10, 1]);
});

test("another tab that is sending makes this one try again, not give up", async () => {
  const store = new Memory(item(1));
  let isBusy = true;
  const locks = { request: async (_name, _options, work) => work(isBusy ? null : {}) };
  const post = async (body) => answering(commandsOf(body).map(applied));
  const sender = new Sender(store, HER, { post, locks });
  await sender.start();
  assert.equal(store.items.size, 1);
  isBusy = false;
  await until(() => store.items.size === 0);
  sender.stop();
});

test("what is stored while a sending is under way is sent after it", async () => {
  const store = new Memory(item(1));
  let release;
  const posted = [];
  const post = async (body) => {
    posted.push(commandsOf(body).map((each) => each.seq));
    await new Promise((resolve) => {
      release = resolve;
    });
    return answering(commandsOf(body).map(applied));
  };
  const sender = new Sender(store, HER, { post });
  const first = sender.send();
  await until(() => posted.length === 1);
  store.items.set("id-2", item(2));
  const second = sender.send();
  const third = sender.send();
  release();
  await until(() => posted.length === 2);
  release();
  await Promise.all([first, second, third]);
  assert.deepEqual(posted, [[1], [2]]);
});

const BREAKS = [
  ["the store when it is read", "waiting"],
  ["the store when it is settled", "settle"],
];

for (const [name, method] of BREAKS) {
  test(`${name} breaks: everything is kept and tried again`, async () => {
    const store = new Memory(...many(3));
    store[method] = async () => {
      throw new OutboxError("aborted");
    };
    const post = async (body) => answering(commandsOf(body).map(applied));
    const state = await new Sender(store, HER, { post }).send();
    assert.equal(state.line, "retry");
    assert.equal(state.problem, "aborted");
    assert.ok(state.at > Date.now());
    assert.equal(store.items.size, 3);
  });
}

test("fetch that throws, locks that throw, and counting that fails lose nothing", async () => {
  const store = new Memory(...many(2));
  const throws = async () => {
    throw new TypeError("Failed to fetch");
  };
  assert.equal((await new Sender(store, HER, { post: throws }).send()).line, "retry");
  const locks = { request: throws };
  assert.equal((await new Sender(store, HER, { post: throws, locks }).send()).line, "retry");
  assert.equal(store.items.size, 2);
  store.phone.spend = throws;
  const post = async (body) => answering(commandsOf(body).map(applied));
  assert.equal((await new Sender(store, HER, { post }).send()).line, "ok");
  assert.equal(store.items.size, 0);
});

test("on a full phone the receipt is kept without what was said", async () => {
  const store = new Memory(item(1));
  const settle = store.settle.bind(store);
  const ways = [];
  store.settle = async (owner, verdicts, how) => {
    ways.push(how.isSlim ?? false);
    if (!how.isSlim) {
      throw new OutboxError("full");
    }
    await settle(owner, verdicts);
  };
  const post = async (body) => answering(commandsOf(body).map(applied));
  assert.equal((await new Sender(store, HER, { post }).send()).line, "ok");
  assert.deepEqual(ways, [false, true]);
  assert.equal(store.sent.size, 1);
});

test("over any line, nothing leaves without a receipt and nothing is sent for another", async () => {
  for (let round = 0; round < 200; round += 1) {
    const store = new Memory(...many(Math.floor(Math.random() * 40)), item(99, "another"));
    const receipts = new Set();
    const post = async (body) => {
      const commands = commandsOf(body);
      assert.ok(commands.every((each) => each.owner === HER));
      const chance = Math.random();
      if (chance < 0.4) {
        return [null, error(500), error(401), error(429), error(413)][Math.floor(chance * 12.5)];
      }
      const named = commands.filter(() => Math.random() < 0.8);
      for (const each of chance < 0.5 ? [] : named) {
        receipts.add(each.id);
      }
      // The server did it, and its answer was lost on the way.
      return chance < 0.5 ? null : answering(named.map(applied));
    };
    const sender = new Sender(store, HER, { post });
    for (let time = 0; time < 5; time += 1) {
      await sender.send();
    }
    assert.deepEqual(new Set(store.sent.keys()), receipts);
    assert.ok(store.items.has("id-99"));
  }
});

async function until(isTrue) {
  for (let waited = 0; !isTrue(); waited += 5) {
    assert.ok(waited < 5000, "it did not happen");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
