import type { ExitCode } from './exit-codes.ts';
import { main } from './main.ts';
import { nodeWorld } from './node-world.ts';

/** Runs podpose in the real world. All that every verb needs comes as one file: each more costs a millisecond. */
export function start(args: readonly string[], version: string): Promise<ExitCode> {
  return main(nodeWorld(args), version);
}
