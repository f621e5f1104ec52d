import { abortController, aborted } from '../../base/abort.ts';
import type { Clock } from '../../platform/clock.ts';
import type { PodmanClient } from '../../podman/client/client.ts';
import type { ReadProcess } from '../../platform/process.ts';

/**
 * Runs a command in a running container.
 * @param cancel kills the command with what it has started; the answer does not wait for their end
 */
export type ExecInContainer = (
  container: string,
  command: readonly string[],
  cancel: AbortSignal,
) => Promise<ExecAnswer>;

export type ExecAnswer =
  /** The output is that of both streams, at most `OUTPUT_BYTES`. */
  | { readonly kind: 'exited'; readonly exitCode: number; readonly output: string }
  /** `over` resolves when podman exec has ended. Until then `kill` may try once more. */
  | { readonly kind: 'cancelled'; readonly over: Promise<unknown>; readonly kill: () => void }
  /** podman could not run it: it is not in the image, or the container has ended. */
  | { readonly kind: 'failed'; readonly message: string };

/** maxReadLength in pkg/probe/exec/exec.go. */
const OUTPUT_BYTES = 10 * 1024;

/** A variable of a command and of all that it starts, by which they are found. */
const MARK = 'PODPOSE_EXEC';

/**
 * Kills all processes with the mark in $1. podman leaves them in the container when `podman exec` is killed (4.3.1 to
 * 6.1.1), and has no command that ends them. Only root of the user namespace may read the variables of processes of
 * other users of the container. (-F: no pattern, -l: names only, -s: processes end meanwhile)
 */
const KILL = `for file in $(grep -Fls "$1" /proc/[0-9]*/environ); do
  pid=\${file#/proc/}
  kill -KILL "\${pid%/environ}" 2>/dev/null
done`;

/**
 * Commands by `podman exec`.
 * @param tag a text that no other process of this user uses as its tag
 */
export function podmanExec({ program, processes }: PodmanClient, tag: string, clock: Clock): ExecInContainer {
  let number = 0;
  return async (container, command, cancel) => {
    number++;
    const mark = `${MARK}=${tag}.${number};`;
    const words = [program, 'exec', '--env', mark, container, ...command];
    // One pipe for both streams keeps their order.
    const answer = read(processes.read('sh', ['-c', 'exec "$@" 2>&1', 'sh', ...words]));
    const isCancelled = await Promise.race([answer.then(() => false), aborted(cancel).then(() => true)]);
    if (!isCancelled) return answer;
    const kill = () => processes.query(program, ['unshare', 'sh', '-c', KILL, 'sh', mark]);
    void killUntil(answer, kill, clock);
    return { kind: 'cancelled', over: answer, kill: () => void kill() };
  };
}

/** The pauses between kills, in milliseconds. */
const KILL_PAUSES = [200, 400, 800, 1600, 3200, 6400];

/** Kills until the command has ended. It may not have begun in the container: `podman exec` takes a while. */
async function killUntil(over: Promise<unknown>, kill: () => Promise<unknown>, clock: Clock): Promise<void> {
  const ended = abortController();
  void over.then(() => {
    ended.abort();
  });
  for (const pause of KILL_PAUSES) {
    await kill();
    await clock.sleep(pause, ended.signal);
    if (ended.signal.aborted) return;
  }
}

/** Reads to the end, and keeps the beginning: a command that prints without end is not blocked by it. */
async function read({
  output,
  end,
}: ReadProcess): Promise<Exclude<ExecAnswer, { readonly kind: 'cancelled' }>> {
  const kept: Buffer[] = [];
  let room = OUTPUT_BYTES;
  for await (const chunk of output) {
    if (room > 0) kept.push(chunk.subarray(0, room));
    room -= chunk.length;
  }
  const text = Buffer.concat(kept).toString();
  const ended = await end;
  switch (ended.kind) {
    case 'exited': {
      const message = podmanError(ended.exitCode, text);
      return message === undefined
        ? { kind: 'exited', exitCode: ended.exitCode, output: text }
        : { kind: 'failed', message };
    }
    case 'signalled':
      return { kind: 'failed', message: `podman exec was killed by ${ended.signal}` };
    case 'timed-out':
    case 'not-started':
      return { kind: 'failed', message: 'podman exec could not be started' };
  }
}

/**
 * What podman says of a command that it could not run: 125 for an error of its own, 126 and 127 if the runtime could
 * not start it, and 255 in a container that does not run. A shell in the container exits with 126 and 127, too, but prints
 * no such line.
 */
function podmanError(exitCode: number, output: string): string | undefined {
  const [, message = ''] = /^Error: (.*)/m.exec(output) ?? [];
  if (message === '') return undefined;
  if (exitCode === 125 || (exitCode === 255 && NOT_RUNNING.test(message))) return message;
  const isByRuntime = (exitCode === 126 || exitCode === 127) && /OCI|crun|runc/.test(message);
  return isByRuntime ? message : undefined;
}

/** podman's words (4.3.1, 5.4.2). */
const NOT_RUNNING = /exec sessions on running containers|container state improper/;
