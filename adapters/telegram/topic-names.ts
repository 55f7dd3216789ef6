import type { SessionSource } from "../../src/session/source.ts";

/** Topics whose names are remembered; the one learned first is forgotten first. */
const MAX_TOPICS = 1_000;

/** The names of topics: replies don't carry them, other messages of a topic do, as it was created. */
export interface TopicNames {
  /** The topic was created or renamed. */
  learn(chatId: string, threadId: string, name: string): void;
  /** The source with its topic's latest name, as far as one is known. */
  named(source: SessionSource): SessionSource;
}

/** None known yet. */
export function openTopicNames(): TopicNames {
  const names = new Map<string, string>();
  const learn = (chatId: string, threadId: string, name: string) => {
    names.set(`${chatId} ${threadId}`, name);
    const [oldest] = names.keys();
    if (names.size > MAX_TOPICS && oldest !== undefined) names.delete(oldest);
  };
  return {
    learn,
    named(source) {
      const { chatId, threadId, chatTopic } = source;
      if (threadId === null) return source;
      const known = names.get(`${chatId} ${threadId}`);
      if (known !== undefined) return { ...source, chatTopic: known };
      if (chatTopic !== null) learn(chatId, threadId, chatTopic);
      return source;
    },
  };
}
