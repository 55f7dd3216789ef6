/** The number a command's argument says, `usual` when it says nothing; null when it is no whole number of 1 to `most`. */
export function readCount(argument: string, usual: number, most: number): number | null {
  if (argument === "") return usual;
  const count = /^\d{1,6}$/.test(argument) ? Number(argument) : 0;
  return count >= 1 && count <= most ? count : null;
}
