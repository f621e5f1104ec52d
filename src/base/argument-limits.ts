/** The limits of Linux for starting a program, in bytes (execve(2), "Limits on size of arguments and environment"). */

/** One argument or variable, including the NUL at its end: MAX_ARG_STRLEN, 32 pages of 4 KiB. */
export const LONGEST_ARGUMENT = 131_072;

/** All arguments and variables together: a quarter of the stack limit, which is 8 MiB by default. */
export const ALL_ARGUMENTS = 2_097_152;

/** The pointer to each argument or variable counts, too. */
const POINTER = 8;

/** The size of one argument, or of one variable as NAME=VALUE. */
export function argumentBytes(text: string): number {
  return Buffer.byteLength(text) + 1;
}

/** The share of `ALL_ARGUMENTS` that an argument of this size uses. */
export function shareOfAll(bytes: number): number {
  return bytes + POINTER;
}
