/**
 * What Linux takes when a program is started (execve(2), "Limits on size of arguments and environment"). Both are in
 * bytes.
 */

/** Of one argument or variable, with the NUL at its end: MAX_ARG_STRLEN, 32 pages of 4 KiB. */
export const LONGEST_ARGUMENT = 131_072;

/** Of all arguments and variables together: a quarter of the limit of the stack, which is 8 MiB unless it is changed. */
export const ALL_ARGUMENTS = 2_097_152;

/** The pointer to each argument and variable counts, too. */
const POINTER = 8;

/** What an argument, or a variable as NAME=VALUE, takes by itself. */
export function argumentBytes(text: string): number {
  return Buffer.byteLength(text) + 1;
}

/** What it takes of `ALL_ARGUMENTS`. */
export function shareOfAll(bytes: number): number {
  return bytes + POINTER;
}
