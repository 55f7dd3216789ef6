/**
 * Anything that could mean something in markdown or in a platform's own markup: marks, the beginnings of lines that open a
 * block, white space that is dropped, addresses, control characters.
 */
const meaningful =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this expression is about
  /[*_`~[\]<>&\\|@\r\0-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]|^(?:[^\S\n]|[-+#=:]|\d{1,9}[.)])|[^\S\n]$|\n\s*\n\s*\n|:\/\/|www\./im;

/**
 * True for a text that is the same in every markup, so that nothing has to be parsed: the usual message is a sentence. False
 * says nothing.
 */
export function isPlainMarkdown(markdown: string): boolean {
  return (
    markdown !== "" &&
    !meaningful.test(markdown) &&
    markdown.trim().length === markdown.length &&
    markdown.isWellFormed()
  );
}
