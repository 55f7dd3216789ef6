import type { LanguageModel, ModelMessage } from "ai";

/** What differs between the APIs that language models speak. */
export interface ModelProvider {
  /** The SDK's model of that name. */
  readonly languageModel: (name: string) => LanguageModel;
  /** Set on the ends of what a cache should keep; null where the provider caches by itself. */
  readonly cacheMark: ModelMessage["providerOptions"] | null;
  readonly takes: FileLimits;
}

/** Which files go to a model as they are, up to which size; 0 for none. */
export interface FileLimits {
  readonly imageBytes: number;
  readonly pdfBytes: number;
}

/** Most models of one agent that are kept: people choose them by `/model`. */
const MAX_MODELS = 32;

/** Keeps what `make` made by name: an SDK's model builds its schemas anew each time. */
export function rememberModels(make: (name: string) => LanguageModel): (name: string) => LanguageModel {
  const models = new Map<string, LanguageModel>();
  return (name) => {
    const known = models.get(name);
    if (known !== undefined) return known;
    if (models.size >= MAX_MODELS) models.clear();
    const made = make(name);
    models.set(name, made);
    return made;
  };
}
