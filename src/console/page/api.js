/** A request that was not answered as hoped; `status` is 0 when the daemon was not reached. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} message for the person at the page
   */
  constructor(status, code, message) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
  }
}

/** @type {() => void} */
let onLocked = () => {};

/**
 * Names who is told when the daemon wants a login.
 * @param {() => void} tell
 */
export function whenLocked(tell) {
  onLocked = tell;
}

/**
 * Asks the daemon; rejects with an `ApiError`.
 * @param {"GET" | "POST" | "PATCH" | "DELETE"} method
 * @param {string} path
 * @param {object} [body]
 * @returns {Promise<any>} the JSON of the answer; null when it has none
 */
export async function ask(method, path, body) {
  const response = await reach(method, path, body);
  const json = response.status === 204 ? null : await response.json().catch(() => null);
  if (response.ok) return json;
  if (response.status === 401 && path !== "/api/login") onLocked();
  const { code = "unknown", message = `The daemon answered ${response.status}.` } = json?.error ?? {};
  throw new ApiError(response.status, code, message);
}

/**
 * Hands a file over, so that a message may name it; rejects with an `ApiError`.
 * @param {File} file
 */
export async function sendFile(file) {
  return await ask("POST", `/api/uploads?${new URLSearchParams({ name: file.name, type: file.type })}`, file);
}

/**
 * @param {"GET" | "POST" | "PATCH" | "DELETE"} method
 * @param {string} path
 * @param {object | undefined} body
 */
async function reach(method, path, body) {
  const isFile = body instanceof File;
  const headers = { "content-type": isFile ? "application/octet-stream" : "application/json" };
  const content = method === "GET" ? {} : { headers, body: isFile ? body : JSON.stringify(body ?? {}) };
  try {
    return await fetch(path, { method, ...content });
  } catch {
    throw new ApiError(0, "unreachable", "The daemon cannot be reached.");
  }
}
