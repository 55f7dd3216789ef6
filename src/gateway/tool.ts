import { z } from "zod";
import type { AgentTool } from "../agent/backend.ts";

/** What a tool is given, and the same for the model: worked out once, since it takes longer than a turn's other beginnings. */
export function inputOf<Input>(input: z.ZodType<Input>) {
  return { input, inputSchema: z.toJSONSchema(input, { io: "input" }) };
}

/** A tool whose input is parsed before it runs, and that never rejects. */
export function tool<Input>(
  name: string,
  description: string,
  { input, inputSchema }: ReturnType<typeof inputOf<Input>>,
  act: (input: Input) => string | Promise<string>,
): AgentTool {
  return {
    name,
    description,
    inputSchema,
    async run(given) {
      const read = input.safeParse(given);
      if (!read.success) return `Wrong input: ${z.prettifyError(read.error)}`;
      try {
        return await act(read.data);
      } catch (error) {
        return `It failed: ${error instanceof Error ? error.message : String(error)}`;
      }
    },
  };
}
