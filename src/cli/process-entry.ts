import { sanitizeLines } from '../base/sanitize.ts';
import { bootstrap } from './bootstrap.ts';
import { EXIT } from './exit-code.ts';

declare const PODPOSE_VERSION: string | undefined;

/** Put in when podpose is bundled. */
const VERSION = typeof PODPOSE_VERSION === 'string' ? PODPOSE_VERSION : 'unbundled';

/**
 * The edge to the process: takes its arguments, sets its exit code, and is the last net under everything.
 * Asking for the version loads nothing else.
 */
export async function runProcess(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`podpose ${VERSION}\n`);
    return;
  }
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever reads our output may stop reading: `podpose logs | head` is no failure.
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    // The terminal was closed: SIGHUP says what is to be done.
    if (error.code === 'EIO') return;
    process.stderr.write(`podpose: standard output cannot be written: ${error.message}\n`);
    process.exit(EXIT.failed);
  });
  // Where nobody can be told how it goes, what is under way is brought to its end all the same.
  process.stderr.on('error', () => undefined);
  try {
    process.exitCode = await bootstrap(args, VERSION);
    // By then it is known what could not be written.
    setImmediate(endSoon);
  } catch (error) {
    process.stderr.write(`${limitReport(error) ?? bugReport(error)}\n`);
    process.exitCode = EXIT.failed;
  }
}

/** Left to itself node takes itself apart piece by piece, which can take as long as to check a manifest. */
function endSoon(): void {
  const isSilent = process.stdout.writableLength === 0 && process.stderr.writableLength === 0;
  // A podman command that nobody waits for had better be begun in earnest.
  if (isSilent && !process.getActiveResourcesInfo().includes('ProcessWrap')) process.exit();
}

/** Of what the system refuses podpose anywhere, in the middle of anything. */
function limitReport(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'EMFILE' && code !== 'ENFILE') return undefined;
  return [
    `error: podpose may not open as many files as it needs (${code})`,
    '   help: `ulimit -n` shows how many there may be; `ulimit -n 1024` before podpose allows more, LimitNOFILE= in a unit of systemd.',
  ].join('\n');
}

/** Only a bug in podpose comes here: whatever a user can cause is a diagnostic. */
function bugReport(error: unknown): string {
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    'podpose: this is a bug in podpose, not a mistake of yours. What it was doing has been left as it is.',
    `Please report it with these lines (podpose ${VERSION}, node ${process.version}):`,
    sanitizeLines(detail),
  ].join('\n');
}
