import { failure, success, type Result } from '../base/result.ts';
import { succeeded, type ProcessEnd, type ProcessRunner } from '../platform/process.ts';
import type { Diagnostic } from '../base/diagnostic.ts';

/** The systemd of this user. */
export interface UserSystemd {
  /** Whether the unit runs, or is being started. */
  readonly isActive: (unit: string) => Promise<boolean>;
  /** Runs `systemctl --user` with these arguments. */
  readonly control: (...args: readonly string[]) => Promise<Result<undefined, string>>;
  /** Whether the user's systemd starts with the machine, and goes on after a logout; undefined if logind does not tell. */
  readonly isLingering: () => Promise<boolean | undefined>;
}

/** Fails if this user has no systemd, or none that can be reached. */
export async function reachUserSystemd(
  runner: Pick<ProcessRunner, 'query'>,
  userId: number,
): Promise<Result<UserSystemd>> {
  const systemctl = (args: readonly string[]) => runner.query('systemctl', ['--user', ...args]);
  const answer = await systemctl(['show', '--property=Version']);
  if (!succeeded(answer)) return failure([unreachable(answer)]);
  return success({
    isActive: async (unit) => {
      const { stdout } = await systemctl(['is-active', unit]);
      return ['active', 'activating', 'reloading'].includes(stdout.trim());
    },
    control: async (...args) => {
      const end = await systemctl(args);
      return succeeded(end) ? success(undefined) : failure(lastLine(end.stderr));
    },
    isLingering: async () => {
      const { stdout } = await runner.query('loginctl', [
        'show-user',
        '--property=Linger',
        '--value',
        String(userId),
      ]);
      const word = stdout.trim();
      return word === 'yes' || word === 'no' ? word === 'yes' : undefined;
    },
  });
}

function unreachable(answer: ProcessEnd & { readonly stderr: string }): Diagnostic {
  const isMissing = answer.kind === 'not-started';
  return {
    code: 'systemd-unreachable',
    severity: 'error',
    message: isMissing
      ? `this machine has no systemd: cannot run systemctl (${answer.message})`
      : `cannot reach the systemd of this user: ${lastLine(answer.stderr)}`,
    help: isMissing
      ? "Have another supervisor run 'podpose up FILE' at the start of the machine."
      : "Log in as this user (ssh, or 'machinectl shell USER@'): 'su' and 'sudo' start no systemd for the user. Without systemd, have another supervisor run 'podpose up FILE'.",
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
