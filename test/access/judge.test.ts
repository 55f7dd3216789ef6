import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { type AccessRules, compileAccess, judge, type Sender } from "../../src/access/judge.ts";

const rules = (about: Partial<AccessRules>): AccessRules => ({
  mode: "allowlist",
  allow: [],
  admins: ["telegram:1"],
  chats: {},
  ...about,
});
const ann: Sender = {
  platform: "telegram",
  userId: "42",
  chatId: "42",
  parentChatId: null,
  chatType: "dm",
  roleIds: [],
  isPerson: true,
};
const inGroup = { chatType: "group", chatId: "-100" } as const;

/** `admin`, `admitted`, `asks` (may pair) or `silence`. */
function verdict(about: Partial<AccessRules>, sender: Partial<Sender>, paired = false): string {
  const said = judge(compileAccess(rules(about)), { ...ann, ...sender }, () => paired);
  if (said.kind === "admitted") return said.isAdmin ? "admin" : "admitted";
  return said.mayPair ? "asks" : "silence";
}

const table: readonly (readonly [
  name: string,
  rules: Partial<AccessRules>,
  sender: Partial<Sender>,
  verdict: string,
])[] = [
  ["an allow-list is silent to everybody else", {}, {}, "silence"],
  ["a listed person may speak", { allow: ["telegram:42"] }, {}, "admitted"],
  ["the same id on another platform is another person", { allow: ["discord:42"] }, {}, "silence"],
  ["everybody of a platform", { allow: ["telegram:*"] }, {}, "admitted"],
  ["everybody of another platform", { allow: ["slack:*"] }, {}, "silence"],
  ["a listed person may speak in groups too", { allow: ["telegram:42"] }, inGroup, "admitted"],
  ["open lets everybody in, and makes nobody an admin", { mode: "open" }, {}, "admitted"],
  ["an admin is one in every mode", { mode: "open" }, { userId: "1" }, "admin"],
  ["an admin need not be listed", {}, { userId: "1" }, "admin"],
  [
    "an admin may speak in a chat that is closed to others",
    { chats: { "-100": { mode: "allowlist", allow: [] } } },
    { ...inGroup, userId: "1" },
    "admin",
  ],
  ["an admin's id on another platform is nobody's", {}, { userId: "1", platform: "discord" }, "silence"],
  ["everybody is no admin", { admins: ["telegram:*"] }, {}, "silence"],
  ["a chat is no admin", { admins: ["telegram:chat:-100"] }, inGroup, "silence"],
  ["pairing: a stranger may ask in a direct message", { mode: "pairing" }, {}, "asks"],
  ["pairing: groups are silent to strangers", { mode: "pairing" }, inGroup, "silence"],
  ["pairing: so are threads", { mode: "pairing" }, { chatType: "thread", chatId: "5" }, "silence"],
  ["pairing: somebody unknown cannot ask", { mode: "pairing" }, { userId: null }, "silence"],
  ["whoever writes in a listed chat", { allow: ["telegram:chat:-100"] }, inGroup, "admitted"],
  [
    "whoever writes in a thread of a listed chat",
    { allow: ["telegram:chat:-100"] },
    { chatType: "thread", chatId: "77", parentChatId: "-100" },
    "admitted",
  ],
  ["a listed chat admits nobody elsewhere", { allow: ["telegram:chat:-100"] }, {}, "silence"],
  [
    "a person whose id reads like a chat's entry is nobody",
    { allow: ["telegram:chat:5", "telegram:role:5"] },
    { userId: "chat:5" },
    "silence",
  ],
  ["a person whose id is an asterisk is not everybody", { allow: ["telegram:42"] }, { userId: "*" }, "silence"],
  ["a role", { allow: ["discord:role:7"] }, { ...inGroup, platform: "discord", roleIds: ["6", "7"] }, "admitted"],
  ["another role", { allow: ["discord:role:7"] }, { ...inGroup, platform: "discord", roleIds: ["6"] }, "silence"],
  ["a chat that is open", { chats: { "-100": { mode: "open" } } }, inGroup, "admitted"],
  [
    "a chat that is open, elsewhere",
    { chats: { "-100": { mode: "open" } } },
    { ...inGroup, chatId: "-200" },
    "silence",
  ],
  [
    "a thread has the rules of the chat it hangs in",
    { chats: { "-100": { mode: "open" } } },
    { chatType: "thread", chatId: "77", parentChatId: "-100" },
    "admitted",
  ],
  [
    "a thread's own rules win over its chat's",
    { chats: { "-100": { mode: "open" }, "77": { mode: "allowlist" } } },
    { chatType: "thread", chatId: "77", parentChatId: "-100" },
    "silence",
  ],
  [
    "a chat's list takes the place of the one above",
    { allow: ["telegram:42"], chats: { "-100": { allow: ["telegram:43"] } } },
    inGroup,
    "silence",
  ],
  [
    "a chat's list, and somebody on it",
    { allow: ["telegram:42"], chats: { "-100": { allow: ["telegram:43"] } } },
    { ...inGroup, userId: "43" },
    "admitted",
  ],
  [
    "a chat that says only its mode keeps the list",
    { mode: "open", allow: ["telegram:42"], chats: { "-100": { mode: "allowlist" } } },
    inGroup,
    "admitted",
  ],
  [
    "a chat that speaks as itself passes no list of people",
    { allow: ["telegram:42", "telegram:*"] },
    { isPerson: false },
    "silence",
  ],
  ["a chat that speaks as itself is no admin", {}, { isPerson: false, userId: "1" }, "silence"],
  [
    "a chat that speaks as itself has no roles",
    { allow: ["telegram:role:7"] },
    { isPerson: false, roleIds: ["7"] },
    "silence",
  ],
  ["a chat that speaks as itself cannot ask", { mode: "pairing" }, { isPerson: false }, "silence"],
  ["a chat that speaks as itself, where all is open", { mode: "open" }, { isPerson: false, userId: "1" }, "admitted"],
  [
    "a chat that speaks as itself, in a listed chat",
    { allow: ["telegram:chat:-100"] },
    { ...inGroup, isPerson: false },
    "admitted",
  ],
];

