import type { ProcessRunner, RunningProcess, Stream } from '../podman/process.ts';

/** A container whose output is shown. */
export interface LogSource {
  readonly pod: string;
  readonly container: string;
  /** podman's name of it. */
  readonly name: string;
}

export interface LogOptions {
  readonly follow: boolean;
  readonly timestamps: boolean;
  readonly tail?: number;
  readonly since?: string;
}

export type OnLogLine = (source: LogSource, line: string, stream: Stream) => void;

/** `podman logs` of one container. It ends when the container does, or at once when it is not followed. */
export function readLogs(
  run: ProcessRunner,
  podman: string,
  source: LogSource,
  options: LogOptions,
  onLine: OnLogLine,
): RunningProcess {
  const args = [
    'logs',
    ...(options.follow ? ['--follow'] : []),
    ...(options.timestamps ? ['--timestamps'] : []),
    ...(options.tail === undefined ? [] : ['--tail', options.tail.toString()]),
    ...(options.since === undefined ? [] : ['--since', options.since]),
    source.name,
  ];
  return run.start(podman, args, (line, stream) => {
    onLine(source, line, stream);
  });
}
