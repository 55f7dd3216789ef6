import { type AccessEntry, readAccessEntry } from "../src/access/entry.ts";
import { type Problem, problemMessage } from "./problems.ts";
import type { Shown } from "./shown.ts";
import { isTree, listAt, type Path, pathText, type Tree, valueAt } from "./tree.ts";

/** Entries of `allow`, `admins` and `chats` that could never match anybody. */
export function accessProblems(tree: Tree, shown: Shown): readonly Problem[] {
  return accessSections(tree).flatMap(({ path, platform }) => {
    const chatsPath = [...path, "chats"];
    const chats = valueAt(tree, chatsPath);
    const chatIds = isTree(chats) ? Object.keys(chats) : [];
    const lists = [
      [...path, "allow"],
      [...path, "admins"],
      ...chatIds.map((chatId) => [...chatsPath, chatId, "allow"]),
    ];
    return [
      ...lists.flatMap((list) => listProblems(tree, list, platform, shown)),
      ...chatIds.flatMap((chatId) =>
        platform === null ? [] : idProblems(platform, "chat", chatId, JSON.stringify(chatId), [...chatsPath, chatId]),
      ),
    ];
  });
}

function listProblems(tree: Tree, list: Path, platform: string | null, shown: Shown): readonly Problem[] {
  return listAt(tree, list).flatMap((text, index) => {
    const path = [...list, index];
    const entry = typeof text === "string" ? readAccessEntry(text) : null;
    if (entry === null) return []; // the schema says so
    if (platform !== null && entry.platform !== platform) {
      const message = problemMessage(
        `an entry that begins with "${platform}:"`,
        shown(path),
        "Others belong under access.",
      );
      return [{ path: pathText(path), message }];
    }
    return entryProblems(entry, shown(path), path);
  });
}

function entryProblems(entry: AccessEntry, shown: string, path: Path): readonly Problem[] {
  switch (entry.kind) {
    case "everyone":
      return [];
    case "person":
      return idProblems(entry.platform, "person", entry.userId, shown, path);
    case "chat":
      return idProblems(entry.platform, "chat", entry.chatId, shown, path);
    case "role":
      if (entry.platform !== "discord" && entry.platform !== "slack") {
        const expected = 'a role of Discord, "discord:role:id", or a user group of Slack, "slack:role:id"';
        const message = problemMessage(expected, shown, "Other platforms have none.");
        return [{ path: pathText(path), message }];
      }
      return idProblems(entry.platform, "role", entry.roleId, shown, path);
  }
}

/** What ids look like, where a platform's are all alike. */
const FORMS: Readonly<Record<string, readonly (readonly [what: IdKind, form: RegExp, expected: string])[]>> = {
  telegram: [
    ["person", /^\d+$/, "a numeric Telegram id"],
    ["chat", /^-?\d+$/, "the numeric id of a Telegram chat"],
  ],
  discord: [
    ["person", /^\d+$/, "a numeric Discord id"],
    ["chat", /^\d+$/, "the numeric id of a Discord channel"],
    ["role", /^\d+$/, "the numeric id of a Discord role"],
  ],
  slack: [
    ["person", /^[UW][A-Z0-9]+$/, 'a Slack member id, which begins with "U" or "W"'],
    ["chat", /^[CDG][A-Z0-9]+$/, 'a Slack channel id, which begins with "C", "D" or "G"'],
    ["role", /^S[A-Z0-9]+$/, 'the id of a Slack user group, which begins with "S"'],
  ],
};
type IdKind = "person" | "chat" | "role";
const ADVICE: Readonly<Record<IdKind, string>> = {
  person: "Names can change hands; the person sees the id with /whoami.",
  chat: "Names can change hands; /whoami shows the id in that chat.",
  role: "Names can change hands; Discord's developer mode shows the id in the role's menu, Slack the link to the group ends with it.",
};

function idProblems(platform: string, what: IdKind, id: string, shown: string, path: Path): readonly Problem[] {
  const [, form, expected = ""] = FORMS[platform]?.find(([kind]) => kind === what) ?? [];
  if (form === undefined || form.test(id)) return [];
  const isTelegramChat = platform === "telegram" && /^-\d+$/.test(id);
  const advice = isTelegramChat ? `That is a chat's: write "telegram:chat:${id}".` : ADVICE[what];
  return [{ path: pathText(path), message: problemMessage(expected, shown, advice) }];
}

interface AccessSection {
  readonly path: readonly string[];
  /** Where what it does not say is said, the nearest first. */
  readonly above: readonly (readonly string[])[];
  /** Null at the root. */
  readonly platform: string | null;
}

function accessSections(tree: Tree): readonly AccessSection[] {
  const root = ["access"];
  const platforms = valueAt(tree, ["platforms"]);
  return [
    { path: root, above: [], platform: null },
    ...Object.keys(isTree(platforms) ? platforms : {}).flatMap((platform): readonly AccessSection[] => {
      const path = ["platforms", platform, "access"];
      const accounts = valueAt(tree, ["platforms", platform, "accounts"]);
      return [
        { path, above: [root], platform },
        ...Object.keys(isTree(accounts) ? accounts : {}).map((account) => ({
          path: ["platforms", platform, "accounts", account, "access"],
          above: [path, root],
          platform,
        })),
      ];
    }),
  ];
}

/** Allow-lists that let nobody in: allowed, and rarely meant. */
export function accessWarnings(tree: Tree): readonly string[] {
  return accessSections(tree).flatMap(({ path, above }) => {
    const inForce = (key: string) =>
      [path, ...above].map((section) => valueAt(tree, [...section, key])).find((value) => value !== undefined);
    const isEmpty = (key: string) => {
      const value = inForce(key);
      return (
        value === undefined ||
        (Array.isArray(value) ? value.length : Object.keys(isTree(value) ? value : {}).length) === 0
      );
    };
    const isSaidHere = valueAt(tree, [...path, "mode"]) === "allowlist";
    return isSaidHere && isEmpty("allow") && isEmpty("chats")
      ? [`${pathText([...path, "allow"])}: is empty, so that nobody but the admins gets an answer.`]
      : [];
  });
}