describe("judge", () => {
  for (const [name, about, sender, expected] of table) {
    test(name, () => assert.equal(verdict(about, sender), expected));
  }

  test("who was let in by a code may speak wherever pairing is the mode, and is no admin", () => {
    assert.equal(verdict({ mode: "pairing" }, {}, true), "admitted");
    assert.equal(verdict({ mode: "pairing" }, inGroup, true), "admitted");
    assert.equal(verdict({ mode: "pairing", chats: { "-100": { mode: "allowlist" } } }, inGroup, true), "silence");
    assert.equal(verdict({ mode: "allowlist" }, {}, true), "silence");
    assert.equal(verdict({ mode: "pairing" }, { isPerson: false }, true), "silence");
  });

  test("whether somebody was let in by a code is only looked up when nothing else decides", () => {
    const unasked = () => assert.fail("looked up");
    judge(compileAccess(rules({ mode: "pairing", allow: ["telegram:42"] })), ann, unasked);
    judge(compileAccess(rules({ mode: "pairing" })), { ...ann, userId: "1" }, unasked);
    judge(compileAccess(rules({ mode: "open" })), ann, unasked);
    judge(compileAccess(rules({})), ann, unasked);
  });

  test("names play no part: rules of whatever text admit nobody by another text than the id", () => {
    const text = fc.string({ minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), text, (names, userId) => {
        const allow = names.map((name) => `telegram:${name}`);
        const sender = { ...ann, userId };
        const isListed = allow.includes("telegram:*") || allow.includes(`telegram:${userId}`);
        const said = judge(compileAccess(rules({ allow, admins: [] })), sender, () => true);
        assert.ok(said.kind === "stranger" || isListed);
      }),
    );
  });
});
