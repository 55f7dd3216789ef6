/** How the content of a file type begins. */
interface Signature {
  /** The type of such content when nobody claims one of the others. */
  readonly type: string;
  /** Types that begin in the same way: a claim of one of them stands. */
  readonly others: readonly string[];
  readonly matches: (head: Buffer) => boolean;
}

/** As much of a file as is looked at, from its beginning. */
export const HEAD_BYTES = 512;

const OFFICE = [
  "application/epub+zip",
  "application/java-archive",
  "application/vnd.android.package-archive",
  "application/vnd.oasis.opendocument.presentation",
  "application/vnd.oasis.opendocument.spreadsheet",
  "application/vnd.oasis.opendocument.text",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
];
const OLD_OFFICE = ["application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"];

/** The first that matches counts. */
const SIGNATURES: readonly Signature[] = [
  { type: "image/png", others: [], matches: at(0, "\x89PNG\r\n\x1a\n") },
  { type: "image/jpeg", others: [], matches: at(0, "\xff\xd8\xff") },
  { type: "image/gif", others: [], matches: (head) => at(0, "GIF87a")(head) || at(0, "GIF89a")(head) },
  { type: "image/webp", others: [], matches: both(at(0, "RIFF"), at(8, "WEBP")) },
  { type: "image/bmp", others: [], matches: both(at(0, "BM"), at(6, "\0\0\0\0")) },
  { type: "image/tiff", others: [], matches: (head) => at(0, "II*\0")(head) || at(0, "MM\0*")(head) },
  { type: "image/heic", others: [], matches: brand(/^(?:heic|heix|heim|heis|hevc|mif1|msf1)/) },
  { type: "image/avif", others: [], matches: brand(/^avi[fs]/) },
  { type: "audio/mp4", others: [], matches: brand(/^M4[AB] /) },
  { type: "video/quicktime", others: [], matches: brand(/^qt {2}/) },
  { type: "video/mp4", others: ["audio/mp4", "video/quicktime"], matches: brand(/^[\x20-\x7e]{4}/) },
  { type: "video/webm", others: ["audio/webm"], matches: both(at(0, "\x1aE\xdf\xa3"), within("webm")) },
  { type: "video/x-matroska", others: ["audio/x-matroska"], matches: at(0, "\x1aE\xdf\xa3") },
  { type: "audio/ogg", others: ["video/ogg", "application/ogg"], matches: at(0, "OggS") },
  { type: "audio/wav", others: [], matches: both(at(0, "RIFF"), at(8, "WAVE")) },
  { type: "audio/flac", others: [], matches: at(0, "fLaC") },
  { type: "audio/mpeg", others: [], matches: (head) => at(0, "ID3")(head) || begins(head, 0xffe6, 0xffe2) },
  { type: "audio/aac", others: [], matches: (head) => begins(head, 0xfff6, 0xfff0) },
  { type: "application/pdf", others: [], matches: at(0, "%PDF-") },
  {
    type: "application/zip",
    others: OFFICE,
    matches: (head) => at(0, "PK\x03\x04")(head) || at(0, "PK\x05\x06")(head),
  },
  { type: "application/x-ole-storage", others: OLD_OFFICE, matches: at(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") },
  { type: "application/gzip", others: ["application/x-tgz"], matches: at(0, "\x1f\x8b\x08") },
];

/** Types that content can be told to be or not to be. */
const TELLABLE: ReadonlySet<string> = new Set(SIGNATURES.flatMap(({ type, others }) => [type, ...others]));

/** What the beginning of a file says it is: `type`, or one of `others`; null when it says nothing. */
export function signatureOf(head: Uint8Array): Pick<Signature, "type" | "others"> | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, HEAD_BYTES));
  return SIGNATURES.find(({ matches }) => matches(bytes)) ?? null;
}

/** Whether a file of that type would have been told by its beginning. */
export function isTellable(mimeType: string): boolean {
  return TELLABLE.has(mimeType);
}

function at(offset: number, bytes: string): (head: Buffer) => boolean {
  const wanted = Buffer.from(bytes, "latin1");
  return (head) => head.subarray(offset, offset + wanted.length).equals(wanted);
}

function within(bytes: string): (head: Buffer) => boolean {
  return (head) => head.includes(bytes, 0, "latin1");
}

function both(one: (head: Buffer) => boolean, other: (head: Buffer) => boolean): (head: Buffer) => boolean {
  return (head) => one(head) && other(head);
}

/** The major brand of a file in boxes (ISO/IEC 14496-12 §4.3). */
function brand(pattern: RegExp): (head: Buffer) => boolean {
  return (head) => at(4, "ftyp")(head) && pattern.test(head.toString("latin1", 8, 12));
}

/** Whether the first two bytes have these bits: how a frame of MPEG sound begins. */
function begins(head: Buffer, mask: number, bits: number): boolean {
  return head.length >= 2 && (head.readUInt16BE(0) & mask) === bits;
}
