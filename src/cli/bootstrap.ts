import type { Result } from '../base/result.ts';
import { parseCommandLine, type Request } from './parse/command-line.ts';
import type { ExitCode } from './exit-code.ts';
import { compileCachingRequire } from '../platform/node/compile-cache.ts';
import { nodeService } from '../platform/node/podman-service.ts';
import type { PodmanService } from '../platform/service.ts';
import { podmanSettings, type PodmanSettings } from './podman-settings.ts';
import type * as Run from './run.ts';
import type { Trace } from './trace/open-trace.ts';

/** Defined by the bundler. */
declare const PODPOSE_BUILD: string | undefined;

/** Parses the command line and starts the podman service while the rest of podpose loads. */
export async function bootstrap(args: readonly string[], version: string): Promise<ExitCode> {
  const file = process.env['PODPOSE_TRACE'] ?? '';
  const trace = file === '' ? undefined : await openTrace(file);
  const tracing = trace?.ok === true ? trace.value : undefined;
  const request = parseCommandLine(args);
  const settings =
    request.ok && request.value.kind === 'run'
      ? podmanSettings(request.value.commandLine, process.env)
      : undefined;
  const service = settings && (await openService(settings, tracing));
  const loading = tracing?.begin('load podpose');
  const { run } = await loadRest(request);
  loading?.end();
  const running = tracing?.begin(`podpose ${commandOf(request)}`);
  const exitCode = await run(request, version, service, args, trace);
  running?.end({ exitCode });
  return exitCode;
}

async function openService(
  { podman, env, serviceSeconds }: PodmanSettings,
  tracing: Trace | undefined,
): Promise<PodmanService | undefined> {
  if (serviceSeconds === undefined) return undefined;
  const open = () => nodeService(podman, env, serviceSeconds);
  return tracing === undefined ? open() : tracing.service(open);
}

/** Loads the code of the trace, which is in a file of its own. */
async function openTrace(path: string): Promise<Result<Trace>> {
  const loadedAt = performance.now();
  const loaded = await import('./trace/open-trace.ts');
  return loaded.openTrace(path, loadedAt);
}

function commandOf(request: Result<Request>): string {
  return request.ok && request.value.kind === 'run' ? request.value.commandLine.command : 'help';
}

/** Loads the rest of podpose. Bundled code is loaded from V8's compile cache. */
async function loadRest(request: Result<Request>): Promise<typeof Run> {
  if (typeof PODPOSE_BUILD !== 'string') return import('./run.ts');
  const require = compileCachingRequire(import.meta.dirname, process.env);
  if (require !== undefined) return require('./parts/run.js') as typeof Run;
  const { compiledRequire } = await import('../platform/node/code-cache.ts');
  return compiledRequire(
    import.meta.dirname,
    PODPOSE_BUILD,
    commandOf(request),
    process.env,
  )('./parts/run.js') as typeof Run;
}
