import { isPlatformName } from "../session/source.ts";

/** One entry of a list of who may speak. Ids alone: names can change hands. */
export type AccessEntry =
  | { readonly kind: "person"; readonly platform: string; readonly userId: string }
  /** `telegram:*`: everybody there. */
  | { readonly kind: "everyone"; readonly platform: string }
  /** `telegram:chat:-100123`: everybody who writes in that chat, its threads included. */
  | { readonly kind: "chat"; readonly platform: string; readonly chatId: string }
  /** `discord:role:456`: everybody who has that role. */
  | { readonly kind: "role"; readonly platform: string; readonly roleId: string };

/** Reads `platform:userId`, `platform:*`, `platform:chat:chatId` or `platform:role:roleId`; null for any other text. */
export function readAccessEntry(text: string): AccessEntry | null {
  const [, platform = "", id = ""] = /^([^:\s]+):(\S+)$/.exec(text) ?? [];
  if (!isPlatformName(platform) || id === "") return null;
  if (id === "*") return { kind: "everyone", platform };
  const [, what, inner = ""] = /^(chat|role):(.*)$/.exec(id) ?? [];
  if (what === undefined) return { kind: "person", platform, userId: id };
  if (inner === "" || inner === "*") return null;
  return what === "chat" ? { kind: "chat", platform, chatId: inner } : { kind: "role", platform, roleId: inner };
}
