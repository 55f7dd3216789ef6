const orders = [
  // "Ignore all previous instructions", "disregard the system prompt", "forget everything above"
  /\b(?:ignore|disregard|override|bypass|forget)\b.{0,40}\b(?:previous|prior|above|earlier|all|your|the)\b.{0,30}\b(?:instructions?|prompts?|rules?|guidelines?|messages?)\b/i,
  /\b(?:system|developer) (?:prompt|message|instructions?)\b/i,
  /\bprompt injection\b|\braw tool payload\b|\bjailbreak/i,
  /\byou are now\b|\bfrom now on,? (?:you|act|respond|answer)\b|\bnew instructions?:/i,
  // What chat templates and our own quotations are made of.
  /<\|[a-z_]+\|>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:system|assistant|user|instructions?|memory|tool_(?:call|result))\b[^>]*>/i,
  /^\s*(?:system|assistant|developer)\s*:/i,
];

/** Whether a line poses as an instruction to the model: remembered, it would be read in every later conversation. */
export function isPosing(line: string): boolean {
  return orders.some((order) => order.test(line));
}
