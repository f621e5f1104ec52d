import { parseCommandLine } from './command-line.ts';
import type { ExitCode } from './exit-codes.ts';
import { nodeService } from './node-service.ts';
import { podmanSettings } from './podman-settings.ts';

/** Reads the command line, and has podman start as a service while the rest of podpose is loaded: both take their time. */
export async function begin(args: readonly string[], version: string): Promise<ExitCode> {
  const request = parseCommandLine(args);
  const settings =
    request.ok && request.value.kind === 'run'
      ? podmanSettings(request.value.commandLine, process.env)
      : undefined;
  const service = settings?.served === true ? nodeService(settings) : undefined;
  try {
    const { start } = await import('./start.ts');
    return await start(request, version, service);
  } finally {
    service?.end();
  }
}
