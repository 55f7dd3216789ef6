/** The first bytes of a small file of each type, as its programs write them, padded to a plausible length. */
export const samples: Readonly<Record<string, Buffer>> = {
  "image/png": bytes("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
  "image/jpeg": bytes("\xff\xd8\xff\xe0\0\x10JFIF\0"),
  "image/gif": bytes("GIF89a\x01\0\x01\0"),
  "image/webp": bytes("RIFF\x24\0\0\0WEBPVP8 "),
  "image/bmp": bytes("BM\x46\0\0\0\0\0\0\0\x36\0\0\0"),
  "image/tiff": bytes("II*\0\x08\0\0\0"),
  "image/heic": bytes("\0\0\0\x18ftypheic\0\0\0\0mif1heic"),
  "image/avif": bytes("\0\0\0\x20ftypavif\0\0\0\0avifmif1"),
  "video/mp4": bytes("\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41"),
  "video/quicktime": bytes("\0\0\0\x14ftypqt  \x20\x05\x03\0qt  "),
  "audio/mp4": bytes("\0\0\0\x1cftypM4A \0\0\x02\0M4A isomiso2"),
  "video/webm": bytes("\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"),
  "video/x-matroska": bytes("\x1aE\xdf\xa3\xa3B\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\x82\x88matroska"),
  "audio/ogg": bytes("OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x13OpusHead"),
  "audio/wav": bytes("RIFF\x24\x08\0\0WAVEfmt "),
  "audio/flac": bytes("fLaC\0\0\0\x22"),
  "audio/mpeg": bytes("ID3\x04\0\0\0\0\0\x23TSSE"),
  "audio/aac": bytes("\xff\xf1\x50\x80\x01\x3f\xfc"),
  "application/pdf": bytes("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
  "application/zip": bytes("PK\x03\x04\x14\0\0\0\x08\0"),
  "application/x-ole-storage": bytes("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
  "application/gzip": bytes("\x1f\x8b\x08\0\0\0\0\0\0\x03"),
};

/** The sample of a type; throws when there is none. */
export function sample(mimeType: string): Buffer {
  const found = samples[mimeType];
  if (found === undefined) throw new Error(`no sample of ${mimeType}`);
  return found;
}

function bytes(head: string): Buffer {
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.alloc(64, 0x20)]);
}
