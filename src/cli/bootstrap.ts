import type { Result } from '../base/result.ts';
import { parseCommandLine, type Request } from './parse/command-line.ts';
import type { ExitCode } from './exit-code.ts';
import { isServiceRunning, nodeService } from '../platform/node/podman-service.ts';
import type { PodmanService } from '../platform/service.ts';
import { podmanSettings, type PodmanSettings, type ServiceSettings } from './podman-settings.ts';
import type { ProcessStart } from './process-start.ts';
import type { Trace } from './trace/open-trace.ts';

/** Parses the command line and starts the podman service while the rest of podpose loads. */
export async function bootstrap(start: ProcessStart, version: string): Promise<ExitCode> {
  const { args, loadedAt } = start;
  const file = process.env['PODPOSE_TRACE'] ?? '';
  const trace = file === '' ? undefined : await openTrace(file, loadedAt);
  const tracing = trace?.ok === true ? trace.value : undefined;
  const request = parseCommandLine(args);
  const settings =
    request.ok && request.value.kind === 'run'
      ? podmanSettings(request.value.commandLine, process.env)
      : undefined;
  const service = settings && (await openService(settings, tracing));
  const loading = tracing?.begin('load podpose');
  const { run } = await import('./run.ts');
  loading?.end();
  const running = tracing?.begin(`podpose ${commandOf(request)}`);
  const exitCode = await run(request, version, service, start, trace);
  running?.end({ exitCode });
  return exitCode;
}

async function openService(
  { podman, service }: PodmanSettings,
  tracing: Trace | undefined,
): Promise<PodmanService | undefined> {
  if (service === undefined) return undefined;
  const { seconds, starts, envs } = service;
  const env = (await runningOne(podman, service)) ?? (starts ? envs[0] : undefined);
  if (env === undefined) return undefined;
  const open = () => nodeService(podman, env, seconds);
  return tracing === undefined ? open() : tracing.service(open);
}

/** The environment of the first service that runs. Not asked if there is no choice: opening a service finds out. */
async function runningOne(
  podman: string,
  { starts, envs }: ServiceSettings,
): Promise<PodmanSettings['env'] | undefined> {
  if (starts && envs.length === 1) return envs[0];
  for (const env of envs) if (await isServiceRunning(podman, env)) return env;
  return undefined;
}

/** Loads the code of the trace, which is in a file of its own. */
async function openTrace(path: string, loadedAt: number): Promise<Result<Trace>> {
  const loaded = await import('./trace/open-trace.ts');
  return loaded.openTrace(path, loadedAt);
}

function commandOf(request: Result<Request>): string {
  return request.ok && request.value.kind === 'run' ? request.value.commandLine.command : 'help';
}
