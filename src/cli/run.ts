import type { Result } from '../base/result.ts';
import { nodePlatform } from '../platform/node/platform.ts';
import type { PodmanService } from '../platform/service.ts';
import type { ExitCode } from './exit-code.ts';
import { main } from './main.ts';
import type { ProcessStart } from './process-start.ts';
import type { Trace } from './trace/open-trace.ts';
import type { Request } from './parse/command-line.ts';

/** Runs podpose on this machine. Bundled as one file: each further file costs a millisecond at start-up. */
export function run(
  request: Result<Request>,
  version: string,
  service: PodmanService | undefined,
  { args, settings, streams }: ProcessStart,
  trace: Result<Trace> | undefined,
): Promise<ExitCode> {
  return main(nodePlatform(service, settings, streams), request, version, args, trace);
}
