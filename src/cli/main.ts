import { plainPaint } from '../base/paint.ts';
import { decideColour, terminalPaint } from '../view/terminal/colour.ts';
import { askVersion } from '../podman/inspect/observe.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { success, type Result } from '../base/result.ts';
import type { RunnerSettings } from '../platform/process.ts';
import { servedRunner } from '../podman/client/served-runner.ts';
import { shellLine } from '../podman/operations/shell.ts';
import type { CommandLine, Request } from './parse/command-line.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { helpText } from './parse/help.ts';
import { messages } from './messages.ts';
import { choice } from './parse/option-values.ts';
import type { CommandName } from './parse/options.ts';
import { podmanSettings } from './podman-settings.ts';
import { asksForJson, progressOption } from './parse/progress-option.ts';
import { flag, type Session, type Verb } from './session.ts';
import { down } from './commands/down.ts';
import { logs } from './commands/logs.ts';
import { plan } from './commands/plan.ts';
import { up } from './commands/up.ts';
import { validate } from './commands/validate.ts';
import { withRuntimeDirectory } from './runtime-directory.ts';
import type { Platform } from '../platform/platform.ts';

/** Those that take much along are loaded when they are asked for. */
const COMMANDS: Readonly<Record<CommandName, () => Verb | Promise<Verb>>> = {
  validate: () => validate,
  explain: async () => (await import('./late.ts')).explain,
  plan: () => plan,
  diff: async () => (await import('./late.ts')).diff,
  up: () => up,
  down: () => down,
  ps: async () => (await import('./late.ts')).ps,
  logs: () => logs,
};

/**
 * Runs podpose in a world; gives the exit code. The one place where the rooms meet.
 * @param args what the request was read from
 */
export async function main(
  platform: Platform,
  request: Result<Request>,
  version: string,
  args: readonly string[],
): Promise<ExitCode> {
  const refuse = (diagnostics: readonly Diagnostic[]) => {
    const kind = asksForJson(args, platform.env) ? 'json' : 'plain';
    messages(platform.stderr, kind, plainPaint).report(diagnostics);
    return EXIT.usage;
  };
  if (!request.ok) return refuse(request.error);
  switch (request.value.kind) {
    case 'version':
      platform.stdout.write(`podpose ${version}\n`);
      return EXIT.done;
    case 'help':
      platform.stdout.write(helpText(request.value.command));
      return EXIT.done;
    case 'run': {
      const { commandLine } = request.value;
      const session = openSession(platform, commandLine);
      if (!session.ok) return refuse(session.error);
      const command = await COMMANDS[commandLine.command]();
      return command(session.value);
    }
  }
}

function openSession(platform: Platform, request: CommandLine): Result<Session> {
  const { values, operands } = request;
  const verbose = flag(values, 'verbose');
  const color = choice(values, 'color', ['auto', 'always', 'never']);
  const progress = progressOption(platform, values, verbose);
  if (!color.ok) return color;
  if (!progress.ok) return progress;
  const isColoured = (isTTY: boolean) => decideColour(color.value ?? 'auto', platform.env, isTTY);
  const colourOut = isColoured(platform.stdout.isTTY);
  const isJson = progress.value === 'json';
  const paintErr = isJson ? plainPaint : terminalPaint(isColoured(platform.stderr.isTTY));
  const { podman, env } = podmanSettings(request, platform.env);
  const { report, say, showCommand } = messages(platform.stderr, progress.value, paintErr);
  const onCommand: RunnerSettings['onCommand'] = verbose
    ? (program, args) => {
        showCommand(commandLine(program, args));
      }
    : undefined;
  const direct = platform.createRunner({ env, ...(onCommand === undefined ? {} : { onCommand }) });
  const { service } = platform;
  if (service?.startedWith !== undefined) onCommand?.(podman, service.startedWith);
  const run = service === undefined ? direct : servedRunner(direct, podman, service, onCommand);
  let version: ReturnType<Session['version']> | undefined;
  const redactors: ((text: string) => string)[] = [];
  const redact = (text: string) => redactors.reduce((shown, hide) => hide(shown), text);
  return success({
    platform,
    values,
    operands,
    podman,
    verbose,
    progress: progress.value,
    colourOut,
    paintOut: terminalPaint(colourOut),
    paintErr,
    report: (diagnostics, sources) => {
      report(
        diagnostics.map((diagnostic) => redacted(withRuntimeDirectory(diagnostic, platform), redact)),
        sources,
      );
    },
    say,
    hideSecrets: (hide) => void redactors.push(hide),
    run,
    version: (asker = run) => (version ??= askVersion(asker, podman)),
  });
}

/** What is said of a place in a file quotes no secret; see manifest/secret-text.ts. */
function redacted(diagnostic: Diagnostic, redact: (text: string) => string): Diagnostic {
  const { location, message, help } = diagnostic;
  if (location !== undefined) return diagnostic;
  return {
    ...diagnostic,
    message: redact(message),
    ...(help === undefined ? {} : { help: redact(help) }),
  };
}

function commandLine(program: string, args: readonly string[]): string {
  return shellLine({ program: 'podman', args }, program);
}
