const orders = [
  // "Ignore all previous instructions", "forget everything above", "disregard the guidelines"; not "we override the lint rules".
  /\b(?:ignore|disregard|override|bypass|forget)\b.{0,40}\b(?:previous|prior|above|earlier|preceding|your)\b.{0,30}\b(?:instructions?|prompts?|rules?|guidelines?|messages?)\b/i,
  /\b(?:ignore|disregard)\b.{0,20}\b(?:all|any|the|these)\b.{0,20}\b(?:instructions?|prompts?|guidelines?)\b/i,
  /\b(?:ignore|disregard|forget)\b.{0,10}\b(?:everything|anything|all)\b.{0,20}\b(?:above|before|previously|told)\b/i,
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
