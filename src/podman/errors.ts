import type { Diagnostic } from '../base/diagnostic.ts';
import { KNOWN_FAILURES, MORE_FILES } from './known-failures.ts';

/** Whether a retry of the same command can succeed. */
export function isTransient({ code }: Diagnostic): boolean {
  return ['infra-starting', 'conmon-gone', 'stuck-stopping', 'state-changing'].includes(code);
}

/** Whether the plan is outdated: something else has changed the same pods or containers since. */
export function isConflict({ code }: Diagnostic): boolean {
  return code === 'name-in-use' || code === 'gone';
}

/**
 * The diagnostic for a failed podman command: an explanation where the cause is known, else podman's own message.
 * @param lines standard error of podman
 * @param what what failed, the beginning of the message: `cannot create pod/web`
 */
export function explainPodmanFailure(lines: readonly string[], what: string): Diagnostic {
  const text = lines.join('\n');
  for (const known of KNOWN_FAILURES) {
    const match = known.pattern.exec(text);
    if (match === null) continue;
    const help = typeof known.help === 'string' ? known.help : known.help(match);
    return {
      code: known.code,
      severity: 'error',
      message: `${what}: ${known.message(match)}`,
      help: `${help}\npodman reported: ${podmanMessage(lines)}`,
    };
  }
  return { code: 'podman-failed', severity: 'error', message: `${what}: ${podmanMessage(lines)}` };
}

/**
 * podman's error message, with container and pod IDs shortened to 12 digits as in `podman ps`. Image digests are kept
 * in full.
 */
export function podmanMessage(lines: readonly string[]): string {
  return wholeMessage(lines).replace(/(?<!sha256:)\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');
}

/**
 * podman's last line that begins with `Error:`, without that word but with the list that may follow; else its last line.
 * `internal libpod error` alone means nothing: the cause is then in the log lines before it.
 */
function wholeMessage(lines: readonly string[]): string {
  const printed = lines.map((line) => line.trim()).filter((line) => line !== '');
  const at = printed.findLastIndex((line) => line.startsWith('Error:'));
  const error = printed[at]?.replace(/^Error:\s*/, '');
  const logged = printed.map(loggedError).findLast((message) => message !== undefined);
  if (error?.endsWith('internal libpod error') === true) return logged ?? error;
  if (error?.endsWith(':') === true) return [error, ...printed.slice(at + 1)].join(' ');
  return error ?? logged ?? printed.at(-1) ?? 'podman failed without a message';
}

/** The message of a line of podman's log. It is quoted once or twice: `time="..." level=error msg="\"...\""`. */
function loggedError(line: string): string | undefined {
  const message = / level=error msg="(.*)"$/.exec(line)?.[1];
  return message?.replaceAll('\\"', '"').replace(/^"(.*)"$/, '$1');
}

/** The diagnostic for a query that exceeded its time limit, in seconds. */
export function podmanSilent(args: readonly string[], seconds: number): Diagnostic {
  return {
    code: 'podman-silent',
    severity: 'error',
    message: `podman did not answer 'podman ${args.join(' ')}' within ${seconds} s`,
    help: 'No changes were made. Run the command yourself to check whether podman answers: another podman command that hangs, or a slow or full disk, can block it.',
  };
}

/**
 * The diagnostic for a podman that could not be started.
 * @param reason as in `ProcessEnd`
 * @param what what failed, the beginning of the message
 */
export function podmanNotStarted(
  podman: string,
  reason: string,
  detail: string,
  what = `cannot run '${podman}'`,
): Diagnostic {
  if (/\bE[MN]FILE\b/.test(detail))
    return {
      code: 'too-many-files',
      severity: 'error',
      message: `cannot run '${podman}': too many open files`,
      help: MORE_FILES,
    };
  if (reason === 'too-long')
    return {
      code: 'arguments-too-long',
      severity: 'error',
      message: `${what}: the podman command is too long: Linux allows 128 KiB for one argument or variable, and a quarter of the stack limit ('ulimit -s'), usually 2 MiB, for all of them`,
      help: 'Move long values to a ConfigMap or Secret and mount it as a volume: its files have no such limit.',
    };
  if (reason !== 'not-found')
    return {
      code: 'podman-not-found',
      severity: 'error',
      message: `cannot run '${podman}': ${reason === 'not-executable' ? 'not an executable file, or permission denied' : detail}`,
      help: 'Set the path of podman with --podman PATH or PODPOSE_PODMAN, or omit both to use the podman in PATH.',
    };
  return {
    code: 'podman-not-found',
    severity: 'error',
    message: `cannot run '${podman}': not found${podman.includes('/') ? '' : ' in PATH'}`,
    help: 'Install podman 4.3 or newer (https://podman.io/docs/installation), or set its path with --podman PATH or PODPOSE_PODMAN.',
  };
}
