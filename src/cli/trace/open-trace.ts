import type { Diagnostic } from '../../base/diagnostic.ts';
import { failure, success, type Result } from '../../base/result.ts';
import type { Host } from '../../engine/engine.ts';
import { openTraceRecorder } from '../../platform/node/trace-recorder.ts';
import type { Platform } from '../../platform/platform.ts';
import type { PodmanService } from '../../platform/service.ts';
import type { OpenSpan, TraceRecorder } from '../../platform/trace.ts';
import { chromeTrace } from '../../view/trace/chrome-trace.ts';
import { tracedHost } from './traced-host.ts';
import { tracedPlatform } from './traced-platform.ts';
import { tracedService } from './traced-service.ts';

/** The trace of a run (`PODPOSE_TRACE`). It decorates what podpose uses; nothing else knows of it. */
export interface Trace {
  /** Begins a phase of the run. */
  readonly begin: (name: string) => OpenSpan;
  /** Opens the podman service, and traces its start and its requests. */
  readonly service: (open: () => Promise<PodmanService>) => Promise<PodmanService>;
  readonly platform: (platform: Platform) => Platform;
  readonly host: (host: Host) => Host;
}

/**
 * Opens the file of a trace, which is written when the process ends. Fails with a warning if it cannot be written.
 * @param loadedAt milliseconds from the start of the process until the first code of podpose ran
 */
export function openTrace(path: string, loadedAt: number): Result<Trace> {
  const redactors: ((text: string) => string)[] = [];
  let report: ((diagnostic: Diagnostic) => void) | undefined;
  const opened = openTraceRecorder({
    path,
    loadedAt,
    render: (spans, startedAt) =>
      chromeTrace(spans, {
        startedAt,
        redact: (text) => redactors.reduce((shown, hide) => hide(shown), text),
      }),
    onFault: (code) => report?.(unwritable(path, code)),
  });
  if (!opened.ok) return failure([unwritable(path, opened.error)]);
  const recorder = opened.value;
  return success({
    begin: (name) => recorder.begin(name, 'phase'),
    service: (open) => openService(open, recorder),
    platform: (platform) => tracedPlatform(platform, recorder),
    host: (host) => {
      report = (diagnostic) => {
        host.emit({ kind: 'diagnostics', diagnostics: [diagnostic] });
      };
      const hideSecrets: Host['hideSecrets'] = (redact) => {
        redactors.push(redact);
        host.hideSecrets(redact);
      };
      return tracedHost({ ...host, hideSecrets }, recorder);
    },
  });
}

async function openService(
  open: () => Promise<PodmanService>,
  recorder: TraceRecorder,
): Promise<PodmanService> {
  const start = recorder.now();
  const service = await open();
  const name = service.startedWith === undefined ? 'connect to podman service' : 'start podman service';
  void service.isThere().then((isThere) => {
    recorder.add(name, 'service', start, { isThere });
  });
  return tracedService(service, recorder);
}

function unwritable(path: string, code: string): Diagnostic {
  return {
    code: 'file-unwritable',
    severity: 'warning',
    message: `${path}: cannot write the trace (${code})`,
    help: 'PODPOSE_TRACE names the file. Check its permissions and those of its directory. podpose runs without a trace.',
  };
}
