import type { Result } from '../base/result.ts';
import type { PodmanService } from '../podman/client/served-runner.ts';
import type { Request } from './parse/command-line.ts';
import type { ExitCode } from './exit-code.ts';
import { main } from './main.ts';
import { nodePlatform } from '../platform/node/platform.ts';

/** Runs podpose in the real world. All that every verb needs comes as one file: each more costs a millisecond. */
export function start(
  request: Result<Request>,
  version: string,
  service: PodmanService | undefined,
  args: readonly string[],
): Promise<ExitCode> {
  return main(nodePlatform(service), request, version, args);
}
