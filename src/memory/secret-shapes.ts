/**
 * Secrets that can be told by their shape, from what their issuers print of it. Each quantifier is bounded by a class that
 * can't match what follows it, so that none of them backtracks far.
 */
export const secretShapes: readonly (readonly [kind: string, shape: RegExp])[] = [
  [
    "private key",
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,8000}?(?:-----END [A-Z0-9 ]{0,40}-----|$)/g,
  ],
  ["private key", /\bAGE-SECRET-KEY-1[0-9A-Z]{20,}/g],
  ["jwt", /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g],
  ["aws", /\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\b/g],
  ["model provider", /\b(?:sk|pk|rk)-[\w-]{16,}/g],
  ["stripe", /\b(?:sk|pk|rk|whsec)_(?:live_|test_)?[0-9A-Za-z]{16,}/g],
  ["github", /\b(?:gh[opusr]_[0-9A-Za-z]{20,}|github_pat_\w{20,})/g],
  ["gitlab", /\bgl(?:pat|dt|rt|ptt|soat|cbt|ft|agent|imt)-[\w-]{16,}/g],
  ["slack", /\bx(?:ox[abceoprs]|app)-[\w-]{10,}/g],
  ["slack", /\bhooks\.slack\.com\/(?:services|workflows)\/[\w/]{10,}/g],
  ["discord", /\b[MNO][\w-]{22,}\.[\w-]{6}\.[\w-]{25,}/g],
  ["discord", /\bdiscord(?:app)?\.com\/api\/webhooks\/\d{10,}\/[\w-]{20,}/g],
  ["telegram", /\b\d{6,12}:[\w-]{30,}/g],
  ["google", /\bAIza[\w-]{30,}|\bya29\.[\w-]{10,}|\bGOCSPX-[\w-]{16,}|\b1\/\/0[\w-]{20,}/g],
  ["azure", /\b(?:AccountKey|SharedAccessKey|SharedAccessSignature)=[\w+/=%-]{16,}/gi],
  ["registry", /\bnpm_[0-9A-Za-z]{20,}|\bpypi-[\w-]{20,}|\bdckr_pat_[\w-]{16,}|\brubygems_[0-9a-f]{20,}/g],
  ["hosting", /\b(?:dop|doo|dor)_v1_[0-9a-f]{20,}|\bhf_[0-9A-Za-z]{20,}|\bfly1?_[\w-]{20,}|\bFlyV1 \S{16,}/g],
  ["shop", /\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{20,}|\bsq0[a-z]{3}-[\w-]{16,}|\bEAA[0-9A-Za-z]{30,}/g],
  ["mail", /\bSG\.[\w-]{16,}\.[\w-]{16,}|\bkey-[0-9a-f]{32}\b|\bxkeysib-[\w-]{20,}|\b[0-9a-f]{32}-us\d{1,2}\b/g],
  ["vault", /\bhv[sb]\.[\w-]{20,}|\bops_[\w-]{30,}|\bbws?\.[\w-]{20,}/g],
  [
    "linear",
    /\b(?:lin_api|lin_oauth|ntn|secret|figd|PMAK|nvapi|gsk|xai|r8|tskey|pat|phc|phx)[_-](?=[\w-]*\d)[0-9A-Za-z_-]{20,}/g,
  ],
  ["address with password", /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}:[^\s/@]{1,200}@/gi],
  [
    "address with token",
    /[?&#](?:[a-z_-]{0,20}(?:token|secret|password|passwd|signature|api_?key)|key|sig|auth)=[^\s&#]{6,}/gi,
  ],
  ["authorization", /\bbearer\s+[\w.~+/=-]{16,}|\bbasic\s+(?=\S*[\d=])[A-Za-z0-9+/]{12,}={0,2}/gi],
  ["social security number", /\b(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/g],
];
