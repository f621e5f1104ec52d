import { sanitizeLines } from '../base/sanitize.ts';
import { bootstrap } from './bootstrap.ts';
import { EXIT } from './exit-code.ts';

declare const PODPOSE_VERSION: string | undefined;

/** Defined by the bundler. */
const VERSION = typeof PODPOSE_VERSION === 'string' ? PODPOSE_VERSION : 'unbundled';

/**
 * Entry point of the process: reads the arguments, sets the exit code, reports unexpected errors.
 * `--version` loads nothing else.
 */
export async function runProcess(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`podpose ${VERSION}\n`);
    return;
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader may close the pipe: `podpose logs | head` is not an error.
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    // The terminal was closed: the SIGHUP handler takes over.
    if (error.code === 'EIO') return;
    process.stderr.write(`podpose: cannot write to standard output: ${error.message}\n`);
    process.exit(EXIT.failed);
  });
  // A closed standard error does not interrupt running steps.
  process.stderr.on('error', () => undefined);
  try {
    process.exitCode = await bootstrap(args, VERSION);
    // Write errors have been reported by then.
    setImmediate(endSoon);
  } catch (error) {
    process.stderr.write(`${limitReport(error) ?? bugReport(error)}\n`);
    process.exitCode = EXIT.failed;
  }
}

/** Exits at once: node's own teardown takes as long as checking a manifest. */
function endSoon(): void {
  const isSilent = process.stdout.writableLength === 0 && process.stderr.writableLength === 0;
  // A detached podman command must have been started before the exit.
  if (isSilent && !process.getActiveResourcesInfo().includes('ProcessWrap')) process.exit();
}

/** Report of a system limit that can be hit anywhere: too many open files. */
function limitReport(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EMFILE' && code !== 'ENFILE') return undefined;
  return [
    `error: too many open files (${code})`,
    "   help: 'ulimit -n' shows the limit. Raise it with 'ulimit -n 1024', or with LimitNOFILE= in a systemd unit.",
  ].join('\n');
}

/** Report of an unexpected error. Errors that a user can cause are diagnostics. */
function bugReport(error: unknown): string {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    'podpose: internal error: this is a bug in podpose. The command was aborted.',
    `Please report it with these lines (podpose ${VERSION}, node ${process.version}):`,
    sanitizeLines(detail),
  ].join('\n');
}
