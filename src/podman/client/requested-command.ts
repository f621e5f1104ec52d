import { succeeded, type OnLine, type ProcessEnd, type RunningProcess } from '../../platform/process.ts';
import { containerExitCode, SIGKILLED } from '../exit-code.ts';
import { errorLine, isMade } from './api-change.ts';
import { post, segment } from './api-call.ts';
import type { ApiChange, AttachedRun, ChangeStage, PodmanClient, RunnableCommand } from './client.ts';
import type { ServiceLink } from './service-link.ts';

const SUCCESS: ProcessEnd = { kind: 'exited', exitCode: 0 };

/** The exit code of podman for its own errors (podman-run(1), Exit Status). */
const PODMAN_ERROR: ProcessEnd = { kind: 'exited', exitCode: 125 };

/** A week, in seconds: a container may run for long. */
const LONGEST_RUN = 604_800;

/**
 * Runs a command by its requests. A request without a response is not repeated: podpose verifies whether the change was
 * made, and runs the command only if it was not and may be repeated.
 * @param direct runs commands
 */
export function requestedCommand(
  command: RunnableCommand & { readonly stages: readonly ChangeStage[] },
  onLine: OnLine,
  link: ServiceLink,
  direct: PodmanClient,
): RunningProcess {
  let killed: 'SIGTERM' | 'SIGKILL' | undefined;
  const commands = new Set<RunningProcess>();
  const runCommand = async (alone: RunnableCommand, runs: 'run' | 'stream' = 'run'): Promise<ProcessEnd> => {
    if (killed !== undefined) return { kind: 'signalled', signal: killed };
    const child = direct[runs](alone, onLine);
    commands.add(child);
    const end = await child.end;
    commands.delete(child);
    return end;
  };
  /** Makes one change, by request if possible. */
  const make = async (change: ApiChange): Promise<ProcessEnd> => {
    const isSent = await link.isUsable();
    const response = isSent ? await link.change(change.request, change.progress?.reader(onLine)) : undefined;
    if (killed !== undefined) return { kind: 'signalled', signal: killed };
    if (response !== undefined && isMade(change, response)) return SUCCESS;
    if (response !== undefined && change.resume !== undefined && change.resumesAfter?.(response) === true)
      return runCommand(change.resume);
    if (response !== undefined && change.runsCommandFor?.(response) !== true) {
      onLine(errorLine(change, response), 'stderr');
      return PODMAN_ERROR;
    }
    // The service may have made the change before it was lost.
    const { query, isMade: wasMade } = change.verify;
    const isUnknown = isSent && response === undefined;
    if (isUnknown && wasMade(await direct.query(query))) return SUCCESS;
    if (isUnknown && change.errorIfLost !== undefined) {
      onLine(`Error: ${change.errorIfLost}`, 'stderr');
      return PODMAN_ERROR;
    }
    return runCommand(
      isUnknown ? (change.resume ?? change.command) : change.command,
      change.progress === undefined ? 'run' : 'stream',
    );
  };
  const { stages, attached } = command;
  return {
    end: attached === undefined ? makeAll(stages, make) : runAttached(attached),
    kill: (signal) => {
      killed = signal;
      link.abandon();
      for (const child of commands) child.kill(signal);
    },
  };

  /** Attaches before the last stage, which starts the container. */
  async function runAttached(run: AttachedRun): Promise<ProcessEnd> {
    const created = await makeAll(stages.slice(0, -1), make);
    if (!succeeded(created)) return created;
    const attachment = (await link.isUsable()) ? await link.attach(run, onLine) : undefined;
    if (attachment === undefined) return runCommand(run.start, 'stream');
    const started = await makeAll(stages.slice(-1), make);
    if (!succeeded(started)) {
      attachment.release();
      return started;
    }
    await attachment.ended.catch(() => undefined);
    return exitOf(run.name);
  }

  async function exitOf(container: string): Promise<ProcessEnd> {
    const response = (await link.isUsable())
      ? await link.change({
          ...post(`/containers/${segment(container)}/wait?interval=10ms`),
          limitSeconds: LONGEST_RUN,
        })
      : undefined;
    if (killed !== undefined) return { kind: 'signalled', signal: killed };
    const exitCode = Number.parseInt(response?.body ?? '', 10);
    if (Number.isInteger(exitCode)) return { kind: 'exited', exitCode: containerExitCode(exitCode) };
    return runCommand({ program: 'sh', args: ['-c', WAIT, direct.program, container] });
  }
}

/** Ends with the exit code of the container. */
const WAIT = `code=$("$0" wait "$1") && { [ "$code" != -1 ] || code=${SIGKILLED}; exit "$code"; }`;

/** Makes the changes of each stage at the same time. After a failure, the next stage does not begin. */
async function makeAll(
  stages: readonly ChangeStage[],
  make: (change: ApiChange) => Promise<ProcessEnd>,
): Promise<ProcessEnd> {
  for (const stage of stages) {
    const ends = await Promise.all(stage.map(make));
    const failed = ends.find((end) => !succeeded(end));
    if (failed !== undefined) return failed;
  }
  return SUCCESS;
}
