import type { Result } from '../base/result.ts';
import { parseCommandLine, type Request } from './parse/command-line.ts';
import type { ExitCode } from './exit-code.ts';
import { compileCachingRequire } from '../platform/node/compile-cache.ts';
import { nodeService } from '../platform/node/podman-service.ts';
import { podmanSettings } from './podman-settings.ts';
import type * as Run from './run.ts';

/** Defined by the bundler. */
declare const PODPOSE_IS_BUNDLED: boolean | undefined;

/** Parses the command line and starts the podman service while the rest of podpose loads. */
export async function bootstrap(args: readonly string[], version: string): Promise<ExitCode> {
  const request = parseCommandLine(args);
  const settings =
    request.ok && request.value.kind === 'run'
      ? podmanSettings(request.value.commandLine, process.env)
      : undefined;
  const service =
    settings?.serviceSeconds === undefined
      ? undefined
      : await nodeService(settings.podman, settings.env, settings.serviceSeconds);
  const { run } = await loadRest(request);
  return run(request, version, service, args);
}

/** Loads the rest of podpose. Bundled code is loaded from V8's compile cache. */
async function loadRest(request: Result<Request>): Promise<typeof Run> {
  if (typeof PODPOSE_IS_BUNDLED !== 'boolean') return import('./run.ts');
  const require = compileCachingRequire(import.meta.dirname, process.env);
  if (require !== undefined) return require('./parts/run.js') as typeof Run;
  const { compiledRequire } = await import('../platform/node/code-cache.ts');
  const use = request.ok && request.value.kind === 'run' ? request.value.commandLine.command : 'help';
  return compiledRequire(import.meta.dirname, use, process.env)('./parts/run.js') as typeof Run;
}
