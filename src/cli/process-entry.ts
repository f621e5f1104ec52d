import { sanitizeLines } from '../base/sanitize.ts';
import { compileCachingRequire } from '../platform/node/compile-cache.ts';
import type * as Bootstrap from './bootstrap.ts';
import { COMMAND_NAMES, type CommandName } from './parse/command-names.ts';
import { standardStreams, type StandardStreams } from '../platform/node/standard-streams.ts';
import { startFrugally } from '../platform/node/v8-settings.ts';
import { EXIT } from './exit-code.ts';

declare const PODPOSE_VERSION: string | undefined;

/** Defined by the bundler. */
declare const PODPOSE_BUILD: string | undefined;

const VERSION = typeof PODPOSE_VERSION === 'string' ? PODPOSE_VERSION : 'unbundled';

/**
 * Commands that end sooner than podman would answer: the milliseconds of a frugal start are not hidden behind it. And
 * `logs`, which may print for a long time.
 */
const WITH_DEFAULT_SETTINGS: readonly (CommandName | undefined)[] = [
  undefined,
  'validate',
  'fix',
  'explain',
  'logs',
];

/**
 * Entry point of the process: reads the arguments, sets the exit code, reports unexpected errors.
 * `--version` loads nothing else.
 */
export async function runProcess(): Promise<void> {
  // Node loads `performance` at its first use.
  const loadedAt = (process.env['PODPOSE_TRACE'] ?? '') === '' ? 0 : performance.now();
  const args = process.argv.slice(2);
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`podpose ${VERSION}\n`);
    return;
  }
  const streams = standardStreams({
    stdout: (error) => {
      // The reader may close the pipe: `podpose logs | head` is not an error.
      if (error.code === 'EPIPE') process.exit(EXIT.done);
      // The terminal was closed: the SIGHUP handler takes over.
      if (error.code === 'EIO') return;
      streams.stderr.write(`podpose: cannot write to standard output: ${error.message}\n`);
      process.exit(EXIT.failed);
    },
    // A closed standard error does not interrupt running steps.
    stderr: () => undefined,
  });
  try {
    // The command, or what looks like it: only how podpose is loaded depends on it.
    const command = args.find((word): word is CommandName => COMMAND_NAMES.some((name) => name === word));
    const settings = WITH_DEFAULT_SETTINGS.includes(command) ? 'default' : startFrugally();
    const { bootstrap } = await loadBootstrap(command);
    process.exitCode = await bootstrap({ args, loadedAt, settings, streams }, VERSION);
    // Write errors have been reported by then.
    setImmediate(endSoon, streams);
  } catch (error) {
    streams.stderr.write(`${limitReport(error) ?? bugReport(error)}\n`);
    process.exitCode = EXIT.failed;
  }
}

/** Loads the rest of podpose. Bundled code is loaded from V8's compile cache: this file is all that is compiled. */
async function loadBootstrap(command: CommandName | undefined): Promise<typeof Bootstrap> {
  if (typeof PODPOSE_BUILD !== 'string') return import('./bootstrap.ts');
  const require =
    compileCachingRequire(import.meta.dirname, process.env) ?? (await cachedRequire(PODPOSE_BUILD, command));
  // The file has several chunks (scripts/build.mjs).
  const start = require('./parts/start.js') as (chunk: string) => unknown;
  return start('./start.js') as typeof Bootstrap;
}

async function cachedRequire(
  build: string,
  command: CommandName | 'help' = 'help',
): Promise<(id: string) => unknown> {
  const { compiledRequire } = await import('../platform/node/code-cache.ts');
  return compiledRequire(import.meta.dirname, build, command, process.env);
}

/** Exits at once: node's own teardown takes as long as checking a manifest. */
function endSoon({ isFlushed }: StandardStreams): void {
  // A detached podman command must have been started before the exit.
  if (isFlushed() && !process.getActiveResourcesInfo().includes('ProcessWrap')) process.exit();
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
