/**
 * The configuration that `parley init` writes: what most people change first, with the lines that need a decision switched off by `#`.
 * With every `# ` at the start of a line taken away it is a valid configuration too.
 */
export const starterConfig = `# Parley reads this file when it is started beside it, or by --config. Every line may be left out.
# "\${NAME}" takes a value from the environment: keep tokens there, not here.
# "parley config check" tells every mistake, "config show" what is in force, "config schema" prints a schema for editors.

dataDir: ./data

console: # the web page and the HTTP API
  host: 127.0.0.1
  port: 8787
  token: "\${PARLEY_TOKEN:-}" # required as soon as others than this machine can reach it

# Who answers. Without this: a model whose OPENAI_API_KEY or ANTHROPIC_API_KEY is set, else an echo.
# agents:
#   main:
#     kind: openai # any endpoint that speaks the OpenAI API: Ollama, llama.cpp, vLLM, a hosted one
#     baseUrl: http://127.0.0.1:11434/v1
#     model: qwen3
#     instructions: You are helpful.

# Where it talks. TELEGRAM_BOT_TOKEN, DISCORD_BOT_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN in the environment are enough.
# platforms:
#   telegram:
#     token: "\${TELEGRAM_BOT_TOKEN}"

# Who may talk to it there. pairing: strangers get a code, and whoever runs Parley approves it (parley pair approve CODE).
access:
  mode: pairing
  # admins: ["telegram:42"] # /whoami in a chat tells ids

# When a conversation starts afresh; nothing is lost, /resume goes back.
reset:
  default: { mode: both, idleMinutes: 1440, atHour: 4 }
`;
