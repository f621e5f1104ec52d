import type { Result } from '../base/result.ts';
import type { PodmanService } from '../podman/service/served-runner.ts';
import type { Request } from './command-line.ts';
import type { ExitCode } from './exit-codes.ts';
import { main } from './main.ts';
import { nodeWorld } from './node-world.ts';

/** Runs podpose in the real world. All that every verb needs comes as one file: each more costs a millisecond. */
export function start(
  request: Result<Request>,
  version: string,
  service: PodmanService | undefined,
  args: readonly string[],
): Promise<ExitCode> {
  return main(nodeWorld(service), request, version, args);
}
